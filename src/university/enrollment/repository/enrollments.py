"""Enrollments: a student's own under the student's lock, and lists for those who may see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Select, Table, bindparam, insert, select, text, tuple_
from sqlalchemy.orm import Session

from university.enrollment.models import (
    Enrollment,
    EnrollmentChange,
    EnrollmentSection,
    StudentStanding,
    StudentTerm,
)
from university.enrollment.rules.facts import Hold, Standing
from university.platform import database
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch

TAKEN_TO_THE_END = frozenset({"completed", "failed"})
CHUNK = 200
"""Rows that one statement names."""
_TERM = StudentTerm.__table__.c
# What every request asks is put together once: that costs more than asking.
_LOCKED = (
    select(_TERM.student_id)
    .where(_TERM.student_id == bindparam("student_id"), _TERM.term_id == bindparam("term_id"))
    .with_for_update()
)
_COLUMNS = tuple(Enrollment.__table__.c.keys())
_BEGUN, _SEATED, _NOTED = (
    insert(cast("Table", kind.__table__)) for kind in (Enrollment, EnrollmentSection, EnrollmentChange)
)
_STANDING = StudentStanding.__table__.c
_STANDINGS = (
    select(_STANDING.student_id, _STANDING.version, _STANDING.status)
    .where(_STANDING.student_id.in_(bindparam("ids", expanding=True)))
    .order_by(_STANDING.student_id)
    .with_for_update()
)


def lock_student(session: Session, student_id: str, term_id: str) -> None:
    """Wait for, and keep until the transaction ends, the right to change this student's term."""
    row = {"student_id": student_id, "term_id": term_id}
    if session.scalar(_LOCKED, row) is None and session.scalar(_opening(database.dialect_of(session)), row) is None:
        session.execute(_LOCKED, row)


@cache
def _opening(dialect: str) -> Executable:
    """Return the statement that writes the row to lock, and so locks it, unless a twin was faster."""
    table = cast("Table", StudentTerm.__table__)
    return database.insert_in(dialect, table).on_conflict_do_nothing().returning(table.c.student_id)


def lock_students(session: Session, terms: Collection[tuple[str, str]]) -> None:
    """Wait for, and keep until the transaction ends, the right to change these students' terms (student, term)."""
    ordered = sorted(set(terms))
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        rows = [{"student_id": student_id, "term_id": term_id} for student_id, term_id in some]
        session.execute(database.insert(session, StudentTerm).on_conflict_do_nothing(), rows)
        named = tuple_(StudentTerm.student_id, StudentTerm.term_id).in_(some)
        kept = select(StudentTerm).where(named).order_by(StudentTerm.student_id, StudentTerm.term_id)
        session.execute(kept.with_for_update())


def passed(session: Session, student_id: str, term_id: str, course_id: str) -> str | None:
    """Return the id of the enrollment by which the student passed the course in the term."""
    same = {"student_id": student_id, "term_id": term_id, "course_id": course_id, "status": "completed"}
    return session.scalars(select(Enrollment.id).filter_by(**same).limit(1)).one_or_none()


