"""What enrollment does when its neighbors announce something: the ledger follows, doubtful places go on review."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentUpdated
from university.enrollment.repository import enrollments, ledger, waiting
from university.enrollment.repository.enrollments import Heard
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.service.noticing import Notice, notify
from university.platform import database
from university.platform.database import Primary
from university.platform.messaging import inbox
from university.platform.messaging.inbox import CloudEvent
from university.platform.messaging.outbox import announce

SECTION_FACTS, STUDENT_FACTS = "enrollment.section-facts", "enrollment.student-facts"
SECTIONS = "university.course.section."
STUDENTS, DELETED = "university.student.", "university.student.deleted."
CANCELED, GONE = "canceled", "deleted"


class StudentSeen(msgspec.Struct):
    """What a student's event tells of the standing."""

    id: str
    status: str
    holds: list[dict[str, Any]] | None = None


class Hearing:
    """Applies the neighbors' events."""

    def __init__(self, primary: Primary, zone: ZoneInfo) -> None:
        self._primary, self._zone = primary, zone

    def course_news(self, events: list[CloudEvent]) -> None:
        """Refresh the ledger from what the course module says of sections."""
        inbox.hear(self._primary, SECTION_FACTS, events, self.refresh)

    def student_news(self, events: list[CloudEvent]) -> None:
        """Put running enrollments of a student who is active no more, or recorded no more, on review."""
        inbox.hear(self._primary, STUDENT_FACTS, events, self.settle)

    def refresh(self, session: Session, events: list[CloudEvent]) -> None:
        """Bring the ledger to what events tell of sections, in the caller's transaction."""
        sections = [_section(event) for event in events if event["type"].startswith(SECTIONS)]
        ledger.refresh(session, sections, database.now(session))

    def forget_sections(self, session: Session, sections: Mapping[str, int]) -> int:
        """Let nobody into sections that do not exist any more; return how many were not over yet."""
        facts = ledger.facts_of(session, sections)
        gone = [
            replace(one, status=CANCELED, version=one.version + 1) for one in facts.values() if one.status != CANCELED
        ]
        ledger.refresh(session, gone, database.now(session))
        return len(gone)

    def forget_students(self, session: Session, students: Mapping[str, int]) -> int:
        """Treat students who are recorded no more as heard to be deleted; return how many were not yet."""
        known = enrollments.standings_of(session, students)
        gone = {student: version for student, (version, status) in known.items() if status != GONE}
        self._settle(session, [Heard(student, version + 1, GONE) for student, version in gone.items()])
        return len(gone)

    def settle(self, session: Session, events: list[CloudEvent]) -> None:
        """Put places on review whose student is active no more, in the caller's transaction."""
        self._settle(session, [_standing(event) for event in events if event["type"].startswith(STUDENTS)])

    def _settle(self, session: Session, heard: list[Heard]) -> None:
        news, changed = enrollments.remember_standings(session, heard)
        self._review(session, {one.student_id: one.version for one in changed if one.status != "active"})
        waiting.turn_for_students(session, [one.student_id for one in news])

    def _review(self, session: Session, doubtful: Mapping[str, int]) -> None:
        """Put running enrollments on review that were judged on an older standing."""
        if not doubtful:
            return
        now = database.now(session)
        running = enrollments.running_of(session, doubtful, now.astimezone(self._zone).date())
        for enrollment in running:
            if (enrollment.standing_version or 0) < doubtful[enrollment.student_id]:
                enrollment.status, enrollment.version = "review", enrollment.version + 1
                enrollments.record(session, enrollment, at=now, by="student", reason="standing-changed")
                announce(session, EnrollmentUpdated.of(enrollment, enrollment.version))
                params = {"course": enrollment.course_code}
                notify(session, Notice("put-on-review", enrollment.student_id, enrollment.term_id, params))


def _section(event: CloudEvent) -> SectionFacts:
    """Return the facts of a section; one that is deleted stays in the ledger as canceled, so that nobody gets in."""
    told = msgspec.convert(event["data"], SectionFacts)
    if event["type"].startswith(SECTIONS + "deleted"):
        return replace(told, status=CANCELED, version=event["aggregateversion"])
    return told


def _standing(event: CloudEvent) -> Heard:
    """Return what an event tells of a student's standing."""
    seen = msgspec.convert(event["data"], StudentSeen)
    status = GONE if event["type"].startswith(DELETED) else seen.status
    return Heard(seen.id, event["aggregateversion"], status, seen.holds)
