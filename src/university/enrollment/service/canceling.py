"""What the university's cancellation of a section leaves to do: students are moved where that was wished, or told.

The places that still stand in canceled sections are the list of what is left to do: each one is moved or ends in a
transaction of its own, so that whoever comes after a crash goes on where it happened.
"""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from university.enrollment.models import Enrollment
from university.enrollment.repository import canceled, enrollments, ledger, waiting
from university.enrollment.rules.case import ACTIVE, PLACED, forbidden
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.rules.moving import bundles
from university.enrollment.service.errands import Done, Errand, Move
from university.enrollment.service.leaving import History, give_up, let_go
from university.enrollment.service.noticing import Notice, notify
from university.enrollment.service.promoting import UNIVERSITY
from university.enrollment.service.registering import Registering
from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.errors import NotFound, Unavailable, Unprocessable
from university.platform.idempotency import Answer, Once

_FIRST = "00000000-0000-0000-0000-000000000000"
BATCH = 50
"""Places that are looked up together."""
_log = telemetry.log("canceling")


class _NotThereError(Exception):
    """The student cannot be moved into these sections."""


class Canceling:
    """Settles places in canceled sections."""

    def __init__(self, primary: Primary, registering: Registering, zone: ZoneInfo) -> None:
        self._primary, self._registering, self._zone = primary, registering, zone

    def settle(self) -> int:
        """Move or end every place in a canceled section, the oldest first; return how many were settled.

        A place whose student should be moved stays as it is while a neighbor that must be asked is down.
        """
        settled, last = 0, _FIRST
        while some := self._next(last):
            for enrollment in some:
                settled += self._settle(enrollment)
            last = some[-1].id
        while some := self._wishes():
            settled += sum(self._give_up(enrollment) for enrollment in some)
        return settled

    def _next(self, after: str) -> Sequence[Enrollment]:
        with self._primary.read() as session:
            today = database.now(session).astimezone(self._zone).date()
            return canceled.standing(session, today, after, BATCH)

    def _wishes(self) -> Sequence[Enrollment]:
        with self._primary.read() as session:
            return canceled.wished(session, BATCH)

    def _give_up(self, seen: Enrollment) -> bool:
        """Let a place that waits to be changed into a canceled section wait no more, and tell the student."""
        with self._primary.begin() as session:
            enrollments.lock_student(session, seen.student_id, seen.term_id)
            enrollment, entry = enrollments.get(session, seen.id, lock=True), waiting.entry_of(session, seen.id)
            if enrollment is None or entry is None or enrollment.status not in PLACED:
                return False
            wanted = ledger.facts_of(session, entry.section_ids).values()
            give_up(session, enrollment, entry, History(database.now(session), UNIVERSITY.subject))
            params = {
                "enrollment_id": enrollment.id,
                "course": enrollment.course_code,
                "section": _numbers(one for one in wanted if one.status == "canceled"),
                "kept": True,
            }
            notify(session, Notice("section-canceled", enrollment.student_id, enrollment.term_id, params, self._zone))
        return True

    def _settle(self, enrollment: Enrollment) -> bool:
        with self._primary.read() as session:
            own = tuple(ledger.facts_of(session, enrollment.section_ids).values())
            others = ledger.siblings_of(session, own)
        gone = [one for one in own if one.status == "canceled"]
        if enrollment.status in PLACED and any(one.move_students for one in gone):
            try:
                if self._move(enrollment, own, others):
                    return True
            except Unavailable as silent:
                _log.warning("a move waits", enrollment_id=enrollment.id, because=silent.code)
                return False
        with self._primary.begin() as session:
            ended, turned = self._end(session, enrollment), waiting.turned(session)
        if turned:
            self._registering.when_turned(turned)
        return ended

    def _move(self, enrollment: Enrollment, own: Sequence[SectionFacts], others: Sequence[SectionFacts]) -> bool:
        """Give the student seats of other sections; tell whether there were any that fit."""
        for bundle in bundles(own, others):
            errand = Errand(enrollment.student_id, (Move(enrollment.id, tuple(one.id for one in bundle)),))
            try:
                self._registering.carry_out(errand, UNIVERSITY, _once(), _conclude)
            except (_NotThereError, Unprocessable, NotFound):
                continue
            return True
        return False

    def _end(self, session: Session, seen: Enrollment) -> bool:
        """End a place that still stands in a canceled section, keep its precedence, and tell the student."""
        enrollments.lock_student(session, seen.student_id, seen.term_id)
        enrollment = enrollments.get(session, seen.id, lock=True)
        if enrollment is None or enrollment.status not in ACTIVE:
            return False
        own = tuple(ledger.facts_of(session, enrollment.section_ids).values())
        gone = [one for one in own if one.status == "canceled"]
        if not gone:
            return False
        now = database.now(session)
        let_go(session, enrollment, History(now, UNIVERSITY.subject), status="canceled", reason="section-canceled")
        canceled.give_precedence(session, enrollment.student_id, gone[0].offering.queue, now)
        params = {
            "enrollment_id": enrollment.id,
            "course": enrollment.course_code,
            "section": _numbers(gone),
            "others": _with_seats(session, gone),
        }
        notify(session, Notice("section-canceled", enrollment.student_id, enrollment.term_id, params, self._zone))
        return True


def _with_seats(session: Session, gone: Sequence[SectionFacts]) -> list[str]:
    """Return the numbers of the sections that a student could still come into."""
    components = {one.component for one in gone}
    others = [one for one in ledger.siblings_of(session, gone) if one.component in components and one.status == "open"]
    seats = ledger.seats_of(session, [one.id for one in others])
    return [one.number for one in others if one.id in seats and seats[one.id].any_free]


def _numbers(sections: Iterable[SectionFacts]) -> str:
    return ", ".join(sorted(one.number for one in sections))


def _conclude(done: Sequence[Done]) -> None:
    (only,) = done
    if forbidden(only.violations):
        raise _NotThereError


def _once() -> Once:
    return Once(UNIVERSITY.subject, None, "canceling", b"", lambda _moved: Answer(204, b"", {}))
