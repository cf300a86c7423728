"""The ledger of seats: kept as the course module says, claimed and given back by one conditional statement each.

Whoever changes several rows locks sections in the order of their ids, and a section before its pools: then no two wait
for each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Integer, Row, and_, bindparam, case, func, literal, select, update
from sqlalchemy.orm import Session

from university.enrollment.models import SeatPool, Section
from university.enrollment.repository import sharing, waiting
from university.enrollment.repository.sharing import rows_of
from university.enrollment.rules.facts import Audience, PoolSeats, Reserved, Seats, SectionFacts
from university.platform import database
from university.platform.database import is_id

CHUNK = 500
"""Sections that one statement names."""
_HOST_TABLE = Section.__table__.alias("host")
_LEDGER, _HOST, _POOL = Section.__table__.c, _HOST_TABLE.c, SeatPool.__table__.c
_THESE: BindParameter[Any] = bindparam("ids", expanding=True)
# What every request asks is put together once: that costs more than asking.
_FACTS = select(_LEDGER.id, _LEDGER.facts).where(_LEDGER.id.in_(_THESE))
_SEATS = (
    select(
        *(_LEDGER.id, _LEDGER.version, _HOST.id.label("row")),
        *(_HOST.capacity, _HOST.taken, _HOST.held, _HOST.reserved, _HOST.waiting, _HOST.queue_first),
        *(_POOL.position, _POOL.seats, _POOL.taken.label("pooled"), _POOL.audience, _POOL.until),
    )
    .join_from(Section.__table__, _HOST_TABLE, _HOST.id == func.coalesce(_LEDGER.seats_of, _LEDGER.id))
    .outerjoin(SeatPool.__table__, and_(_POOL.section_id == _HOST.id, ~_POOL.released))
    .where(_LEDGER.id.in_(_THESE))
    .order_by(_LEDGER.id, _POOL.position)
)
_VERSIONS = select(_LEDGER.id, _LEDGER.version).where(_LEDGER.id.in_(_THESE))


def refresh(session: Session, sections: Iterable[SectionFacts], now: datetime) -> set[str]:
    """Bring the ledger to what the course module tells; what is older than the ledger's own version changes nothing.

    Returns the sections of which the ledger knows something newer than it was told.
    """
    newest: dict[str, SectionFacts] = {}
    for told in sections:
        if told.id not in newest or newest[told.id].version < told.version:
            newest[told.id] = told
    known = _versions(session, newest)
    _open(session, [told for key, told in newest.items() if key not in known])
    if any(known.get(key, 0) < told.version for key, told in newest.items()):
        known = _follow(session, newest, known, now)
    return {key for key, told in newest.items() if told.version < known[key]}


def release_expired(session: Session, section_ids: Collection[str], now: datetime) -> None:
    """Open the seats of reserved pools whose date has passed."""
    rows = set(lock(session, section_ids))
    due = (SeatPool.section_id.in_(rows), ~SeatPool.released, SeatPool.until <= now)
    expired = update(SeatPool).where(*due).values(released=True).returning(SeatPool.section_id)
    released = session.scalars(expired.execution_options(synchronize_session=False)).all()
    for section_id in sorted(set(released)):
        count_reserved(session, section_id)
    waiting.hold_for_queue(session, set(released))


@dataclass(frozen=True, slots=True)
class Stock:
    """What the ledger holds of a section: its version, its seats, and when the first of its reserved pools opens."""

    version: int
    seats: Seats
    until: datetime | None


def stock_of(session: Session, section_ids: Collection[str]) -> dict[str, Stock]:
    """Return what the ledger holds of sections; the seats of one that shares them are counted in its host's row."""
    found: Iterable[Row[Any]] = session.execute(_SEATS, {"ids": list(section_ids)})
    return {key: _stock(list(rows)) for key, rows in groupby(found, key=attrgetter("id"))}


