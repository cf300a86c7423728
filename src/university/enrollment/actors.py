"""What the enrollment module hears: sections from course, standings from student."""

from typing import Any

from university.enrollment.imports import EnrollmentImports
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.service.hearing import Hearing, StudentSeen
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.broker import Hearer

READS: dict[str, dict[str, Any]] = {
    "enrollment.section-facts": {f"course.section.{what}.v1": SectionFacts for what in ("created", "updated")},
    "enrollment.student-facts": {f"student.{what}.v1": StudentSeen for what in ("created", "updated", "deleted")},
    "enrollment.imports": {requested("enrollment"): ImportRequested},
}
"""What is taken from the news, by subscription and type."""


def hearers(hearing: Hearing, imports: EnrollmentImports) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {
        "enrollment.section-facts": hearing.course_news,
        "enrollment.student-facts": hearing.student_news,
        "enrollment.imports": imports.hear,
    }