def get(session: Session, enrollment_id: str, *, lock: bool = False) -> Enrollment | None:
    """Return an enrollment by id, locked until the transaction ends when asked."""
    if not is_id(enrollment_id):
        return None
    query = select(Enrollment).where(Enrollment.id == enrollment_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def locked(session: Session, enrollment_ids: Collection[str]) -> dict[str, Enrollment]:
    """Return enrollments by id, kept from others until the transaction ends."""
    if not enrollment_ids:
        return {}
    query = select(Enrollment).where(Enrollment.id.in_(enrollment_ids)).order_by(Enrollment.id)
    return {one.id: one for one in session.scalars(query.with_for_update())}


def by_ids(session: Session, enrollment_ids: Collection[str]) -> dict[str, Enrollment]:
    """Return enrollments by id."""
    query = select(Enrollment).where(Enrollment.id.in_(enrollment_ids))
    return {one.id: one for one in session.scalars(query)}


def offers_until(session: Session, moment: datetime, limit: int) -> Sequence[Enrollment]:
    """Return enrollments whose offers end by a moment, the oldest first."""
    # Written out, because a parameter would not tell the databases that the index of offers will do.
    offered = Enrollment.status == text("'offered'")
    late = select(Enrollment).where(offered, Enrollment.offer_expires_at <= moment)
    return session.scalars(late.order_by(Enrollment.offer_expires_at).limit(limit)).all()


def history(session: Session, enrollment_id: str) -> Sequence[EnrollmentChange]:
    """Return what became of an enrollment, oldest first."""
    query = select(EnrollmentChange).where(EnrollmentChange.enrollment_id == enrollment_id)
    return session.scalars(query.order_by(EnrollmentChange.at, EnrollmentChange.id)).all()


def page(session: Session, filters: dict[str, str], wanted: PageRequest) -> Page:
    """Return a page of enrollments; filters by `student_id`, `section_id`, `offering_id`, `term_id`, `status`."""
    query: Select[tuple[Enrollment]] = select(Enrollment)
    rest = dict(filters)
    if any(name != "status" and not is_id(value) for name, value in rest.items()):
        return Page([], None, 0 if wanted.total else None)
    if section_id := rest.pop("section_id", None):
        taken = select(EnrollmentSection.enrollment_id).where(EnrollmentSection.section_id == section_id)
        query = query.where(Enrollment.id.in_(taken))
    if status := rest.pop("status", None):
        query = query.where(Enrollment.status.in_(status.split(",")))
    return fetch(session, query.filter_by(**rest), [Enrollment.id], wanted)


def begin(session: Session, enrollment: Enrollment) -> None:
    """Write a new enrollment, which no session knows, with its sections; raise `IntegrityError` when one stands."""
    row = {name: getattr(enrollment, name) for name in _COLUMNS}
    taken = [
        {"enrollment_id": enrollment.id, "section_id": one.section_id, "pool": one.pool} for one in enrollment.sections
    ]
    session.execute(_BEGUN, row)
    session.execute(_SEATED, taken)


def record(
    session: Session, enrollment: Enrollment, *, at: datetime, by: str, reason: str, request_id: str | None = None
) -> None:
    """Write a line into the enrollment's history."""
    enrollment.updated_at = at
    told = {"at": at, "by": by, "reason": reason, "request_id": request_id}
    line = {"id": database.new_id(), "enrollment_id": enrollment.id, "status": enrollment.status, **told}
    session.execute(_NOTED, line)


def standings_of(session: Session, student_ids: Collection[str]) -> dict[str, tuple[int, str]]:
    """Return (version, status) as last heard of students, kept from others until the transaction ends."""
    rows = session.execute(_STANDINGS, {"ids": list(student_ids)})
    return {row.student_id: (row.version, row.status) for row in rows}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a student's standing; `holds` without reasons."""

    student_id: str
    version: int
    status: str
    holds: Sequence[Mapping[str, Any]] | None = None


def remember_standings(session: Session, heard: Collection[Heard]) -> tuple[list[Heard], list[Heard]]:
    """Keep the newest of each; return what is news, and of that what tells another status than before."""
    newest = {one.student_id: one for one in sorted(heard, key=lambda one: one.version)}
    known = standings_of(session, newest)
    news = [one for one in newest.values() if known.get(one.student_id, (0, ""))[0] < one.version]
    _keep_standings(session, news)
    return news, [one for one in news if known.get(one.student_id, (0, ""))[1] != one.status]


def standing_heard(session: Session, student_id: str) -> Standing | None:
    """Return what was last heard of a student: status and holds, without their reasons and contacts."""
    row = session.get(StudentStanding, student_id)
    if row is None:
        return None
    holds = tuple(
        Hold(one["id"], "", "", tuple(one["effects"]), _day(one["starts_on"]), _day(one["ends_on"]))
        for one in row.holds or ()
    )
    return Standing(student_id, row.version, row.status, holds=holds)


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def is_newest(session: Session, standing: Standing) -> bool:
    """Tell whether nothing newer was heard of the student; and nothing will be until the transaction ends.

    Another status than was heard is not kept: its own news is still to come, and has to find the student's other
    places to put on review.
    """
    version, status = _heard(session, standing.student_id)
    if version < standing.version and status == standing.status:
        holds = [
            {"id": one.id, "effects": one.effects, "starts_on": _told(one.starts_on), "ends_on": _told(one.ends_on)}
            for one in standing.holds
        ]
        _keep_standings(session, [Heard(standing.student_id, standing.version, standing.status, holds)])
        version, _ = _heard(session, standing.student_id)
    return version <= standing.version


def _heard(session: Session, student_id: str) -> tuple[int, str]:
    """Return (version, status) as last heard; a student never heard of was active as far as anybody knows."""
    return standings_of(session, (student_id,)).get(student_id, (0, "active"))


def _told(day: date | None) -> str | None:
    return str(day) if day else None


def _keep_standings(session: Session, heard: Collection[Heard]) -> None:
    if heard:
        insert = database.insert(session, StudentStanding)
        news = {name: insert.excluded[name] for name in ("version", "status", "holds")}
        older = StudentStanding.version < insert.excluded.version
        upsert = insert.on_conflict_do_update(index_elements=["student_id"], set_=news, where=older)
        session.execute(upsert, [asdict(one) for one in sorted(heard, key=lambda one: one.student_id)])


def running_of(session: Session, student_ids: Collection[str], today: date) -> Sequence[Enrollment]:
    """Return the students' enrollments with a seat in terms that have not ended, locked, in order of id."""
    query = select(Enrollment).where(
        Enrollment.student_id.in_(student_ids), Enrollment.status == "enrolled", Enrollment.term_ends_on >= today
    )
    return session.scalars(query.order_by(Enrollment.id).with_for_update()).all()
