"""What the enrollment module hears, sections from course and standings from student, and what it keeps of it."""

from typing import Any

from university.enrollment.imports import EnrollmentImports
from university.enrollment.models import Section, StudentStanding
from university.enrollment.repository import recounting
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.service.hearing import SECTION_FACTS, STUDENT_FACTS, Hearing, StudentSeen
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.broker import Hearer
from university.platform.messaging.copies import Copy
from university.platform.messaging.reconciliation import Counters, Kept
from university.platform.neighbors import Neighbor

SEATS = "enrollment.seats"

READS: dict[str, dict[str, Any]] = {
    SECTION_FACTS: {f"course.section.{what}.v1": SectionFacts for what in ("created", "updated", "deleted")},
    STUDENT_FACTS: {f"student.{what}.v1": StudentSeen for what in ("created", "updated", "deleted")},
    "enrollment.imports": {requested("enrollment"): ImportRequested},
}
"""What is taken from the news, by subscription and type."""


def hearers(hearing: Hearing, imports: EnrollmentImports) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {
        SECTION_FACTS: hearing.course_news,
        STUDENT_FACTS: hearing.student_news,
        "enrollment.imports": imports.hear,
    }


def kept(hearing: Hearing, course: Neighbor, student: Neighbor) -> Kept:
    """Return what the module keeps of others, sections and standings; and the seats that it counts itself."""
    sections = Copy(
        SECTION_FACTS,
        "course.section",
        course,
        hearing.refresh,
        Section,
        forget=hearing.forget_sections,
        settle=recounting.recount_all,
    )
    standings = Copy(STUDENT_FACTS, "student", student, hearing.settle, StudentStanding, forget=hearing.forget_students)
    seats = Counters(SEATS, recounting.miscounted, recounting.recount)
    return Kept(copies=(sections, standings), counters=(seats,))
