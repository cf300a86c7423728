"""Sections that share seats: the row of the ledger that counts for a section is its own, or its host's."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Update, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from university.enrollment.models import Enrollment, EnrollmentSection, SeatPool, Section, WaitlistEntry, WantedSection
from university.enrollment.rules.case import SEATED

ROW: ColumnElement[str] = func.coalesce(Section.seats_of, Section.id)
"""The row that counts for a section."""


_LEDGER = Section.__table__.c
_SHARED = select(_LEDGER.id, _LEDGER.seats_of).where(
    _LEDGER.id.in_(bindparam("ids", expanding=True)), _LEDGER.seats_of.is_not(None)
)


def rows_of(session: Session, section_ids: Collection[str]) -> dict[str, str]:
    """Return the rows that count for sections, by section; one that the ledger does not know counts for itself."""
    found = {one: one for one in section_ids}
    if found:
        shared = session.execute(_SHARED, {"ids": list(found)})
        found |= {row.id: str(row.seats_of) for row in shared}
    return found


def counted_in(rows: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a section's seats are counted in one of these rows."""
    wanted = list(rows)
    return Section.id.in_(wanted) | Section.seats_of.in_(wanted)


def move(session: Session, section_id: str, before: str, after: str) -> None:
    """Count a section's holders and who waits for it in another row than before; both rows are locked by the caller.

    Pools are the row's, so its holders have open seats from now on; more than there are over-fill it.
    """
    in_section = select(Enrollment.status, EnrollmentSection.pool, func.count().label("seats")).join(EnrollmentSection)
    in_section = in_section.where(EnrollmentSection.section_id == section_id)
    taken = held = 0
    for status, pool, seats in session.execute(in_section.group_by(Enrollment.status, EnrollmentSection.pool)):
        holds = status == "offered"
        taken, held = taken + seats * (status in SEATED), held + seats * holds
        if pool is not None and (holds or status in SEATED):
            given_back = (SeatPool.section_id == before, SeatPool.position == pool)
            _update(session, update(SeatPool).where(*given_back).values(taken=SeatPool.taken - seats))
    moved = update(EnrollmentSection).where(EnrollmentSection.section_id == section_id)
    _update(session, moved.values(pool=None))
    waited = select(func.count()).select_from(WantedSection).join(WaitlistEntry).join(Enrollment)
    waited = waited.where(WantedSection.section_id == section_id, Enrollment.status != "offered")
    waiting = session.scalar(waited) or 0
    for row, sign in ((before, -1), (after, +1)):
        more = {"taken": sign * taken, "held": sign * held, "waiting": sign * waiting}
        values = {name: getattr(Section, name) + change for name, change in more.items()}
        seated = values["taken"] + values["held"]
        over = case((seated > Section.capacity, seated - Section.capacity), else_=0)
        _update(session, update(Section).where(Section.id == row).values(**values, overfull=over))


def _update(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
