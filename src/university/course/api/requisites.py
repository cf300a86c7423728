"""What courses require, over HTTP."""

from typing import Any

from flask import Response

from university.course.api.answers import CATALOG, tagged
from university.course.schemas.requisites import GraphOut, RequisitesIn, RequisitesOut, RequisiteTextIn
from university.course.service.finding import CourseNotFound
from university.course.service.requisites import CourseRequisites, RequisitesCycle, RequisitesSyntax
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.web.routes import PUBLIC, Routes

_OUT = RequisitesOut()


def declare(routes: Routes, requisites: CourseRequisites) -> None:
    """Declare the operations of requisites."""

    @routes.get(
        "/courses/<key>/requisites", roles=(PUBLIC,), shared_for=CATALOG, gives=RequisitesOut, refuses=(CourseNotFound,)
    )
    def get_requisites(key: str) -> Response:
        """Get what a course requires, as text and as a tree."""
        return tagged(requisites.get(key), _OUT)

    @routes.put(
        "/courses/<key>/requisites",
        roles=("registrar",),
        takes=RequisitesIn,
        gives=RequisitesOut,
        refuses=(CourseNotFound, RequisitesSyntax, RequisitesCycle),
    )
    def replace_requisites(key: str, body: dict[str, Any], if_match: IfMatch) -> Response:
        """Let a course require something else; an empty text requires nothing."""
        return tagged(requisites.replace(key, body, if_match), _OUT)

    @routes.get(
        "/courses/<key>/requisite-graph", roles=(PUBLIC,), shared_for=CATALOG, gives=GraphOut, refuses=(CourseNotFound,)
    )
    def get_requisite_graph(key: str) -> Any:
        """Get everything that leads to a course and that it opens."""
        return requisites.graph(key)

    @routes.post(
        "/requisite-parses",
        roles=("registrar",),
        scope="read",
        takes=RequisiteTextIn,
        gives=RequisitesOut,
        refuses=(CourseNotFound, RequisitesSyntax, RequisitesCycle),
    )
    def parse_requisites(body: dict[str, Any], once: Once) -> Any:
        """Read a text as requisites, and refuse what a course could not be given; nothing is kept."""
        return requisites.parse(body["text"], body.get("course"), once)
