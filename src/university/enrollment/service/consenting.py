"""Requests for consent: students ask, instructors, departments or the registrar answer, a permission results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, Person, StudentClient
from university.enrollment.models import ConsentRequest, Permission
from university.enrollment.repository import consents, enrollments, ledger, waiting
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.rules.permits import ANSWERED_BY_INSTRUCTORS
from university.enrollment.service import access, noticing
from university.enrollment.service.access import NotYours
from university.enrollment.service.noticing import Notice
from university.enrollment.service.permitting import Permitting, give, section_of
from university.enrollment.service.registering import Registering
from university.platform import database
from university.platform.database import Primary, new_id
from university.platform.errors import Conflict, NotFound, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

MOST = 20
"""Most requests of a student that wait for an answer in a term."""
_BEYOND = Words("An instructor cannot decide on: {rules}.", "Prowadzący nie może decydować o: {rules}.")


class ConsentRequestNotFound(NotFound):
    """There is no such request."""

    title = Words("There is no such request for consent.", "Nie ma takiej prośby o zgodę.")


class ConsentAlreadyAsked(Conflict):
    """A request of the same student about this section waits for an answer."""

    title = Words("You asked about this section before; wait for the answer.", "O tę grupę już poproszono; zaczekaj.")


class TooManyConsentRequests(Conflict):
    """As many requests of the student wait for an answer as may; `most` tells how many that is."""

    title = Words("Too many requests wait for an answer.", "Za dużo próśb czeka na odpowiedź.")


class ConsentNotPending(Conflict):
    """The request was answered or withdrawn before; `status_now` tells which."""

    title = Words("This request does not wait for an answer any more.", "Ta prośba nie czeka już na odpowiedź.")


@dataclass(frozen=True, slots=True)
class ToldConsent:
    """A request for consent; `student` is who asks, told to those who do not know."""

    id: str
    version: int
    student_id: str
    section_id: str
    offering_id: str
    term_id: str
    course_code: str
    section_number: str
    rules: list[str]
    asked_of: str
    message: str
    status: str
    created_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    answer: str | None
    permission_id: str | None
    student: Person | None

    @classmethod
    def of(cls, row: ConsentRequest, person: Person | None) -> "ToldConsent":
        """Return what is told of a request."""
        own = {field.name: getattr(row, field.name) for field in fields(cls) if field.name != "student"}
        return cls(**own, student=person)


class Consenting:
    """Keeps requests for consent, and answers them."""

    def __init__(
        self,
        primary: Primary,
        students: StudentClient,
        courses: CourseClient,
        permitting: Permitting,
        registering: Registering,
    ) -> None:
        self._primary, self._students, self._courses = primary, students, courses
        self._permitting, self._registering = permitting, registering

    def ask(self, told: Mapping[str, Any], who: Principal, once: Once) -> ToldConsent:
        """Keep a student's request about a section.

        Raises `StudentNotFound`, `SectionNotFound`, `NotYours`, `InvalidRequest`, `ConsentAlreadyAsked`,
        `TooManyConsentRequests`.
        """
        student = access.standing(self._students, told["student_id"], who).student_id
        section = section_of(self._courses, told["section_id"])
        asked_of = _asked_of(told, section)
        person = self._permitting.people([student], who).get(student)
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, student, section.term.id)
            now = database.now(session)
            ledger.refresh(session, [section], now)
            if consents.is_pending(session, student, section.id):
                raise ConsentAlreadyAsked
            if consents.count_pending(session, student, section.term.id) >= MOST:
                raise TooManyConsentRequests(most=MOST)
            row = ConsentRequest(
                id=new_id(),
                version=1,
                student_id=student,
                section_id=section.id,
                offering_id=section.offering.id,
                term_id=section.term.id,
                course_code=section.course.code,
                section_number=section.number,
                asked_of=asked_of,
                status=consents.PENDING,
                created_at=now,
                **{name: told[name] for name in ("rules", "message")},
            )
            session.add(row)
            session.flush()
            return once.keep(session, ToldConsent.of(row, person))

    def get(self, request_id: str, who: Principal) -> ToldConsent:
        """Return a request; raise `ConsentRequestNotFound`, `NotYours`."""
        row = self._seen(request_id, who)
        return ToldConsent.of(row, self._permitting.people([row.student_id], who).get(row.student_id))

    def page(self, filters: dict[str, str], wanted: PageRequest, who: Principal) -> Page:
        """Return a page of requests, oldest first: one's own, those asked of one as an instructor, or all.

        Raises `NotYours`, `TermNotFound`.
        """
        found = dict(filters)
        if "student_id" in found:
            found["student_id"] = access.student_id(self._students, found["student_id"], who)
        if "term" in found:
            found["term_id"] = self._courses.term(found.pop("term")).id
        section_ids = None
        with self._primary.read() as session:
            if not who.has(access.STAFF):
                if who.has("instructor") and found.get("student_id", "") != who.student_id:
                    section_ids = _taught(session, found, who)
                    found["asked_of"] = consents.INSTRUCTOR
                elif found.setdefault("student_id", who.student_id or "") != who.student_id:
                    raise NotYours
            page = consents.page(session, found, wanted, section_ids)
        people = self._permitting.people([row.student_id for row in page.items], who)
        return Page([ToldConsent.of(row, people.get(row.student_id)) for row in page.items], page.next, page.total)

    def grant(self, request_id: str, terms: Mapping[str, Any], who: Principal, once: Once) -> ToldConsent:
        """Give the student a permission for what was asked; `terms` are its `uses`, `expires_at` and `reason`.

        Raises `ConsentRequestNotFound`, `NotYours`, `ConsentNotPending`, `InvalidRequest`.
        """

        def settle(session: Session, row: ConsentRequest) -> None:
            permission = Permission(
                student_id=row.student_id,
                term_id=row.term_id,
                section_id=row.section_id,
                course_code=row.course_code,
                section_number=row.section_number,
                rules=row.rules,
                consent=None if row.asked_of == consents.REGISTRAR else row.asked_of,
                **terms,
            )
            row.permission_id = give(session, permission, who).id
            _answer(session, row, consents.GRANTED, terms["reason"], who)

        return self._settle(request_id, who, once, settle)

    def deny(self, request_id: str, reason: str, who: Principal, once: Once) -> ToldConsent:
        """Tell the student no, and why; raise as `grant` does."""

        def settle(session: Session, row: ConsentRequest) -> None:
            _answer(session, row, consents.DENIED, reason, who)

        return self._settle(request_id, who, once, settle)

    def withdraw(self, request_id: str, who: Principal, once: Once) -> ToldConsent:
        """Take a request back, as its student; raise `ConsentRequestNotFound`, `NotYours`, `ConsentNotPending`."""

        def settle(_: Session, row: ConsentRequest) -> None:
            row.status, row.version = consents.WITHDRAWN, row.version + 1

        return self._settle(request_id, who, once, settle, answering=False)

    def _settle(
        self,
        request_id: str,
        who: Principal,
        once: Once,
        settle: Callable[[Session, ConsentRequest], None],
        *,
        answering: bool = True,
    ) -> ToldConsent:
        seen = self._seen(request_id, who)
        if answering and not who.has(access.STAFF) and who.student_id == seen.student_id:
            raise NotYours  # Nobody answers themselves, whatever else they are.
        if not answering:
            access.act_for(who, seen.student_id)
        person = self._permitting.people([seen.student_id], who).get(seen.student_id)
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, seen.student_id, seen.term_id)
            row = consents.get(session, request_id, lock=True) or seen
            if row.status != consents.PENDING:
                raise ConsentNotPending(status_now=row.status)
            settle(session, row)
            session.flush()
            told = once.keep(session, ToldConsent.of(row, person))
            turned = waiting.turned(session)
        self._registering.when_turned(turned)
        return told

    def _seen(self, request_id: str, who: Principal) -> ConsentRequest:
        with self._primary.read() as session:
            row = consents.get(session, request_id)
            if row is None:
                raise ConsentRequestNotFound
            if not who.has(access.STAFF) and who.student_id != row.student_id:
                taught = access.teaches(who, ledger.facts_of(session, [row.section_id]).values())
                if not taught or row.asked_of != consents.INSTRUCTOR:
                    raise NotYours
            return row


def _asked_of(told: Mapping[str, Any], section: SectionFacts) -> str:
    """Return whom a request asks: whom it names, else whom the section's restriction names, else who may decide."""
    needed = next((audience.consent for audience in section.restrictions if audience.consent), None)
    beyond = [rule for rule in told["rules"] if rule not in ANSWERED_BY_INSTRUCTORS]
    asked_of = told["asked_of"] or (consents.REGISTRAR if beyond else needed or consents.INSTRUCTOR)
    if asked_of == consents.INSTRUCTOR and beyond:
        raise invalid("rules", _BEYOND, rules=", ".join(beyond))
    return str(asked_of)


def _taught(session: Session, filters: dict[str, str], who: Principal) -> list[str]:
    """Return the sections of the caller about which instructors were asked; raise `NotYours` for one of others."""
    named = [filters["section_id"]] if "section_id" in filters else consents.sections_asked_about(session, filters)
    facts = ledger.facts_of(session, named)
    taught = [one.id for one in facts.values() if access.teaches(who, [one])]
    if "section_id" in filters and not taught:
        raise NotYours
    return taught


def _answer(session: Session, row: ConsentRequest, status: str, reason: str, who: Principal) -> None:
    row.status, row.version = status, row.version + 1
    row.answered_by, row.answered_at, row.answer = who.subject, database.now(session), reason
    about = {"course": row.course_code, "section": row.section_number, "answer": status, "reason": reason}
    noticing.notify(session, Notice("consent-answered", row.student_id, row.term_id, about))
