"""Who is in a section, by name: enrollments are ours, names are asked from the student module a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from university.enrollment.clients import CourseClient, Person, StudentClient
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments, ledger
from university.enrollment.service import access
from university.enrollment.service.access import NotYours, SectionNotFound
from university.platform.database import Primary, is_id
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

LISTED = "enrolled,review,completed,failed"
"""Statuses of those who take, or have taken, part."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody in a section."""

    enrollment_id: str
    student_id: str
    status: str
    created_at: datetime
    number: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    program: str | None
    stage: int | None


class Rosters:
    """Shows who is in a section."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def page(self, section_id: str, status: str | None, wanted: PageRequest, who: Principal) -> Page:
        """Return a page of those in a section, in order of coming.

        Raises `SectionNotFound`, `NotYours` for who neither teaches it nor is the registrar, `NeighborUnavailable`.
        """
        section_id = section_id.lower()
        self._check(section_id, who)
        with self._primary.read() as session:
            found = enrollments.page(session, {"section_id": section_id, "status": status or LISTED}, wanted)
        people = self._students.people([one.student_id for one in found.items])
        return Page([_row(one, people.get(one.student_id)) for one in found.items], found.next, found.total)

    def _check(self, section_id: str, who: Principal) -> None:
        """Ask the ledger what the section is, and the course module of a section that nobody has registered for yet."""
        if not is_id(section_id):
            raise SectionNotFound
        with self._primary.read() as session:
            facts = ledger.facts_of(session, [section_id])
        facts = facts or self._courses.sections_by_ids([section_id])
        if not facts:
            raise SectionNotFound
        if not who.has(access.STAFF) and not access.teaches(who, facts.values()):
            raise NotYours


def _row(one: Enrollment, person: Person | None) -> RosterRow:
    named = person or Person(one.student_id)
    return RosterRow(
        one.id,
        one.student_id,
        one.status,
        one.created_at,
        named.number,
        named.given_name,
        named.family_name,
        named.email,
        named.program,
        named.stage,
    )
