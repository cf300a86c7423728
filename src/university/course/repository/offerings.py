"""Questions and changes about offerings."""

import functools
import operator
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from university.course.models import Availability, Course, Offering, SearchWord, Section, Slot, Term
from university.course.texts import words

IN_ORDER = (Offering.sort_code, Offering.id)
_LAST = "\U0010ffff"


def page_query(filters: Mapping[str, Any]) -> Any:
    """Return the question for offerings by code: those that fit, and that have a section which fits alone."""
    query = select(Offering.id, Offering.sort_code)
    if "department" in filters:
        query = query.join(Course).where(Course.department == filters["department"])
    query = query.where(*_of_offering(filters))
    of_section = list(_of_section(filters))
    if of_section:
        query = query.where(exists().where(Section.offering_id == Offering.id, *of_section))
    return query


def _of_offering(filters: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if "term_id" in filters:
        yield Offering.term_id == filters["term_id"]
    if "course_id" in filters:
        yield Offering.course_id == filters["course_id"]
    if "ects" in filters:
        of_course = select(Course.ects).where(Course.id == Offering.course_id).scalar_subquery()
        yield (Offering.own_ects == filters["ects"]) | (Offering.own_ects.is_(None) & (of_course == filters["ects"]))
    if filters.get("q", "").strip():
        yield from _found_by(filters["q"], filters.get("term_id"))


def _found_by(text: str, term_id: str | None) -> Iterator[ColumnElement[bool]]:
    """Yield a condition for each word: the offering has a word that starts so."""
    for word in words(text) or {_LAST}:
        found = select(SearchWord.offering_id).where(SearchWord.word >= word, SearchWord.word < word + _LAST)
        terms = SearchWord.term_id.in_(select(Term.id)) if term_id is None else SearchWord.term_id == term_id
        yield Offering.id.in_(found.where(terms))


def _of_section(filters: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if "component" in filters:
        yield Section.component == filters["component"]
    if "language" in filters:
        yield Section.language == filters["language"]
    if filters.keys() & {"day", "since", "until"}:
        yield exists().where(Slot.section_id == Section.id, *_of_slot(filters))
    if "open" in filters:
        free = Section.capacity.is_(None) | (Section.capacity > _seated())
        is_open = free & (Section.status == "open") & (Offering.status == "open")
        yield is_open if filters["open"] else ~is_open
    if filters.keys() & {"component", "language", "day", "since", "until"}:
        yield Section.status != "canceled"


def _seated() -> ColumnElement[int]:
    """Return how many seats of a section are taken or held, those of others that share them among them."""
    seats = func.coalesce(func.sum(Availability.taken + Availability.held), 0)
    other = aliased(Section)
    own = select(seats).where(Availability.section_id == Section.id)
    of_host = select(seats).where(Availability.section_id == Section.shares_seats_with)
    same_host = other.shares_seats_with == func.coalesce(Section.shares_seats_with, Section.id)
    of_guests = select(seats).join(other, other.id == Availability.section_id).where(same_host, other.id != Section.id)
    counted = (one.correlate(Section).scalar_subquery() for one in (own, of_host, of_guests))
    return functools.reduce(operator.add, counted)


def _of_slot(filters: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if "day" in filters:
        yield Slot.day == filters["day"]
    if "since" in filters:
        yield Slot.start >= filters["since"]
    if "until" in filters:
        yield Slot.end <= filters["until"]


def id_of(session: Session, *conditions: ColumnElement[bool]) -> str | None:
    """Return the id of the offering that meets the conditions."""
    return session.scalar(select(Offering.id).where(*conditions))


def hold(
    session: Session, offering_id: str, *, to_change: bool = False, beside: str | None = None
) -> tuple[Offering, Term] | None:
    """Return an offering and its term; they and their course do not change until the transaction ends.

    `to_change` keeps the offering from those who only rest on it too, and another one `beside` it.
    """
    above = select(Course, Term).select_from(Offering).join(Course).join(Term).where(Offering.id == offering_id)
    found = session.execute(above.with_for_update(read=True, of=[Course, Term])).one_or_none()
    if found is None:
        return None
    wanted = [one for one in (offering_id, beside) if one]
    held = select(Offering).where(Offering.id.in_(wanted)).order_by(Offering.id).with_for_update(read=not to_change)
    locked = {one.id: one for one in session.scalars(held.execution_options(populate_existing=True))}
    return locked[offering_id], found[1]
