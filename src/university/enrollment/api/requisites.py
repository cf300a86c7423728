"""Broken requisites over HTTP."""

from typing import Any

from university.enrollment.clients import TermNotFound
from university.enrollment.schemas.requisites import (
    BrokenRequisiteList,
    BrokenRequisiteOut,
    BrokenRequisiteQuery,
    SettlementIn,
)
from university.enrollment.service.breaking import Breaking, RequisiteNotBroken, RequisiteSettled, ToldBroken
from university.enrollment.service.dropping import NotEnrolled
from university.platform.idempotency import Once
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import Routes


def declare(routes: Routes, breaking: Breaking) -> None:
    """Declare the operations."""

    @routes.get(
        "/broken-requisites",
        roles=("registrar",),
        query=BrokenRequisiteQuery,
        gives=BrokenRequisiteList,
        refuses=(TermNotFound, NeighborUnavailable),
    )
    def list_broken_requisites(query: dict[str, Any]) -> Page:
        """List places whose requisites are met no more because of a grade, oldest first."""
        wanted = PageRequest(query["limit"], query.get("cursor"), query["total"])
        return breaking.page(query.get("term"), settled=query["settled"], wanted=wanted)

    @routes.post(
        "/broken-requisites/<enrollment_id>/settle",
        roles=("registrar",),
        takes=SettlementIn,
        gives=BrokenRequisiteOut,
        refuses=(RequisiteNotBroken, RequisiteSettled, NotEnrolled, NeighborUnavailable),
    )
    def settle_broken_requisite(enrollment_id: str, body: dict[str, Any], who: Principal, once: Once) -> ToldBroken:
        """Keep a place although its requisites are met no more, or cancel it and give its seats back."""
        return breaking.settle(enrollment_id, str(body["decision"]), body["reason"], who, once)
