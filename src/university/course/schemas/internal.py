"""What neighbors ask: lean structures without the web framework."""

from typing import Annotated

from msgspec import Meta, Struct, field

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
