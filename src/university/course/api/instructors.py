"""Instructors over HTTP."""

from typing import Any

from university.course.api.answers import split
from university.course.schemas.instructors import (
    InstructorIn,
    InstructorList,
    InstructorOut,
    InstructorPatch,
    InstructorSearchIn,
)
from university.course.service.finding import InstructorNotFound
from university.course.service.instructors import InstructorNumberTaken, Instructors, NotYourself
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.fields import PageQuery
from university.platform.web.routes import Routes

_REGISTRAR = ("registrar",)


def declare(routes: Routes, instructors: Instructors) -> None:
    """Declare the operations of instructors."""
    _reading(routes, instructors)
    _writing(routes, instructors)


def _reading(routes: Routes, instructors: Instructors) -> None:
    @routes.get("/instructors", roles=_REGISTRAR, query=PageQuery, gives=InstructorList)
    def list_instructors(query: dict[str, Any]) -> Page:
        """List the instructors by name."""
        return instructors.page(None, PageRequest(**query))

    @routes.post("/instructors/search", roles=_REGISTRAR, scope="read", takes=InstructorSearchIn, gives=InstructorList)
    def search_instructors(body: dict[str, Any]) -> Page:
        """Find instructors by name or number; what is looked for stays out of the address."""
        filters, page = split(body)
        return instructors.page(filters.get("q"), page)

    @routes.get(
        "/instructors/<key>",
        roles=("registrar", "instructor"),
        gives=InstructorOut,
        refuses=(InstructorNotFound, NotYourself),
    )
    def get_instructor(key: str, who: Principal) -> Any:
        """Get an instructor by id or number; instructors get themselves only."""
        return instructors.get(key, who)


def _writing(routes: Routes, instructors: Instructors) -> None:
    post = {"takes": InstructorIn, "gives": InstructorOut, "status": 201, "location": "/instructors/{id}"}

    @routes.post("/instructors", roles=_REGISTRAR, refuses=(InstructorNumberTaken,), **post)
    def create_instructor(body: dict[str, Any], once: Once) -> Any:
        """Record somebody who teaches."""
        return instructors.create(body, once)

    patch = {"takes": InstructorPatch, "gives": InstructorOut}

    @routes.patch("/instructors/<key>", roles=_REGISTRAR, refuses=(InstructorNotFound, InstructorNumberTaken), **patch)
    def change_instructor(key: str, body: dict[str, Any], if_match: IfMatch) -> Any:
        """Change an instructor; offerings are found by the new name."""
        return instructors.change(key, body, if_match)
