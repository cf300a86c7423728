"""Looking up many things at once for neighbors: what exists, and which names nobody has."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Course, Section, Term
from university.course.repository import courses, facts, keys, sections
from university.course.service.finding import course_of, offering_of, term_of
from university.platform.database import Primary
from university.platform.errors import invalid
from university.platform.language import Words
from university.platform.messaging import states
from university.platform.messaging.outbox import Event
from university.platform.messaging.states import Source, States, StatesWanted

_ONE_LIST = Words("Give exactly one list of names.", "Podaj dokładnie jedną listę nazw.")
_COURSE_NAMES = {"codes": Course.code, "ids": Course.id, "external_keys": Course.external_key}
Found = dict[str, list[Any]]


class LookingUp:
    """Use cases of neighbors that know names and want facts; asked of the primary."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary

    def term(self, key: str) -> events.TermFacts:
        """Return the facts of a term by id or code."""
        with self._primary.read() as session:
            return facts.of_term(term_of(session, key))

    def offering(self, key: str) -> events.OfferingFacts:
        """Return the facts of an offering by id."""
        with self._primary.read() as session:
            found = offering_of(session, key)
            return facts.of_offering(found, course_of(session, found.course_id))

    def sections(self, named: Mapping[str, Sequence[str] | None]) -> Found:
        """Return the facts of sections named by `ids` or `external_keys`, and the names that are unknown."""
        kind, names = _only(named)
        with self._primary.read() as session:
            ids = sections.ids_by_key(session, names) if kind == "external_keys" else {one: one for one in names}
            told = facts.facts_of(session, ids.values())
            shared = {section["seats_of"] for section in told}
            hosts = facts.facts_of(session, sorted(one for one in shared if one))
        known = {section["id"] for section in told}
        unknown = [name for name in names if ids.get(name, "").lower() not in known]
        return {"sections": told, "unknown": unknown, "hosts": hosts}

    def courses(self, named: Mapping[str, Sequence[str] | None]) -> Found:
        """Return courses named by `codes`, `ids` or `external_keys`, and the names that are unknown."""
        kind, names = _only(named)
        spelled = {name: keys.as_id(name) if kind == "ids" else name for name in names}
        with self._primary.read() as session:
            found = courses.brief(session, _COURSE_NAMES[kind], filter(None, spelled.values()))
        unknown = [name for name, spelling in spelled.items() if spelling not in found]
        return {"courses": list(found.values()), "unknown": unknown}

    def states(self, wanted: StatesWanted) -> States:
        """Return terms, courses or sections as they stand now, for copies to be renewed from."""
        return states.tell(self._primary, _SOURCES, wanted)


def _terms(session: Session, wanted: StatesWanted) -> list[Event]:
    found = session.scalars(wanted.narrow(select(Term), Term.id))
    return [events.updated(events.TERM, facts.of_term(term)) for term in found]


def _courses(session: Session, wanted: StatesWanted) -> list[Event]:
    found = session.scalars(wanted.narrow(select(Course), Course.id)).all()
    return [events.updated(events.COURSE, told) for told in facts.of_courses(session, found)]


def _sections(session: Session, wanted: StatesWanted) -> list[Event]:
    found = session.scalars(wanted.narrow(select(Section.id), Section.id)).all()
    return [events.updated(events.SECTION, told) for told in facts.facts_of(session, found)]


_SOURCES: dict[str, Source] = {
    events.TERM.name: _terms,
    events.COURSE.name: _courses,
    events.SECTION.name: _sections,
}


def _only(named: Mapping[str, Sequence[str] | None]) -> tuple[str, Sequence[str]]:
    given = [(kind, names) for kind, names in named.items() if names is not None]
    if len(given) != 1:
        raise invalid("", _ONE_LIST)
    return given[0]
