"""Offerings: courses taught in a term; a changed offering changes every section of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Course, Offering, Section, Term
from university.course.repository import cards, facts, keys, offerings, search, sections, sharing
from university.course.repository.cards import Card
from university.course.repository.reading import ready
from university.course.service.finding import OfferingNotFound, course_of, offering_of, term_of
from university.course.service.refusing import refusing
from university.course.service.sharing import SeatsAreShared, primary_fault
from university.course.service.telling import sections_changed
from university.platform import paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, InvalidRequest, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import outbox
from university.platform.paging import Page, PageRequest

_DEADLINES = ("add", "drop", "withdraw")
_NO_COURSE = Words("There is no such course.", "Nie ma takiego przedmiotu.")
_NO_TERM = Words("There is no such term.", "Nie ma takiego semestru.")
_ONE_DEADLINE = Words(
    "Give either the date or the weeks after the first meeting.",
    "Podaje się albo datę, albo liczbę tygodni od pierwszego spotkania.",
)


class OfferingExists(Conflict):
    """The course is already offered in the term; `offering_id` tells where."""

    title = Words("The course is already offered in this term.", "Przedmiot jest już oferowany w tym semestrze.")


_TAKEN = {"course_offered_once_a_term": OfferingExists}


class Offerings:
    """Use cases of offerings."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def search(self, filters: Mapping[str, Any], wanted: PageRequest) -> Page:
        """Return a page of what is taught and fits, by course code; refuses an unknown term or course."""
        with self._replica.read() as session:
            resolved = dict(filters)
            if "term" in filters:
                resolved["term_id"] = term_of(session, filters["term"]).id
            if "course" in filters:
                resolved["course_id"] = course_of(session, filters["course"]).id
            page = paging.fetch(session, offerings.page_query(resolved), offerings.IN_ORDER, wanted, scalars=False)
            found = cards.offering_cards(session, [row.id for row in page.items], ready)
            return Page(found, page.next, page.total)

    def get(self, key: str) -> Card:
        """Return an offering with its sections."""
        with self._replica.read() as session:
            return cards.offering_cards(session, [offering_of(session, key).id], ready)[0]

    def create(self, wish: Mapping[str, Any], once: Once) -> Card:
        """Offer a course in a term."""
        with refusing(_TAKEN), once.begin(self._primary) as session:
            course, term = _course_and_term(session, wish)
            offering = Offering(course_id=course.id, term_id=term.id, sort_code=course.code)
            _refuse_a_second(session, offering)
            _list_with(session, offering, wish)
            _write(offering, wish)
            session.add(offering)
            session.flush()
            search.reindex(session, [offering.id])
            outbox.announce(session, events.created(events.OFFERING, facts.of_offering(offering, course)))
            return once.keep(session, cards.offering_cards(session, [offering.id])[0])

    def change(self, key: str, wish: Mapping[str, Any], if_match: IfMatch) -> Card:
        """Change an offering and, with it, its sections."""
        with self._primary.begin() as session:
            offering = _locked(session, key, wish)
            if_match.check(offering.version)
            with session.no_autoflush:
                _list_with(session, offering, wish)
                _write(offering, wish)
            if session.is_modified(offering):
                offering.version += 1
                session.flush()
                _tell(session, offering)
                if "status" in wish:
                    sections.recount(session, Section.offering_id == offering.id)
            return cards.offering_cards(session, [offering.id])[0]


def _locked(session: Session, key: str, wish: Mapping[str, Any]) -> Offering:
    """Return an offering for changing; what is above it, and so its sections' facts, waits until the end."""
    beside = keys.as_id(wish.get("cross_listed_with") or "")
    found = offerings.hold(session, offering_of(session, key).id, to_change=True, beside=beside)
    if found is None:
        raise OfferingNotFound
    return found[0]


def _tell(session: Session, offering: Offering) -> None:
    course = course_of(session, offering.course_id)
    outbox.announce(session, events.updated(events.OFFERING, facts.of_offering(offering, course)))
    sections_changed(session, Section.offering_id == offering.id)


def _course_and_term(session: Session, wish: Mapping[str, Any]) -> tuple[Course, Term]:
    """Return what is to be offered and when, held until the transaction ends."""
    course = keys.find(session, Course, wish["course_id"], lock=True)
    term = keys.find(session, Term, wish["term_id"], lock=True)
    if course is None or term is None:
        missing = {"course_id": (course, _NO_COURSE), "term_id": (term, _NO_TERM)}
        raise InvalidRequest([(name, words.say()) for name, (row, words) in missing.items() if row is None])
    return course, term


def _refuse_a_second(session: Session, offering: Offering) -> None:
    same = (Offering.course_id == offering.course_id, Offering.term_id == offering.term_id)
    if first := offerings.id_of(session, *same):
        raise OfferingExists(offering_id=first)


def _list_with(session: Session, offering: Offering, wish: Mapping[str, Any]) -> None:
    """Let an offering stand for the same class as another one, or for its own again."""
    before, named = offering.cross_listed_with, wish.get("cross_listed_with")
    if "cross_listed_with" not in wish or named == before:
        return
    primary = keys.find(session, Offering, named, lock=True) if named else None
    if named and (fault := primary_fault(session, offering, primary)):
        raise invalid("cross_listed_with", fault)
    if before and sharing.share(session, offering.id):
        raise SeatsAreShared
    offering.cross_listed_with = primary.id if primary else None


def _write(offering: Offering, wish: Mapping[str, Any]) -> None:
    """Put the wished values into the row once they fit together."""
    for name, value in wish.items():
        if name not in {"course_id", "term_id", "cross_listed_with"}:
            setattr(offering, "own_ects" if name == "ects" else name, value)
    doubled = [
        f"{what}_weeks"
        for what in _DEADLINES
        if getattr(offering, f"{what}_until") is not None and getattr(offering, f"{what}_weeks") is not None
    ]
    if doubled:
        raise InvalidRequest([(name, _ONE_DEADLINE.say()) for name in doubled])
