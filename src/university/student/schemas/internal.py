"""The lean JSON spoken with other modules."""

from typing import Annotated

import msgspec

Keys = Annotated[list[str], msgspec.Meta(max_length=500)]


class Verification(msgspec.Struct):
    """Another module asks for a standing; the student is named by id or number."""

    student_id: str
    term_id: str | None = None


class StudentKeys(msgspec.Struct):
    """Another module asks for students by keys of one kind."""

    ids: Keys | None = None
    external_keys: Keys | None = None
    numbers: Keys | None = None


class NamedStudent(msgspec.Struct):
    """A student by name, for other modules only."""

    id: str
    number: str
    external_key: str | None
    given_name: str
    family_name: str
    email: str
    program: str | None
    stage: int | None


class NamedStudents(msgspec.Struct):
    """The students found, and the keys that nobody has."""

    students: list[NamedStudent]
    unknown: list[str]
