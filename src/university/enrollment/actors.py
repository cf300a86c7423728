"""What the enrollment module hears, sections from course and standings from student, and what it keeps of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from university.enrollment.imports import EnrollmentImports
from university.enrollment.models import Section, StudentStanding
from university.enrollment.repository import recounting
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.service.canceling import Canceling
from university.enrollment.service.hearing import SECTION_FACTS, STUDENT_FACTS, Hearing, StudentSeen
from university.enrollment.service.promoting import Promoting
from university.enrollment.service.rechecking import Rechecking
from university.enrollment.service.windows import Windows
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.broker import Hearer
from university.platform.messaging.copies import Copy
from university.platform.messaging.reconciliation import Counters, Kept
from university.platform.neighbors import Neighbor
from university.platform.schedule import Chore

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


def chores(promoting: Promoting, rechecking: Rechecking, canceling: Canceling, windows: Windows) -> Sequence[Chore]:
    """Return what comes round by itself.

    Queues that nobody came to the end of, offers and pools whose time is over, requisites that rested on a grade,
    places in canceled sections, windows that open.
    """
    return (
        Chore("go-through-queues", timedelta(seconds=1), promoting.finish),
        Chore("expire-offers", timedelta(seconds=10), promoting.expire_offers),
        Chore("release-pools", timedelta(seconds=30), promoting.release_pools),
        Chore("recheck-requisites", timedelta(seconds=5), rechecking.finish),
        Chore("settle-canceled-sections", timedelta(seconds=2), canceling.settle),
        Chore("tell-of-open-windows", timedelta(seconds=10), windows.tell_opened),
        Chore("look-at-everybody-again", timedelta(hours=1), promoting.look_again),
    )


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
