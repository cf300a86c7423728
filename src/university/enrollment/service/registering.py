"""Carrying out an errand: neighbors are asked, then one transaction locks, judges, moves the seats, announces.

All take locks in one order: the student's term, the standing, enrollments by id, sections by id, queues by id.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.models import Enrollment, WaitlistEntry
from university.enrollment.repository import enrollments, ledger, permissions, policies, records, waiting, windows
from university.enrollment.repository.records import Taken
from university.enrollment.rules.case import SEATED, Case, forbidden
from university.enrollment.rules.facts import Seats, SectionFacts
from university.enrollment.rules.request import Leaving, Request, Verdict, judge_in_turn, judge_together
from university.enrollment.service import carrying, record
from university.enrollment.service.carrying import MovedError, SeatLostError, Work
from university.enrollment.service.errands import Asked, Asking, Done, Errand
from university.enrollment.service.leaving import History
from university.enrollment.service.refusing import ScheduleMoving
from university.platform import telemetry
from university.platform.database import Primary
from university.platform.idempotency import Once
from university.platform.security import Principal

TRIES, LOST = 3, 10
"""How often an errand is judged anew: because something moved since neighbors were asked, because a seat was lost."""
Result = TypeVar("Result")
Conclude = Callable[[Sequence[Done]], Result]
Turned = Callable[[Collection[str]], None]


class _FewerError(Exception):
    """Some items are refused, and what neighbors judged of the others may rest on them."""

    def __init__(self, refused: Verdict) -> None:
        super().__init__()
        self.refused = refused


class Registering:
    """Carries out errands; `when_turned` is told which queues are due to be gone through afterwards."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient, zone: ZoneInfo) -> None:
        self._primary, self._asking, self._zone = primary, Asking(primary, students, courses), zone
        self.when_turned: Turned = lambda _queues: None

    def carry_out(self, errand: Errand, who: Principal, once: Once, conclude: Conclude[Result]) -> Result:
        """Return what `conclude` makes of what became of each item; whatever it raises undoes everything.

        Raises what `Asking.ask` raises, and `ScheduleMoving`; then nothing was written.
        """
        tries, refused = TRIES, Verdict()
        while tries:
            asked = self._asking.ask(errand, who, refused)
            try:
                result, turned = self._settle(errand, asked, who, once, conclude)
            except MovedError:
                tries -= 1
            except _FewerError as fewer:
                refused = fewer.refused
            else:
                if turned:
                    self.when_turned(turned)
                return result
        raise ScheduleMoving

    def _settle(
        self, errand: Errand, asked: Asked, who: Principal, once: Once, conclude: Conclude[Result]
    ) -> tuple[Result, set[str]]:
        for _ in range(LOST):
            try:
                with once.begin(self._primary) as session:
                    work = self._lay_out(session, errand, asked, who)
                    result = once.keep(session, conclude(_judge_and_write(session, work)))
                    return result, waiting.turned(session)
            except SeatLostError:
                continue
        raise MovedError

    def _lay_out(self, session: Session, errand: Errand, asked: Asked, who: Principal) -> Work:
        """Return what is to be judged, under the locks that keep it so; raise `MovedError`."""
        enrollments.lock_student(session, asked.standing.student_id, asked.term_id)
        if not enrollments.is_newest(session, asked.standing):
            raise MovedError
        held = enrollments.locked(session, {*asked.names, *asked.resting})
        named = {key: one for key, one in held.items() if key in asked.names}
        entries = waiting.entries_of(session, asked.names)
        state = records.state_of(session, asked.standing.student_id)
        if state.versions != records.versions(asked.taken) or _queue_moved(asked, entries):
            raise MovedError
        seats = _follow_sections(session, asked, named.values(), entries.values(), state.now)
        request = self._request(session, asked, named, seats, state.now)
        history = History(state.now, who.subject, errand.id or telemetry.trace_id())
        work = Work(errand, asked, request, named, entries, history, self._zone)
        return replace(work, waits=state.waits, permitted=state.permitted)

    def _request(
        self,
        session: Session,
        asked: Asked,
        named: Mapping[str, Enrollment],
        seats: Mapping[str, Seats],
        now: datetime,
    ) -> Request:
        bearing: list[Enrollment | Taken] = [
            *(one for one in asked.taken if one.term_id == asked.term_id),
            *named.values(),
        ]
        facts = ledger.facts_of(session, {key for one in bearing for key in one.section_ids})
        case = Case(
            now=now,
            today=now.astimezone(self._zone).date(),
            standing=asked.standing,
            wish=(),
            requisites=asked.answers.requisites,
            schedule=record.schedule(asked.taken, asked.term_id, facts),
            windows=windows.of_term(session, asked.term_id) if asked.adds else (),
            attempts=record.attempts(asked.standing, asked.taken),
            seats=seats,
        )
        steps = asked.steps
        leaving = {
            key: Leaving(record.place(one, facts), _pools(one), held=one.status == "offered")
            for key, one in named.items()
        }
        return Request(
            case,
            asked.adds,
            {at: replace(leaving[one.drops], withdraws=one.withdraws) for at, one in steps.items() if one.drops},
            {at: leaving[one.stays] for at, one in steps.items() if one.stays},
            waits=frozenset(at for at, one in steps.items() if one.waits),
            queued=frozenset(at for at, one in steps.items() if one.queued),
            moves=frozenset(at for at, one in steps.items() if one.moves),
            offers=frozenset(at for at, one in steps.items() if _is_offered(one.stays, asked.adds.get(at, ()), named)),
        )


