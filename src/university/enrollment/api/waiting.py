"""Queues over HTTP."""

from typing import Any

from university.enrollment.schemas.waiting import WaitingList
from university.enrollment.service.access import NotYours
from university.enrollment.service.waitlists import OfferingNotFound, Waitlists
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.fields import PageQuery
from university.platform.web.routes import Routes


def declare(routes: Routes, waitlists: Waitlists) -> None:
    """Declare the operation."""

    @routes.get(
        "/offerings/<offering_id>/waitlist",
        roles=("instructor", "registrar"),
        query=PageQuery,
        gives=WaitingList,
        refuses=(OfferingNotFound, NotYours, NeighborUnavailable),
    )
    def list_waitlist(offering_id: str, query: dict[str, Any], who: Principal) -> Page:
        """List who waits for an offering, in the order of its queue."""
        wanted = PageRequest(query["limit"], query.get("cursor"), query["total"])
        return waitlists.page(offering_id, wanted, who)
