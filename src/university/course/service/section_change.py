"""One change of a section: what is wished is checked whole, then written, then followed by what rests on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from university.course.models import Offering, Section, Term
from university.course.repository import keys, search, sections, timing
from university.course.repository.sharing import OF_HOST
from university.course.repository.terms import days_of
from university.course.rules.calendar_json import meeting_to_dict, read_meetings
from university.course.rules.faults import Faulty
from university.course.service import sharing
from university.course.service.refusing import faults_of
from university.course.texts import tidy
from university.platform.errors import Conflict, InvalidRequest
from university.platform.language import Words

_NO_PARENT = Words("The offering has no such section.", "Ta edycja przedmiotu nie ma takiej grupy.")
_OWN_PARENT = Words("A section cannot stand above itself.", "Grupa nie może być nadrzędna wobec siebie samej.")
_NO_INSTRUCTOR = Words("There is no such instructor.", "Nie ma takiego prowadzącego.")
_TWICE = Words("Is given twice.", "Podano dwa razy.")
_TOO_MANY_RESERVED = Words(
    "More seats are reserved ({seats}) than the section has.", "Zarezerwowano więcej miejsc ({seats}), niż ma grupa."
)
_NOTHING_TO_RESERVE = Words(
    "A section without a limit has no seats to reserve.", "Grupa bez limitu nie ma miejsc do rezerwowania."
)
_PLAIN = ("capacity", "waitlist_capacity", "language", "reserved", "restrictions", "status")
_COUNTED = {"capacity", "status", "shares_seats_with"}


class SectionNumberTaken(Conflict):
    """Another section of the offering has this number."""

    title = Words("Another section of the offering has this number.", "Inna grupa tej edycji ma już ten numer.")


@dataclass(slots=True)
class SectionChange:
    """The wish for a section that is new or locked, of an offering and in a term that are held.

    `host` is the section whose seats it is to share by the wish.
    """

    session: Session
    section: Section
    offering: Offering
    term: Term
    host: Section | None = None
    instructors: list[str] | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)

    def write(self, wish: Mapping[str, Any], guests: sharing.Guests | None = None) -> None:
        """Put the wished values into the row; refuses with every fault, or with `SectionNumberTaken`."""
        for name in ("number", "component"):
            if name in wish:
                self._name(name, tidy(wish[name]))
        self._share(wish)
        for name in _PLAIN:
            if name in wish and not (self.section.shares_seats_with and name in OF_HOST):
                setattr(self.section, name, wish[name])
        if "parent_id" in wish:
            self._stand_below(wish["parent_id"])
        if "meetings" in wish:
            self._meet(wish["meetings"])
        if "instructors" in wish:
            self._be_taught_by(wish["instructors"])
        self._check_reserved()
        if guests:
            self._note(guests.faults())
        if self.faults:
            raise InvalidRequest(self.faults)

    @property
    def changed(self) -> bool:
        """Whether anything written differs from before."""
        if self.session.is_modified(self.section):
            return True
        wished = self.instructors
        return wished is not None and wished != sections.teachers(self.session, self.section.id)

    def follow(self, wish: Mapping[str, Any]) -> None:
        """Bring what rests on the section up to date: slots, instructors, search, counts."""
        section = self.section
        if "meetings" in wish or self.host:
            sections.set_slots(self.session, section)
        if self.instructors is not None:
            sections.set_teachers(self.session, section.id, self.instructors)
            search.reindex(self.session, [section.offering_id])
        if wish.keys() & _COUNTED:
            sections.recount(self.session, Section.id == section.id)

    def _share(self, wish: Mapping[str, Any]) -> None:
        """Share seats as wished; what is not given is then as the host has it."""
        section, before = self.section, self.section.shares_seats_with
        if "shares_seats_with" in wish:
            section.shares_seats_with = self.host.id if self.host else None
            if before and not wish["shares_seats_with"]:
                self._note(sharing.apart(section, wish))
        named = wish.get("shares_seats_with", before)
        if not named:
            return
        host = self.host if "shares_seats_with" in wish else self.session.get(Section, named)
        self._note(sharing.host_faults(self.offering, section, host, wish))
        if host is None:
            return
        for name in OF_HOST:
            setattr(section, name, getattr(host, name))
        if self.host and "meetings" not in wish:
            section.meetings, section.occurrences = host.meetings, host.occurrences
        if self.host and "instructors" not in wish:
            self.instructors = sections.teachers(self.session, host.id)

    def _note(self, faults: Sequence[sharing.Fault]) -> None:
        self.faults += [(name, words.say()) for name, words in faults]

    def _name(self, name: str, value: str) -> None:
        mine = Section.offering_id == self.section.offering_id
        taken = name == "number" and value != self.section.number
        if taken and keys.exists(self.session, mine, Section.number == value):
            raise SectionNumberTaken
        setattr(self.section, name, value)

    def _stand_below(self, key: str | None) -> None:
        parents = sections.siblings(self.session, self.section.offering_id)
        parent = keys.as_id(key) if key else None
        if key and parent not in parents:
            self._fault("parent_id", _NO_PARENT)
            return
        above = parent
        while above is not None:
            if above == self.section.id:
                self._fault("parent_id", _OWN_PARENT)
                return
            above = parents[above]
        self.section.parent_id = parent

    def _meet(self, wished: Sequence[Mapping[str, Any]]) -> None:
        named = [{**meeting, "component": meeting.get("component") or self.section.component} for meeting in wished]
        days = days_of(self.term)
        try:
            meetings = [meeting_to_dict(meeting) for meeting in read_meetings(named, days)]
        except Faulty as error:
            self.faults += faults_of(error)
            return
        self.section.meetings = meetings
        self.section.occurrences = timing.concrete(meetings, days)

    def _be_taught_by(self, names: Sequence[str]) -> None:
        found = sections.instructor_ids(self.session, names)
        self.instructors = []
        for place, name in enumerate(names):
            one = found.get(name)
            if one is None or one in self.instructors:
                self._fault(f"instructors[{place}]", _TWICE if one else _NO_INSTRUCTOR)
            else:
                self.instructors.append(one)

    def _check_reserved(self) -> None:
        pools, capacity = self.section.reserved or [], self.section.capacity
        seats = sum(pool["seats"] for pool in pools)
        if pools and capacity is None:
            self._fault("reserved", _NOTHING_TO_RESERVE)
        elif capacity is not None and seats > capacity:
            self._fault("reserved", _TOO_MANY_RESERVED, seats=seats)

    def _fault(self, name: str, words: Words, **params: object) -> None:
        self.faults.append((name, words.say(**params)))