def _stock(rows: Sequence[Row[Any]]) -> Stock:
    """Return what rows tell of a section: one for each of its pools that is kept, at least one."""
    one = rows[0]
    kept = [row for row in rows if row.position is not None]
    pools = (PoolSeats(row.position, row.seats, row.pooled, msgspec.convert(row.audience, Audience)) for row in kept)
    counts = (one.capacity, one.taken, one.held, one.reserved)
    seats = Seats(*counts, tuple(pools), one.waiting, one.queue_first, one.row)
    return Stock(one.version, seats, min((row.until for row in kept if row.until is not None), default=None))


def is_as_told(stock: Mapping[str, Stock], sections: Iterable[SectionFacts], now: datetime) -> bool:
    """Tell whether the ledger holds just what is told of sections, and no reserved pool is due to be opened."""
    if any(told.id not in stock or stock[told.id].version != told.version for told in sections):
        return False
    return all(one.until is None or one.until > now for one in stock.values())


def seats_of(session: Session, section_ids: Collection[str]) -> dict[str, Seats]:
    """Return the seats of sections by id."""
    return {key: one.seats for key, one in stock_of(session, section_ids).items()}


def facts_of(session: Session, section_ids: Collection[str]) -> dict[str, SectionFacts]:
    """Return the facts that the ledger holds of sections, by id."""
    known = [section_id for section_id in section_ids if is_id(section_id)]
    rows = session.execute(_FACTS, {"ids": known}) if known else ()
    return {row.id: msgspec.json.decode(row.facts, type=SectionFacts) for row in rows}


def siblings_of(session: Session, sections: Sequence[SectionFacts]) -> tuple[SectionFacts, ...]:
    """Return the other sections of the same offerings that the ledger knows, in order of number."""
    own = {section.id for section in sections}
    rows = session.scalars(
        select(Section.facts).where(
            Section.offering_id.in_({section.offering.id for section in sections}), Section.id.not_in(own)
        )
    )
    found = [msgspec.json.decode(facts, type=SectionFacts) for facts in rows]
    return tuple(sorted(found, key=lambda section: section.number))


def shift(
    session: Session, taken: Mapping[str, int], held: Mapping[str, int], pooled: Mapping[tuple[str, int], int]
) -> None:
    """Count seats that were taken and given back elsewhere, by section (and pool): what is, is, and may over-fill."""
    rows = rows_of(session, {*taken, *held, *(section_id for section_id, _ in pooled)})
    lock(session, rows)
    taken, held = _summed(taken, rows), _summed(held, rows)
    pooled = _summed_pools(pooled, rows)
    for (section_id, position), change in sorted(pooled.items()):
        session.execute(
            update(SeatPool)
            .where(SeatPool.section_id == section_id, SeatPool.position == position)
            .values(taken=SeatPool.taken + change)
            .execution_options(synchronize_session=False)
        )
    moved = [{"moved": key, "more": taken.get(key, 0), "kept": held.get(key, 0)} for key in sorted({*taken, *held})]
    if moved:
        seated = Section.taken + bindparam("more", type_=Integer), Section.held + bindparam("kept", type_=Integer)
        counted = {
            "taken": seated[0],
            "held": seated[1],
            "overfull": overfull(seated[0] + seated[1], Section.capacity),
        }
        session.connection().execute(update(Section).where(Section.id == bindparam("moved")).values(**counted), moved)
    for section_id in sorted({section_id for section_id, _ in pooled}):
        count_reserved(session, section_id)


