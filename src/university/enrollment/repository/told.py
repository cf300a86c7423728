"""Enrollments as their events tell them, read as of one moment; and what became of the last event of each."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentEvent, EnrollmentUpdated
from university.enrollment.models import Enrollment, EnrollmentSection
from university.platform.messaging import outbox
from university.platform.messaging.outbox import Announced, Event
from university.platform.messaging.states import StatesWanted

_TABLE = Enrollment.__table__.c
_FACTS = tuple(field.name for field in fields(EnrollmentEvent) if field.name != "section_ids")


def states(session: Session, wanted: StatesWanted) -> list[Event]:
    """Return the wanted enrollments in order of ids.

    One statement reads them together with their sections: two could see the version of one moment and the sections of
    another, and a change in between would look like a corrupted copy.
    """
    some = wanted.narrow(select(*(_TABLE[name] for name in _FACTS), _TABLE.version), _TABLE.id).subquery()
    rows = session.execute(
        select(some, EnrollmentSection.section_id)
        .outerjoin(EnrollmentSection, EnrollmentSection.enrollment_id == some.c.id)
        .order_by(some.c.id, EnrollmentSection.section_id)
    )
    return list(_events(rows))


def _events(rows: Any) -> Iterator[Event]:
    for enrollment_id, seats in groupby(rows, key=attrgetter("id")):
        first, *more = seats
        sections = [seat.section_id for seat in (first, *more) if seat.section_id]
        data = {name: getattr(first, name) for name in _FACTS}
        yield Event(EnrollmentUpdated.type, enrollment_id, first.version, {**data, "section_ids": sections})


def announced(session: Session, enrollment_ids: Collection[str]) -> list[Announced]:
    """Return what became of the last news of each enrollment, as far as the outbox remembers."""
    changed: Sequence[Row[*tuple[Any, ...]]] = session.execute(
        select(_TABLE.id, _TABLE.updated_at).where(_TABLE.id.in_(enrollment_ids))
    ).all()
    return outbox.last_announced(session, {row.id: row.updated_at for row in changed})
