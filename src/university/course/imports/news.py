"""The news of an import: each thing that came, changed or went, told as if people had done it one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from university.course import events
from university.course.events import Kind
from university.course.imports.planning import Planned
from university.course.imports.removing import Removals
from university.course.models import Course, Instructor, Offering, Section, Term
from university.course.repository import courses, facts, instructors, sharing
from university.course.repository.keys import chunks, find_all
from university.course.service import telling
from university.platform.matching import Difference
from university.platform.messaging import outbox

_IN_SECTIONS = {
    *("code", "title", "title_en", "department", "level", "ects", "max_attempts", "repeatable", "equivalence_id")
}


def tell_removed(session: Session, removals: Removals) -> None:
    """Tell what is about to go; sections of a teacher who goes are told as they will be, by `tell`."""
    for some in chunks(removals.sections):
        session.execute(update(Section).where(Section.id.in_(some)).values(version=Section.version + 1))
        told = facts.facts_of(session, some)
        outbox.announce(session, *(events.deleted(events.SECTION, one) for one in told))
    for some in chunks(removals.courses):
        session.execute(update(Course).where(Course.id.in_(some)).values(version=Course.version + 1))
        gone = facts.of_courses(session, list(find_all(session, Course, some).values()))
        outbox.announce(session, *(events.deleted(events.COURSE, one) for one in gone))
        session.expunge_all()


def tell(session: Session, plan: Planned) -> None:
    """Tell what is there now, terms and courses first, and the sections whose facts changed with them."""
    _tell(session, events.TERM, Term, plan.terms, lambda rows: map(facts.of_term, rows))
    _tell(session, events.COURSE, Course, plan.courses, lambda rows: facts.of_courses(session, rows))
    regrouped = _regrouped(session, plan)
    _tell(session, events.INSTRUCTOR, Instructor, plan.instructors, lambda rows: map(instructors.facts, rows))
    _tell(session, events.OFFERING, Offering, plan.offerings, lambda rows: _offerings(session, rows))
    created = [row["id"] for row in plan.sections.created.values()]
    for some in chunks(created):
        told = facts.facts_of(session, some)
        outbox.announce(session, *(events.created(events.SECTION, one) for one in told))
    touched = _touched(session, plan, regrouped)
    for some in chunks(sorted(touched.difference(created))):
        telling.sections_changed(session, Section.id.in_(some))


def _tell(session: Session, about: Kind[Any], kind: type[Any], difference: Difference, facts_of: Any) -> None:
    for rows, news in ((difference.created, events.created), (difference.updated, events.updated)):
        for some in chunks([row["id"] for row in rows.values()]):
            found = list(find_all(session, kind, some).values())
            outbox.announce(session, *(news(about, one) for one in facts_of(found)))
            session.expunge_all()


def _offerings(session: Session, offerings: Sequence[Offering]) -> Iterator[Mapping[str, Any]]:
    known = find_all(session, Course, {offering.course_id for offering in offerings})
    return (facts.of_offering(offering, known[offering.course_id]) for offering in offerings)


def _regrouped(session: Session, plan: Planned) -> list[str]:
    """Tell the courses that count for other courses than before because those changed; return their ids."""
    told = {row["id"] for rows in (plan.courses.created, plan.courses.updated) for row in rows.values()}
    members = courses.members(session, sorted(plan.regrouped)) if plan.regrouped else []
    others = [course for course in members if course.id not in told]
    telling.courses_changed(session, others)
    return [course.id for course in others]


def _touched(session: Session, plan: Planned, regrouped: Iterable[str]) -> set[str]:
    """Return the sections whose facts are different, by themselves or by what they belong to."""
    touched = {row["id"] for row in plan.sections.updated.values()}
    touched.update(one.id for one in sharing.guests(session, sorted(touched)))
    touched.update(plan.teachers, plan.removals.canceled, plan.removals.untaught)
    renewed = [row["id"] for row in plan.courses.updated.values() if row.keys() & _IN_SECTIONS]
    for some in chunks([*renewed, *regrouped]):
        touched.update(_ids(session, courses.offered(some)))
    for some in chunks([row["id"] for row in plan.terms.updated.values()]):
        touched.update(_ids(session, Section.term_id.in_(some)))
    for some in chunks([row["id"] for row in plan.offerings.updated.values()]):
        touched.update(_ids(session, Section.offering_id.in_(some)))
    return touched


def _ids(session: Session, condition: ColumnElement[bool]) -> Iterable[str]:
    return session.scalars(select(Section.id).where(condition))
