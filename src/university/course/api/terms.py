"""Terms over HTTP."""

from typing import Any

from university.course.api.answers import CATALOG
from university.course.schemas.terms import TermIn, TermList, TermOut, TermPatch
from university.course.service.finding import TermNotFound
from university.course.service.terms import TermCodeTaken, Terms
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import PageQuery
from university.platform.web.routes import PUBLIC, Routes

_REGISTRAR = ("registrar",)


def declare(routes: Routes, terms: Terms) -> None:
    """Declare the operations of terms."""
    _reading(routes, terms)
    _writing(routes, terms)


def _reading(routes: Routes, terms: Terms) -> None:
    @routes.get("/terms", roles=(PUBLIC,), shared_for=CATALOG, query=PageQuery, gives=TermList)
    def list_terms(query: dict[str, Any]) -> Page:
        """List the terms in the order of time."""
        return terms.page(PageRequest(**query))

    @routes.get("/terms/<key>", roles=(PUBLIC,), shared_for=CATALOG, gives=TermOut, refuses=(TermNotFound,))
    def get_term(key: str) -> Any:
        """Get a term by id or code."""
        return terms.get(key)


def _writing(routes: Routes, terms: Terms) -> None:
    @routes.post(
        "/terms",
        roles=_REGISTRAR,
        takes=TermIn,
        gives=TermOut,
        status=201,
        location="/terms/{id}",
        refuses=(TermCodeTaken,),
    )
    def create_term(body: dict[str, Any], once: Once) -> Any:
        """Create a term."""
        return terms.create(body, once)

    @routes.patch(
        "/terms/<key>", roles=_REGISTRAR, takes=TermPatch, gives=TermOut, refuses=(TermNotFound, TermCodeTaken)
    )
    def change_term(key: str, body: dict[str, Any], if_match: IfMatch) -> Any:
        """Change a term; the dates and deadlines of its sections follow."""
        return terms.change(key, body, if_match)
