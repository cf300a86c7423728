"""Giving a place back, or an offered seat; withdrawing; letting a place on review stand."""

from collections.abc import Sequence

from university.enrollment.events import EnrollmentUpdated
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments
from university.enrollment.service import access
from university.enrollment.service.access import EnrollmentNotFound
from university.enrollment.service.errands import Accept, Done, Drop, Errand, Item, Withdraw
from university.enrollment.service.refusing import NotOffered, RegistrationRefused
from university.enrollment.service.registering import Registering
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
    """Gives places back, and takes or leaves what is offered."""

    def __init__(self, primary: Primary, registering: Registering) -> None:
        self._primary, self._registering = primary, registering

    def drop(self, enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Give the place back, or refuse with every reason.

        Raises `EnrollmentNotFound`, `NotYours`, `NotEnrolled`, `RegistrationRefused`.
        """
        return self._alone(self._own(enrollment_id, who), Drop(enrollment_id), who, once)

    def withdraw(self, enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Leave the course after the days of dropping, or refuse with every reason; raise as `drop` does."""
        return self._alone(self._own(enrollment_id, who), Withdraw(enrollment_id), who, once)

    def accept(self, enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Take the seat that is offered, or refuse with every reason; raise as `drop` does, and `NotOffered`."""
        return self._alone(self._own(enrollment_id, who), Accept(enrollment_id), who, once)

    def decline(self, enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Leave the seat that is offered to the next one; raise as `accept` does."""
        found = self._own(enrollment_id, who)
        if found.status != "offered":
            raise NotOffered(status_now=found.status)
        return self._alone(found, Drop(enrollment_id), who, once)

    def _own(self, enrollment_id: str, who: Principal) -> Enrollment:
        with self._primary.read() as session:
            found = enrollments.get(session, enrollment_id)
        if found is None:
            raise EnrollmentNotFound
        access.act_for(who, found.student_id)
        return found

    def _alone(self, found: Enrollment, item: Item, who: Principal, once: Once) -> Enrollment:
        """Carry out an item that is a whole request."""

        def conclude(done: Sequence[Done]) -> Enrollment:
            (only,) = done
            if only.enrollment is not None:
                return only.enrollment
            gone = [one for one in only.violations if one.code == "not-enrolled"]
            if gone:
                raise NotEnrolled(status_now=gone[0].params["status"])
            raise RegistrationRefused(only.violations)

        return self._registering.carry_out(Errand(found.student_id, (item,)), who, once, conclude)

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
