"""Enrolling: neighbors are asked, then one transaction locks the student, judges, claims the seats and announces."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from university.enrollment import texts
from university.enrollment.clients import CourseClient, RequisiteAnswers, StudentClient
from university.enrollment.events import EnrollmentCreated
from university.enrollment.models import Enrollment, EnrollmentSection
from university.enrollment.repository import enrollments, ledger, windows
from university.enrollment.rules.case import Case, Violation
from university.enrollment.rules.facts import SectionFacts, Standing
from university.enrollment.rules.judgement import judge
from university.enrollment.rules.seats import full
from university.enrollment.service import access, record
from university.platform import database, telemetry
from university.platform.database import Primary, new_id
from university.platform.errors import Conflict, Unavailable, Unprocessable
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging.outbox import announce
from university.platform.security import Principal

TRIES = 3
"""How often a request is judged anew because something moved while neighbors were asked."""


class RegistrationRefused(Unprocessable):
    """Rules forbid the registration; `violations` tells every one of them with its remedies."""

    title = Words("The registration was refused.", "Zapis został odrzucony.")

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(violations=[texts.tell(violation) for violation in violations])


class SectionFull(Conflict):
    """There is no seat left, and that is the only reason."""

    title = Words("The section is full.", "Grupa jest pełna.")

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(violations=[texts.tell(violation) for violation in violations])


class SectionNotFound(Unprocessable):
    """Some of the sections asked for do not exist; `section_ids` lists them."""

    title = Words("There is no such section.", "Nie ma takiej grupy.")


class ScheduleMoving(Unavailable):
    """The student's schedule, or what was asked for, kept changing while this request was judged."""

    title = Words(
        "Your schedule, or what you ask for, is being changed at this moment.",
        "Twój plan albo to, o co prosisz, właśnie się zmienia.",
    )


class _MovedError(Exception):
    """What neighbors told or judged is no longer so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a student asks for: one bundle of sections."""

    student: str
    section_ids: tuple[str, ...]
    waitlist: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the neighbors said, and of which state of the student's record."""

    standing: Standing
    answers: RequisiteAnswers
    seen: list[tuple[str, int]]

    @property
    def wish(self) -> tuple[SectionFacts, ...]:
        return self.answers.sections


class Enrolling:
    """Gives students their places."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient, zone: ZoneInfo) -> None:
        self._primary, self._students, self._courses, self._zone = primary, students, courses, zone

    def enroll(self, wish: Wish, who: Principal, once: Once) -> Enrollment:
        """Give the student a place, or refuse with every reason.

        Raises `RegistrationRefused`, `SectionFull`, `SectionNotFound`, `StudentNotFound`, `NotYours`, and
        `NeighborUnavailable` when a neighbor does not answer; then nothing was written.
        """
        for _ in range(TRIES):
            asked = self._ask(wish, who)
            try:
                with once.begin(self._primary) as session:
                    return once.keep(session, self._carry_out(session, wish, asked, who))
            except _MovedError:
                continue
        raise ScheduleMoving

    def _ask(self, wish: Wish, who: Principal) -> _Asked:
        standing = access.standing(self._students, wish.student, who)
        with self._primary.read() as session:
            taken = enrollments.of_student(session, standing.student_id)
        answers = self._courses.check_requisites(wish.section_ids, record.told_to_course(standing, taken))
        if answers.unknown:
            raise SectionNotFound(section_ids=list(answers.unknown))
        return _Asked(standing, answers, record.seen(taken))

    def _carry_out(self, session: Session, wish: Wish, asked: _Asked, who: Principal) -> Enrollment:
        enrollments.lock_student(session, asked.standing.student_id, asked.wish[0].term.id)
        now = database.now(session)
        case = self._case(session, asked, now)
        if violations := judge(case):
            raise _refusal(judge(_with_siblings(session, case)) or violations, wish)
        enrollment = _enrollment(asked, now)
        enrollment.sections = self._take_seats(session, case, wish)
        _add(session, enrollment)
        enrollments.record(
            session, enrollment, at=now, by=who.subject, reason="enrolled", request_id=telemetry.trace_id()
        )
        announce(session, EnrollmentCreated.of(enrollment, enrollment.version))
        return enrollment

    def _case(self, session: Session, asked: _Asked, now: datetime) -> Case:
        taken = enrollments.of_student(session, asked.standing.student_id)
        if record.seen(taken) != asked.seen or not enrollments.is_newest(session, asked.standing):
            raise _MovedError
        if ledger.refresh(session, asked.wish, now):
            raise _MovedError
        wished = [section.id for section in asked.wish]
        ledger.release_expired(session, wished, now)
        term_id = asked.wish[0].term.id
        places = {key for one in taken if one.term_id == term_id for key in one.section_ids}
        return Case(
            now=now,
            today=now.astimezone(self._zone).date(),
            standing=asked.standing,
            wish=asked.wish,
            requisites=asked.answers.requisites,
            schedule=record.schedule(taken, term_id, ledger.facts_of(session, places)),
            windows=windows.of_term(session, term_id),
            attempts=record.attempts(asked.standing, taken),
            seats=ledger.seats_of(session, wished),
        )

    def _take_seats(self, session: Session, case: Case, wish: Wish) -> list[EnrollmentSection]:
        """Claim a seat in every section, by order of id so that two bundles cannot deadlock; all or none."""
        seats = []
        for section in sorted(case.wish, key=lambda section: section.id):
            taken, pool = ledger.claim(session, section.id, case.seats_of(section), case.standing)
            if not taken:
                raise _too_late(_with_siblings(session, case), section, wish)
            seats.append(EnrollmentSection(section_id=section.id, pool=pool))
        return seats


def _with_siblings(session: Session, case: Case) -> Case:
    """Return the case with the ledger as it is now, and with the other sections that remedies may name."""
    siblings = ledger.siblings_of(session, case.wish)
    seats = ledger.seats_of(session, [section.id for section in (*case.wish, *siblings)])
    return replace(case, seats=seats, siblings=siblings)


def _too_late(case: Case, section: SectionFacts, wish: Wish) -> Exception:
    """Return why no seat could be taken though there was one: it is gone, or the section changed a moment ago."""
    return _MovedError() if case.has_room(section) else _refusal([full(case, section)], wish)


def _add(session: Session, enrollment: Enrollment) -> None:
    """Write the enrollment, unless an import has just recorded one in the same offering."""
    session.add(enrollment)
    try:
        session.flush()
    except IntegrityError as error:
        raise _MovedError from error


def _refusal(violations: list[Violation], wish: Wish) -> Exception:
    only_full = all(violation.code == "section-full" for violation in violations)
    return SectionFull(violations) if only_full and not wish.waitlist else RegistrationRefused(violations)


def _enrollment(asked: _Asked, now: datetime) -> Enrollment:
    section = asked.wish[0]
    facts: dict[str, Any] = {
        "student_id": asked.standing.student_id,
        "offering_id": section.offering.id,
        "term_id": section.term.id,
        "course_id": section.course.id,
        "course_code": section.course.code,
        "course_title": section.course.title,
        "term_code": section.term.code,
        "term_ends_on": section.term.ends_on,
        "ects": section.offering.ects,
        "grading_scale": section.offering.grading_scale,
    }
    conditional = any(answer.result == "CONDITIONAL" for answer in asked.answers.requisites)
    return Enrollment(
        id=new_id(),
        version=1,
        status="enrolled",
        conditional=conditional,
        standing_version=asked.standing.version,
        created_at=now,
        updated_at=now,
        **facts,
    )
