"""Notifications in the database: kept once, listed, counted and marked as read; and how students want to be told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from university.platform import database
from university.student.models import Notification, NotificationSetting, Student
from university.student.rules.names import pseudonym
from university.student.rules.words import is_id


def known(session: Session, student_ids: Collection[str]) -> set[str]:
    """Return those of the ids that are students' who were not erased, and are not until the transaction ends."""
    wanted = select(Student.id, Student.number).where(Student.id.in_(student_ids)).order_by(Student.id)
    rows = session.execute(wanted.with_for_update(read=True, key_share=True))
    return {row.id for row in rows if row.number != pseudonym(row.id)}


def keep(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Keep notifications that are not here yet; return the ids of those."""
    if not rows:
        return set()
    insert = database.insert(session, Notification).on_conflict_do_nothing().returning(Notification.id)
    # In one order everywhere, so that two hearers cannot wait for each other.
    return set(session.scalars(insert, sorted(rows, key=lambda row: str(row["id"]))))


def of_student(student_id: str, *, unread: bool | None = None) -> Select[Notification]:
    """Return the question for a student's notifications, or for those that are, or are not, unread."""
    found = select(Notification).where(Notification.student_id == student_id)
    if unread is None:
        return found
    return found.where(Notification.read_at.is_(None) if unread else Notification.read_at.is_not(None))


def count_unread(session: Session, student_id: str) -> int:
    """Return how many notifications a student has not read."""
    unread = of_student(student_id, unread=True).with_only_columns(func.count())
    return session.execute(unread).scalar_one()


def lock(session: Session, student_id: str, notification_id: str) -> Notification | None:
    """Return one notification of a student, kept from others until the transaction ends."""
    if not is_id(notification_id):
        return None
    one = of_student(student_id).where(Notification.id == notification_id.lower())
    return session.scalars(one.with_for_update()).one_or_none()


def mark_all(session: Session, student_id: str, moment: datetime) -> int:
    """Mark all notifications of a student as read; return how many were not."""
    marked = (
        update(Notification)
        .where(Notification.student_id == student_id, Notification.read_at.is_(None))
        .values(read_at=moment)
        .returning(Notification.id)
    )
    return len(session.scalars(marked.execution_options(synchronize_session=False)).all())


def setting(session: Session, student_id: str) -> NotificationSetting | None:
    """Return how a student wants to be told, if that was ever said."""
    return session.get(NotificationSetting, student_id)


def without_mail(session: Session, student_ids: Collection[str]) -> set[str]:
    """Return those of the students who want no e-mails."""
    silent = select(NotificationSetting.student_id).where(
        NotificationSetting.student_id.in_(student_ids), ~NotificationSetting.email
    )
    return set(session.scalars(silent))
