"""Seats of the ledger claimed and given back, by one conditional statement each.

Whoever claims or gives back several does so in the order of the rows that count them, and a section before its pools:
then no two wait for each other.
"""

from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from university.enrollment.models import SeatPool, Section
from university.enrollment.repository.ledger import lock, overfull
from university.enrollment.repository.sharing import rows_of
from university.enrollment.rules.facts import Seats, Standing

_TABLE = cast("Table", Section.__table__)
_LEDGER = _TABLE.c


def claim(
    session: Session, section_id: str, seats: Seats, standing: Standing, *, queued: bool = False, held: bool = False
) -> tuple[bool, int | None]:
    """Take one seat: of the narrowest pool that fits and has room, else of the open seats.

    Who comes from the queue (`queued`) may have what is held for it; a seat that is only offered is `held`. Returns
    whether a seat was taken, and the pool it came from. Each step is one conditional statement, so that no number of
    simultaneous claims takes more seats than there are.
    """
    row = seats.row or section_id
    for pool in seats.pools_for(standing):
        kept = _claiming(pooled=True, shared=row != section_id, queued=queued, held=held)
        if _claim_of_pool(session, kept, section_id, row, pool.position):
            return True, pool.position
    seat = _claiming(pooled=False, shared=row != section_id, queued=queued, held=held)
    return session.scalar(seat, {"row": row, "section": section_id}) is not None, None


@cache
def _claiming(*, pooled: bool, shared: bool, queued: bool, held: bool) -> ReturningUpdate[int]:
    """Return the one conditional statement that takes an open seat, or one that is kept for a pool.

    Of a section that shares seats its own status counts, not its host's; what is held for the queue is not for others.
    """
    seated = _LEDGER.taken + _LEDGER.held
    kept = () if pooled else (_LEDGER.reserved,)
    conditions = [_LEDGER.id == bindparam("row"), _LEDGER.capacity.is_(None) | (sum(kept, seated) < _LEDGER.capacity)]
    if pooled:
        conditions.append(_LEDGER.reserved > 0)
    if not queued:
        conditions.append(~_LEDGER.queue_first | (_LEDGER.waiting == 0))
    if shared:
        guest = _TABLE.alias("guest").c
        mine = (guest.id == bindparam("section"), guest.seats_of == bindparam("row"), guest.status == "open")
        conditions.append(exists().where(*mine))
    else:
        conditions.append(_LEDGER.status == "open")
    less = {"reserved": _LEDGER.reserved - 1} if pooled else {}
    return update(_TABLE).where(*conditions).values(_one_more(held=held) | less).returning(_LEDGER.taken)


def claim_beyond(session: Session, section_id: str, *, held: bool = False) -> None:
    """Take one seat that a permission gives, past capacity, queue and a closed door; a free one if there is any."""
    seated = Section.taken + Section.held + 1
    session.execute(
        update(Section)
        .where(Section.id == rows_of(session, [section_id])[section_id])
        .values(**_one_more(held=held), overfull=overfull(seated, Section.capacity))
        .execution_options(synchronize_session=False)
    )


def accept(session: Session, section_id: str) -> None:
    """Let a seat that was held for an offer be taken."""
    session.execute(
        update(Section)
        .where(Section.id == rows_of(session, [section_id])[section_id])
        .values(taken=Section.taken + 1, held=Section.held - 1)
        .execution_options(synchronize_session=False)
    )


def release(session: Session, section_id: str, pool: int | None, *, held: bool = False) -> None:
    """Give one seat back, taken or only held: to its pool while the pool is kept, else to the open seats."""
    kept, section_id = 0, rows_of(session, [section_id])[section_id]
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
            **{"held": Section.held - 1} if held else {"taken": Section.taken - 1},
            reserved=Section.reserved + kept,
            overfull=overfull(Section.taken - 1 + Section.held, Section.capacity),
        )
        .execution_options(synchronize_session=False)
    )


def _one_more(*, held: bool) -> dict[str, ColumnElement[int]]:
    return {"held": _LEDGER.held + 1} if held else {"taken": _LEDGER.taken + 1}


def _claim_of_pool(session: Session, claiming: ReturningUpdate[int], section_id: str, row: str, position: int) -> bool:
    nested = session.begin_nested()
    taken = session.scalar(claiming, {"row": row, "section": section_id})
    pool = taken is not None and session.scalar(
        update(SeatPool)
        .where(
            SeatPool.section_id == row,
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
