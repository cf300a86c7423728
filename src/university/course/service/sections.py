"""Sections: groups of an offering with their own seats, meetings and instructors."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Offering, Section, Term
from university.course.repository import cards, facts, keys, offerings, sections, sharing
from university.course.repository.cards import Card
from university.course.repository.reading import ready
from university.course.service.finding import instructor_of, offering_of, section_of, term_of
from university.course.service.refusing import refusing
from university.course.service.section_change import SectionChange, SectionNumberTaken
from university.course.service.sharing import Guests, find_host
from university.course.service.telling import sections_changed
from university.platform import paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica, new_id
from university.platform.errors import Conflict, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import outbox
from university.platform.paging import Page, PageRequest

_NO_OFFERING = Words("There is no such offering.", "Nie ma takiej edycji przedmiotu.")


class SectionAlreadyCanceled(Conflict):
    """The section was canceled, which is final."""

    title = Words("The section is already canceled.", "Grupa jest już odwołana.")


_TAKEN = {"section_number_once_in_offering": SectionNumberTaken}


class Sections:
    """Use cases of sections."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def page(self, filters: Mapping[str, Any], wanted: PageRequest) -> Page:
        """Return a page of sections that fit; refuses an unknown offering, term or instructor."""
        with self._replica.read() as session:
            found = {name: filters[name] for name in filters.keys() & {"component", "status"}}
            if "offering_id" in filters:
                found["offering_id"] = offering_of(session, filters["offering_id"]).id
            if "term" in filters:
                found["term_id"] = term_of(session, filters["term"]).id
            if "instructor" in filters:
                found["instructor_id"] = instructor_of(session, filters["instructor"]).id
            page = paging.fetch(session, sections.page_query(found), sections.IN_ORDER, wanted, scalars=False)
            return Page(cards.section_cards(session, [row.id for row in page.items], ready), page.next, page.total)

    def get(self, key: str) -> Card:
        """Return a section."""
        with self._replica.read() as session:
            return cards.section_cards(session, [section_of(session, key).id], ready)[0]

    def create(self, wish: Mapping[str, Any], once: Once) -> Card:
        """Open a section of an offering."""
        with refusing(_TAKEN), once.begin(self._primary) as session:
            offering, term = _held(session, wish["offering_id"])
            section = Section(id=new_id(), offering_id=offering.id, term_id=term.id)
            change = SectionChange(session, section, offering, term, find_host(session, wish))
            change.write(wish)
            session.add(section)
            session.flush()
            sections.open_counts(session, section)
            change.follow(wish)
            outbox.announce(session, events.created(events.SECTION, *facts.facts_of(session, [section.id])))
            return once.keep(session, cards.section_cards(session, [section.id])[0])

    def change(self, key: str, wish: Mapping[str, Any], if_match: IfMatch) -> Card:
        """Change a section."""
        with refusing(_TAKEN), self._primary.begin() as session:
            section, change = _changing(session, key, wish)
            if_match.check(section.version)
            if section.status == "canceled":
                raise SectionAlreadyCanceled
            guests = Guests.of(session, section)
            with session.no_autoflush:
                change.write(wish, guests)
            if change.changed:
                section.version += 1
                session.flush()
                change.follow(wish)
                outbox.announce(session, events.updated(events.SECTION, *facts.facts_of(session, [section.id])))
                if guests.sections:
                    sections_changed(session, Section.id.in_(guests.follow()))
            return cards.section_cards(session, [section.id])[0]

    def cancel(self, key: str, once: Once, *, move_students: bool) -> Card:
        """Call a section off, for good, and with it what stands below it or shares its seats."""
        with once.begin(self._primary) as session:
            section, _ = _changing(session, key, {})
            if section.status == "canceled":
                raise SectionAlreadyCanceled
            canceled = _going_with(session, section)
            for one in canceled:
                one.status, one.move_students = "canceled", move_students
            session.flush()
            gone = Section.id.in_([one.id for one in canceled])
            sections.recount(session, gone)
            sections_changed(session, gone)
            return once.keep(session, cards.section_cards(session, [section.id])[0])


def _going_with(session: Session, section: Section) -> list[Section]:
    """Return a section and all that cannot take place without it, not canceled yet: a class shared is one class."""
    going = {section.id: section}
    latest = [section.id]
    while latest:
        below = [*sections.below(session, latest), *sharing.guests(session, latest)]
        latest = [one.id for one in below if one.id not in going]
        going |= {one.id: one for one in below}
    return [one for one in going.values() if one.status != "canceled"]


def _held(session: Session, key: str) -> tuple[Offering, Term]:
    """Return an offering and its term, which do not change until the transaction ends."""
    found = offerings.hold(session, keys.as_id(key) or new_id())
    if found is None:
        raise invalid("offering_id", _NO_OFFERING)
    return found


def _changing(session: Session, key: str, wish: Mapping[str, Any]) -> tuple[Section, SectionChange]:
    """Return a section and its change; what is above it does not change until the transaction ends."""
    offering, term = _held(session, section_of(session, key).offering_id)
    host = find_host(session, wish)  # Before the section: whoever changes a host goes on to those that share its seats.
    section = section_of(session, key, lock=True)
    return section, SectionChange(session, section, offering, term, host)
