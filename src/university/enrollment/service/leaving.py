"""Places that end without their student's doing: an offer that expires, a section that the university cancels."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentDropped, EnrollmentUpdated
from university.enrollment.models import Enrollment, WaitlistEntry
from university.enrollment.repository import claims, enrollments, ledger, waiting
from university.enrollment.rules.case import SEATED
from university.platform.messaging.outbox import announce


@dataclass(frozen=True, slots=True)
class History:
    """What the history of every change tells: when, by whom, by which request."""

    at: datetime
    by: str
    request_id: str | None = None

    def note(self, session: Session, enrollment: Enrollment, reason: str) -> None:
        """Write a line."""
        enrollments.record(session, enrollment, at=self.at, by=self.by, reason=reason, request_id=self.request_id)


def give_up(session: Session, enrollment: Enrollment, entry: WaitlistEntry, history: History) -> None:
    """Let a place wait no more for a change because of what was canceled; it stands as it is.

    The student's term, then the enrollment, are locked by the caller.
    """
    ledger.lock(session, entry.section_ids)
    waiting.leave(session, entry)
    enrollment.version += 1
    history.note(session, enrollment, "section-canceled")
    announce(session, EnrollmentUpdated.of(enrollment, enrollment.version))


def let_go(session: Session, enrollment: Enrollment, history: History, *, status: str, reason: str) -> None:
    """End a place: its seats are given back and held for who waits, its place in the queue is left.

    The student's term, then the enrollment, are locked by the caller.
    """
    entry = waiting.entry_of(session, enrollment.id)
    seated, offered = enrollment.status in SEATED, enrollment.status == "offered"
    ledger.lock(session, {*enrollment.section_ids, *(entry.section_ids if entry else ())})
    if seated or offered:
        for taken in enrollment.sections:
            claims.release(session, taken.section_id, taken.pool, held=offered)
    if entry is not None:
        waiting.leave(session, entry, offered=offered)
    enrollment.status, enrollment.version, enrollment.offer_expires_at = status, enrollment.version + 1, None
    history.note(session, enrollment, reason)
    kind = EnrollmentDropped if status == "dropped" else EnrollmentUpdated
    announce(session, kind.of(enrollment, enrollment.version))
    if seated or offered:
        waiting.hold_for_queue(session, enrollment.section_ids)
    waiting.turn_for_student(session, enrollment.student_id)
