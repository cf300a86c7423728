"""Requisites judged over HTTP for a student as somebody describes them."""

from typing import Any

import msgspec

from university.course.schemas.checking import RequisiteCheckIn, RequisiteCheckOut
from university.course.service.checking import Checks
from university.course.service.finding import CourseNotFound
from university.course.service.student_record import StudentRecord
from university.platform.idempotency import Once
from university.platform.web.routes import SIGNED_IN, Routes


def declare(routes: Routes, checks: Checks) -> None:
    """Declare the operation."""

    @routes.post(
        "/courses/<key>/requisite-checks",
        roles=(SIGNED_IN,),
        scope="read",
        takes=RequisiteCheckIn,
        gives=RequisiteCheckOut,
        refuses=(CourseNotFound,),
    )
    def check_requisites(key: str, body: dict[str, Any], once: Once) -> Any:
        """Judge what a course requires for a student as described; nothing is kept."""
        described = {**body, "consents": None, **body.get("standing", {})}
        return checks.check_course(key, msgspec.convert(described, StudentRecord), body.get("term"), once)
