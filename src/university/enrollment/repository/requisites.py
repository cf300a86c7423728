"""Requisites that rest on grades: which must be judged anew, and which are met no more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from university.enrollment.models import BrokenRequisite, Enrollment, RequisiteCheck
from university.enrollment.rules.case import COUNTED
from university.platform import database
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch


@dataclass(frozen=True, slots=True)
class Due:
    """An enrollment whose requisites must be judged anew, and how often that was asked for."""

    enrollment_id: str
    turn: int


def ask_anew(session: Session, student_ids: Collection[str], now: datetime) -> list[Due]:
    """Let the requisites be judged anew of the students' places that rest on courses of their own."""
    resting = select(Enrollment.id).where(
        Enrollment.student_id.in_(student_ids), Enrollment.status.in_(COUNTED), Enrollment.rests_on.is_not(None)
    )
    keys = sorted(session.scalars(resting))
    if not keys:
        return []
    rows = [{"enrollment_id": key, "since": now} for key in keys]
    insert = database.insert(session, RequisiteCheck)
    again = insert.on_conflict_do_update(index_elements=["enrollment_id"], set_={"turn": RequisiteCheck.turn + 1})
    session.execute(again, rows)
    return due(session, len(keys), keys)


def due(session: Session, most: int, among: Collection[str] | None = None) -> list[Due]:
    """Return what must be judged anew, the longest waiting first."""
    query = select(RequisiteCheck.enrollment_id, RequisiteCheck.turn)
    if among is not None:
        query = query.where(RequisiteCheck.enrollment_id.in_(among))
    ordered = query.order_by(RequisiteCheck.since, RequisiteCheck.enrollment_id).limit(most)
    return [Due(row.enrollment_id, row.turn) for row in session.execute(ordered)]


def done(session: Session, one: Due) -> None:
    """Forget that an enrollment was to be judged anew, unless that was asked for once more since."""
    session.execute(
        delete(RequisiteCheck).where(RequisiteCheck.enrollment_id == one.enrollment_id, RequisiteCheck.turn == one.turn)
    )


def broken(session: Session, enrollment_id: str) -> BrokenRequisite | None:
    """Return what is known of an enrollment whose requisites are met no more, kept until the transaction ends."""
    if not is_id(enrollment_id):
        return None
    query = select(BrokenRequisite).where(BrokenRequisite.enrollment_id == enrollment_id)
    return session.scalars(query.with_for_update(of=BrokenRequisite)).one_or_none()


def postpone(session: Session, one: Due, now: datetime) -> None:
    """Put what could not be judged behind everything else."""
    session.execute(update(RequisiteCheck).where(RequisiteCheck.enrollment_id == one.enrollment_id).values(since=now))


def page(session: Session, term_id: str | None, *, settled: bool, wanted: PageRequest) -> Page:
    """Return a page of enrollments whose requisites are met no more, oldest first; those to settle still stand."""
    query = select(BrokenRequisite).join(BrokenRequisite.enrollment)
    if settled:
        query = query.where(BrokenRequisite.decision.is_not(None))
    else:
        query = query.where(BrokenRequisite.decision.is_(None), Enrollment.status.in_(COUNTED))
    if term_id is not None:
        query = query.where(BrokenRequisite.term_id == term_id)
    return fetch(session, query, [BrokenRequisite.at, BrokenRequisite.enrollment_id], wanted)
