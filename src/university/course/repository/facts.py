"""What the course module tells others of its rows: whole, as JSON, many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Course, Offering, Section, Teaching, Term
from university.course.repository.keys import as_id, chunks

Facts = dict[str, Any]
_RANK = {"open": 0, "closed": 1, "canceled": 2}
_DEADLINES = ("add", "drop", "withdraw")


def of_term(term: Term) -> events.TermFacts:
    """Return the facts of a term."""
    return {
        "id": term.id,
        "version": term.version,
        "code": term.code,
        "title": term.title,
        "starts_on": term.starts_on.isoformat(),
        "ends_on": term.ends_on.isoformat(),
        "add_until": term.add_until.isoformat(),
        "drop_until": term.drop_until.isoformat(),
        "withdraw_until": term.withdraw_until.isoformat(),
        "max_ects": term.max_ects,
        "calendar": term.calendar,
        "external_key": term.external_key,
    }


def of_courses(session: Session, courses: Sequence[Course]) -> list[events.CourseFacts]:
    """Return the facts of courses."""
    equivalents = equivalents_of(session, ((course.id, course.equivalence_id) for course in courses))
    return [_course(course, equivalents[course.id]) for course in courses]


def _course(course: Course, equivalents: list[str]) -> events.CourseFacts:
    return {
        "id": course.id,
        "version": course.version,
        "code": course.code,
        "title": course.title,
        "title_en": course.title_en,
        "ects": course.ects,
        "department": course.department,
        "level": course.level,
        "max_attempts": course.max_attempts,
        "repeatable": course.repeatable,
        "requisites": course.requisites,
        "equivalents": equivalents,
        "external_key": course.external_key,
    }


def of_offering(offering: Offering, course: Course) -> events.OfferingFacts:
    """Return the facts of an offering of a course."""
    return {
        "id": offering.id,
        "version": offering.version,
        "course_id": offering.course_id,
        "term_id": offering.term_id,
        "ects": course.ects if offering.own_ects is None else offering.own_ects,
        "grading_scale": offering.grading_scale,
        "waitlist_policy": offering.waitlist_policy,
        "required_components": offering.required_components,
        "restrictions": offering.restrictions,
        "status": offering.status,
        "cross_listed_with": offering.cross_listed_with,
    }


def equivalents_of(session: Session, courses: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    """Return the ids of the other courses that count for each, given pairs of a course's id and its equivalence's."""
    pairs = list(courses)
    members: dict[str, list[str]] = defaultdict(list)
    for some in chunks(list({equivalence for _, equivalence in pairs if equivalence})):
        query = select(Course.equivalence_id, Course.id).where(Course.equivalence_id.in_(some)).order_by(Course.id)
        for equivalence, course in session.execute(query):
            members[str(equivalence)].append(course)
    return {
        course: [one for one in members.get(equivalence or "", ()) if one != course] for course, equivalence in pairs
    }


def facts_of(session: Session, section_ids: Iterable[str]) -> list[events.SectionFacts]:
    """Return the SectionFacts of sections in the order of the ids; those that do not exist are left out."""
    wanted = list(dict.fromkeys(one for one in map(as_id, section_ids) if one))
    told: dict[str, events.SectionFacts] = {}
    for some in chunks(wanted):
        sections = session.execute(_SECTIONS.where(Section.id.in_(some))).all()
        offerings = _offerings(session, {section.offering_id for section in sections})
        teachers = _teachers(session, some)
        for section in sections:
            told[section.id] = _section(section, offerings[section.offering_id], teachers[section.id])
    return [told[one] for one in wanted if one in told]


_SECTIONS = select(*Section.__table__.columns)
_OFFERINGS = (
    select(
        Offering.__table__,
        Course.code,
        Course.title,
        Course.title_en,
        Course.ects,
        Course.department,
        Course.level,
        Course.requisites,
        Course.equivalence_id,
        Course.max_attempts,
        Course.repeatable,
        Term.code.label("term_code"),
        Term.title.label("term_title"),
        Term.starts_on,
        Term.ends_on,
        Term.max_ects,
        *(getattr(Term, f"own_{what}_until").label(f"term_{what}_until") for what in _DEADLINES),
    )
    .join(Course, Course.id == Offering.course_id)
    .join(Term, Term.id == Offering.term_id)
)


def offering_rows(session: Session, ids: Iterable[str]) -> list[Row[Any]]:
    """Return offerings with what they have of their course and term."""
    return [row for some in chunks(list(ids)) for row in session.execute(_OFFERINGS.where(Offering.id.in_(some)))]


def _offerings(session: Session, ids: Iterable[str]) -> dict[str, Facts]:
    """Return, by offering, what its sections have in common."""
    rows = offering_rows(session, ids)
    equivalents = equivalents_of(session, {(row.course_id, row.equivalence_id) for row in rows})
    return {row.id: _offering(row, equivalents[row.course_id]) for row in rows}


def _offering(row: Row[Any], equivalents: list[str]) -> Facts:
    return {
        "row": row,
        "term": {
            "id": row.term_id,
            "code": row.term_code,
            "title": row.term_title,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "max_ects": row.max_ects,
        },
        "course": {
            "id": row.course_id,
            "code": row.code,
            "title": row.title,
            "title_en": row.title_en,
            "department": row.department,
            "level": row.level,
            "equivalents": equivalents,
            "max_attempts": row.max_attempts,
            "repeatable": row.repeatable,
        },
        "offering": {
            "id": row.id,
            "queue_id": row.cross_listed_with or row.id,
            "ects": row.ects if row.own_ects is None else row.own_ects,
            "grading_scale": row.grading_scale,
            "required_components": row.required_components,
            "waitlist_policy": row.waitlist_policy,
        },
    }


def _section(section: Row[Any], shared: Mapping[str, Any], teachers: list[str]) -> events.SectionFacts:
    offering = shared["row"]
    return {
        "id": section.id,
        "version": section.version,
        "external_key": section.external_key,
        "term": shared["term"],
        "course": shared["course"],
        "offering": shared["offering"],
        "number": section.number,
        "component": section.component,
        "parent_id": section.parent_id,
        "seats_of": section.shares_seats_with,
        "status": max(section.status, offering.status, key=_RANK.__getitem__),
        "move_students": section.move_students,
        "capacity": section.capacity,
        "waitlist_capacity": section.waitlist_capacity,
        "language": section.language,
        "deadlines": {
            "add_until": _deadline(offering, "add", section.occurrences),
            "drop_until": _deadline(offering, "drop", section.occurrences),
            "withdraw_until": _deadline(offering, "withdraw", section.occurrences),
        },
        "restrictions": [*offering.restrictions, *section.restrictions],
        "reserved": section.reserved,
        "instructor_ids": teachers,
        "meetings": section.meetings,
        "occurrences": section.occurrences,
    }


def _deadline(offering: Row[Any], what: str, occurrences: Sequence[Sequence[str]]) -> str:
    """Return the offering's own date, or so many weeks after the section first meets, else the term's date."""
    own, weeks = getattr(offering, f"{what}_until"), getattr(offering, f"{what}_weeks")
    if own is None and weeks is not None:
        first = date.fromisoformat(occurrences[0][0]) if occurrences else offering.starts_on
        own = first + timedelta(weeks=weeks)
    told: date = own or getattr(offering, f"term_{what}_until") or offering.ends_on
    return told.isoformat()


def _teachers(session: Session, section_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of each section's instructors in the order given."""
    query = (
        select(Teaching.section_id, Teaching.instructor_id)
        .where(Teaching.section_id.in_(section_ids))
        .order_by(Teaching.section_id, Teaching.place)
    )
    teachers: dict[str, list[str]] = defaultdict(list)
    for section_id, instructor_id in session.execute(query):
        teachers[section_id].append(instructor_id)
    return teachers
