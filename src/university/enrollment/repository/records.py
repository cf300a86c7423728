"""What students are taking and have taken to the end: read by every registration, so without an entity for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, literal, select
from sqlalchemy.orm import Session

from university.enrollment.models import Enrollment, EnrollmentSection, Permission, WaitlistEntry
from university.enrollment.repository.enrollments import TAKEN_TO_THE_END
from university.enrollment.rules.case import ACTIVE
from university.platform import clock

_TABLE, _SEATS = cast("Table", Enrollment.__table__), cast("Table", EnrollmentSection.__table__)
_ENROLLMENT, _SEAT, _ENTRY, _PERMIT = _TABLE.c, _SEATS.c, WaitlistEntry.__table__.c, Permission.__table__.c
_BEARS = (_ENROLLMENT.student_id == bindparam("student")) & _ENROLLMENT.status.in_(sorted(ACTIVE | TAKEN_TO_THE_END))
"""What is a part of the student's record."""
_ALWAYS = select(literal(1).label("one")).subquery("always")
"""One row, so that there is an answer for who has no record yet."""
_PERMITTED = exists().where(_PERMIT.student_id == bindparam("student"), _PERMIT.revoked_at.is_(None)).label("permitted")
# Put together once: that costs more than asking.
_OF_STUDENT = (
    select(
        *(_ENROLLMENT.id, _ENROLLMENT.version, _ENROLLMENT.term_id, _ENROLLMENT.term_code),
        *(_ENROLLMENT.offering_id, _ENROLLMENT.course_id, _ENROLLMENT.course_code),
        *(_ENROLLMENT.status, _ENROLLMENT.ects, _ENROLLMENT.grade, _SEAT.section_id),
        _PERMITTED,
    )
    .select_from(_ALWAYS.outerjoin(_TABLE, _BEARS).outerjoin(_SEATS, _SEAT.enrollment_id == _ENROLLMENT.id))
    .order_by(_ENROLLMENT.id, _SEAT.section_id)
)
_STATE = (
    select(
        *(clock.Now().label("now"), _ENROLLMENT.id, _ENROLLMENT.version),
        exists().where(_ENTRY.enrollment_id == _ENROLLMENT.id).label("waits"),
        _PERMITTED,
    )
    .outerjoin_from(_ALWAYS, _TABLE, _BEARS)
    .order_by(_ENROLLMENT.id)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """An enrollment as far as the rules look at it."""

    id: str
    version: int
    term_id: str
    term_code: str
    offering_id: str | None
    course_id: str
    course_code: str
    status: str
    ects: float
    grade: str | None
    section_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What identifies the state of a record, equal when nothing changed in between; and the moment when it was so.

    Also whether the student waits anywhere, and has permissions.
    """

    now: datetime
    versions: tuple[tuple[str, int], ...]
    waits: bool
    permitted: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What a student is taking and has taken to the end, oldest first; and whether there are permissions for them."""

    taken: list[Taken]
    permitted: bool


def of_student(session: Session, student_id: str) -> Record:
    """Return the record of a student."""
    found: list[Any] = list(session.execute(_OF_STUDENT, {"student": student_id}))
    return Record(list(_read(found)), bool(found[0].permitted))


def _read(found: Iterable[Any]) -> Iterator[Taken]:
    known = (row for row in found if row.id is not None)
    for _, rows in groupby(known, key=attrgetter("id")):
        seats = list(rows)
        section_ids = tuple(seat.section_id for seat in seats if seat.section_id is not None)
        yield Taken(*seats[0][:-2], section_ids)  # type: ignore[call-arg] # the columns are its fields


def state_of(session: Session, student_id: str) -> State:
    """Return the state of a student's record."""
    rows = session.execute(_STATE, {"student": student_id, **clock.told(session)}).all()
    versions = tuple((row.id, row.version) for row in rows if row.id is not None)
    return State(rows[0].now, versions, any(row.waits for row in rows), bool(rows[0].permitted))


def versions(taken: Iterable[Taken]) -> tuple[tuple[str, int], ...]:
    """Return what the state of a record that was read is known by."""
    return tuple((one.id, one.version) for one in taken)
