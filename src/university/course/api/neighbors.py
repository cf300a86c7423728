"""What the course module answers to its neighbors."""

from typing import Any

import msgspec

from university.course.schemas.internal import CoursesWanted, RequisiteChecks, SectionsWanted
from university.course.service.checking import Checks
from university.course.service.looking_up import LookingUp
from university.platform.web.internal import InternalRoutes


def declare(routes: InternalRoutes, checks: Checks, looking_up: LookingUp) -> None:
    """Declare the internal operations."""

    @routes.post("/requisite-checks", takes=RequisiteChecks)
    def check_requisites(asked: RequisiteChecks) -> Any:
        return checks.check(asked.section_ids, asked.record)

    @routes.post("/sections", takes=SectionsWanted)
    def look_up_sections(wanted: SectionsWanted) -> Any:
        return looking_up.sections(msgspec.structs.asdict(wanted))

    @routes.post("/courses", takes=CoursesWanted)
    def look_up_courses(wanted: CoursesWanted) -> Any:
        return looking_up.courses(msgspec.structs.asdict(wanted))

    @routes.get("/terms/<key>")
    def look_up_term(key: str) -> Any:
        return looking_up.term(key)
