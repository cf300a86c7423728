"""The study record: what a student takes and took, under the names last heard from the catalog."""

from dataclasses import dataclass
from datetime import date, datetime

from university.student.rules.words import EnrollmentStatus as Is

SEATED = (Is.ENROLLED, Is.REVIEW, Is.COMPLETED, Is.FAILED)
"""In these a student has a place, and so meets."""


@dataclass(frozen=True, slots=True)
class NamedCourse:
    """A course; only its id is known until the catalog has been heard."""

    id: str
    code: str | None = None
    title: str | None = None
    title_en: str | None = None
    repeatable: bool = False
    equivalents: tuple[str, ...] = ()

    @property
    def counts_as(self) -> str:
        """The id under which the course and all that count for it are one."""
        return min((self.id, *self.equivalents))


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A term; only its id is known until the catalog has been heard."""

    id: str
    code: str | None = None
    title: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class NamedSection:
    """A section taken."""

    id: str
    number: str
    component: str
    status: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One enrollment of the record; sections not yet heard of are missing from `sections`.

    `superseded` is one in whose stead another attempt at the course counts.
    """

    id: str
    student_id: str
    term: NamedTerm
    course: NamedCourse
    offering_id: str | None
    section_ids: list[str]
    sections: list[NamedSection]
    status: str
    ects: float | None
    grade: str | None
    grading_scale: str | None
    created_at: datetime
    updated_at: datetime
    superseded: bool = False
