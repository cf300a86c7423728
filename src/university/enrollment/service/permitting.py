"""Permissions: the registrar lets a student pass named rules, and takes that back; students see their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, Person, StudentClient
from university.enrollment.models import Permission, PermissionUse
from university.enrollment.repository import enrollments, permissions, waiting
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.service import access, noticing
from university.enrollment.service.access import NotYours
from university.enrollment.service.noticing import Notice
from university.enrollment.service.refusing import SectionNotFound
from university.enrollment.service.registering import Registering
from university.platform import database
from university.platform.database import Primary, is_id, new_id
from university.platform.errors import Conflict, NotFound, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

_PAST = Words("Lies in the past.", "Leży w przeszłości.")


class PermissionNotFound(NotFound):
    """There is no such permission."""

    title = Words("There is no such permission.", "Nie ma takiego zezwolenia.")


class PermissionRevoked(Conflict):
    """The permission was taken back before."""

    title = Words("This permission was revoked before.", "To zezwolenie zostało już cofnięte.")


@dataclass(frozen=True, slots=True)
class ToldPermission:
    """A permission as it is now; `student` is who has it, told to those who do not know."""

    id: str
    version: int
    student_id: str
    term_id: str
    offering_id: str | None
    section_id: str | None
    course_code: str | None
    section_number: str | None
    rules: list[str]
    consent: str | None
    uses: int
    used: int
    expires_at: datetime | None
    reason: str
    issued_by: str
    issued_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    made: Sequence[PermissionUse]
    state: str
    student: Person | None

    @classmethod
    def of(cls, row: Permission, now: datetime, person: Person | None) -> "ToldPermission":
        """Return what is told of a permission at a moment."""
        computed: dict[str, Any] = {"state": permissions.state_of(row, now), "student": person}
        own = {field.name: getattr(row, field.name) for field in fields(cls) if field.name not in computed}
        return cls(**own, **computed)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a permission holds in."""

    term_id: str
    offering_id: str | None = None
    section_id: str | None = None
    course_code: str | None = None
    section_number: str | None = None


class Permitting:
    """Keeps permissions."""

    def __init__(
        self, primary: Primary, students: StudentClient, courses: CourseClient, registering: Registering
    ) -> None:
        self._primary, self._students, self._courses, self._registering = primary, students, courses, registering

    def issue(self, told: Mapping[str, Any], who: Principal, once: Once) -> ToldPermission:
        """Give a student a permission.

        Raises `StudentNotFound`, `SectionNotFound`, `OfferingNotFound`, `TermNotFound`, `InvalidRequest`.
        """
        student = self._students.verify(told["student_id"]).student_id
        scope = self._scope(told)
        person = self._students.people([student]).get(student)
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, student, scope.term_id)
            row = give(
                session,
                Permission(
                    student_id=student,
                    term_id=scope.term_id,
                    offering_id=scope.offering_id,
                    section_id=scope.section_id,
                    course_code=scope.course_code,
                    section_number=scope.section_number,
                    **{name: told[name] for name in ("rules", "uses", "expires_at", "reason")},
                ),
                who,
            )
            about = {"course": row.course_code, "rules": row.rules, "reason": row.reason}
            noticing.notify(session, Notice("permission-granted", student, row.term_id, about))
            told_back = once.keep(session, ToldPermission.of(row, row.issued_at, person))
            turned = waiting.turned(session)
        self._registering.when_turned(turned)
        return told_back

    def revoke(self, permission_id: str, who: Principal) -> None:
        """Take a permission back; what it was used for stands. Raises `PermissionNotFound`, `PermissionRevoked`."""
        with self._primary.begin() as session:
            seen = _of(session, permission_id)
            enrollments.lock_student(session, seen.student_id, seen.term_id)
            row = permissions.get(session, permission_id, lock=True) or seen
            if row.revoked_at is not None:
                raise PermissionRevoked
            row.revoked_at, row.revoked_by, row.version = database.now(session), who.subject, row.version + 1

    def get(self, permission_id: str, who: Principal) -> ToldPermission:
        """Return a permission; raise `PermissionNotFound`, `NotYours`."""
        with self._primary.read() as session:
            row, now = _of(session, permission_id), database.now(session)
        access.act_for(who, row.student_id)
        return ToldPermission.of(row, now, self.people([row.student_id], who).get(row.student_id))

    def page(self, filters: dict[str, str], wanted: PageRequest, who: Principal) -> Page:
        """Return a page of permissions, oldest first, a student's own only; raise `NotYours`, `TermNotFound`."""
        found = dict(filters)
        if "student_id" in found:
            found["student_id"] = access.student_id(self._students, found["student_id"], who)
        if not who.has(access.STAFF):
            own = who.student_id or ""
            if found.setdefault("student_id", own) != own:
                raise NotYours
        if "term" in found:
            found["term_id"] = self._courses.term(found.pop("term")).id
        with self._primary.read() as session:
            now = database.now(session)
            page = permissions.page(session, found, now, wanted)
        people = self.people([row.student_id for row in page.items], who)
        told = [ToldPermission.of(row, now, people.get(row.student_id)) for row in page.items]
        return Page(told, page.next, page.total)

    def people(self, student_ids: Sequence[str], who: Principal) -> dict[str, Person]:
        """Return who students are, to those who would not know."""
        others = sorted({one for one in student_ids if one != who.student_id})
        return self._students.people(others) if others else {}

    def _scope(self, told: Mapping[str, Any]) -> _Scope:
        if section_id := told.get("section_id"):
            section = section_of(self._courses, section_id)
            return _Scope(section.term.id, None, section.id, section.course.code, section.number)
        if offering_id := told.get("offering_id"):
            offering = self._courses.offering(offering_id)
            courses = self._courses.courses_by_ids([offering.course_id])
            return _Scope(offering.term_id, offering.id, None, courses[offering.course_id].code)
        return _Scope(self._courses.term(told["term_id"]).id)


def give(session: Session, permission: Permission, who: Principal) -> Permission:
    """Keep a new permission, in a transaction that holds the student's term; raise `InvalidRequest`."""
    now = database.now(session)
    if permission.expires_at is not None and permission.expires_at <= now:
        raise invalid("expires_at", _PAST)
    permission.id, permission.version, permission.used = new_id(), 1, 0
    permission.issued_by, permission.issued_at = who.subject, now
    session.add(permission)
    session.flush()
    waiting.turn_for_student(session, permission.student_id)
    return permission


def section_of(courses: CourseClient, section_id: str) -> SectionFacts:
    """Return the facts of a section; raise `SectionNotFound`."""
    found = courses.sections_by_ids([section_id.lower()]) if is_id(section_id) else {}
    if not found:
        raise SectionNotFound(section_ids=[section_id])
    return found[section_id.lower()]


def _of(session: Session, permission_id: str) -> Permission:
    row = permissions.get(session, permission_id)
    if row is None:
        raise PermissionNotFound
    return row
