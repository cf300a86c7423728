"""What the course module answers to its neighbors."""

from typing import Any

import msgspec

from university.course.events import OfferingFacts, TermFacts
from university.course.schemas.internal import (
    CoursesFound,
    CoursesWanted,
    RequisiteAnswers,
    RequisiteChecks,
    SectionsFound,
    SectionsWanted,
)
from university.course.service.checking import Checks
from university.course.service.finding import OfferingNotFound, TermNotFound
from university.course.service.looking_up import LookingUp
from university.platform.messaging.states import States, StatesWanted
from university.platform.web.internal import InternalRoutes


def declare(routes: InternalRoutes, checks: Checks, looking_up: LookingUp) -> None:
    """Declare the internal operations."""

    @routes.post("/requisite-checks", takes=RequisiteChecks, gives=RequisiteAnswers)
    def check_requisites(asked: RequisiteChecks) -> Any:
        """Tell sections and judge their courses for a student who asks for them together."""
        return checks.check(asked.section_ids, asked.record)

    @routes.post("/sections", takes=SectionsWanted, gives=SectionsFound)
    def look_up_sections(wanted: SectionsWanted) -> Any:
        """Tell the facts of sections named by one list."""
        return looking_up.sections(msgspec.structs.asdict(wanted))

    @routes.post("/courses", takes=CoursesWanted, gives=CoursesFound)
    def look_up_courses(wanted: CoursesWanted) -> Any:
        """Tell courses named by one list, each in brief."""
        return looking_up.courses(msgspec.structs.asdict(wanted))

    @routes.get("/terms/<key>", refuses=(TermNotFound,))
    def look_up_term(key: str) -> TermFacts:
        """Tell the facts of a term, by id or code."""
        return looking_up.term(key)

    @routes.get("/offerings/<key>", refuses=(OfferingNotFound,))
    def look_up_offering(key: str) -> OfferingFacts:
        """Tell the facts of an offering, by id."""
        return looking_up.offering(key)

    @routes.post("/states", takes=StatesWanted)
    def tell_states(wanted: StatesWanted) -> States:
        """Tell terms, courses or sections as they stand now, as the events that would announce them."""
        return looking_up.states(wanted)
