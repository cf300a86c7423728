"""Requests for consent over HTTP."""

from typing import Any

from university.enrollment.clients import StudentNotFound, TermNotFound
from university.enrollment.schemas.permitting import (
    ConsentDenialIn,
    ConsentRequestIn,
    ConsentRequestList,
    ConsentRequestOut,
    ConsentRequestQuery,
    PermissionTermsIn,
)
from university.enrollment.service.access import NotYours
from university.enrollment.service.consenting import (
    ConsentAlreadyAsked,
    Consenting,
    ConsentNotPending,
    ConsentRequestNotFound,
    ToldConsent,
    TooManyConsentRequests,
)
from university.enrollment.service.refusing import SectionNotFound
from university.platform.idempotency import Once
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import Routes

_SEEING, _ASKING, _ANSWERING = (
    ("student", "instructor", "registrar"),
    ("student", "registrar"),
    ("instructor", "registrar"),
)
_UNSEEN = (ConsentRequestNotFound, NotYours, NeighborUnavailable)


def declare(routes: Routes, consenting: Consenting) -> None:
    """Declare the operations."""
    _asking(routes, consenting)
    _looking(routes, consenting)
    _answering(routes, consenting)


def _asking(routes: Routes, consenting: Consenting) -> None:
    @routes.post(
        "/consent-requests",
        roles=_ASKING,
        takes=ConsentRequestIn,
        gives=ConsentRequestOut,
        status=201,
        location="/consent-requests/{id}",
        refuses=(
            NotYours,
            StudentNotFound,
            SectionNotFound,
            ConsentAlreadyAsked,
            TooManyConsentRequests,
            NeighborUnavailable,
        ),
    )
    def create_consent_request(body: dict[str, Any], who: Principal, once: Once) -> ToldConsent:
        """Ask to be allowed into a section in spite of named rules.

        The remedies `ask-consent` and `ask-permission` tell `section_id`, `rules` and `asked_of`. Instructors decide on
        what is about their section alone; everything can be asked of the registrar.
        """
        return consenting.ask(body, who, once)

    @routes.post(
        "/consent-requests/<request_id>/withdraw",
        roles=_ASKING,
        gives=ConsentRequestOut,
        refuses=(*_UNSEEN, ConsentNotPending),
    )
    def withdraw_consent_request(request_id: str, who: Principal, once: Once) -> ToldConsent:
        """Take a request back that nobody has answered."""
        return consenting.withdraw(request_id, who, once)


def _looking(routes: Routes, consenting: Consenting) -> None:
    @routes.get(
        "/consent-requests",
        roles=_SEEING,
        query=ConsentRequestQuery,
        gives=ConsentRequestList,
        refuses=(NotYours, TermNotFound, NeighborUnavailable),
    )
    def list_consent_requests(query: dict[str, Any], who: Principal) -> Page:
        """List requests for consent, oldest first: one's own, those asked of one as an instructor, or all."""
        wanted = PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
        return consenting.page(query, wanted, who)

    @routes.get("/consent-requests/<request_id>", roles=_SEEING, gives=ConsentRequestOut, refuses=_UNSEEN)
    def get_consent_request(request_id: str, who: Principal) -> ToldConsent:
        """Show a request for consent."""
        return consenting.get(request_id, who)


def _answering(routes: Routes, consenting: Consenting) -> None:
    @routes.post(
        "/consent-requests/<request_id>/grant",
        roles=_ANSWERING,
        takes=PermissionTermsIn,
        gives=ConsentRequestOut,
        refuses=(*_UNSEEN, ConsentNotPending),
    )
    def grant_consent_request(request_id: str, body: dict[str, Any], who: Principal, once: Once) -> ToldConsent:
        """Give the student a permission for what was asked, in that section."""
        return consenting.grant(request_id, body, who, once)

    @routes.post(
        "/consent-requests/<request_id>/deny",
        roles=_ANSWERING,
        takes=ConsentDenialIn,
        gives=ConsentRequestOut,
        refuses=(*_UNSEEN, ConsentNotPending),
    )
    def deny_consent_request(request_id: str, body: dict[str, Any], who: Principal, once: Once) -> ToldConsent:
        """Tell the student no, and why."""
        return consenting.deny(request_id, body["reason"], who, once)
