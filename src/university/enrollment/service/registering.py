"""Carrying out an errand: neighbors are asked, then one transaction locks, judges, moves the seats, announces.

All take locks in one order: the student's term, the standing, enrollments by id, sections by id.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.events import EnrollmentCreated
from university.enrollment.models import Enrollment, EnrollmentSection
from university.enrollment.repository import enrollments, ledger, windows
from university.enrollment.rules.case import SEATED, Case
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.rules.request import Leaving, Request, Verdict, judge_in_turn, judge_together
from university.enrollment.service import dropping, record
from university.enrollment.service.errands import Asked, Asking, Done, Errand
from university.enrollment.service.refusing import ScheduleMoving
from university.platform import database, telemetry
from university.platform.database import Primary, new_id
from university.platform.idempotency import Once
from university.platform.messaging.outbox import announce
from university.platform.security import Principal

TRIES, LOST = 3, 10
"""How often an errand is judged anew: because something moved since neighbors were asked, because a seat was lost."""
Result = TypeVar("Result")
Conclude = Callable[[Sequence[Done]], Result]


class _MovedError(Exception):
    """What neighbors told or judged is no longer so."""


class _SeatLostError(Exception):
    """Somebody else took a seat after it was judged free."""


class _FewerError(Exception):
    """Some items are refused, and what neighbors judged of the others may rest on them."""

    def __init__(self, refused: Verdict) -> None:
        super().__init__()
        self.refused = refused


@dataclass(frozen=True, slots=True)
class _Work:
    """An errand under the locks: what is judged, the enrollments it would drop, and what its history tells."""

    errand: Errand
    asked: Asked
    request: Request
    dropped: Mapping[int, Enrollment]
    history: dict[str, Any]


class Registering:
    """Carries out errands."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient, zone: ZoneInfo) -> None:
        self._primary, self._asking, self._zone = primary, Asking(primary, students, courses), zone

    def carry_out(self, errand: Errand, who: Principal, once: Once, conclude: Conclude[Result]) -> Result:
        """Return what `conclude` makes of what became of each item; whatever it raises undoes everything.

        Raises what `Asking.ask` raises, and `ScheduleMoving`; then nothing was written.
        """
        tries, refused = TRIES, Verdict()
        while tries:
            asked = self._asking.ask(errand, who, refused)
            try:
                return self._settle(errand, asked, who, once, conclude)
            except _MovedError:
                tries -= 1
            except _FewerError as fewer:
                refused = fewer.refused
        raise ScheduleMoving

    def _settle(self, errand: Errand, asked: Asked, who: Principal, once: Once, conclude: Conclude[Result]) -> Result:
        for _ in range(LOST):
            try:
                with once.begin(self._primary) as session:
                    work = self._lay_out(session, errand, asked, who)
                    return once.keep(session, conclude(_judge_and_write(session, work)))
            except _SeatLostError:
                continue
        raise _MovedError

    def _lay_out(self, session: Session, errand: Errand, asked: Asked, who: Principal) -> _Work:
        """Return what is to be judged, under the locks that keep it so; raise `_MovedError`."""
        enrollments.lock_student(session, asked.standing.student_id, asked.term_id)
        now = database.now(session)
        if not enrollments.is_newest(session, asked.standing):
            raise _MovedError
        dropped = enrollments.locked(session, asked.drops.values())
        taken = enrollments.of_student(session, asked.standing.student_id)
        if record.seen(taken) != asked.seen:
            raise _MovedError
        _follow_sections(session, asked, dropped.values(), now)
        leaving = {at: dropped[key] for at, key in asked.drops.items()}
        request = self._request(session, asked, taken, leaving, now)
        by = errand.id or telemetry.trace_id()
        return _Work(errand, asked, request, leaving, {"at": now, "by": who.subject, "request_id": by})

    def _request(
        self,
        session: Session,
        asked: Asked,
        taken: Sequence[Enrollment],
        leaving: Mapping[int, Enrollment],
        now: datetime,
    ) -> Request:
        wished = list(_wished(asked))
        bearing = [*(one for one in taken if one.term_id == asked.term_id), *leaving.values()]
        facts = ledger.facts_of(session, {key for one in bearing for key in one.section_ids})
        case = Case(
            now=now,
            today=now.astimezone(self._zone).date(),
            standing=asked.standing,
            wish=(),
            requisites=asked.answers.requisites,
            schedule=record.schedule(taken, asked.term_id, facts),
            windows=windows.of_term(session, asked.term_id) if wished else (),
            attempts=record.attempts(asked.standing, taken),
            seats=ledger.seats_of(session, wished) if wished else {},
        )
        drops = {at: Leaving(record.place(one, facts), _pools(one)) for at, one in leaving.items()}
        return Request(case, asked.adds, drops)


def _follow_sections(session: Session, asked: Asked, dropped: Collection[Enrollment], now: datetime) -> None:
    """Bring the ledger to what was told of the sections wished for; raise `_MovedError` when it knows better."""
    wished = _wished(asked)
    if wished and dropped:
        ledger.lock(session, {*wished, *(key for one in dropped for key in one.section_ids)})
    if wished:
        if ledger.refresh(session, wished.values(), now):
            raise _MovedError
        ledger.release_expired(session, list(wished), now)


