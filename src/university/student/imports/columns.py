"""Which fact of a student stands in which column, and what a cell may hold."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from university.platform import cells
from university.platform.cells import Cell
from university.platform.language import Words
from university.platform.oneroster import Record
from university.student.rules.words import StudentStatus, may_be_a_number

_MOST_CREDITS = 1_000
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_NOT_EMAIL = Words("Must be an e-mail address.", "Wymagany jest adres e-mail.")
_NOT_NUMBER = Words("This cannot be a student number.", "To nie może być numer studenta.")

Code = Annotated[str, Meta(min_length=1, max_length=60)]
Word = Annotated[str, Meta(min_length=1, max_length=40)]
Line = Annotated[str, Meta(min_length=1, max_length=200)]
Grade = Annotated[str, Meta(min_length=1, max_length=10)]


class HoldShape(Struct, forbid_unknown_fields=True):
    """A hold, as the API tells it."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    contact: Line
    effects: Annotated[list[Literal["block-add", "block-drop", "block-transcript"]], Meta(min_length=1, max_length=3)]
    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a hold that ends before it starts."""
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")


class CreditShape(Struct, forbid_unknown_fields=True):
    """A recognized course, as the API tells it."""

    course: Code
    ects: Annotated[float, Meta(ge=0, le=100)]
    grade: Grade | None = None
    term: Code | None = None
    title: Line | None = None
    institution: Line | None = None


class ScoreShape(Struct, forbid_unknown_fields=True):
    """The score of a test, as the API tells it."""

    name: Word
    score: Annotated[float, Meta(ge=0, le=1_000_000)]
    taken_on: date | None = None


def _number(record: Record, column: str) -> str:
    number: str = cells.code(column, 40).read(record, column)
    if number and not may_be_a_number(number):
        record.fault(column, _NOT_NUMBER)
    return number


def _email(record: Record, column: str) -> str:
    email: str = cells.text(column, 254).read(record, column)
    if email and not _EMAIL.fullmatch(email):
        record.fault(column, _NOT_EMAIL)
    return email


def _plain(value: Any) -> str:
    return str(value or "")


STUDENT: Mapping[str, Cell] = {
    "number": Cell("identifier", _number, _plain),
    "given_name": cells.text("givenName", 120),
    "family_name": cells.text("familyName", 120),
    "email": Cell("email", _email, _plain),
    "program": cells.text("metadata.program", 80, optional=True),
    "stage": cells.whole("metadata.year", 1, 20),
    "level": cells.text("metadata.level", 40, optional=True),
    "groups": cells.listed("metadata.groups", 50, 80),
    "status": cells.choice("metadata.status", [status.value for status in StudentStatus], StudentStatus.ACTIVE),
    "max_ects": cells.number("metadata.max_ects", 0, _MOST_CREDITS),
}
REQUIRED = ("givenName", "familyName", "identifier", "email", "metadata.program", "metadata.year")
HOLDS = cells.shaped("metadata.holds", Annotated[list[HoldShape], Meta(max_length=100)])
CREDITS = cells.shaped("metadata.recognized", Annotated[list[CreditShape], Meta(max_length=200)])
SCORES = cells.shaped("metadata.tests", Annotated[list[ScoreShape], Meta(max_length=100)])


def parts(told: Any, shape: type[Struct]) -> list[dict[str, Any]]:
    """Return what a cell tells as rows keep it."""
    return [msgspec.structs.asdict(part) for part in msgspec.convert(told, list[shape])]  # type: ignore[valid-type]
