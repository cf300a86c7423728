"""What the student module does when it hears news: it keeps the newest of what others own, and what they tell."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from university.platform.database import Primary
from university.platform.imports import ImportRequested, requested
from university.platform.messaging import inbox
from university.platform.messaging.broker import Hearer
from university.platform.messaging.copies import Copy
from university.platform.messaging.inbox import CloudEvent
from university.platform.messaging.reconciliation import Kept, View
from university.platform.neighbors import Neighbor
from university.platform.settings import Settings
from university.student.imports import StudentImports
from university.student.models import KnownCourse, KnownSection, KnownTerm, RecordedEnrollment
from university.student.repository import record
from university.student.repository.audience import Audience
from university.student.service import notifying

STUDY_RECORD, COURSE_FACTS, IMPORTS = "student.study-record", "student.course-facts", "student.imports"
NOTIFICATIONS = "student.notifications"
_ENROLLMENT = frozenset(f"enrollment.{change}.v1" for change in ("created", "updated", "dropped"))
_TERM = frozenset(f"course.term.{change}.v1" for change in ("created", "updated"))
_COURSE = frozenset(f"course.{change}.v1" for change in ("created", "updated", "deleted"))
_SECTION_DELETED = "course.section.deleted.v1"
_NOTICE, _WINDOW_NOTICE = "enrollment.notice.v1", "enrollment.notice.window.v1"
_SECTION = frozenset({f"course.section.{change}.v1" for change in ("created", "updated")} | {_SECTION_DELETED})


class EnrollmentFacts(msgspec.Struct):
    """What an enrollment event tells the study record."""

    id: str
    student_id: str
    term_id: str
    course_id: str
    section_ids: list[str]
    status: str
    created_at: datetime
    updated_at: datetime
    offering_id: str | None = None
    ects: float | None = None
    grade: str | None = None
    grading_scale: str | None = None


class SectionTerm(msgspec.Struct):
    """What a section's event tells of its term."""

    id: str
    code: str
    title: str
    starts_on: date
    ends_on: date


class TermFacts(SectionTerm):
    """What a term's event tells."""

    calendar: list[dict[str, Any]] = []


class CourseFacts(msgspec.Struct):
    """What a course's event, or a section's, tells of the course."""

    id: str
    code: str
    title: str
    title_en: str | None = None
    repeatable: bool = False
    equivalents: list[str] = []


class SectionFacts(msgspec.Struct):
    """What a section's event tells the timetable."""

    id: str
    number: str
    component: str
    status: str
    term: SectionTerm
    course: CourseFacts
    meetings: list[dict[str, Any]] = []
    occurrences: list[list[Any]] = []


class NoticeFacts(msgspec.Struct):
    """What a notice tells a student."""

    id: str
    student_id: str
    kind: str
    at: datetime
    title: dict[str, str]
    body: dict[str, str]
    params: dict[str, Any] = {}
    term_id: str | None = None


class WindowNoticeFacts(msgspec.Struct):
    """What a notice tells all students whom a registration window is for."""

    id: str
    kind: str
    at: datetime
    title: dict[str, str]
    body: dict[str, str]
    program: list[str]
    stage: list[int]
    group: list[str]
    min_ects: float
    params: dict[str, Any] = {}
    term_id: str | None = None


READS: dict[str, dict[str, Any]] = {
    STUDY_RECORD: dict.fromkeys(sorted(_ENROLLMENT), EnrollmentFacts),
    COURSE_FACTS: {
        **dict.fromkeys(sorted(_TERM), TermFacts),
        **dict.fromkeys(sorted(_COURSE), CourseFacts),
        **dict.fromkeys(sorted(_SECTION), SectionFacts),
    },
    NOTIFICATIONS: {_NOTICE: NoticeFacts, _WINDOW_NOTICE: WindowNoticeFacts},
    IMPORTS: {requested("student"): ImportRequested},
}
"""What is taken from the news, by subscription and type."""


