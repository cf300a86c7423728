"""Courses taken to the end before or outside this system, recorded so that requisites have something to stand on."""

from dataclasses import dataclass

from university.enrollment import clients
from university.enrollment.clients import CourseClient, CourseFacts, StudentClient, TermFacts
from university.enrollment.events import EnrollmentCreated
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments, requisites
from university.enrollment.rules.facts import Standing
from university.enrollment.rules.grades import passes, written
from university.enrollment.service import access
from university.platform import database, telemetry
from university.platform.database import Primary, new_id
from university.platform.errors import Conflict, Unprocessable, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging.outbox import announce
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

_GRADE = Words("No known scale has this grade.", "Takiej oceny nie ma na żadnej znanej skali.")


class CourseNotFound(Unprocessable):
    """The catalog has no such course."""

    title = Words("There is no such course.", "Nie ma takiego przedmiotu.")


class CourseAlreadyRecorded(Conflict):
    """The student has passed this course in this term already; `enrollment_id` tells where it is recorded."""

    title = Words(
        "This course is recorded as passed in this term already.",
        "Ten przedmiot jest już zapisany jako zaliczony w tym semestrze.",
    )


@dataclass(frozen=True, slots=True)
class CompletedCourse:
    """What the registrar tells of a course taken to the end."""

    course: str
    term: str
    grade: str
    ects: float | None = None


class Completing:
    """Keeps what students took to the end."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def record(self, student: str, told: CompletedCourse, who: Principal, once: Once) -> Enrollment:
        """Record a course as completed, or as failed when the grade does not pass.

        Raises `StudentNotFound`, `CourseNotFound`, `TermNotFound`, `CourseAlreadyRecorded`, and `InvalidRequest` for a
        grade of no scale.
        """
        passed = passes(told.grade)
        if passed is None:
            raise invalid("grade", _GRADE)
        standing = self._standing(student, who)
        term = self._courses.term(told.term)
        course = self._courses.courses([told.course]).get(told.course)
        if course is None:
            raise CourseNotFound(course=told.course)
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, standing.student_id, term.id)
            if passed and (before := enrollments.passed(session, standing.student_id, term.id, course.id)):
                raise CourseAlreadyRecorded(enrollment_id=before)
            now = database.now(session)
            enrollment = _taken_to_the_end(told, standing, term, course)
            enrollment.created_at = enrollment.updated_at = now
            session.add(enrollment)
            session.flush()
            enrollments.record(
                session, enrollment, at=now, by=who.subject, reason="recorded", request_id=telemetry.trace_id()
            )
            announce(session, EnrollmentCreated.of(enrollment, enrollment.version))
            requisites.ask_anew(session, [enrollment.student_id], now)
            return once.keep(session, enrollment)

    def page(self, student: str, wanted: PageRequest, who: Principal) -> Page:
        """Return a page of what the student took to the end; raise `StudentNotFound`, `NotYours`."""
        standing = self._standing(student, who)
        filters = {"student_id": standing.student_id, "status": "completed,failed"}
        with self._primary.read() as session:
            return enrollments.page(session, filters, wanted)

    def _standing(self, student: str, who: Principal) -> Standing:
        """Return the standing of the student in the address."""
        try:
            return access.standing(self._students, student, who)
        except clients.StudentNotFound as nobody:
            raise access.StudentNotFound from nobody


def _taken_to_the_end(told: CompletedCourse, standing: Standing, term: TermFacts, course: CourseFacts) -> Enrollment:
    return Enrollment(
        id=new_id(),
        version=1,
        student_id=standing.student_id,
        offering_id=None,
        term_id=term.id,
        term_code=term.code,
        term_ends_on=term.ends_on,
        course_id=course.id,
        course_code=course.code,
        course_title=course.title,
        status="completed" if passes(told.grade) else "failed",
        ects=course.ects if told.ects is None else told.ects,
        grade=written(told.grade),
        sections=[],
    )
