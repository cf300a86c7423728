"""Sections over HTTP."""

from typing import Any

from flask import Response

from university.course.api.answers import CATALOG, listed, split, tagged
from university.course.schemas.sections import CancelIn, SectionIn, SectionList, SectionOut, SectionPatch, SectionQuery
from university.course.service.finding import InstructorNotFound, OfferingNotFound, SectionNotFound, TermNotFound
from university.course.service.section_change import SectionNumberTaken
from university.course.service.sections import SectionAlreadyCanceled, Sections
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.web.routes import PUBLIC, Routes

_REGISTRAR = ("registrar",)


def declare(routes: Routes, sections: Sections) -> None:
    """Declare the operations of sections."""
    _reading(routes, sections)
    _writing(routes, sections)


def _reading(routes: Routes, sections: Sections) -> None:
    unknown = (OfferingNotFound, TermNotFound, InstructorNotFound)

    @routes.get(
        "/sections", roles=(PUBLIC,), shared_for=CATALOG, query=SectionQuery, gives=SectionList, refuses=unknown
    )
    def list_sections(query: dict[str, Any]) -> Response:
        """List sections, those of an offering by number."""
        return listed(sections.page(*split(query)))

    @routes.get("/sections/<key>", roles=(PUBLIC,), shared_for=CATALOG, gives=SectionOut, refuses=(SectionNotFound,))
    def get_section(key: str) -> Response:
        """Get a section."""
        return tagged(sections.get(key))


def _writing(routes: Routes, sections: Sections) -> None:
    post = {"takes": SectionIn, "gives": SectionOut, "status": 201, "location": "/sections/{id}"}

    @routes.post("/sections", roles=_REGISTRAR, refuses=(SectionNumberTaken,), **post)
    def create_section(body: dict[str, Any], once: Once) -> Any:
        """Open a section of an offering."""
        return sections.create(body, once)

    patch = {"takes": SectionPatch, "gives": SectionOut}
    refused = (SectionNotFound, SectionNumberTaken, SectionAlreadyCanceled)

    @routes.patch("/sections/<key>", roles=_REGISTRAR, refuses=refused, **patch)
    def change_section(key: str, body: dict[str, Any], if_match: IfMatch) -> Any:
        """Change a section."""
        return sections.change(key, body, if_match)

    gone = (SectionNotFound, SectionAlreadyCanceled)

    @routes.post("/sections/<key>/cancel", roles=_REGISTRAR, takes=CancelIn, gives=SectionOut, refuses=gone)
    def cancel_section(key: str, body: dict[str, Any], once: Once) -> Any:
        """Call a section off, for good.

        Sections that stand below it or share its seats are called off with it. Students lose their places and are told,
        or are moved where `move_students` says so and another section has a seat for them.
        """
        return sections.cancel(key, once, move_students=body["move_students"])
