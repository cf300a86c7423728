"""The routes of the timetable as a calendar, and of the feeds by which calendars read it."""

from typing import Any

from flask import Response

from university.platform import security
from university.platform.errors import Unauthenticated
from university.platform.paging import PageRequest
from university.platform.security import RoleMissing
from university.platform.web.fields import PageQuery
from university.platform.web.routes import PUBLIC, Routes
from university.student.schemas.feeds import (
    NewTimetableFeedOut,
    TimetableFeedIn,
    TimetableFeedList,
    TimetableFileQuery,
)
from university.student.service.access import NotYourOwnData, StudentNotFound
from university.student.service.feeding import FeedService, TimetableFeedNotFound, TooManyTimetableFeeds

_SEEING = ("registrar", "student")
_UNSEEN = (NotYourOwnData, StudentNotFound)
_CALENDAR = "text/calendar"


def declare(routes: Routes, feeds: FeedService) -> None:
    """Declare how students let calendars follow their timetable."""
    _declare_calendar(routes, feeds)
    _declare_feeds(routes, feeds)


def _declare_calendar(routes: Routes, feeds: FeedService) -> None:
    @routes.get(
        "/students/<key>/timetable.ics",
        roles=(PUBLIC, *_SEEING),
        query=TimetableFileQuery,
        content_type=_CALENDAR,
        refuses=[*_UNSEEN, Unauthenticated, RoleMissing, TimetableFeedNotFound],
    )
    def export_timetable(key: str, query: dict[str, Any]) -> Response:
        """Get a student's timetable as a calendar (iCalendar): signed in, or by the token of a feed."""
        token = query.get("token")
        text = feeds.shown(key, token) if token else feeds.own(key, security.authorize(*_SEEING))
        headers = {"Content-Disposition": 'inline; filename="timetable.ics"'}
        return Response(text, content_type=f"{_CALENDAR}; charset=utf-8", headers=headers)


def _declare_feeds(routes: Routes, feeds: FeedService) -> None:
    @routes.get(
        "/students/<key>/timetable-feeds", roles=_SEEING, query=PageQuery, gives=TimetableFeedList, refuses=_UNSEEN
    )
    def list_timetable_feeds(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the feeds by which calendars may read a student's timetable, oldest first."""
        return feeds.page(key, who, PageRequest(query["limit"], query.get("cursor"), query["total"]))

    @routes.post(
        "/students/<key>/timetable-feeds",
        roles=("student",),
        takes=TimetableFeedIn,
        gives=NewTimetableFeedOut,
        status=201,
        refuses=[*_UNSEEN, TooManyTimetableFeeds],
    )
    def make_timetable_feed(key: str, body: dict[str, Any], who: Any) -> Any:
        """Make an address by which a calendar may read one's timetable; it is shown this once."""
        return feeds.make(key, who, body["name"], body.get("language"))

    @routes.delete(
        "/students/<key>/timetable-feeds/<feed_id>", roles=_SEEING, refuses=[*_UNSEEN, TimetableFeedNotFound]
    )
    def revoke_timetable_feed(key: str, feed_id: str, who: Any) -> None:
        """Let nobody read a timetable by this feed any more."""
        feeds.revoke(key, who, feed_id)
