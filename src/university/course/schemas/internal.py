"""What neighbors ask and are told: lean structures without the web framework."""

from typing import Annotated

from msgspec import Meta, Struct, field

from university.course.events import SectionFacts
from university.course.service.checking import Verdict
from university.course.service.student_record import StudentRecord

Names = Annotated[list[str], Meta(max_length=500)]


class RequisiteChecks(Struct, frozen=True):
    """A student, and the sections that are asked for together."""

    section_ids: Names
    record: StudentRecord = field(default_factory=StudentRecord)


class SectionsWanted(Struct, frozen=True):
    """Sections by id or by external key."""

    ids: Names | None = None
    external_keys: Names | None = None


class CoursesWanted(Struct, frozen=True):
    """Courses by code, id or external key."""

    codes: Names | None = None
    ids: Names | None = None
    external_keys: Names | None = None


class RequisiteAnswers(Struct, frozen=True):
    """The sections asked about with their facts, those nobody has, and a verdict for each course.

    `hosts` are further sections: those whose seats some of the sections share.
    """

    sections: list[SectionFacts]
    unknown: list[str]
    requisites: list[Verdict]
    hosts: list[SectionFacts]


class SectionsFound(Struct, frozen=True):
    """The facts of sections, the names that nobody has, and the sections whose seats some of them share."""

    sections: list[SectionFacts]
    unknown: list[str]
    hosts: list[SectionFacts]


class CourseInBrief(Struct, frozen=True):
    """A course of the catalog in a few words."""

    id: str
    code: str
    title: str
    title_en: str | None
    ects: float
    external_key: str | None


class CoursesFound(Struct, frozen=True):
    """Courses in brief, and the names that nobody has."""

    courses: list[CourseInBrief]
    unknown: list[str]
