"""The facts this module announces: `enrollment.created`, `enrollment.updated`, `enrollment.dropped`."""

from typing import Any, Literal

from university.enrollment.models import Enrollment
from university.platform.outbox import Event

What = Literal["created", "updated", "dropped"]


def enrollment_event(what: What, enrollment: Enrollment) -> Event:
    """Return the event that tells an enrollment's whole state; ids and facts, no names."""
    return Event(f"enrollment.{what}.v1", enrollment.id, enrollment.version, facts(enrollment))


def facts(enrollment: Enrollment) -> dict[str, Any]:
    """Return what the neighbors may know of an enrollment."""
    return {
        "id": enrollment.id,
        "student_id": enrollment.student_id,
        "offering_id": enrollment.offering_id,
        "term_id": enrollment.term_id,
        "course_id": enrollment.course_id,
        "section_ids": enrollment.section_ids,
        "status": enrollment.status,
        "ects": enrollment.ects,
        "grade": enrollment.grade,
        "grading_scale": enrollment.grading_scale,
        "created_at": enrollment.created_at,
        "updated_at": enrollment.updated_at,
    }