def _is_offered(stays: str | None, wish: Sequence[SectionFacts], named: Mapping[str, Enrollment]) -> bool:
    """Tell whether a seat is offered to who waits; who has a seat in the offering already just changes to it."""
    return stays is not None and named[stays].status == "waitlisted" and wish[0].offering.waitlist_policy == "offer"


def _queue_moved(asked: Asked, entries: Mapping[str, WaitlistEntry]) -> bool:
    """Tell whether an entry, whose turn it is, does not wait for the same any more."""
    return any(
        step.stays not in entries or tuple(entries[step.stays].section_ids) != step.section_ids
        for step in asked.steps.values()
        if step.queued and step.stays is not None
    )


def _follow_sections(
    session: Session,
    asked: Asked,
    named: Collection[Enrollment],
    entries: Collection[WaitlistEntry],
    now: datetime,
) -> dict[str, Seats]:
    """Bring the ledger to what was told of the sections wished for; return their seats.

    Raises `MovedError` when the ledger knows better. Whatever does more than take seats keeps all its sections to
    itself first.
    """
    wished = _wished(asked)
    if named or any(step.waits for step in asked.steps.values()):
        touched = {key for one in named for key in one.section_ids} | {
            key for one in entries for key in one.section_ids
        }
        ledger.lock(session, {*wished, *touched})
    told = (*wished.values(), *asked.answers.hosts)
    if not told:
        return {}
    stock = ledger.stock_of(session, {one.id for one in told})
    if not ledger.is_as_told(stock, told, now):
        if ledger.refresh(session, told, now):
            raise MovedError
        ledger.release_expired(session, list(wished), now)
        stock = ledger.stock_of(session, list(wished))
    return {key: stock[key].seats for key in wished}


def _judge_and_write(session: Session, work: Work) -> list[Done]:
    """Return what became of each item; raise `_FewerError`, `SeatLostError`, `MovedError`."""
    judge = judge_in_turn if work.errand.in_turn else judge_together
    request = work.request
    if request.waits or request.queued:
        request = _with_permits(session, work, request)
    verdict = judge(request)
    if any(verdict.values()):
        request = _with_siblings(session, _with_permits(session, work, request))
        verdict = judge(request)
    refused = {at: violations for at, violations in verdict.items() if forbidden(violations)}
    if work.errand.in_turn and refused and _may_rest_on(request, refused):
        raise _FewerError({**work.asked.refused, **refused})
    verdict |= work.asked.refused
    accepted = [at for at, violations in verdict.items() if not forbidden(violations)]
    changed: dict[int, Enrollment] = {}
    if not work.errand.trial and (work.errand.in_turn or len(accepted) == len(verdict)):
        changed = carrying.write(session, replace(work, request=request, verdict=verdict), accepted)
    return [Done(item, verdict[at], changed.get(at)) for at, item in enumerate(work.errand.items)]


def _may_rest_on(request: Request, refused: Verdict) -> bool:
    """Tell whether a course that is still asked for has requisites, which were judged as if all items went through."""
    going = {section.course.id for at, wish in request.adds.items() if at not in refused for section in wish}
    return any(answer.tree is not None for answer in request.case.requisites if answer.course_id in going)


def _with_permits(session: Session, work: Work, request: Request) -> Request:
    """Return the request with the student's permissions and the term's policy, which nothing is asked without need."""
    student, term = work.asked.standing.student_id, work.asked.term_id
    allowed = permissions.of_student(session, student, term) if work.permitted else ()
    policy = policies.of_term(session, term)
    return replace(request, case=replace(request.case, permissions=allowed, policy=policy))


def _with_siblings(session: Session, request: Request) -> Request:
    """Return the request with the ledger as it is now, and with the other sections that remedies may name."""
    wished = [section for wish in request.adds.values() for section in wish]
    siblings = ledger.siblings_of(session, wished)
    seats = ledger.seats_of(session, [section.id for section in (*wished, *siblings)])
    return replace(request, case=replace(request.case, seats=seats, siblings=siblings))


def _wished(asked: Asked) -> dict[str, SectionFacts]:
    return {section.id: section for wish in asked.adds.values() for section in wish}


def _pools(enrollment: Enrollment) -> dict[str, int | None]:
    """Return the pools that its seats come from, by section; who waits has none."""
    has_seats = enrollment.status in SEATED or enrollment.status == "offered"
    return {taken.section_id: taken.pool for taken in enrollment.sections} if has_seats else {}
