"""Rosters over HTTP."""

import re
from typing import Any

from flask import Response

from university.enrollment.schemas.rosters import RosterFileQuery, RosterList, RosterQuery
from university.enrollment.service.access import NotYours, SectionNotFound
from university.enrollment.service.rosters import Rosters
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import Routes

_REFUSALS = (SectionNotFound, NotYours, NeighborUnavailable)


def declare(routes: Routes, rosters: Rosters) -> None:
    """Declare the operations."""

    @routes.get(
        "/sections/<section_id>/roster",
        roles=("instructor", "registrar"),
        query=RosterQuery,
        gives=RosterList,
        refuses=_REFUSALS,
    )
    def get_roster(section_id: str, query: dict[str, Any], who: Principal) -> Page:
        """List who is in a section, in order of coming; for its instructors and the registrar."""
        wanted = PageRequest(query["limit"], query.get("cursor"), query["total"])
        return rosters.page(section_id, query.get("status"), wanted, who)

    @routes.get(
        "/sections/<section_id>/roster.csv",
        roles=("instructor", "registrar"),
        query=RosterFileQuery,
        content_type="text/csv",
        refuses=_REFUSALS,
    )
    def export_roster(section_id: str, query: dict[str, Any], who: Principal) -> Response:
        """Tell everybody in a section as a file for spreadsheets."""
        file = rosters.file(section_id, query.get("status"), who)
        name = re.sub(r"[^A-Za-z0-9.]+", "-", file.title).strip("-.") or "roster"
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(file.text, content_type="text/csv; charset=utf-8", headers=headers)
