"""Offerings over HTTP."""

from typing import Any

from flask import Response

from university.course.api.answers import CATALOG, listed, split, tagged
from university.course.schemas.offerings import OfferingIn, OfferingList, OfferingOut, OfferingPatch, OfferingQuery
from university.course.service.finding import CourseNotFound, OfferingNotFound, TermNotFound
from university.course.service.offerings import OfferingExists, Offerings
from university.course.service.sharing import SeatsAreShared
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.web.routes import PUBLIC, Routes

_REGISTRAR = ("registrar",)


def declare(routes: Routes, offerings: Offerings) -> None:
    """Declare the operations of offerings."""
    _reading(routes, offerings)
    _writing(routes, offerings)


def _reading(routes: Routes, offerings: Offerings) -> None:
    unknown = (TermNotFound, CourseNotFound)

    @routes.get(
        "/offerings", roles=(PUBLIC,), shared_for=CATALOG, query=OfferingQuery, gives=OfferingList, refuses=unknown
    )
    def list_offerings(query: dict[str, Any]) -> Response:
        """Search what is taught, by course code; sections with meetings and availability are inside."""
        return listed(offerings.search(*split(query)))

    @routes.get("/offerings/<key>", roles=(PUBLIC,), shared_for=CATALOG, gives=OfferingOut, refuses=(OfferingNotFound,))
    def get_offering(key: str) -> Response:
        """Get an offering with its sections."""
        return tagged(offerings.get(key))


def _writing(routes: Routes, offerings: Offerings) -> None:
    post = {"takes": OfferingIn, "gives": OfferingOut, "status": 201, "location": "/offerings/{id}"}

    @routes.post("/offerings", roles=_REGISTRAR, refuses=(OfferingExists,), **post)
    def create_offering(body: dict[str, Any], once: Once) -> Any:
        """Offer a course in a term."""
        return offerings.create(body, once)

    patch = {"takes": OfferingPatch, "gives": OfferingOut}

    @routes.patch("/offerings/<key>", roles=_REGISTRAR, refuses=(OfferingNotFound, SeatsAreShared), **patch)
    def change_offering(key: str, body: dict[str, Any], if_match: IfMatch) -> Any:
        """Change an offering; its sections follow."""
        return offerings.change(key, body, if_match)
