"""Enrollments as their events tell them, read as of one moment; and what became of the last event of each."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentEvent, EnrollmentUpdated
from university.enrollment.models import Enrollment, EnrollmentSection
from university.platform import database
from university.platform.messaging import outbox
from university.platform.messaging.outbox import Announced, Event
from university.platform.messaging.states import StatesWanted

_TABLE, _SEATS = Enrollment.__table__.c, EnrollmentSection.__table__.c
_FACTS = tuple(field.name for field in fields(EnrollmentEvent) if field.name != "section_ids")


def states(session: Session, wanted: StatesWanted) -> list[Event]:
    """Return the wanted enrollments in order of ids.

    One statement reads them together with their sections: two could see the version of one moment and the sections of
    another, and a change in between would look like a corrupted copy.
    """
    facts = [name for name in _FACTS if name == "id" or wanted.reads is None or name in wanted.reads]
    some = wanted.narrow(select(*(_TABLE[name] for name in facts), _TABLE.version), _TABLE.id).subquery()
    rows = session.execute(
        select(*map(database.quickly, some.c), database.quickly(_SEATS.section_id))
        .outerjoin_from(some, EnrollmentSection, _SEATS.enrollment_id == some.c.id)
        .order_by(some.c.id, _SEATS.section_id)
    )
    return list(_events(facts, rows))


def _events(facts: Sequence[str], rows: Iterable[Any]) -> Iterator[Event]:
    """Yield an event for the rows of each enrollment: its id, its other facts, its version and a section."""
    for enrollment_id, seats in groupby(rows, key=itemgetter(0)):
        first, *more = seats
        sections = [seat[-1] for seat in (first, *more) if seat[-1]]
        data: dict[str, Any] = dict(zip(facts, first, strict=False))
        data["section_ids"] = sections
        yield Event(EnrollmentUpdated.type, enrollment_id, first[-2], data)


def announced(session: Session, enrollment_ids: Collection[str]) -> list[Announced]:
    """Return what became of the last news of each enrollment, as far as the outbox remembers."""
    changed: Sequence[Row[*tuple[Any, ...]]] = session.execute(
        select(_TABLE.id, _TABLE.updated_at).where(_TABLE.id.in_(enrollment_ids))
    ).all()
    return outbox.last_announced(session, {row.id: row.updated_at for row in changed})
