"""The view of seats: counts kept by the difference of what an enrollment was and is, told in versions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlalchemy.orm import Session

from university.course.models import Availability, AvailabilityClock, CountedEnrollment, Offering, Section
from university.course.repository.cards import open_seats
from university.course.repository.sharing import group_of, together
from university.platform import database

APART = timedelta(seconds=1)
"""A version lasts so long at least."""
_KINDS = ("taken", "held", "waiting")
_COUNTS = Availability.__table__
_ADD = (
    update(Availability)
    .where(_COUNTS.c.section_id == bindparam("section"))
    .values(dirty=True, **{kind: _COUNTS.c[kind] + bindparam(f"more_{kind}") for kind in _KINDS})
    .execution_options(synchronize_session=False)
)
_COUNTED: Any = CountedEnrollment.__table__
_LOCK = (
    select(*_COUNTED.c)
    .where(_COUNTED.c.enrollment_id.in_(bindparam("ids", expanding=True)))
    .order_by(_COUNTED.c.enrollment_id)
    .with_for_update()
)
_COUNT_ANEW = (
    update(_COUNTED)
    .where(_COUNTED.c.enrollment_id == bindparam("counted"))
    .values({name: bindparam(name) for name in ("version", "counted_as", "section_ids")})
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What an enrollment of a version counts as (taken, held, waiting, or None) and in which sections."""

    enrollment_id: str
    version: int
    counted_as: str | None
    section_ids: Sequence[str]


def count(session: Session, states: Mapping[str, Counted]) -> None:
    """Count enrollments as they are now instead of as they were; older news than counted before changes nothing."""
    difference: Counter[tuple[str, str]] = Counter()
    fresh = _remembered(session, [states[one] for one in sorted(states)])
    for one in fresh:
        difference.update(_places(states[one].counted_as, states[one].section_ids))
    newer = []
    for row in _locked(session, sorted(states.keys() - fresh)):
        state = states[row.enrollment_id]
        if state.version > row.version:
            row_kept = kept_of(state)
            newer.append({"counted": row_kept.pop("enrollment_id"), **row_kept})
            difference.subtract(_places(row.counted_as, row.section_ids))
            difference.update(_places(state.counted_as, state.section_ids))
    if newer:
        session.connection().execute(_COUNT_ANEW, newer)
    _add(session, difference)


def _places(counted_as: str | None, section_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((section, counted_as) for section in section_ids if counted_as)


def kept_of(state: Counted) -> dict[str, Any]:
    """Return the row that is kept of an enrollment."""
    return {
        "enrollment_id": state.enrollment_id,
        "version": state.version,
        "counted_as": state.counted_as,
        "section_ids": list(state.section_ids),
    }


def _remembered(session: Session, states: Iterable[Counted]) -> set[str]:
    """Remember enrollments that were never counted, in the order given; return their ids."""
    return set(session.scalars(_remembering(database.dialect_of(session)), list(map(kept_of, states))))


@cache
def _remembering(dialect: str) -> Any:
    return database.insert_in(dialect, _COUNTED).on_conflict_do_nothing().returning(_COUNTED.c.enrollment_id)


def _locked(session: Session, enrollment_ids: Sequence[str]) -> Sequence[Any]:
    """Return what was counted of enrollments, locked in the order of ids."""
    return session.execute(_LOCK, {"ids": enrollment_ids}).all() if enrollment_ids else ()


def _add(session: Session, difference: Mapping[tuple[str, str], int]) -> None:
    by_section: dict[str, dict[str, int]] = {}
    for (section, kind), more in difference.items():
        if more:
            by_section.setdefault(section, dict.fromkeys(_KINDS, 0))[kind] = more
    rows = [
        {"section": section, **{f"more_{kind}": more for kind, more in counts.items()}}
        for section, counts in sorted(by_section.items())
    ]
    if rows:
        session.connection().execute(_ADD, rows)


def is_due(session: Session) -> bool:
    """Tell whether something changed and the last version has lasted long enough."""
    clock = session.get(AvailabilityClock, 1)
    if clock is not None and database.now(session) - clock.advanced_at < APART:
        return False
    return session.scalar(select(exists().where(Availability.dirty))) is True


def advance(session: Session) -> None:
    """Tell everything that changed in the next version, unless somebody else just did."""
    start = {"id": 1, "version": 0, "advanced_at": datetime.fromtimestamp(0, UTC)}
    session.execute(database.insert(session, AvailabilityClock).values(start).on_conflict_do_nothing())
    clock = session.scalars(select(AvailabilityClock).with_for_update()).one()
    moment = database.now(session)
    if moment - clock.advanced_at < APART:
        return
    clock.version, clock.advanced_at = clock.version + 1, moment
    # What a hearer is changing right now is for the next version: nobody here waits for another.
    told = _tell_in(session, clock.version, _COUNTS.c.dirty)
    if others := group_of(session, told):
        # What shares seats with something that changed has changed, too; what is being changed itself comes next.
        _tell_in(session, clock.version, Availability.section_id.in_(others))


def _tell_in(session: Session, version: int, condition: ColumnElement[bool]) -> Sequence[str]:
    still = select(Availability.section_id).where(condition).with_for_update(skip_locked=True)
    fresh = update(Availability).where(Availability.section_id.in_(still)).values(version=version, dirty=False)
    return session.scalars(fresh.returning(Availability.section_id).execution_options(synchronize_session=False)).all()


def told(session: Session, term_id: str | None, after: int) -> tuple[int, list[dict[str, Any]]]:
    """Return the last version, and the sections that changed after one; all of them after one that never was."""
    version = session.scalar(select(AvailabilityClock.version)) or 0
    query = (
        select(
            Section.id,
            Section.shares_seats_with,
            Section.capacity,
            Section.status,
            Offering.status.label("offering_status"),
            Availability.taken,
            Availability.held,
            Availability.waiting,
        )
        .join(Availability)
        .join(Offering)
        .where(Availability.version > (after if after <= version else 0))
        .order_by(Section.id)
    )
    if term_id is not None:
        query = query.where(Availability.term_id == term_id)
    rows = session.execute(query).all()
    shared = together(session, rows)
    return version, [_section(row, shared.get(row.id, row)) for row in rows]


def _section(row: Any, counts: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "capacity": row.capacity,
        "taken": counts.taken,
        "waiting": counts.waiting,
        "open": open_seats(row, counts),
    }
