"""Timetable feeds in the database: whose they are, and by which token they are read."""

from datetime import date

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from university.student.models import TimetableFeed
from university.student.rules.words import is_id


def of_student(student_id: str) -> Select[TimetableFeed]:
    """Return the question for a student's feeds."""
    return select(TimetableFeed).where(TimetableFeed.student_id == student_id)


def count(session: Session, student_id: str) -> int:
    """Return how many feeds a student has."""
    counted = select(func.count()).select_from(TimetableFeed).where(TimetableFeed.student_id == student_id)
    return session.scalar(counted) or 0


def find(session: Session, student_id: str, feed_id: str) -> TimetableFeed | None:
    """Return a feed of a student."""
    if not is_id(feed_id):
        return None
    return session.scalars(of_student(student_id).where(TimetableFeed.id == feed_id.lower())).one_or_none()


def by_token(session: Session, digest: bytes) -> TimetableFeed | None:
    """Return the feed that is read by the token of this digest."""
    return session.scalars(select(TimetableFeed).where(TimetableFeed.token_digest == digest)).one_or_none()


def note_use(session: Session, feed_id: str, day: date) -> None:
    """Note the day of a feed's last use."""
    earlier = TimetableFeed.last_used_on.is_(None) | (TimetableFeed.last_used_on < day)
    session.execute(update(TimetableFeed).where(TimetableFeed.id == feed_id, earlier).values(last_used_on=day))
