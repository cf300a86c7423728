"""Sections: groups of an offering with their own seats, meetings and instructors."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Offering, Section, Term
from university.course.repository import cards, facts, keys, offerings, sections
from university.course.repository.cards import Card
from university.course.service.finding import instructor_of, offering_of, section_of, term_of
from university.course.service.refusing import refusing
from university.course.service.section_change import SectionChange, SectionNumberTaken
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
            return Page(cards.section_cards(session, [row.id for row in page.items]), page.next, page.total)

    def get(self, key: str) -> Card:
        """Return a section."""
        with self._replica.read() as session:
            return cards.section_cards(session, [section_of(session, key).id])[0]

    def create(self, wish: Mapping[str, Any], once: Once) -> Card:
        """Open a section of an offering."""
        with refusing(_TAKEN), once.begin(self._primary) as session:
            offering, term = _held(session, wish["offering_id"])
            section = Section(id=new_id(), offering_id=offering.id, term_id=term.id)
            change = SectionChange(session, section, term)
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
            section, term = _locked(session, key)
            if_match.check(section.version)
            if section.status == "canceled":
                raise SectionAlreadyCanceled
            change = SectionChange(session, section, term)
            with session.no_autoflush:
                change.write(wish)
            if change.changed:
                section.version += 1
                session.flush()
                change.follow(wish)
                outbox.announce(session, events.updated(events.SECTION, *facts.facts_of(session, [section.id])))
            return cards.section_cards(session, [section.id])[0]

    def cancel(self, key: str, once: Once) -> Card:
        """Call a section off, for good."""
        with once.begin(self._primary) as session:
            section, _term = _locked(session, key)
            if section.status == "canceled":
                raise SectionAlreadyCanceled
            section.status = "canceled"
            section.version += 1
            session.flush()
            sections.recount(session, section_id=section.id)
            outbox.announce(session, events.updated(events.SECTION, *facts.facts_of(session, [section.id])))
            return once.keep(session, cards.section_cards(session, [section.id])[0])


def _held(session: Session, key: str) -> tuple[Offering, Term]:
    """Return an offering and its term, which do not change until the transaction ends."""
    found = offerings.hold(session, keys.as_id(key) or new_id())
    if found is None:
        raise invalid("offering_id", _NO_OFFERING)
    return found


def _locked(session: Session, key: str) -> tuple[Section, Term]:
    """Return a section for changing, and its term; what is above it does not change until the transaction ends."""
    _offering, term = _held(session, section_of(session, key).offering_id)
    return section_of(session, key, lock=True), term
