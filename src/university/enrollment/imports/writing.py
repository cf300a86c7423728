"""A plan of enrollments carried out: rows in bulk, the ledger's counts last, and the news of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentCreated, EnrollmentUpdated
from university.enrollment.imports.asking import Known
from university.enrollment.imports.planning import CHUNK, Changed, Planned, seats_of
from university.enrollment.imports.reading import Bundle
from university.enrollment.models import Enrollment, EnrollmentChange, EnrollmentSection
from university.enrollment.repository import ledger
from university.enrollment.rules.facts import SectionFacts
from university.platform import database
from university.platform.messaging import outbox
from university.platform.oneroster import Facts


class ChangedMeanwhile(Exception):
    """Somebody changed an enrollment between the plan and its writing."""


def write(session: Session, planned: Planned, known: Known, by: str) -> None:
    """Carry out a plan in the transaction in which it was made, and tell everybody."""
    now = database.now(session)
    for some in _chunks(known.facts):
        ledger.refresh(session, [msgspec.msgpack.decode(packed, type=SectionFacts) for packed in some], now)
    for created in _chunks(planned.created):
        _create(session, [_row(made, bundle, known, now) for made, bundle in created], by)
        seats = [(made, seat) for made, bundle in created for seat in seats_of(bundle, known)]
        _insert_seats(session, seats)
    for changed in _chunks([*planned.updated, *planned.removed]):
        _change(session, changed, now, by)
    ledger.shift(session, planned.taken, planned.held, planned.pooled)


def _row(made: str, bundle: Bundle, known: Known, now: datetime) -> Facts:
    taught = known.taught[bundle.course, bundle.term]
    began = datetime.combine(bundle.since, time.min, UTC) if bundle.since else now
    return {
        "id": made,
        "version": 1,
        "external_key": bundle.key,
        "student_id": known.students[bundle.user],
        "offering_id": taught.offering_id,
        "term_id": taught.term_id,
        "term_code": taught.term_code,
        "term_ends_on": taught.term_ends_on,
        "course_id": taught.course_id,
        "course_code": taught.course_code,
        "course_title": taught.course_title,
        "status": bundle.status,
        "ects": taught.ects if bundle.ects is None else bundle.ects,
        "grade": bundle.grade,
        "grading_scale": taught.grading_scale,
        "created_at": min(began, now),
        "updated_at": now,
        "section_ids": [section for section, _pool in seats_of(bundle, known)],
    }


def _create(session: Session, rows: Sequence[Facts], by: str) -> None:
    columns = [{name: value for name, value in row.items() if name != "section_ids"} for row in rows]
    session.execute(insert(Enrollment), columns)
    _record(session, rows, by)
    outbox.announce(session, *(EnrollmentCreated.of(SimpleNamespace(**row), row["version"]) for row in rows))


def _change(session: Session, changed: Sequence[Changed], now: datetime, by: str) -> None:
    _hold(session, changed)
    rows = [
        {
            **change.row._asdict(),
            **change.facts,
            "version": change.row.version + 1,
            "updated_at": now,
            "section_ids": [section for section, _pool in change.after],
        }
        for change in changed
    ]
    told = [
        {"id": row["id"], "version": row["version"], "updated_at": now, **change.facts}
        for row, change in zip(rows, changed, strict=True)
    ]
    session.execute(update(Enrollment), told)
    moved = [change for change in changed if change.before != change.after]
    if moved:
        ids = [change.row.id for change in moved]
        session.execute(delete(EnrollmentSection).where(EnrollmentSection.enrollment_id.in_(ids)))
        _insert_seats(session, [(change.row.id, seat) for change in moved for seat in change.after])
    _record(session, rows, by)
    outbox.announce(session, *(EnrollmentUpdated.of(SimpleNamespace(**row), row["version"]) for row in rows))


def _hold(session: Session, changed: Sequence[Changed]) -> None:
    """Keep the enrollments from others, who must not have changed them since they were compared."""
    versions = {change.row.id: change.row.version for change in changed}
    held = select(Enrollment.id, Enrollment.version).where(Enrollment.id.in_(versions)).order_by(Enrollment.id)
    if {row.id: row.version for row in session.execute(held.with_for_update())} != versions:
        raise ChangedMeanwhile


def _record(session: Session, rows: Iterable[Mapping[str, Any]], by: str) -> None:
    session.execute(
        insert(EnrollmentChange),
        [
            {
                "enrollment_id": row["id"],
                "status": row["status"],
                "at": row["updated_at"],
                "by": by,
                "reason": "imported",
            }
            for row in rows
        ],
    )


def _insert_seats(session: Session, seats: Sequence[tuple[str, tuple[str, int | None]]]) -> None:
    rows = [{"enrollment_id": made, "section_id": section, "pool": pool} for made, (section, pool) in seats]
    if rows:
        session.execute(insert(EnrollmentSection), rows)


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
