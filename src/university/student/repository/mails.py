"""The mails that wait in the database: one sender takes one at a time, and says what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from university.platform import database
from university.student.models import Mail, Notification, NotificationSetting, Student

STEP = 500
"""Rows forgotten in one transaction, so that no writer waits long."""
_WAITING = (Mail.sent_at.is_(None), Mail.gave_up_at.is_(None))
_TAKEN = (
    select(
        Mail.notification_id,
        Mail.attempts,
        Mail.made_at,
        Notification.title,
        Notification.body,
        Student.given_name,
        Student.family_name,
        Student.email,
        NotificationSetting.email,
        NotificationSetting.language,
    )
    .join(Notification, Notification.id == Mail.notification_id)
    .join(Student, Student.id == Notification.student_id)
    .outerjoin(NotificationSetting, NotificationSetting.student_id == Student.id)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail in its sender's hand, for the `attempts`th time, with name and address as they are now."""

    notification_id: str
    attempts: int
    made_at: datetime
    title: dict[str, str]
    body: dict[str, str]
    given_name: str
    family_name: str
    address: str
    wanted: bool | None
    """Whether the student wants e-mails; None for who has said nothing, as in `language`."""
    language: str | None


def add(session: Session, notification_ids: Iterable[str], moment: datetime) -> None:
    """Let notifications go out by e-mail as well."""
    session.add_all([Mail(notification_id=one, made_at=moment, try_at=moment) for one in sorted(notification_ids)])


def is_due(session: Session) -> bool:
    """Tell whether a mail is to be sent now."""
    due = exists().where(*_WAITING, Mail.try_at <= database.now(session))
    return bool(session.scalar(select(due)))


def take(session: Session, lease: timedelta) -> Taken | None:
    """Take the mail that is due longest; nobody else gets it before the lease is over."""
    moment = database.now(session)
    due = select(Mail.notification_id).where(*_WAITING, Mail.try_at <= moment).order_by(Mail.try_at).limit(1)
    key = session.scalar(due.with_for_update(skip_locked=True))
    if key is None:
        return None
    _write(session, key, try_at=moment + lease, attempts=Mail.attempts + 1)
    row: Any = session.execute(_TAKEN.where(Mail.notification_id == key)).one()
    return Taken(*row)


def sent(session: Session, mail: Taken) -> None:
    """Say that a mail has gone out."""
    _write(session, mail.notification_id, sent_at=database.now(session), fault=None)


def give_up(session: Session, mail: Taken, fault: str) -> None:
    """Say that a mail will never go out, and why."""
    _write(session, mail.notification_id, gave_up_at=database.now(session), fault=fault)


def put_off(session: Session, mail: Taken, pause: timedelta, fault: str) -> None:
    """Say when a mail is to be tried again, unless somebody else has it by now."""
    try_at = database.now(session) + pause
    _write(session, mail.notification_id, Mail.attempts == mail.attempts, try_at=try_at, fault=fault)


def forget(session: Session, before: datetime) -> int:
    """Delete some mails that were settled before a moment; return how many."""
    old = select(Mail.notification_id).where((Mail.sent_at < before) | (Mail.gave_up_at < before)).limit(STEP)
    gone = delete(Mail).where(Mail.notification_id.in_(old)).returning(Mail.notification_id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def _write(session: Session, key: str, *conditions: ColumnElement[bool], **values: object) -> None:
    """Change a mail that waits; one that another sender has settled meanwhile stays so."""
    change = update(Mail).where(Mail.notification_id == key, *_WAITING, *conditions).values(**values)
    session.execute(change.execution_options(synchronize_session=False))
