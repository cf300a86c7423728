"""News of enrollments and of the catalog as the other modules tell it."""

import copy
from typing import Any

from tests.house import House
from university.platform.database import new_id
from university.platform.messaging.inbox import CloudEvent

STUDY_RECORD, COURSE_FACTS = "student.study-record", "student.course-facts"
TERM: dict[str, Any] = {
    "id": "01986c3a-0000-7000-8000-000000000001",
    "code": "2026Z",
    "title": "Zima 2026/27",
    "starts_on": "2026-10-01",
    "ends_on": "2027-02-14",
    "max_ects": 30,
}
SPRING: dict[str, Any] = {
    "id": "01986c3a-0000-7000-8000-000000000002",
    "code": "2027L",
    "title": "Lato 2026/27",
    "starts_on": "2027-02-22",
    "ends_on": "2027-06-30",
    "max_ects": None,
}
MATH: dict[str, Any] = {
    "id": "01986c3a-0000-7000-8000-000000000011",
    "code": "MATH-101",
    "title": "Analiza",
    "title_en": "Calculus",
}
HIST: dict[str, Any] = {
    "id": "01986c3a-0000-7000-8000-000000000012",
    "code": "HIST-1",
    "title": "Historia",
    "title_en": None,
}
LECTURE: dict[str, Any] = {
    "id": "01986c3a-0000-7000-8000-000000000021",
    "number": "1",
    "component": "lecture",
    "status": "open",
    "term": TERM,
    "course": {**MATH, "department": "M", "level": None, "equivalents": [], "max_attempts": None, "repeatable": False},
    "meetings": [
        {"component": "lecture", "days": ["mon"], "start": "10:15", "end": "11:45", "room": "A1", "weeks": "odd"},
        {"component": "lecture", "days": ["mon"], "start": "10:15", "end": "11:45", "room": "B2", "weeks": "even"},
    ],
    "occurrences": [["2026-10-05", "10:15", "11:45"], ["2026-10-12", "10:15", "11:45"]],
    "instructor_ids": [],
    "capacity": 100,
}
LABORATORY: dict[str, Any] = {
    **LECTURE,
    "id": "01986c3a-0000-7000-8000-000000000022",
    "number": "L1",
    "component": "laboratory",
    "meetings": [{"days": ["mon"], "start": "08:00", "end": "09:30", "room": "", "weeks": "even"}],
    "occurrences": [["2026-10-12", "08:00", "09:30"]],
}


def event(kind: str, version: int, facts: dict[str, Any], **more: Any) -> CloudEvent:
    """Return news of a kind such as `course.term.created` at a version."""
    return {
        "specversion": "1.0",
        "id": new_id(),
        "source": "/university/tests",
        "type": f"university.{kind}.v1",
        "subject": facts["id"],
        "time": f"2026-09-01T08:{version:02}:00Z",
        "datacontenttype": "application/json",
        "aggregateversion": version,
        "traceparent": None,
        "data": {**copy.deepcopy(facts), "version": version, **more},
    }


def enrollment(
    student_id: str, course: dict[str, Any] = MATH, term: dict[str, Any] = TERM, **more: Any
) -> dict[str, Any]:
    """Return the facts of an enrollment."""
    return {
        "id": new_id(),
        "student_id": student_id,
        "offering_id": "01986c3a-0000-7000-8000-000000000031",
        "term_id": term["id"],
        "course_id": course["id"],
        "section_ids": [LECTURE["id"], LABORATORY["id"]] if course is MATH else [],
        "status": "enrolled",
        "ects": 6,
        "grade": None,
        "grading_scale": "pl",
        "created_at": "2026-09-20T08:00:00Z",
        "updated_at": "2026-09-20T08:00:00Z",
        **more,
    }


def catalog() -> list[CloudEvent]:
    """Return the news by which the whole catalog is known."""
    return [
        event("course.term.created", 1, TERM, calendar=[]),
        event("course.term.created", 1, SPRING, calendar=[]),
        event("course.created", 1, MATH),
        event("course.created", 1, HIST),
        event("course.section.created", 1, LECTURE),
        event("course.section.created", 1, LABORATORY),
    ]


def tell(house: House, *events: CloudEvent) -> None:
    """Hand news to the module's actors, as a batch each."""
    hearers = house.modules["student"].hearers()
    for subscription, source in ((STUDY_RECORD, "enrollment"), (COURSE_FACTS, "course")):
        heard = [one for one in events if one["type"].startswith(f"university.{source}.")]
        if heard:
            hearers[subscription](heard)