def _summed(counts: Mapping[str, int], rows: Mapping[str, str]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for section_id, count in counts.items():
        sums[rows[section_id]] += count
    return sums


def _summed_pools(counts: Mapping[tuple[str, int], int], rows: Mapping[str, str]) -> Counter[tuple[str, int]]:
    sums: Counter[tuple[str, int]] = Counter()
    for (section_id, position), count in counts.items():
        sums[rows[section_id], position] += count
    return sums


def _versions(session: Session, section_ids: Collection[str]) -> dict[str, int]:
    return {row.id: row.version for row in session.execute(_VERSIONS, {"ids": list(section_ids)})}


def lock(session: Session, section_ids: Collection[str]) -> dict[str, int]:
    """Keep sections, and those whose seats they share, from others until the transaction ends, in the order of ids.

    Returns their versions.
    """
    versions = {}
    rows = rows_of(session, section_ids)
    ordered = sorted({*rows, *rows.values()})
    for start in range(0, len(ordered), CHUNK):
        some = select(Section.id, Section.version).where(Section.id.in_(ordered[start : start + CHUNK]))
        locked = session.execute(some.order_by(Section.id).with_for_update())
        versions.update({row.id: row.version for row in locked})
    return versions


def _follow(
    session: Session, newest: Mapping[str, SectionFacts], known: Mapping[str, int], now: datetime
) -> dict[str, int]:
    """Write what is newer than the ledger, and return the versions that it had.

    Somebody else may have been faster since `known` was read, so it is read again under the locks.
    """
    before = rows_of(session, newest)
    stored = lock(session, {*newest, *before.values(), *(told.row for told in newest.values())})
    changed = {key for key, told in newest.items() if stored[key] < told.version}
    for key, told in sorted(newest.items()):
        opened = key not in known and stored[key] == told.version
        if key in changed:
            _change(session, told)
            if before[key] != told.row:
                sharing.move(session, key, before[key], told.row)
        if told.seats_of is None and (key in changed or (opened and told.reserved)):
            _set_pools(session, told, now)
    waiting.hold_for_queue(session, {*changed, *(before[key] for key in changed)})
    return stored


def _row(told: SectionFacts) -> dict[str, Any]:
    return {
        "id": told.id,
        "version": told.version,
        "offering_id": told.offering.id,
        "term_id": told.term.id,
        "course_id": told.course.id,
        "status": told.status,
        "capacity": told.capacity,
        "seats_of": told.seats_of,
        "external_key": told.external_key,
        "facts": msgspec.json.encode(told),
    }


def _open(session: Session, sections: Sequence[SectionFacts]) -> None:
    """Open the ledger of sections seen for the first time; a twin that was faster is left alone."""
    if sections:
        rows = [_row(told) for told in sorted(sections, key=lambda told: told.id)]
        session.execute(database.insert(session, Section).on_conflict_do_nothing(), rows)


def _change(session: Session, told: SectionFacts) -> None:
    row = _row(told)
    session.execute(
        update(Section)
        .where(Section.id == row.pop("id"))
        .values(**row, overfull=overfull(Section.taken + Section.held, literal(told.capacity, Integer)))
        .execution_options(synchronize_session=False)
    )


def _set_pools(session: Session, told: SectionFacts, now: datetime) -> None:
    """Bring the pools to the section's list; one is known by its audience, and what was taken of it stays counted."""
    query = select(SeatPool).where(SeatPool.section_id == told.id).order_by(SeatPool.position)
    known = list(session.scalars(query.execution_options(populate_existing=True)))
    unlisted = list(known)
    for kept in told.reserved:
        pool = next((one for one in unlisted if _same_audience(one.audience, kept)), None)
        if pool is None:
            audience = msgspec.to_builtins(kept.audience)
            pool = SeatPool(section_id=told.id, position=len(known), taken=0, audience=audience)
            known.append(pool)
            session.add(pool)
        else:
            unlisted.remove(pool)
        pool.seats, pool.until = kept.seats, kept.until
        pool.released = kept.until is not None and kept.until <= now
    for pool in unlisted:
        pool.seats, pool.released = 0, True
    session.flush()
    count_reserved(session, told.id)


def _same_audience(known: Mapping[str, Any], kept: Reserved) -> bool:
    return all(set(known[name]) == set(getattr(kept, name)) for name in ("program", "stage", "group"))


def count_reserved(session: Session, section_id: str) -> None:
    """Count anew the free seats that a section's pools keep."""
    free = case((SeatPool.seats > SeatPool.taken, SeatPool.seats - SeatPool.taken), else_=0)
    kept = select(func.coalesce(func.sum(free), 0)).where(SeatPool.section_id == section_id, ~SeatPool.released)
    session.execute(
        update(Section)
        .where(Section.id == section_id)
        .values(reserved=kept.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def overfull(seated: Any, capacity: Any) -> Any:
    """Return how many more are seated than the capacity allows."""
    return case((capacity.is_(None), 0), (seated > capacity, seated - capacity), else_=0)
