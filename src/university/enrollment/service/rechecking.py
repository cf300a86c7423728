"""Judging requisites anew that rested on a grade: what was conditional is met, or broken and told to the registrar."""

import time
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy.orm import Session

from university.enrollment import clients
from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.events import EnrollmentUpdated
from university.enrollment.models import BrokenRequisite, Enrollment
from university.enrollment.repository import enrollments, permissions, records, requisites
from university.enrollment.repository.records import Taken
from university.enrollment.repository.requisites import Due
from university.enrollment.rules.case import COUNTED
from university.enrollment.rules.facts import RequisiteAnswer
from university.enrollment.rules.resting import rests_on
from university.enrollment.service import record
from university.enrollment.service.noticing import Notice, notify
from university.platform import database, deadline
from university.platform.database import Primary
from university.platform.errors import Unavailable
from university.platform.messaging.outbox import announce

TRIES, AT_ONCE, A_ROUND, PATIENCE = 3, 10, 200, 2.0
"""How often one is judged anew because the record moved; how many in a request and in a round of the
chore; and the seconds that a request gives to it."""
BY = "requisites"
"""Who, in an enrollment's history, found that requisites are met or broken."""


class Rechecking:
    """Asks the course module again, outside of any transaction."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def at_once(self, due: Sequence[Due]) -> None:
        """Judge a few anew before the request ends; what is more, or what a silent neighbor keeps, `finish` does.

        What the request was about is written already, so nothing here may refuse it.
        """
        with suppress(Unavailable), deadline.until(time.time() + PATIENCE):
            for one in due[:AT_ONCE]:
                if not self._judged(one):
                    return

    def finish(self) -> int:
        """Judge anew all that is due, the longest waiting first; return how many could be."""
        with self._primary.read() as session:
            due = requisites.due(session, A_ROUND)
        return sum(self._judged(one) for one in due)

    def _judged(self, one: Due) -> bool:
        """Tell whether an enrollment was judged anew; else it waits behind the others."""
        try:
            if any(self._judge(one) for _ in range(TRIES)):
                return True
        except Unavailable:
            pass
        with self._primary.begin() as session:
            requisites.postpone(session, one, database.now(session))
        return False

    def _judge(self, one: Due) -> bool:
        """Judge one anew; tell whether the record stood still meanwhile."""
        with self._primary.read() as session:
            resting = enrollments.get(session, one.enrollment_id)
            taken = records.of_student(session, resting.student_id).taken if resting else []
            given = permissions.of_student(session, resting.student_id) if resting else ()
        if resting is None or resting.status not in COUNTED:
            return self._conclude(one, None, None, [])
        others = [other for other in taken if other.id != resting.id]
        try:
            standing = self._students.verify(resting.student_id)
        except clients.StudentNotFound:
            return self._conclude(one, None, None, [])
        told = self._courses.check_requisites(resting.section_ids, record.told_to_course(standing, others, given))
        answer = next((answer for answer in told.requisites if answer.course_id == resting.course_id), None)
        return self._conclude(one, resting, answer, taken)

    def _conclude(
        self, one: Due, resting: Enrollment | None, answer: RequisiteAnswer | None, taken: Sequence[Taken]
    ) -> bool:
        with self._primary.begin() as session:
            if resting is not None and answer is not None:
                enrollments.lock_student(session, resting.student_id, resting.term_id)
                present = records.of_student(session, resting.student_id).taken
                if present != taken:
                    return False
                (place,) = enrollments.locked(session, [one.enrollment_id]).values()
                _apply(session, place, answer, {it.course_code: it.course_id for it in present if it.id != place.id})
            requisites.done(session, one)
            return True


def _apply(session: Session, place: Enrollment, answer: RequisiteAnswer, courses: dict[str, str]) -> None:
    """Write what the answer means for the place; nothing, where it was known."""
    place.rests_on = sorted({*(place.rests_on or ()), *rests_on(answer.tree, courses)})
    known = requisites.broken(session, place.id)
    result = answer.apart_from_corequisites
    if result in {"MET", "CONDITIONAL"}:
        if known is not None:
            session.delete(known)
        if known is not None or place.conditional != (result == "CONDITIONAL"):
            _write(session, place, conditional=result == "CONDITIONAL", reason=f"requisites-{result.lower()}")
    elif known is None:
        session.add(_broken(session, place, answer))
        _write(session, place, conditional=False, reason="requisites-broken")
        params = {"enrollment_id": place.id, "course": place.course_code}
        notify(session, Notice("requisite-broken", place.student_id, place.term_id, params))
    elif known.decision is None:
        known.result, known.text, known.tree = result, answer.text, dict(answer.tree or {})


def _broken(session: Session, place: Enrollment, answer: RequisiteAnswer) -> BrokenRequisite:
    return BrokenRequisite(
        enrollment_id=place.id,
        term_id=place.term_id,
        at=database.now(session),
        result=answer.apart_from_corequisites,
        text=answer.text,
        tree=dict(answer.tree or {}),
    )


def _write(session: Session, place: Enrollment, *, conditional: bool, reason: str) -> None:
    place.conditional, place.version = conditional, place.version + 1
    enrollments.record(session, place, at=database.now(session), by=BY, reason=reason)
    announce(session, EnrollmentUpdated.of(place, place.version))
