"""Grades over HTTP."""

from typing import Any

from university.enrollment.models import Enrollment
from university.enrollment.rules.grades import Wanted
from university.enrollment.schemas import EnrollmentOut
from university.enrollment.schemas.grading import GradeHistoryOut, GradeIn, GradesIn, GradesOut
from university.enrollment.service.access import EnrollmentNotFound, NotYours, SectionNotFound
from university.enrollment.service.grade_faults import GradesRefused, Spot
from university.enrollment.service.grade_rows import Row
from university.enrollment.service.grading import GradedSection, Grading
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.neighbors import NeighborUnavailable
from university.platform.security import Principal
from university.platform.web.routes import Routes

_GRADING = ("instructor", "registrar")
_REFUSALS = (SectionNotFound, NotYours, GradesRefused, NeighborUnavailable)


def declare(routes: Routes, grading: Grading) -> None:
    """Declare the operations."""
    _one(routes, grading)
    _many(routes, grading)


def _one(routes: Routes, grading: Grading) -> None:
    @routes.put(
        "/enrollments/<enrollment_id>/grade",
        roles=_GRADING,
        takes=GradeIn,
        gives=EnrollmentOut,
        refuses=(EnrollmentNotFound, NotYours, GradesRefused),
    )
    def replace_grade(enrollment_id: str, body: dict[str, Any], who: Principal, if_match: IfMatch) -> Enrollment:
        """Give an enrollment a grade; for the instructors of its sections and the registrar.

        A passing grade completes it, a failing one fails it. Where the scale has a second attempt, another grade after
        a failing one is that of the second attempt; every other change is a correction and needs a reason.
        """
        return grading.post_one(enrollment_id, _wanted(body), who, if_match)

    @routes.get(
        "/enrollments/<enrollment_id>/grades",
        roles=("student", *_GRADING),
        gives=GradeHistoryOut,
        refuses=(EnrollmentNotFound, NotYours),
    )
    def get_grade_history(enrollment_id: str, who: Principal) -> dict[str, Any]:
        """Show every grade that was posted for an enrollment, oldest first."""
        return {"items": grading.history(enrollment_id, who)}


def _many(routes: Routes, grading: Grading) -> None:
    @routes.post("/sections/<section_id>/grades", roles=_GRADING, takes=GradesIn, gives=GradesOut, refuses=_REFUSALS)
    def post_section_grades(section_id: str, body: dict[str, Any], who: Principal, once: Once) -> GradedSection:
        """Give those in a section their grades, all or none; a refusal tells every faulty row."""
        rows = [_row(position, told) for position, told in enumerate(body["grades"])]
        return grading.post_many(section_id, rows, who, once)

    @routes.post("/sections/<section_id>/grades.csv", roles=_GRADING, gives=GradesOut, refuses=_REFUSALS)
    def import_section_grades(section_id: str, sheet: bytes, who: Principal, once: Once) -> GradedSection:
        """Give those in a section the grades of a CSV file, all or none; a refusal tells every faulty row.

        The file has the columns `number` and `grade`, perhaps `attempt` and `reason`; others are not looked at, so that
        a roster's file will do. A row without a grade is passed over.
        """
        return grading.post_file(section_id, sheet, who, once)


def _wanted(told: dict[str, Any]) -> Wanted:
    return Wanted(told["grade"], told.get("attempt"), told.get("reason"))


def _row(position: int, told: dict[str, Any]) -> Row:
    spot = Spot(f"grades[{position}].")
    return Row(_wanted(told), told.get("enrollment_id"), told.get("student"), told.get("version"), spot)
