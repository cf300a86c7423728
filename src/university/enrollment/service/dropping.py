"""Giving a place back, and settling places whose student's standing changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from university.enrollment.clients import StudentClient
from university.enrollment.events import EnrollmentDropped, EnrollmentUpdated
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments, ledger
from university.enrollment.rules.case import ACTIVE, SEATED, Case
from university.enrollment.rules.timing import may_drop
from university.enrollment.service import access
from university.enrollment.service.access import EnrollmentNotFound
from university.enrollment.service.refusing import RegistrationRefused
from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.errors import Conflict
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging.outbox import announce
from university.platform.security import Principal


class NotEnrolled(Conflict):
    """The enrollment no longer stands, so it cannot be dropped."""

    title = Words("This enrollment does not stand any more.", "Ten zapis już nie obowiązuje.")


class NotOnReview(Conflict):
    """Only an enrollment on review can be confirmed."""

    title = Words("This enrollment is not on review.", "Ten zapis nie jest weryfikowany.")


class Dropping:
    """Gives places back."""

    def __init__(self, primary: Primary, students: StudentClient, zone: ZoneInfo) -> None:
        self._primary, self._students, self._zone = primary, students, zone

    def drop(self, enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Give the place back, or refuse with every reason.

        Raises `EnrollmentNotFound`, `NotYours`, `NotEnrolled`, `RegistrationRefused`, `NeighborUnavailable`.
        """
        with self._primary.read() as session:
            found = enrollments.get(session, enrollment_id)
        if found is None:
            raise EnrollmentNotFound
        access.act_for(who, found.student_id)
        standing = self._students.verify(found.student_id)
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, found.student_id, found.term_id)
            enrollment = _standing(session, enrollment_id)
            now = database.now(session)
            sections = tuple(ledger.facts_of(session, enrollment.section_ids).values())
            case = Case(now, now.astimezone(self._zone).date(), standing, sections)
            if violations := may_drop(case):
                raise RegistrationRefused(violations)
            _give_back(session, enrollment)
            end(session, enrollment, at=now, by=who.subject, request_id=telemetry.trace_id())
            return once.keep(session, enrollment)

    def confirm(self, enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Let an enrollment on review stand; raise `EnrollmentNotFound`, `NotOnReview`."""
        with once.begin(self._primary) as session:
            enrollment = enrollments.get(session, enrollment_id, lock=True)
            if enrollment is None:
                raise EnrollmentNotFound
            if enrollment.status != "review":
                raise NotOnReview(status_now=enrollment.status)
            enrollment.status, enrollment.version = "enrolled", enrollment.version + 1
            now = database.now(session)
            enrollments.record(
                session, enrollment, at=now, by=who.subject, reason="confirmed", request_id=telemetry.trace_id()
            )
            announce(session, EnrollmentUpdated.of(enrollment, enrollment.version))
            return once.keep(session, enrollment)


def end(session: Session, enrollment: Enrollment, *, at: datetime, by: str, request_id: str | None) -> None:
    """Let an enrollment, whose seats are given back, stand no more."""
    enrollment.status, enrollment.version = "dropped", enrollment.version + 1
    enrollments.record(session, enrollment, at=at, by=by, reason="dropped", request_id=request_id)
    announce(session, EnrollmentDropped.of(enrollment, enrollment.version))


def _standing(session: Session, enrollment_id: str) -> Enrollment:
    enrollment = enrollments.get(session, enrollment_id, lock=True)
    if enrollment is None or enrollment.status not in ACTIVE:
        raise NotEnrolled(status_now=enrollment.status if enrollment else None)
    return enrollment


def _give_back(session: Session, enrollment: Enrollment) -> None:
    if enrollment.status in SEATED:
        for taken in sorted(enrollment.sections, key=lambda taken: taken.section_id):
            ledger.release(session, taken.section_id, taken.pool)