def hearers(primary: Primary, imports: StudentImports, settings: Settings) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    keep = partial(keep_notices, mailed=bool(settings.smtp_url))
    return {
        STUDY_RECORD: lambda events: inbox.hear(primary, STUDY_RECORD, events, keep_enrollments),
        COURSE_FACTS: lambda events: inbox.hear(primary, COURSE_FACTS, events, keep_course_facts),
        NOTIFICATIONS: lambda events: inbox.hear(primary, NOTIFICATIONS, events, keep),
        IMPORTS: imports.hear,
    }


def kept(enrollment: Neighbor, course: Neighbor) -> Kept:
    """Return what the module keeps of others: recorded enrollments, and what it knows of the catalog."""
    recorded = Copy(
        STUDY_RECORD, "enrollment", enrollment, keep_enrollments, RecordedEnrollment, forget=record.forget_enrollments
    )
    # Terms and courses stay when the catalog has them no more, for transcripts.
    terms = Copy(COURSE_FACTS, "course.term", course, keep_course_facts, KnownTerm)
    courses = Copy(COURSE_FACTS, "course", course, keep_course_facts, KnownCourse)
    sections = Copy(
        COURSE_FACTS, "course.section", course, keep_course_facts, KnownSection, forget=record.forget_sections
    )
    return Kept(copies=(terms, courses, sections, recorded), views=(View(recorded, recorded_row),))


def recorded_row(event: CloudEvent) -> dict[str, Any]:
    """Return the row that an event of an enrollment makes."""
    return _row(event, EnrollmentFacts)


def keep_enrollments(session: Session, events: Sequence[CloudEvent]) -> None:
    """Keep enrollments as they stand."""
    heard = [event for event in events if _type(event) in _ENROLLMENT]
    record.keep(session, RecordedEnrollment, [recorded_row(event) for event in heard])


def keep_course_facts(session: Session, events: Sequence[CloudEvent]) -> None:
    """Keep terms, courses and sections as they stand; what a section mentions fills gaps until its own news comes."""
    terms = [_row(event, TermFacts) for event in events if _type(event) in _TERM]
    courses = [_row(event, CourseFacts) for event in events if _type(event) in _COURSE]
    sections = [_section(event) for event in events if _type(event) in _SECTION]
    for section in sections:
        terms.append({**msgspec.structs.asdict(section.pop("term")), "calendar": [], "version": 0})
        courses.append({**msgspec.structs.asdict(section.pop("course")), "version": 0})
    record.keep(session, KnownTerm, terms)
    record.keep(session, KnownCourse, courses)
    record.keep(session, KnownSection, sections)


def keep_notices(session: Session, events: Sequence[CloudEvent], *, mailed: bool) -> None:
    """Keep what students are told, one by one and an audience at once; a notice is told whole and never changes."""
    heard = [msgspec.convert(event["data"], NoticeFacts) for event in events if _type(event) == _NOTICE]
    notifying.keep(session, [msgspec.structs.asdict(notice) for notice in heard], mailed=mailed)
    for event in events:
        if _type(event) == _WINDOW_NOTICE:
            told = msgspec.structs.asdict(msgspec.convert(event["data"], WindowNoticeFacts))
            audience = Audience(*(told.pop(name) for name in ("program", "stage", "group", "min_ects")))
            notifying.keep_for_audience(session, told, audience, mailed=mailed)


def _section(event: CloudEvent) -> dict[str, Any]:
    row = _row(event, SectionFacts)
    names = {"term_id": row["term"].id, "course_id": row["course"].id}
    return {**row, **names, "deleted": _type(event) == _SECTION_DELETED}


def _type(event: CloudEvent) -> str:
    """Return the type as subscriptions and tables call it."""
    return str(event["type"]).removeprefix("university.")


def _row(event: CloudEvent, facts: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the facts that we know of an event, and its version."""
    told = msgspec.convert(event["data"], facts)
    return {**msgspec.structs.asdict(told), "version": event["aggregateversion"]}
