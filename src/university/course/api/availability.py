"""The availability feed over HTTP."""

from typing import Any

import msgspec
from flask import Response

from university.course.schemas.availability import AvailabilityFeedOut, AvailabilityQuery
from university.course.service.availability import Availabilities
from university.course.service.finding import TermNotFound
from university.platform.web.routes import JSON, PUBLIC, Routes


def declare(routes: Routes, availabilities: Availabilities) -> None:
    """Declare the operation."""

    @routes.get(
        "/availability",
        roles=(PUBLIC,),
        shared_for=1,
        query=AvailabilityQuery,
        gives=AvailabilityFeedOut,
        refuses=(TermNotFound,),
    )
    def get_availability(query: dict[str, Any]) -> Response:
        """Get what changed after a version; the version advances at most once a second, so cache it for one."""
        feed = availabilities.feed(query.get("term"), query["after"])
        return Response(msgspec.json.encode(feed), content_type=JSON)
