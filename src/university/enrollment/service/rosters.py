"""Who is in a section, by name: enrollments are ours, names are asked from the student module a page at a time."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from university.enrollment.clients import BULK, CourseClient, Person, StudentClient
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments
from university.enrollment.rules.grades import Scale, scale_of
from university.enrollment.service import taught
from university.platform import auditing
from university.platform.database import Primary
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

COLUMNS = ("number", "family_name", "given_name", "email", "program", "stage", "status", "created_at", "grade")
"""What a file tells of everybody."""
_FORMULAS = frozenset("=+-@\t\r|%")
"""What a formula, or a command of old spreadsheets, begins with."""
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
    grade: str | None
    version: int


@dataclass(frozen=True, slots=True)
class RosterPage(Page):
    """A page of a roster, and the scale on which its grades are given."""

    grading: Scale = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster for spreadsheets: what it is of, and its text."""

    title: str
    text: str


class Rosters:
    """Shows who is in a section."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def page(self, section_id: str, status: str | None, wanted: PageRequest, who: Principal) -> RosterPage:
        """Return a page of those in a section, in order of coming.

        Raises `SectionNotFound`, `NotYours` for who neither teaches it nor is the registrar, `NeighborUnavailable`.
        """
        section_id = section_id.lower()
        section = taught.section(self._primary, self._courses, section_id, who)
        page = self._page(section_id, status, wanted)
        return RosterPage(page.items, page.next, page.total, grading=scale_of(section.offering.grading_scale))

    def file(self, section_id: str, status: str | None, who: Principal) -> RosterFile:
        """Return everybody in a section as a file for spreadsheets; raise as `page` does."""
        section_id = section_id.lower()
        section = taught.section(self._primary, self._courses, section_id, who)
        page = self._page(section_id, status, PageRequest(BULK))
        rows = list(page.items)
        while page.next:
            page = self._page(section_id, status, PageRequest(BULK, page.next))
            rows += page.items
        auditing.about(*(row.student_id for row in rows))
        return RosterFile(f"{section.course.code} {section.number}", _written(rows))

    def _page(self, section_id: str, status: str | None, wanted: PageRequest) -> Page:
        with self._primary.read() as session:
            found = enrollments.page(session, {"section_id": section_id, "status": status or LISTED}, wanted)
        people = self._students.people([one.student_id for one in found.items])
        return Page([_row(one, people.get(one.student_id)) for one in found.items], found.next, found.total)


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
        one.grade,
        one.version,
    )


def _written(rows: Iterable[RosterRow]) -> str:
    """Return rows as CSV that spreadsheets take for UTF-8 and whose cells they do not calculate."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for row in rows:
        sheet.writerow([_plain(getattr(row, column)) for column in COLUMNS])
    return "\ufeff" + text.getvalue()


def _plain(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula, which could send names elsewhere."""
    told = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{told}" if told.lstrip()[:1] in _FORMULAS and told.strip() else told
