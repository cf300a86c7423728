"""What cross-listing asks of offerings and sections, and how a section follows the one whose seats it shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from university.course.models import Offering, Section
from university.course.repository import keys, search, sections, sharing
from university.course.repository.sharing import OF_HOST
from university.platform.errors import Conflict
from university.platform.language import Words

_NO_OFFERING = Words("There is no such offering.", "Nie ma takiej edycji przedmiotu.")
_OTHER_TERM = Words("Belongs to another term.", "Należy do innego semestru.")
_ITSELF = Words("An offering is not cross-listed with itself.", "Edycja nie jest łączona sama ze sobą.")
_IS_SECONDARY = Words("Is cross-listed with another offering itself.", "Sama jest już połączona z inną edycją.")
_IS_PRIMARY = Words("Other offerings are cross-listed with this one.", "Inne edycje są połączone z tą edycją.")
_NO_HOST = Words("The primary offering has no such section.", "Edycja główna nie ma takiej grupy.")
_OTHER_COMPONENT = Words(
    "Sections that share seats have the same component.", "Grupy o wspólnych miejscach mają ten sam rodzaj zajęć."
)
_CANCELED = Words("The section was canceled.", "Grupa została odwołana.")
_OF_HOST = Words(
    "The seats are those of the section that shares them.", "Miejsca są tej grupy, z którą są współdzielone."
)
_OWN_SEATS = Words(
    "Say how many seats the section has of its own.", "Podaj, ile miejsc ma grupa, gdy przestaje je dzielić."
)
Fault = tuple[str, Words]


class SeatsAreShared(Conflict):
    """Sections share seats with the primary offering's; that must end before the offering is listed otherwise."""

    title = Words(
        "Sections of this offering share seats with the primary offering.",
        "Grupy tej edycji dzielą miejsca z edycją główną.",
    )


def primary_fault(session: Session, offering: Offering, primary: Offering | None) -> Words | None:
    """Return why an offering cannot be cross-listed with another; both are kept from others."""
    if primary is None:
        return _NO_OFFERING
    if primary.id == offering.id:
        return _ITSELF
    if primary.term_id != offering.term_id:
        return _OTHER_TERM
    if primary.cross_listed_with is not None:
        return _IS_SECONDARY
    return _IS_PRIMARY if offering.id and sharing.has_secondary(session, offering.id) else None


def find_host(session: Session, wish: Mapping[str, Any]) -> Section | None:
    """Return the section whose seats are wished for, which does not change until the transaction ends."""
    key = wish.get("shares_seats_with")
    return keys.find(session, Section, key, lock=True) if key else None


def host_faults(offering: Offering, section: Section, host: Section | None, wish: Mapping[str, Any]) -> list[Fault]:
    """Return why a section, as it would be, cannot share the seats of a host, or have seats of its own beside them."""
    if host is None or host.offering_id != offering.cross_listed_with:
        return [("shares_seats_with", _NO_HOST)]
    faults: list[Fault] = []
    if host.status == "canceled":
        faults.append(("shares_seats_with", _CANCELED))
    if host.component != section.component:
        faults.append(("shares_seats_with" if "shares_seats_with" in wish else "component", _OTHER_COMPONENT))
    own = (name for name in OF_HOST if wish.get(name) not in (None, [], getattr(host, name)))
    return faults + [(name, _OF_HOST) for name in own]


def apart(section: Section, wish: Mapping[str, Any]) -> list[Fault]:
    """Give a section that shares seats no longer its own, as wished; without a number nobody could mean any."""
    section.waitlist_capacity = wish.get("waitlist_capacity")
    section.reserved = wish.get("reserved", [])
    return [] if "capacity" in wish else [("capacity", _OWN_SEATS)]


@dataclass(frozen=True, slots=True)
class Guests:
    """The sections that share a host's seats, and which of them meet and are taught as the host before it changes."""

    session: Session
    host: Section
    sections: Sequence[Section]
    meeting: frozenset[str]
    taught: frozenset[str]

    @classmethod
    def of(cls, session: Session, host: Section) -> "Guests":
        """Return the sections that share a section's seats, kept from others until the transaction ends."""
        found = sharing.guests(session, [host.id])
        teachers = sections.teachers(session, host.id) if found else []
        return cls(
            session,
            host,
            found,
            frozenset(one.id for one in found if one.meetings == host.meetings),
            frozenset(one.id for one in found if sections.teachers(session, one.id) == teachers),
        )

    def faults(self) -> list[Fault]:
        """Return what of the host may not differ from the sections that share its seats."""
        differ = any(one.component != self.host.component for one in self.sections)
        return [("component", _OTHER_COMPONENT)] if differ else []

    def follow(self) -> list[str]:
        """Let them have the host's seats, and meet and be taught as it where they did; return their ids."""
        for one in self.sections:
            if one.id in self.meeting and one.meetings != self.host.meetings:
                one.meetings, one.occurrences = self.host.meetings, self.host.occurrences
                sections.set_slots(self.session, one)
        teachers = sections.teachers(self.session, self.host.id)
        along = [one for one in self.sections if one.id in self.taught]
        for one in (one for one in along if sections.teachers(self.session, one.id) != teachers):
            sections.set_teachers(self.session, one.id, teachers)
            search.reindex(self.session, [one.offering_id])
        return sharing.follow(self.session, [self.host.id])
