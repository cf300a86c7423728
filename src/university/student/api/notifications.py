"""The routes of what students are told."""

from typing import Any

from university.platform.paging import PageRequest
from university.platform.web.routes import Routes
from university.student.schemas.notifications import (
    NotificationList,
    NotificationOut,
    NotificationQuery,
    NotificationSettingIn,
    NotificationSettingOut,
    UnreadOut,
)
from university.student.service.access import NotYourOwnData, StudentNotFound
from university.student.service.notifying import NotificationNotFound, NotificationService

_SEEING, _THEMSELVES = ("registrar", "student"), ("student",)
_UNSEEN = (NotYourOwnData, StudentNotFound)


def declare(routes: Routes, notifications: NotificationService) -> None:
    """Declare how students read what they were told, and say how they want to be told."""
    _declare_notifications(routes, notifications)
    _declare_settings(routes, notifications)


def _declare_notifications(routes: Routes, notifications: NotificationService) -> None:
    @routes.get(
        "/students/<key>/notifications", roles=_SEEING, query=NotificationQuery, gives=NotificationList, refuses=_UNSEEN
    )
    def list_notifications(key: str, query: dict[str, Any], who: Any) -> Any:
        """List what a student was told, the newest first, with the number of all that are unread."""
        wanted = PageRequest(query["limit"], query.get("cursor"), query["total"])
        return notifications.page(key, who, wanted, unread=query.get("unread"))

    @routes.post(
        "/students/<key>/notifications/<notification_id>/read",
        roles=_THEMSELVES,
        gives=NotificationOut,
        refuses=[*_UNSEEN, NotificationNotFound],
    )
    def read_notification(key: str, notification_id: str, who: Any, once: Any) -> Any:
        """Mark a notification as read."""
        return notifications.read(key, notification_id, who, once)

    @routes.post("/students/<key>/notifications/read", roles=_THEMSELVES, gives=UnreadOut, refuses=_UNSEEN)
    def read_all_notifications(key: str, who: Any, once: Any) -> Any:
        """Mark all notifications as read that there are."""
        return notifications.read_all(key, who, once)


def _declare_settings(routes: Routes, notifications: NotificationService) -> None:
    @routes.get("/students/<key>/notification-settings", roles=_SEEING, gives=NotificationSettingOut, refuses=_UNSEEN)
    def get_notification_settings(key: str, who: Any) -> Any:
        """Get how a student wants to be told."""
        return notifications.preference(key, who)

    @routes.put(
        "/students/<key>/notification-settings",
        roles=_THEMSELVES,
        takes=NotificationSettingIn,
        gives=NotificationSettingOut,
        refuses=_UNSEEN,
    )
    def replace_notification_settings(key: str, body: dict[str, Any], who: Any, if_match: Any) -> Any:
        """Say how to be told; version 0 is what holds for who has said nothing: by e-mail, in Polish."""
        return notifications.prefer(key, who, body, if_match)
