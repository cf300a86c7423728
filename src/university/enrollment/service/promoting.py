"""Going through queues: whoever waits first and may have what is free gets it, or is offered it.

The call that freed a seat goes through its queue before it answers, as far as its time allows; what it does not come
to, because it crashed, a neighbor is silent or there is too much, a worker finishes. Until a whole pass was made, the
free seats stay held for the queue.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import StudentNotFound
from university.enrollment.models import Enrollment, WaitlistEntry
from university.enrollment.repository import enrollments, known, ledger, permissions, waiting
from university.enrollment.repository.waiting import Turn
from university.enrollment.rules.case import Violation
from university.enrollment.rules.facts import Seats
from university.enrollment.service.access import EnrollmentNotFound
from university.enrollment.service.errands import Done, Errand, Promote
from university.enrollment.service.leaving import History, let_go
from university.enrollment.service.noticing import Notice, notify
from university.enrollment.service.refusing import NotWaiting, SectionNotFound
from university.enrollment.service.registering import Registering
from university.platform import database, deadline, telemetry
from university.platform.database import Primary
from university.platform.errors import Unavailable
from university.platform.idempotency import Answer, Once
from university.platform.security import Principal

UNIVERSITY = Principal("university", frozenset({"registrar"}))
"""Who acts when nobody asked."""
AT_ONCE, MARGIN = 5.0, 0.5
"""Seconds that the call which freed a seat spends on its queue at most, and keeps of its caller's time."""
BATCH, QUEUES = 50, 100
"""Entries looked at together, and queues that a worker takes up in one go."""
LATER = timedelta(seconds=2)
"""When an interrupted pass is tried again."""
_log = telemetry.log("waitlist")
_going: ContextVar[set[str] | None] = ContextVar("queues to be gone through", default=None)


class _PassedOver(Exception):
    """The one whose turn it is may not have the seat."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__()
        self.violations = violations


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An entry whose turn it is, and whether the student has a permission for full sections."""

    entry: WaitlistEntry
    enrollment: Enrollment
    is_let_in: bool

    def may_fit(self, seats: Mapping[str, Seats]) -> bool:
        """Tell whether every section that it lacks has a free seat of some kind, or it needs none."""
        kept = set() if self.enrollment.status == "waitlisted" else set(self.enrollment.section_ids)
        lacking = (seats[key] for key in self.entry.section_ids if key not in kept and key in seats)
        return self.is_let_in or all(one.any_free for one in lacking)


