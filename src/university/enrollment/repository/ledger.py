"""The ledger of seats: kept as the course module says, claimed and given back by one conditional statement each.

Whoever changes several rows locks sections in the order of their ids, and a section before its pools: then no two wait
for each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Integer, bindparam, case, exists, func, literal, select, update
from sqlalchemy.orm import Session

from university.enrollment.models import SeatPool, Section
from university.enrollment.rules.facts import Audience, PoolSeats, Reserved, Seats, SectionFacts, Standing
from university.platform import database
from university.platform.database import is_id

CHUNK = 500
"""Sections that one statement names."""


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
    due = (SeatPool.section_id.in_(section_ids), ~SeatPool.released, SeatPool.until <= now)
    if session.scalar(select(exists().where(*due))):
        lock(session, section_ids)
        expired = update(SeatPool).where(*due).values(released=True).returning(SeatPool.section_id)
        released = session.scalars(expired.execution_options(synchronize_session=False)).all()
        for section_id in sorted(set(released)):
            count_reserved(session, section_id)


def seats_of(session: Session, section_ids: Collection[str]) -> dict[str, Seats]:
    """Return the seats of sections by id."""
    pools = _pools_of(session, section_ids)
    rows = session.execute(
        select(Section.id, Section.capacity, Section.taken, Section.held, Section.reserved).where(
            Section.id.in_(section_ids)
        )
    )
    return {
        row.id: Seats(row.capacity, row.taken, row.held, row.reserved, tuple(pools.get(row.id, ()))) for row in rows
    }


def facts_of(session: Session, section_ids: Collection[str]) -> dict[str, SectionFacts]:
    """Return the facts that the ledger holds of sections, by id."""
    known = [section_id for section_id in section_ids if is_id(section_id)]
    rows = session.execute(select(Section.id, Section.facts).where(Section.id.in_(known)))
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


def claim(session: Session, section_id: str, seats: Seats, standing: Standing) -> tuple[bool, int | None]:
    """Take one seat: of the narrowest pool that fits and has room, else of the open seats.

    Returns whether a seat was taken, and the pool it came from. Each step is one conditional statement, so that no
    number of simultaneous claims takes more seats than there are.
    """
    for pool in seats.pools_for(standing):
        if _claim_of_pool(session, section_id, pool.position):
            return True, pool.position
    taken = session.scalar(
        update(Section)
        .where(
            Section.id == section_id,
            Section.status == "open",
            Section.capacity.is_(None) | (Section.taken + Section.held + Section.reserved < Section.capacity),
        )
        .values(taken=Section.taken + 1)
        .returning(Section.taken)
        .execution_options(synchronize_session=False)
    )
    return taken is not None, None


def release(session: Session, section_id: str, pool: int | None) -> None:
    """Give one seat back: to its pool while the pool is kept, else to the open seats."""
    kept = 0
    if pool is not None:
        lock(session, [section_id])
        row = session.execute(
            update(SeatPool)
            .where(SeatPool.section_id == section_id, SeatPool.position == pool, SeatPool.taken > 0)
            .values(taken=SeatPool.taken - 1)
            .returning(SeatPool.taken, SeatPool.seats, SeatPool.released)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        kept = int(row is not None and not row.released and row.taken < row.seats)
    session.execute(
        update(Section)
        .where(Section.id == section_id)
        .values(
            taken=Section.taken - 1,
            reserved=Section.reserved + kept,
            overfull=overfull(Section.taken - 1 + Section.held, Section.capacity),
        )
        .execution_options(synchronize_session=False)
    )


def shift(
    session: Session, taken: Mapping[str, int], held: Mapping[str, int], pooled: Mapping[tuple[str, int], int]
) -> None:
    """Count seats that were taken and given back elsewhere, by section (and pool): what is, is, and may over-fill."""
    lock(session, {*taken, *held, *(section_id for section_id, _ in pooled)})
    for (section_id, position), change in sorted(pooled.items()):
        session.execute(
            update(SeatPool)
            .where(SeatPool.section_id == section_id, SeatPool.position == position)
            .values(taken=SeatPool.taken + change)
            .execution_options(synchronize_session=False)
        )
    rows = [{"moved": key, "more": taken.get(key, 0), "kept": held.get(key, 0)} for key in sorted({*taken, *held})]
    if rows:
        seated = Section.taken + bindparam("more", type_=Integer), Section.held + bindparam("kept", type_=Integer)
        counted = {
            "taken": seated[0],
            "held": seated[1],
            "overfull": overfull(seated[0] + seated[1], Section.capacity),
        }
        session.connection().execute(update(Section).where(Section.id == bindparam("moved")).values(**counted), rows)
    for section_id in sorted({section_id for section_id, _ in pooled}):
        count_reserved(session, section_id)


def _claim_of_pool(session: Session, section_id: str, position: int) -> bool:
    nested = session.begin_nested()
    section = session.scalar(
        update(Section)
        .where(
            Section.id == section_id,
            Section.status == "open",
            Section.reserved > 0,
            Section.capacity.is_(None) | (Section.taken + Section.held < Section.capacity),
        )
        .values(taken=Section.taken + 1, reserved=Section.reserved - 1)
        .returning(Section.id)
        .execution_options(synchronize_session=False)
    )
    pool = section and session.scalar(
        update(SeatPool)
        .where(
            SeatPool.section_id == section_id,
            SeatPool.position == position,
            SeatPool.taken < SeatPool.seats,
            ~SeatPool.released,
        )
        .values(taken=SeatPool.taken + 1)
        .returning(SeatPool.section_id)
        .execution_options(synchronize_session=False)
    )
    if not pool:
        nested.rollback()
        return False
    nested.commit()
    return True


def _pools_of(session: Session, section_ids: Collection[str]) -> Mapping[str, list[PoolSeats]]:
    pools: dict[str, list[PoolSeats]] = defaultdict(list)
    rows = session.scalars(
        select(SeatPool)
        .where(SeatPool.section_id.in_(section_ids), ~SeatPool.released)
        .order_by(SeatPool.section_id, SeatPool.position)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        audience = msgspec.convert(row.audience, Audience)
        pools[row.section_id].append(PoolSeats(row.position, row.seats, row.taken, audience))
    return pools


def _versions(session: Session, section_ids: Collection[str]) -> dict[str, int]:
    rows = session.execute(select(Section.id, Section.version).where(Section.id.in_(section_ids)))
    return {row.id: row.version for row in rows}


def lock(session: Session, section_ids: Collection[str]) -> dict[str, int]:
    """Keep sections from others until the transaction ends, in the order of ids; return their versions."""
    versions = {}
    ordered = sorted(section_ids)
    for start in range(0, len(ordered), CHUNK):
        some = select(Section.id, Section.version).where(Section.id.in_(ordered[start : start + CHUNK]))
        rows = session.execute(some.order_by(Section.id).with_for_update())
        versions.update({row.id: row.version for row in rows})
    return versions


def _follow(
    session: Session, newest: Mapping[str, SectionFacts], known: Mapping[str, int], now: datetime
) -> dict[str, int]:
    """Write what is newer than the ledger, and return the versions that it had.

    Somebody else may have been faster since `known` was read, so it is read again under the locks.
    """
    stored = lock(session, newest)
    for key, told in sorted(newest.items()):
        opened = key not in known and stored[key] == told.version
        if stored[key] < told.version:
            _change(session, told)
            _set_pools(session, told, now)
        elif opened and told.reserved:
            _set_pools(session, told, now)
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
