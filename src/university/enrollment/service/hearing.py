"""What enrollment does when its neighbors announce something: the ledger follows, doubtful places go on review."""

from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentUpdated
from university.enrollment.repository import enrollments, ledger
from university.enrollment.rules.facts import SectionFacts
from university.platform import database
from university.platform.database import Primary
from university.platform.messaging import inbox
from university.platform.messaging.inbox import CloudEvent
from university.platform.messaging.outbox import announce

SECTIONS = "university.course.section."
STUDENTS, DELETED = "university.student.", "university.student.deleted."


class StudentSeen(msgspec.Struct):
    """What a student's event tells of the standing."""

    id: str
    status: str


class Hearing:
    """Applies the neighbors' events."""

    def __init__(self, primary: Primary, zone: ZoneInfo) -> None:
        self._primary, self._zone = primary, zone

    def course_news(self, events: list[CloudEvent]) -> None:
        """Refresh the ledger from what the course module says of sections."""
        inbox.hear(self._primary, "enrollment.section-facts", events, self._refresh)

    def student_news(self, events: list[CloudEvent]) -> None:
        """Put running enrollments of a student who is active no more, or recorded no more, on review."""
        inbox.hear(self._primary, "enrollment.student-facts", events, self._settle)

    def _refresh(self, session: Session, events: list[CloudEvent]) -> None:
        told = [
            msgspec.convert(event["data"], SectionFacts)
            for event in events
            if event["type"].startswith(SECTIONS) and not event["type"].startswith(SECTIONS + "deleted")
        ]
        ledger.refresh(session, told, database.now(session))

    def _settle(self, session: Session, events: list[CloudEvent]) -> None:
        changed = enrollments.remember_standings(
            session, [_standing(event) for event in events if event["type"].startswith(STUDENTS)]
        )
        doubtful = {student: version for student, (version, status) in changed.items() if status != "active"}
        if not doubtful:
            return
        now = database.now(session)
        running = enrollments.running_of(session, doubtful, now.astimezone(self._zone).date())
        for enrollment in running:
            if (enrollment.standing_version or 0) < doubtful[enrollment.student_id]:
                enrollment.status, enrollment.version = "review", enrollment.version + 1
                enrollments.record(session, enrollment, at=now, by="student", reason="standing-changed")
                announce(session, EnrollmentUpdated.of(enrollment, enrollment.version))


def _standing(event: CloudEvent) -> tuple[str, int, str]:
    """Return whose standing it is, its version and the status."""
    seen = msgspec.convert(event["data"], StudentSeen)
    return seen.id, event["aggregateversion"], "deleted" if event["type"].startswith(DELETED) else seen.status