class Promoting:
    """Goes through queues."""

    def __init__(self, primary: Primary, registering: Registering) -> None:
        self._primary, self._registering = primary, registering

    def at_once(self, queue_ids: Collection[str]) -> None:
        """Go through queues that just turned, as far as there is time; what was done before is never undone."""
        going = _going.get()
        if going is not None:
            going.update(queue_ids)
            return
        left = deadline.remaining()
        self._go(set(queue_ids), time.time() + (AT_ONCE if left is None else min(AT_ONCE, left - MARGIN)))

    def finish(self) -> int:
        """Go through the queues that are due; return how many were."""
        with self._primary.read() as session:
            due = waiting.due(session, database.now(session), QUEUES)
        self._go({turn.queue_id for turn in due}, None)
        return len(due)

    def expire_offers(self) -> int:
        """End the offers that were not accepted in time, and go through their queues; return how many ended."""
        with self._primary.read() as session:
            late = enrollments.offers_until(session, database.now(session), BATCH)
        queues = set[str]()
        for enrollment in late:
            with self._primary.begin() as session:
                _expire(session, enrollment)
                queues |= waiting.turned(session)
        self._go(queues, None)
        return len(late)

    def release_pools(self) -> int:
        """Open the reserved seats whose date has passed, to those who wait first; return of how many sections."""
        with self._primary.read() as session:
            expired = known.expired_pools(session, database.now(session))
        queues = set[str]()
        for section_id in expired:
            with self._primary.begin() as session:
                ledger.release_expired(session, [section_id], database.now(session))
                queues |= waiting.turned(session)
        self._go(queues, None)
        return len(expired)

    def look_again(self) -> None:
        """Let every queue turn: windows open, holds and permissions end, and nobody tells."""
        with self._primary.begin() as session:
            waiting.turn_everybody(session)
        self.finish()

    def _go(self, queues: set[str], until: float | None) -> None:
        """Go through queues, and through those that turn by it, at most until a moment in seconds since the epoch."""
        token = _going.set(queues)
        try:
            while queues and (until is None or time.time() < until):
                queue_id = min(queues)
                queues.discard(queue_id)
                self._try(queue_id, until)
        finally:
            _going.reset(token)

    def _try(self, queue_id: str, until: float | None) -> None:
        try:
            with deadline.until(until):
                self._pass(queue_id, until)
        except Exception as error:  # noqa: BLE001 - whatever interrupts a pass, it is made again
            expected = isinstance(error, Unavailable)
            _log.warning("a pass was interrupted", queue_id=queue_id, exc_info=None if expected else error)
            with self._primary.begin() as session:
                waiting.put_off(session, queue_id, database.now(session) + LATER)

    def _pass(self, queue_id: str, until: float | None) -> None:
        """Look at everybody in a queue, in its order; then let newcomers in, unless something turned meanwhile."""
        with self._primary.read() as session:
            turn = waiting.turn_of(session, queue_id)
        if turn is None:
            return
        last: WaitlistEntry | None = None
        while some := self._next(turn, last):
            seats: dict[str, Seats] | None = None
            for one in some:
                if until is not None and time.time() >= until:
                    return
                seats = seats or self._seats(some)
                if one.may_fit(seats):
                    self._promote(one.entry, one.enrollment)
                    seats = None  # Who comes after is not judged for a seat that is taken now.
            last = some[-1].entry
        with self._primary.begin() as session:
            whole = waiting.complete(session, turn)
        if not whole and (going := _going.get()) is not None:
            going.add(queue_id)

    def _next(self, turn: Turn, last: WaitlistEntry | None) -> list[_Waiting]:
        """Return the entries that follow."""
        with self._primary.read() as session:
            some = waiting.entries(session, turn.queue_id, last, BATCH)
            found = enrollments.by_ids(session, [entry.enrollment_id for entry in some])
            let_in = permissions.students_let_in(session, {one.student_id for one in found.values()})
        mine = [(entry, found[entry.enrollment_id]) for entry in some]
        return [_Waiting(entry, enrollment, enrollment.student_id in let_in) for entry, enrollment in mine]

    def _seats(self, some: Sequence[_Waiting]) -> dict[str, Seats]:
        with self._primary.read() as session:
            return ledger.seats_of(session, {key for one in some for key in one.entry.section_ids})

    def _promote(self, entry: WaitlistEntry, enrollment: Enrollment) -> None:
        """Give an entry what it waits for, or note why not.

        Raises `NeighborUnavailable`, `ScheduleMoving`: then nobody who comes later may be looked at either.
        """
        errand = Errand(enrollment.student_id, (Promote(entry.enrollment_id),))
        try:
            self._registering.carry_out(errand, UNIVERSITY, _once(), _conclude)
        except _PassedOver as passed:
            self._pass_over(entry, enrollment, passed.violations)
        except (NotWaiting, EnrollmentNotFound):
            return
        except (StudentNotFound, SectionNotFound) as error:
            _log.warning("an entry cannot be judged", enrollment_id=entry.enrollment_id, code=error.code)

    def _pass_over(self, entry: WaitlistEntry, enrollment: Enrollment, violations: Sequence[Violation]) -> None:
        """Tell why it was not this one's turn, unless that was told before.

        For want of a seat nobody is told, and of a canceled section everybody is told otherwise.
        """
        reasons = [one for one in violations if one.severity == "fatal"]
        if all(one.code in {"section-full", "section-canceled"} for one in reasons):
            return
        told: list[dict[str, Any]] = [asdict(one) for one in reasons]
        if _same(entry.refusals or [], told):
            return
        with self._primary.begin() as session:
            waiting.remember_refusals(session, entry.enrollment_id, told)
            params = {"enrollment_id": enrollment.id, "course": enrollment.course_code, "reasons": reasons}
            notify(session, Notice("passed-over", enrollment.student_id, enrollment.term_id, params))


def _conclude(done: Sequence[Done]) -> Enrollment:
    (only,) = done
    if only.enrollment is None:
        raise _PassedOver(only.violations)
    return only.enrollment


def _once() -> Once:
    return Once(UNIVERSITY.subject, None, "promote", b"", lambda _promoted: Answer(200, b"", {}))


def _same(known: Sequence[dict[str, Any]], told: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the same rules were told before about the same sections."""

    def gist(refusals: Sequence[dict[str, Any]]) -> set[tuple[str, str | None]]:
        return {(one["code"], one["section_id"]) for one in refusals}

    return gist(known) == gist(told)


def _expire(session: Session, late: Enrollment) -> None:
    """End an offer, unless it was accepted or declined meanwhile."""
    enrollments.lock_student(session, late.student_id, late.term_id)
    enrollment, now = enrollments.get(session, late.id, lock=True), database.now(session)
    if enrollment is None or enrollment.status != "offered" or (enrollment.offer_expires_at or now) > now:
        return
    let_go(session, enrollment, History(now, UNIVERSITY.subject), status="dropped", reason="offer-expired")
    params = {"enrollment_id": enrollment.id, "course": enrollment.course_code}
    notify(session, Notice("offer-expired", enrollment.student_id, enrollment.term_id, params))
