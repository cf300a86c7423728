"""Posting grades: of one enrollment or of a section, by hand or by file; all of a request or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.events import EnrollmentUpdated
from university.enrollment.models import Enrollment, GradeChange
from university.enrollment.repository import enrollments, grades, ledger, requisites, waiting
from university.enrollment.repository.requisites import Due
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.rules.grades import (
    CODE_ATTEMPT,
    CODE_SETTLED,
    CODE_STATUS,
    GRADABLE,
    Given,
    Posted,
    Wanted,
    post,
    scale_of,
)
from university.enrollment.service import access, grade_rows, taught
from university.enrollment.service.access import EnrollmentNotFound, NotYours
from university.enrollment.service.grade_faults import GradeFault, GradesRefused
from university.enrollment.service.grade_rows import Entry, Row
from university.enrollment.service.noticing import Notice, notify
from university.enrollment.service.rechecking import Rechecking
from university.platform import database, telemetry
from university.platform.conditions import IfMatch
from university.platform.database import Primary
from university.platform.idempotency import Once
from university.platform.messaging.outbox import announce
from university.platform.security import Principal

UNCHANGED = "unchanged"
_FIELDS = {CODE_SETTLED: "reason", CODE_ATTEMPT: "attempt"}
_HISTORY = {"posted": "graded", "second-attempt": "graded-again", "corrected": "grade-corrected"}


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one grade of a request; `outcome` is that of `Posted`."""

    enrollment: Enrollment
    attempt: int
    outcome: str

    @property
    def enrollment_id(self) -> str:
        """The enrollment that was graded."""
        return self.enrollment.id


@dataclass(frozen=True, slots=True)
class GradedSection:
    """What became of the grades of a request, in its order, and how many of them changed something."""

    items: Sequence[Graded]

    @property
    def posted(self) -> int:
        """How many grades are new."""
        return sum(1 for one in self.items if one.outcome != UNCHANGED)


class Grading:
    """Posts grades, for the instructors of a section and the registrar."""

    def __init__(
        self, primary: Primary, students: StudentClient, courses: CourseClient, rechecking: Rechecking
    ) -> None:
        self._primary, self._students, self._courses = primary, students, courses
        self._rechecking = rechecking

    def post_one(self, enrollment_id: str, wanted: Wanted, who: Principal, if_match: IfMatch) -> Enrollment:
        """Give an enrollment a grade.

        Raises `EnrollmentNotFound`, `NotYours`, `IfMatchMissing`, `StaleVersion`, `GradesRefused`.
        """
        with self._primary.begin() as session:
            found = enrollments.get(session, enrollment_id)
            if found is None:
                raise EnrollmentNotFound
            _may_grade(session, found, who)
            graded = _post(session, [Entry(found.id, wanted)], who, if_match)
            due = _ask_anew(session, graded)
        self._rechecking.at_once(due)
        return graded[0].enrollment

    def post_many(self, section_id: str, rows: Sequence[Row], who: Principal, once: Once) -> GradedSection:
        """Give those in a section their grades, all or none.

        Raises `SectionNotFound`, `NotYours`, `GradesRefused`, `NeighborUnavailable`.
        """
        section = taught.section(self._primary, self._courses, section_id, who)
        return self._post_rows(section, rows, [], who, once)

    def post_file(self, section_id: str, content: bytes, who: Principal, once: Once) -> GradedSection:
        """Give those in a section the grades that a file tells; raise as `post_many` does."""
        section = taught.section(self._primary, self._courses, section_id, who)
        rows, faults = grade_rows.of_file(content)
        return self._post_rows(section, rows, faults, who, once)

    def history(self, enrollment_id: str, who: Principal) -> Sequence[GradeChange]:
        """Return every grade that was posted, oldest first; raise `EnrollmentNotFound`, `NotYours`."""
        with self._primary.read() as session:
            found = enrollments.get(session, enrollment_id)
            if found is None:
                raise EnrollmentNotFound
            access.see(who, found, ledger.facts_of(session, found.section_ids))
            return grades.of_enrollment(session, found.id)

    def _post_rows(
        self, section: SectionFacts, rows: Sequence[Row], faults: Sequence[GradeFault], who: Principal, once: Once
    ) -> GradedSection:
        with self._primary.read() as session:
            held = grades.in_section(session, section.id)
        entries, unnamed = grade_rows.resolved(rows, held, self._students)
        with once.begin(self._primary) as session:
            graded = _post(session, entries, who, beside=[*faults, *unnamed])
            due = _ask_anew(session, graded)
            told = once.keep(session, GradedSection(graded))
        self._rechecking.at_once(due)
        return told


