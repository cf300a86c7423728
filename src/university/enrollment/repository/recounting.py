"""The ledger's seats compared with the enrollments that hold them, and counted anew where they differ."""

from collections.abc import Collection

from sqlalchemy import Select, case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from university.enrollment.models import (
    Enrollment,
    EnrollmentSection,
    SeatPool,
    Section,
    WaitlistEntry,
    WantedSection,
)
from university.enrollment.repository import ledger
from university.enrollment.rules.case import SEATED

_ROW = func.coalesce(Section.seats_of, EnrollmentSection.section_id)
"""The section in whose row of the ledger a seat is counted."""
_TAKEN = func.sum(case((Enrollment.status.in_(SEATED), 1), else_=0))
_HELD = func.sum(case((Enrollment.status == "offered", 1), else_=0))
_POOLED = func.sum(case((Enrollment.status.in_(SEATED | {"offered"}), 1), else_=0))
_FREE = func.sum(case((SeatPool.seats > SeatPool.taken, SeatPool.seats - SeatPool.taken), else_=0))


def miscounted(session: Session) -> list[str]:
    """Return the sections whose seats are not those of their enrollments and pools.

    One statement sees all of them as of one moment, so that a seat being taken now cannot look like a mistake.
    """
    seats, pools = _seats().subquery(), _pools().subquery()
    free = select(SeatPool.section_id, _FREE.label("seats")).where(~SeatPool.released).group_by(SeatPool.section_id)
    reserved, waiting = free.subquery(), _waiting().subquery()
    sections = (
        select(Section.id)
        .outerjoin(seats, seats.c.section_id == Section.id)
        .outerjoin(reserved, reserved.c.section_id == Section.id)
        .outerjoin(waiting, waiting.c.section_id == Section.id)
        .where(
            or_(
                Section.taken != func.coalesce(seats.c.taken, 0),
                Section.held != func.coalesce(seats.c.held, 0),
                Section.reserved != func.coalesce(reserved.c.seats, 0),
                Section.waiting != func.coalesce(waiting.c.waiting, 0),
            )
        )
    )
    of_pools = (
        select(SeatPool.section_id)
        .outerjoin(pools, (pools.c.section_id == SeatPool.section_id) & (pools.c.pool == SeatPool.position))
        .where(SeatPool.taken != func.coalesce(pools.c.taken, 0))
    )
    return sorted(session.scalars(sections.union(of_pools)))


def recount(session: Session, section_ids: Collection[str]) -> list[str]:
    """Count the seats of sections anew and return those that were wrong; what is taken may over-fill a section.

    The sections are locked first: whoever takes or gives back a seat of them at this moment counts it afterwards.
    """
    locked = ledger.lock(session, section_ids)
    wrong = [section_id for section_id in miscounted(session) if section_id in locked]
    if not wrong:
        return []
    seats = {row.section_id: row for row in session.execute(_seats())}
    pools = {(row.section_id, row.pool): row.taken for row in session.execute(_pools())}
    waiting = {row.section_id: row.waiting for row in session.execute(_waiting())}
    for pool in session.scalars(select(SeatPool).where(SeatPool.section_id.in_(wrong))):
        pool.taken = pools.get((pool.section_id, pool.position), 0)
    session.flush()
    for section_id in wrong:
        taken, held = (seats[section_id].taken, seats[section_id].held) if section_id in seats else (0, 0)
        overfull = ledger.overfull(literal(taken + held), Section.capacity)
        session.execute(
            update(Section)
            .where(Section.id == section_id)
            .values(taken=taken, held=held, overfull=overfull, waiting=waiting.get(section_id, 0))
            .execution_options(synchronize_session=False)
        )
        ledger.count_reserved(session, section_id)
    return wrong


def recount_all(session: Session) -> None:
    """Count anew the seats of every section whose seats are wrong."""
    recount(session, miscounted(session))


def _seats() -> Select[*tuple[str, int, int]]:
    joined = select(_ROW.label("section_id"), _TAKEN.label("taken"), _HELD.label("held")).select_from(EnrollmentSection)
    return joined.join(Enrollment).outerjoin(Section, Section.id == EnrollmentSection.section_id).group_by(_ROW)


def _pools() -> Select[*tuple[str, int | None, int]]:
    columns = (_ROW.label("section_id"), EnrollmentSection.pool, _POOLED.label("taken"))
    joined = select(*columns).select_from(EnrollmentSection).join(Enrollment)
    joined = joined.outerjoin(Section, Section.id == EnrollmentSection.section_id)
    return joined.where(EnrollmentSection.pool.is_not(None)).group_by(_ROW, EnrollmentSection.pool)


def _waiting() -> Select[*tuple[str, int]]:
    """Count who waits for each section; to whom a seat is offered waits no more."""
    row = func.coalesce(Section.seats_of, WantedSection.section_id)
    joined = select(row.label("section_id"), func.count().label("waiting")).select_from(WantedSection)
    joined = joined.join(WaitlistEntry).join(Enrollment).outerjoin(Section, Section.id == WantedSection.section_id)
    return joined.where(Enrollment.status != "offered").group_by(row)
