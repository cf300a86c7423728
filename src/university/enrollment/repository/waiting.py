"""Queues: places given out in order, turns to go through them, and who waits for what.

Queues are locked after students, enrollments and sections, in the order of their ids; so whatever lets queues turn
notes that only, and it is written when the transaction ends. Then no two wait for each other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, event, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from university.enrollment.models import Enrollment, Section, Waitlist, WaitlistEntry, WantedSection
from university.enrollment.repository.sharing import counted_in, rows_of
from university.platform import database
from university.platform.paging import Page, PageRequest, fetch

EVERYBODY, PRECEDENCE = 1, 0
"""Priority classes: those who lost a place because the university canceled it come before everybody else."""
CHUNK = 500
"""Queues that one statement names."""


_ENTRY, _ENROLLMENT = WaitlistEntry.__table__.c, Enrollment.__table__.c
_QUEUES_OF_STUDENT = (
    select(_ENTRY.queue_id)
    .where(_ENTRY.enrollment_id == _ENROLLMENT.id, _ENROLLMENT.student_id == bindparam("student"))
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in its queue, from 1, and what it waits for."""

    position: int
    of: int
    section_ids: Sequence[str]
    instead_of: str | None
    refusals: Sequence[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A queue that is due to be gone through, and up to which turn."""

    queue_id: str
    turn: int


def join(session: Session, entry: WaitlistEntry) -> None:
    """Put an entry at the end of its class; the queue stays locked, so that the order of places is that of commits.

    The queue (`lock`) and the sections waited for are locked by the caller.
    """
    entry.sequence = session.execute(
        update(Waitlist)
        .where(Waitlist.id == entry.queue_id)
        .values(last_sequence=Waitlist.last_sequence + 1)
        .returning(Waitlist.last_sequence)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.add(entry)
    session.flush()
    _count(session, entry.section_ids, +1)


def entry_of(session: Session, enrollment_id: str) -> WaitlistEntry | None:
    """Return the entry of an enrollment that waits, or to whom a seat is offered."""
    return session.get(WaitlistEntry, enrollment_id, populate_existing=True)


def entries_of(session: Session, enrollment_ids: Collection[str]) -> dict[str, WaitlistEntry]:
    """Return the entries of enrollments, by enrollment."""
    if not enrollment_ids:
        return {}
    query = select(WaitlistEntry).where(WaitlistEntry.enrollment_id.in_(enrollment_ids))
    return {entry.enrollment_id: entry for entry in session.scalars(query)}


def leave(session: Session, entry: WaitlistEntry, *, offered: bool = False) -> None:
    """Take an entry out of its queue; its sections are locked by the caller. One with an offer is counted no more."""
    if not offered:
        _count(session, entry.section_ids, -1)
    session.delete(entry)
    session.flush()


def lock(session: Session, joining: Collection[str], term_id: str, student_id: str, freed: Collection[str]) -> None:
    """Lock the queues that a student joins, opened if they are not, with all that will turn in this transaction.

    Those are the queues noted already, those in which the student waits, and those for the sections freed.
    """
    others = turned(session) | _queues(session, Enrollment.student_id == student_id) | _for_sections(session, freed)
    for queue_id in sorted({*joining, *others}):
        if queue_id in joining:
            row = {"id": queue_id, "term_id": term_id, "try_at": database.now(session)}
            session.execute(database.insert(session, Waitlist).values(row).on_conflict_do_nothing())
        session.execute(select(Waitlist.id).where(Waitlist.id == queue_id).with_for_update())


def turn(session: Session, queue_ids: Collection[str]) -> None:
    """Let queues be gone through again, because something changed that may let somebody in."""
    if queue_ids and not turned(session):
        event.listen(session, "before_commit", _write_turns)
    turned(session).update(queue_ids)


def _write_turns(session: Session) -> None:
    """Write what was noted; all at once, so that queues are locked in the order of their ids."""
    if session.in_nested_transaction():
        return
    ordered = sorted(turned(session))
    for start in range(0, len(ordered), CHUNK):
        some = Waitlist.id.in_(ordered[start : start + CHUNK])
        session.execute(select(Waitlist.id).where(some).order_by(Waitlist.id).with_for_update())
        session.execute(
            update(Waitlist)
            .where(some)
            .values(turn=Waitlist.turn + 1, try_at=database.now(session))
            .execution_options(synchronize_session=False)
        )


def turned(session: Session) -> set[str]:
    """Return the queues that this session let turn."""
    queues: set[str] = session.info.setdefault("turned", set())
    return queues


def turn_for_student(session: Session, student_id: str) -> None:
    """Let the queues be gone through in which a student waits."""
    turn(session, set(session.scalars(_QUEUES_OF_STUDENT, {"student": student_id})))


def turn_for_students(session: Session, student_ids: Collection[str]) -> None:
    """Let the queues be gone through in which any of the students waits."""
    turn(session, _queues(session, Enrollment.student_id.in_(student_ids)))


def turn_for_term(session: Session, term_id: str) -> None:
    """Let all queues of a term be gone through in which anybody waits."""
    turn(session, _queues(session, Enrollment.term_id == term_id))


def turn_everybody(session: Session) -> None:
    """Let all queues be gone through in which anybody waits."""
    turn(session, set(session.scalars(select(WaitlistEntry.queue_id).distinct())))


def turn_for_sections(session: Session, section_ids: Collection[str]) -> None:
    """Let the queues be gone through in which anybody waits for one of the sections."""
    turn(session, _for_sections(session, section_ids))


def hold_for_queue(session: Session, section_ids: Collection[str]) -> None:
    """Keep the free seats of sections, whose rows are locked, for those who wait; and let their queues turn."""
    if not section_ids:
        return
    held = session.scalars(
        update(Section)
        .where(Section.id.in_(set(rows_of(session, section_ids).values())), Section.waiting > 0)
        .values(queue_first=True)
        .returning(Section.id)
        .execution_options(synchronize_session=False)
    ).all()
    if held:
        turn_for_sections(session, held)


def _for_sections(session: Session, section_ids: Collection[str]) -> set[str]:
    if not section_ids:
        return set()
    sharing_them = select(Section.id).where(counted_in(rows_of(session, section_ids).values()))
    waited = select(WantedSection.enrollment_id).where(WantedSection.section_id.in_(sharing_them))
    return _queues(session, Enrollment.id.in_(waited))


def _queues(session: Session, whose: ColumnElement[bool]) -> set[str]:
    found = select(WaitlistEntry.queue_id).join(Enrollment, Enrollment.id == WaitlistEntry.enrollment_id)
    return set(session.scalars(found.where(whose).distinct()))


def _count(session: Session, section_ids: Collection[str], change: int) -> None:
    for row in sorted(rows_of(session, section_ids).values()):
        session.execute(
            update(Section)
            .where(Section.id == row)
            .values(waiting=Section.waiting + change, queue_first=Section.queue_first & (Section.waiting > 0))
            .execution_options(synchronize_session=False)
        )


def due(session: Session, moment: datetime, limit: int) -> list[Turn]:
    """Return queues that are due, the longest waiting first."""
    query = select(Waitlist.id, Waitlist.turn).where(Waitlist.turned < Waitlist.turn, Waitlist.try_at <= moment)
    return [Turn(row.id, row.turn) for row in session.execute(query.order_by(Waitlist.try_at).limit(limit))]


def turn_of(session: Session, queue_id: str) -> Turn | None:
    """Return a queue's turn when it is due."""
    query = select(Waitlist.turn).where(Waitlist.id == queue_id, Waitlist.turned < Waitlist.turn)
    found = session.scalar(query)
    return None if found is None else Turn(queue_id, found)


def entries(session: Session, queue_id: str, after: WaitlistEntry | None, limit: int) -> list[WaitlistEntry]:
    """Return those who wait in a queue, in its order, after an entry; without those to whom a seat is offered."""
    key = (WaitlistEntry.priority, WaitlistEntry.ticket, WaitlistEntry.sequence)
    query = select(WaitlistEntry).join(Enrollment, Enrollment.id == WaitlistEntry.enrollment_id)
    query = query.where(WaitlistEntry.queue_id == queue_id, Enrollment.status != "offered")
    if after is not None:
        query = query.where(tuple_(*key) > (after.priority, after.ticket, after.sequence))
    return list(session.scalars(query.order_by(*key).limit(limit)))


def page(session: Session, queue_id: str, wanted: PageRequest) -> Page:
    """Return a page of a queue in its order, with those to whom a seat is offered."""
    query = select(WaitlistEntry).where(WaitlistEntry.queue_id == queue_id)
    return fetch(session, query, [WaitlistEntry.priority, WaitlistEntry.ticket, WaitlistEntry.sequence], wanted)


def places(session: Session, enrollment_ids: Collection[str]) -> dict[str, Place]:
    """Return where enrollments stand in their queues; one to whom a seat is offered stands there no more."""
    mine = session.scalars(select(WaitlistEntry).where(WaitlistEntry.enrollment_id.in_(enrollment_ids))).all()
    if not mine:
        return {}
    waiting = (
        select(WaitlistEntry.enrollment_id, WaitlistEntry.queue_id)
        .join(Enrollment, Enrollment.id == WaitlistEntry.enrollment_id)
        .where(WaitlistEntry.queue_id.in_({entry.queue_id for entry in mine}), Enrollment.status != "offered")
    )
    key = (WaitlistEntry.priority, WaitlistEntry.ticket, WaitlistEntry.sequence)
    ranks = waiting.add_columns(
        func.row_number().over(partition_by=WaitlistEntry.queue_id, order_by=key).label("position"),
        func.count().over(partition_by=WaitlistEntry.queue_id).label("of"),
    ).subquery()
    found = session.execute(select(ranks).where(ranks.c.enrollment_id.in_([entry.enrollment_id for entry in mine])))
    rank = {row.enrollment_id: row for row in found}
    return {
        entry.enrollment_id: Place(
            rank[entry.enrollment_id].position,
            rank[entry.enrollment_id].of,
            entry.section_ids,
            entry.instead_of,
            entry.refusals or (),
        )
        for entry in mine
        if entry.enrollment_id in rank
    }


def waiting_of(session: Session, student_id: str, term_id: str) -> list[WaitlistEntry]:
    """Return the entries of a student in a term."""
    query = select(WaitlistEntry).join(Enrollment, Enrollment.id == WaitlistEntry.enrollment_id)
    return list(session.scalars(query.where(Enrollment.student_id == student_id, Enrollment.term_id == term_id)))


def offered(session: Session, entry: WaitlistEntry) -> None:
    """Let an entry, to whom a seat is offered now, be counted no more among those who wait for one."""
    entry.refusals = None
    _count(session, entry.section_ids, -1)


def remember_refusals(session: Session, enrollment_id: str, refusals: list[dict[str, object]]) -> None:
    """Note why an entry was passed over."""
    session.execute(
        update(WaitlistEntry)
        .where(WaitlistEntry.enrollment_id == enrollment_id)
        .values(refusals=refusals)
        .execution_options(synchronize_session=False)
    )


def complete(session: Session, seen: Turn) -> bool:
    """Note that a whole pass has seen a turn; tell whether no newer one came, and then let newcomers in.

    The sections are locked before the queue, as everywhere.
    """
    guest = aliased(Section)
    wanted = select(func.coalesce(guest.seats_of, guest.id)).join(WantedSection, WantedSection.section_id == guest.id)
    wanted = wanted.join(WaitlistEntry, WaitlistEntry.enrollment_id == WantedSection.enrollment_id)
    held = select(Section.id).where(
        Section.queue_first, Section.id.in_(wanted.where(WaitlistEntry.queue_id == seen.queue_id))
    )
    section_ids = session.scalars(held.order_by(Section.id).with_for_update()).all()
    newest = session.scalar(select(Waitlist.turn).where(Waitlist.id == seen.queue_id).with_for_update())
    session.execute(
        update(Waitlist)
        .where(Waitlist.id == seen.queue_id, Waitlist.turned < seen.turn)
        .values(turned=seen.turn)
        .execution_options(synchronize_session=False)
    )
    if newest != seen.turn:
        return False
    session.execute(
        update(Section)
        .where(Section.id.in_(section_ids))
        .values(queue_first=False)
        .execution_options(synchronize_session=False)
    )
    return True


def put_off(session: Session, queue_id: str, until: datetime) -> None:
    """Let an interrupted pass be tried again at a moment."""
    session.execute(
        update(Waitlist)
        .where(Waitlist.id == queue_id)
        .values(try_at=until)
        .execution_options(synchronize_session=False)
    )