def _may_grade(session: Session, enrollment: Enrollment, who: Principal) -> None:
    if not who.has(access.STAFF) and not access.teaches(who, ledger.facts_of(session, enrollment.section_ids).values()):
        raise NotYours


def _post(
    session: Session,
    entries: Sequence[Entry],
    who: Principal,
    if_match: IfMatch | None = None,
    beside: Sequence[GradeFault] = (),
) -> list[Graded]:
    """Write every grade, under the locks of the students' terms; or refuse them all, with what is faulty beside."""
    locked = _lock(session, [entry.enrollment_id for entry in entries])
    if if_match is not None:
        for one in locked.values():
            if_match.check(one.version)
    given = grades.given(session, locked.values())
    judged = [(entry, _judge(entry, locked[entry.enrollment_id], given)) for entry in entries]
    if faults := [*beside, *(verdict for _, verdict in judged if isinstance(verdict, GradeFault))]:
        raise GradesRefused(sorted(faults, key=lambda fault: fault.spot.line or 0))
    now = database.now(session)
    _leave_queues(session, locked)
    posted = [(entry, verdict) for entry, verdict in judged if isinstance(verdict, Posted)]
    for entry, verdict in posted:
        if verdict.outcome != UNCHANGED:
            _write(session, locked[entry.enrollment_id], entry, verdict, by=who.subject, at=now)
    return [Graded(locked[entry.enrollment_id], verdict.attempt, verdict.outcome) for entry, verdict in posted]


def _ask_anew(session: Session, graded: Sequence[Graded]) -> list[Due]:
    """Let everything be judged again that may rest on the new grades."""
    students = {one.enrollment.student_id for one in graded if one.outcome != UNCHANGED}
    if not students:
        return []
    due = requisites.ask_anew(session, students, database.now(session))
    waiting.turn_for_students(session, students)
    return due


def _leave_queues(session: Session, graded: Collection[str]) -> None:
    """Take those out of queues who wait for another section of what comes to its end."""
    entries = waiting.entries_of(session, graded)
    if entries:
        ledger.lock(session, {key for entry in entries.values() for key in entry.section_ids})
    for entry in entries.values():
        waiting.leave(session, entry)


def _lock(session: Session, enrollment_ids: Collection[str]) -> Mapping[str, Enrollment]:
    enrollments.lock_students(session, grades.students_of(session, enrollment_ids).values())
    session.expire_all()  # What was read before the locks may be older than what they found.
    return enrollments.locked(session, enrollment_ids)


def _judge(entry: Entry, enrollment: Enrollment, given: Mapping[str, Given]) -> Posted | GradeFault:
    if entry.version is not None and entry.version != enrollment.version:
        return GradeFault("stale-version", "version", entry.spot)
    if enrollment.status not in GRADABLE:
        return GradeFault(CODE_STATUS, entry.named, entry.spot, {"status": enrollment.status})
    scale = scale_of(enrollment.grading_scale, enrollment.grade)
    verdict = post(scale, given[enrollment.id], entry.wanted)
    if isinstance(verdict, Posted):
        return verdict
    facts = {"allowed": ", ".join(scale.allowed), "grade": enrollment.grade}
    return GradeFault(verdict, _FIELDS.get(verdict, "grade"), entry.spot, facts)


def _write(session: Session, enrollment: Enrollment, entry: Entry, posted: Posted, *, by: str, at: datetime) -> None:
    session.add(
        GradeChange(
            enrollment_id=enrollment.id,
            attempt=posted.attempt,
            grade=posted.grade,
            previous=enrollment.grade,
            outcome=posted.outcome,
            by=by,
            at=at,
            reason=entry.wanted.reason,
        )
    )
    enrollment.grade, enrollment.status = posted.grade, "completed" if posted.passed else "failed"
    enrollment.version += 1
    reason = _HISTORY[posted.outcome]
    enrollments.record(session, enrollment, at=at, by=by, reason=reason, request_id=telemetry.trace_id())
    announce(session, EnrollmentUpdated.of(enrollment, enrollment.version))
    params = {"enrollment_id": enrollment.id, "course": enrollment.course_code, "grade": posted.grade}
    notify(session, Notice("grade-posted", enrollment.student_id, enrollment.term_id, params))
