"""What students are told: kept as it is heard, read and marked by themselves, and how they want to hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from university.platform import database, paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import NotFound
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import PageRequest
from university.platform.security import Principal
from university.student.models import Notification, NotificationSetting
from university.student.repository import mails, notifications, students
from university.student.repository.audience import Audience, members
from university.student.rules.words import Language
from university.student.service import access

BATCH = 1000
"""Students for whom a notice is kept by one statement."""


class NotificationNotFound(NotFound):
    """The student was told no such thing."""

    title = Words("The student has no such notification.", "Student nie ma takiego powiadomienia.")


@dataclass(frozen=True, slots=True)
class Notifications:
    """A page of notifications, and how many of all are unread."""

    items: Sequence[Notification]
    next: str | None
    total: int | None
    unread: int


@dataclass(frozen=True, slots=True)
class Unread:
    """How many notifications are unread."""

    unread: int


@dataclass(frozen=True, slots=True)
class Preference:
    """How a student wants to be told; version 0 was never said."""

    email: bool = True
    language: str = Language.PL.value
    version: int = 0


def keep(session: Session, notices: Sequence[Mapping[str, Any]], *, mailed: bool) -> None:
    """Keep what students were told, once however often it is heard; `mailed` tells whether mails go out at all.

    Of somebody who is no student any more, or was erased, nothing is kept.
    """
    known = notifications.known(session, {one["student_id"] for one in notices})
    fresh = notifications.keep(session, [one for one in notices if one["student_id"] in known])
    if mailed and fresh:
        silent = notifications.without_mail(session, known)
        wanted = {one["id"] for one in notices if one["id"] in fresh and one["student_id"] not in silent}
        mails.add(session, wanted, database.now(session))


def keep_for_audience(session: Session, notice: Mapping[str, Any], audience: Audience, *, mailed: bool) -> None:
    """Keep what all of an audience were told, for each of them once however often it is heard."""
    students = sorted(members(session, audience))
    for start in range(0, len(students), BATCH):
        some = students[start : start + BATCH]
        each = [{**notice, "id": str(uuid5(UUID(notice["id"]), key)), "student_id": key} for key in some]
        keep(session, each, mailed=mailed)


class NotificationService:
    """What can be done with notifications."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def page(self, key: str, who: Principal, wanted: PageRequest, *, unread: bool | None) -> Notifications:
        """Return a page of what a student was told, the newest first."""
        with self._replica.read() as session:
            student = access.visible(session, key, who)
            found = notifications.of_student(student.id, unread=unread)
            page = paging.fetch(session, found, [Notification.at, Notification.id], wanted, falling=True)
            return Notifications(page.items, page.next, page.total, notifications.count_unread(session, student.id))

    def read(self, key: str, notification_id: str, who: Principal, once: Once) -> Notification:
        """Mark one as read, from the first time on; raise `NotificationNotFound`."""
        with once.begin(self._primary) as session:
            student = access.themself(session, key, who)
            found = notifications.lock(session, student.id, notification_id)
            if found is None:
                raise NotificationNotFound
            if found.read_at is None:
                found.read_at = database.now(session)
            return once.keep(session, found)

    def read_all(self, key: str, who: Principal, once: Once) -> Unread:
        """Mark all as read that there are."""
        with once.begin(self._primary) as session:
            student = access.themself(session, key, who)
            notifications.mark_all(session, student.id, database.now(session))
            return once.keep(session, Unread(notifications.count_unread(session, student.id)))

    def preference(self, key: str, who: Principal) -> Preference:
        """Return how a student wants to be told."""
        with self._primary.read() as session:
            student = access.visible(session, key, who)
            return _preference(notifications.setting(session, student.id))

    def prefer(self, key: str, who: Principal, wanted: Mapping[str, Any], if_match: IfMatch) -> Preference:
        """Say how a student wants to be told; what waits to be mailed heeds it, too."""
        with self._primary.begin() as session:
            student = access.themself(session, key, who)
            students.lock(session, student.id)
            setting = notifications.setting(session, student.id)
            if_match.check(_preference(setting).version)
            if setting is None:
                setting = NotificationSetting(student_id=student.id, version=0)
                session.add(setting)
            setting.email, setting.language = wanted["email"], wanted["language"]
            setting.version += 1
            return _preference(setting)


def _preference(setting: NotificationSetting | None) -> Preference:
    return Preference() if setting is None else Preference(setting.email, setting.language, setting.version)
