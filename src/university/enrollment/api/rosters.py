"""Rosters over HTTP."""

from typing import Any

from university.enrollment.schemas.rosters import RosterList, RosterQuery
from university.enrollment.service.access import NotYours, SectionNotFound
from university.enrollment.service.rosters import Rosters
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import Routes


def declare(routes: Routes, rosters: Rosters) -> None:
    """Declare the operation."""

    @routes.get(
        "/sections/<section_id>/roster",
        roles=("instructor", "registrar"),
        query=RosterQuery,
        gives=RosterList,
        refuses=(SectionNotFound, NotYours, NeighborUnavailable),
    )
    def get_roster(section_id: str, query: dict[str, Any], who: Principal) -> Page:
        """List who is in a section, in order of coming; for its instructors and the registrar."""
        wanted = PageRequest(query["limit"], query.get("cursor"), query["total"])
        return rosters.page(section_id, query.get("status"), wanted, who)
