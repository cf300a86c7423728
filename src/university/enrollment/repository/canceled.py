"""Places in sections that the university canceled, and the precedence of those who lost them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from university.enrollment.models import Enrollment, EnrollmentSection, Precedence, Section, WantedSection
from university.enrollment.rules.case import ACTIVE, PLACED
from university.platform import database

# Written out, because a parameter would not tell the databases that the index of canceled sections will do.
_CANCELED = Section.status == text("'canceled'")


def standing(session: Session, today: date, after: str, limit: int) -> Sequence[Enrollment]:
    """Return places, in terms that have not ended, that stand in canceled sections; the oldest first, after an id."""
    gone = (
        select(EnrollmentSection.enrollment_id)
        .join(Section, Section.id == EnrollmentSection.section_id)
        .where(_CANCELED)
    )
    places = select(Enrollment).where(
        Enrollment.id.in_(gone), Enrollment.status.in_(ACTIVE), Enrollment.term_ends_on >= today, Enrollment.id > after
    )
    return session.scalars(places.order_by(Enrollment.id).limit(limit)).all()


def wished(session: Session, limit: int) -> Sequence[Enrollment]:
    """Return places that stand and wait to be changed into canceled sections."""
    gone = select(WantedSection.enrollment_id).join(Section, Section.id == WantedSection.section_id).where(_CANCELED)
    places = select(Enrollment).where(Enrollment.id.in_(gone), Enrollment.status.in_(PLACED))
    return session.scalars(places.order_by(Enrollment.id).limit(limit)).all()


def give_precedence(session: Session, student_id: str, queue_id: str, at: datetime) -> None:
    """Let a student come before everybody else where a place was lost."""
    row = {"student_id": student_id, "queue_id": queue_id, "at": at}
    session.execute(database.insert(session, Precedence).values(row).on_conflict_do_nothing())


def has_precedence(session: Session, student_id: str, queue_id: str) -> bool:
    """Tell whether a student comes before everybody else in a queue."""
    mine = exists().where(Precedence.student_id == student_id, Precedence.queue_id == queue_id)
    return session.scalar(select(mine)) is True