def _judge_and_write(session: Session, work: _Work) -> list[Done]:
    """Return what became of each item; raise `_FewerError`, `_SeatLostError`, `_MovedError`."""
    judge = judge_in_turn if work.errand.in_turn else judge_together
    request, verdict = work.request, judge(work.request)
    if any(verdict.values()):
        request = _with_siblings(session, request)
        verdict = judge(request)
    refused = {at: violations for at, violations in verdict.items() if violations}
    if work.errand.in_turn and refused and _may_rest_on(request, refused):
        raise _FewerError({**work.asked.refused, **refused})
    verdict |= work.asked.refused
    accepted = [at for at, violations in verdict.items() if not violations]
    changed: dict[int, Enrollment] = {}
    if not work.errand.trial and (work.errand.in_turn or len(accepted) == len(verdict)):
        changed = _write(session, work, request, accepted)
    return [Done(item, verdict[at], changed.get(at)) for at, item in enumerate(work.errand.items)]


def _may_rest_on(request: Request, refused: Verdict) -> bool:
    """Tell whether a course that is still asked for has requisites, which were judged as if all items went through."""
    going = {section.course.id for at, wish in request.adds.items() if at not in refused for section in wish}
    return any(answer.tree is not None for answer in request.case.requisites if answer.course_id in going)


def _with_siblings(session: Session, request: Request) -> Request:
    """Return the request with the ledger as it is now, and with the other sections that remedies may name."""
    wished = [section for wish in request.adds.values() for section in wish]
    siblings = ledger.siblings_of(session, wished)
    seats = ledger.seats_of(session, [section.id for section in (*wished, *siblings)])
    return replace(request, case=replace(request.case, seats=seats, siblings=siblings))


def _write(session: Session, work: _Work, request: Request, accepted: Collection[int]) -> dict[int, Enrollment]:
    """Carry out the accepted items and return the enrollments that they changed; drops leave room before adds come."""
    pools = _move_seats(session, request, accepted)
    changed = {at: one for at, one in work.dropped.items() if at in accepted}
    for enrollment in changed.values():
        dropping.end(session, enrollment, **work.history)
    session.flush()  # A place in the same offering may follow, and only one may stand.
    for at in (at for at in request.adds if at in accepted):
        changed[at] = enrollment = _enrollment(work, request.adds[at])
        enrollment.sections = [
            EnrollmentSection(section_id=section.id, pool=pools[section.id])
            for section in sorted(request.adds[at], key=lambda section: section.id)
        ]
        _add(session, enrollment)
        enrollments.record(session, enrollment, reason="enrolled", **work.history)
        announce(session, EnrollmentCreated.of(enrollment, enrollment.version))
    return changed


def _move_seats(session: Session, request: Request, accepted: Collection[int]) -> dict[str, int | None]:
    """Give back and claim all seats by order of section id, so that no two errands wait for each other.

    Returns the pools that the claimed seats came from, by section; raises `_SeatLostError`.
    """
    after = request.after(accepted)
    left = [one.pools for at, one in request.drops.items() if at in accepted]
    wished = {section.id for at, wish in request.adds.items() if at in accepted for section in wish}
    pools = {}
    for section_id in sorted(wished.union(*left)):
        for leaving in left:
            if section_id in leaving:
                ledger.release(session, section_id, leaving[section_id])
        if section_id in wished:
            taken, pool = ledger.claim(session, section_id, after.seats[section_id], after.standing)
            if not taken:
                raise _SeatLostError
            pools[section_id] = pool
    return pools


def _add(session: Session, enrollment: Enrollment) -> None:
    """Write the enrollment, unless an import has just recorded one in the same offering."""
    session.add(enrollment)
    try:
        session.flush()
    except IntegrityError as error:
        raise _MovedError from error


def _wished(asked: Asked) -> dict[str, SectionFacts]:
    return {section.id: section for wish in asked.adds.values() for section in wish}


def _pools(enrollment: Enrollment) -> dict[str, int | None]:
    seated = enrollment.status in SEATED
    return {taken.section_id: taken.pool for taken in enrollment.sections} if seated else {}


def _enrollment(work: _Work, wish: Sequence[SectionFacts]) -> Enrollment:
    section, now = wish[0], work.request.case.now
    answers = (one for one in work.asked.answers.requisites if one.course_id == section.course.id)
    facts: dict[str, Any] = {
        "student_id": work.asked.standing.student_id,
        "offering_id": section.offering.id,
        "term_id": section.term.id,
        "course_id": section.course.id,
        "course_code": section.course.code,
        "course_title": section.course.title,
        "term_code": section.term.code,
        "term_ends_on": section.term.ends_on,
        "ects": section.offering.ects,
        "grading_scale": section.offering.grading_scale,
        "conditional": any(answer.result == "CONDITIONAL" for answer in answers),
        "standing_version": work.asked.standing.version,
    }
    return Enrollment(id=new_id(), version=1, status="enrolled", created_at=now, updated_at=now, **facts)
