"""OneRoster 1.2 as every part of an exchange speaks it: rows with a key, cells read and written by one description."""

import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from university.platform.language import Words
from university.platform.sheets import Faults, Row, Sheets

SESSIONS, ORGS, COURSES, CLASSES = "academicSessions.csv", "orgs.csv", "courses.csv", "classes.csv"
USERS, ROLES, ENROLLMENTS, MANIFEST = "users.csv", "roles.csv", "enrollments.csv", "manifest.csv"
KEY_LENGTH = 120
"""Characters of a sourcedId."""
_ACTIVE, _REMOVED = "active", "tobedeleted"
_WHOLE, _NUMBER = re.compile(r"-?[0-9]{1,9}"), re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

EMPTY = Words("A value is missing.", "Brakuje wartości.")
TOO_LONG = Words("At most {most} characters are allowed.", "Dozwolone jest najwyżej {most} znaków.")
ONE_LINE = Words("Must be a single line.", "Dozwolony jest tylko jeden wiersz.")
NO_SLASH = Words("A slash is not allowed here.", "Ukośnik nie jest tu dozwolony.")
NOT_WHOLE = Words(
    "Must be a whole number from {least} to {most}.", "Wymagana jest liczba całkowita od {least} do {most}."
)
NOT_NUMBER = Words("Must be a number from {least} to {most}.", "Wymagana jest liczba od {least} do {most}.")
NOT_DAY = Words("Must be a date as YYYY-MM-DD.", "Wymagana jest data w postaci RRRR-MM-DD.")
NOT_CHOICE = Words("Must be one of: {choices}.", "Dozwolone: {choices}.")
NOT_JSON = Words("This is not valid JSON.", "To nie jest poprawny JSON.")
TWICE = Words(
    "“{value}” is already in line {line}: it may occur only once.",
    "„{value}” jest już w wierszu {line}: może wystąpić tylko raz.",
)
DANGLING = Words("There is no “{value}” in {file}.", "W {file} nie ma „{value}”.")
TO_BE_DELETED = Words(
    "“{value}” in {file} is to be deleted and cannot be referred to.",
    "„{value}” w {file} ma zostać usunięte i nie można się do niego odwoływać.",
)

Value = TypeVar("Value")
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """What a cell refers to, and where the cell is."""

    file: str
    line: int
    column: str
    key: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row under its key; `removed` when its status asks for deletion."""

    file: str
    row: Row
    key: str
    removed: bool
    faults: Faults = field(repr=False)

    @property
    def line(self) -> int:
        """Where the row starts in its file."""
        return self.row.line

    def ref(self, column: str) -> Ref:
        """Return what a cell refers to."""
        return Ref(self.file, self.row.line, column, self.row[column])

    def fault(self, column: str, message: Words, **params: object) -> None:
        """Note what is wrong with a cell, or with the row when the column is empty."""
        self.faults.add(self.file, self.row.line, column, message, **params)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row tells of one thing; of one to be removed, only that."""

    key: str
    line: int
    removed: bool
    facts: Facts

    @classmethod
    def removal(cls, record: Record) -> "Entry":
        """Return the entry of a row that asks for deletion."""
        return cls(record.key, record.line, removed=True, facts={})


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact's column: how it is read (noting faults and giving an empty value) and how it is written."""

    column: str
    read: Callable[[Record, str], Any]
    write: Callable[[Any], str]


def facts(record: Record, cells: Mapping[str, Cell]) -> Facts:
    """Return the facts that the file tells; a column that the file does not have tells nothing."""
    return {name: cell.read(record, cell.column) for name, cell in cells.items() if cell.column in record.row}


def told(source: Any, cells: Mapping[str, Cell]) -> dict[str, str]:
    """Return the cells that tell an object's facts, by column."""
    return {cell.column: cell.write(getattr(source, name)) for name, cell in cells.items()}


class Keys:
    """What a file's rows are called, so that nothing is called so twice and no reference dangles."""

    def __init__(self, sheets: Sheets, file: str) -> None:
        self._sheets, self._file = sheets, file
        self._lines: dict[str, int] = {}
        self.removed: set[str] = set()
        """The keys of the rows that ask for deletion."""

    def __contains__(self, key: str) -> bool:
        return key in self._lines

    def add(self, record: Record) -> bool:
        """Take note of a row; a second one of the same key is a fault and answers False."""
        if not is_single(record, "sourcedId", record.key, self._lines):
            return False
        if record.removed:
            self.removed.add(record.key)
        return True

    def check(self, ref: Ref, *, optional: bool = False, may_vanish: bool = False) -> str | None:
        """Return the key that is referred to; a dangling one is a fault and answers None.

        With `may_vanish` it is no fault to refer to what is to be deleted.
        """
        fault = self._fault(ref, optional=optional, may_vanish=may_vanish)
        if fault is not None:
            named = {} if fault is EMPTY else {"value": shorten(ref.key), "file": self._file}
            self._sheets.faults.add(ref.file, ref.line, ref.column, fault, **named)
        return ref.key if fault is None and ref.key in self._lines else None

    def _fault(self, ref: Ref, *, optional: bool, may_vanish: bool) -> Words | None:
        if not ref.key:
            return None if optional else EMPTY
        if ref.key not in self._lines:
            return None if self._file in self._sheets.broken else DANGLING
        return TO_BE_DELETED if ref.key in self.removed and not may_vanish else None


def records(sheets: Sheets, file: str, required: Sequence[str], keys: Keys) -> Iterator[Record]:
    """Yield a file's rows that have a key of their own and a sound status; the others become faults."""
    for row in sheets.rows(file, ("sourcedId", *required)):
        status = row["status"].lower()
        record = Record(file, row, row["sourcedId"], status == _REMOVED, sheets.faults)
        if status not in {"", _ACTIVE, _REMOVED}:
            record.fault("status", NOT_CHOICE, choices=f"{_ACTIVE}, {_REMOVED}")
        if not record.key:
            record.fault("sourcedId", EMPTY)
        elif len(record.key) > KEY_LENGTH:
            record.fault("sourcedId", TOO_LONG, most=KEY_LENGTH)
        elif keys.add(record):
            yield record


def roles(sheets: Sheets, keys: Keys) -> dict[str, list[Ref]]:
    """Return by role (`student`, `teacher`, ...) the references to those who have it."""
    holders: dict[str, list[Ref]] = {}
    for record in records(sheets, ROLES, ("userSourcedId", "role"), keys):
        if not record.row["role"]:
            record.fault("role", EMPTY)
        if not record.removed:
            holders.setdefault(record.row["role"].lower(), []).append(record.ref("userSourcedId"))
    return holders


def is_single(record: Record, column: str, value: Any, lines: dict[Any, int]) -> bool:
    """Tell whether a value occurs for the first time; `lines` remembers where. A second time is a fault."""
    first = lines.setdefault(value, record.line)
    if first != record.line:
        shown = " ".join(value) if isinstance(value, tuple) else value
        record.fault(column, TWICE, value=shorten(shown), line=first)
    return first == record.line


def shorten(text: str) -> str:
    """Return a text that fits into a sentence."""
    return text if len(text) <= KEY_LENGTH else f"{text[: KEY_LENGTH - 1]}…"


def text(column: str, most: int, *, optional: bool = False, multiline: bool = False) -> Cell:
    """Return the cell of a text; an optional one that is empty reads as None."""

    def read(record: Record, column: str) -> str | None:
        value = record.row[column]
        if not value and not optional:
            record.fault(column, EMPTY)
        elif len(value) > most:
            record.fault(column, TOO_LONG, most=most)
        elif not multiline and not value.isprintable() and any(sign in value for sign in "\r\n\t"):
            record.fault(column, ONE_LINE)
        return value or (None if optional else "")

    return Cell(column, read, lambda value: value or "")


def code(column: str, most: int) -> Cell:
    """Return the cell of a name that people type: it fits into a path."""
    plain = text(column, most)

    def read(record: Record, column: str) -> str:
        value: str = plain.read(record, column)
        if "/" in value:
            record.fault(column, NO_SLASH)
        return value

    return Cell(column, read, plain.write)


def whole(column: str, least: int, most: int, *, optional: bool = True) -> Cell:
    """Return the cell of a whole number; an optional one that is empty reads as None."""
    read = _bounded(int, _WHOLE, NOT_WHOLE, (least, most), optional=optional)
    return Cell(column, read, lambda value: "" if value is None else str(value))


def number(column: str, least: float, most: float, *, optional: bool = True) -> Cell:
    """Return the cell of a number; an optional one that is empty reads as None."""
    read = _bounded(float, _NUMBER, NOT_NUMBER, (least, most), optional=optional)
    return Cell(column, read, lambda value: "" if value is None else f"{value:.6f}".rstrip("0").rstrip("."))


def day(column: str, *, optional: bool = True) -> Cell:
    """Return the cell of a date; an optional one that is empty reads as None."""

    def read(record: Record, column: str) -> date | None:
        value = record.row[column]
        if not value and optional:
            return None
        try:
            found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year <= 2200:
            record.fault(column, NOT_DAY if value else EMPTY)
            return None
        return found

    return Cell(column, read, lambda value: value.isoformat() if value else "")


def choice(column: str, words: Collection[str], default: str | None = None) -> Cell:
    """Return the cell of one word of a list; an empty one reads as the default."""

    def read(record: Record, column: str) -> str | None:
        value = record.row[column].lower()
        if value and value not in words:
            record.fault(column, NOT_CHOICE, choices=", ".join(words))
        return value or default

    return Cell(column, read, lambda value: value or "")


def flag(column: str) -> Cell:
    """Return the cell of a yes or no; an empty one reads as no."""
    words = choice(column, ("true", "false"), "false")
    return Cell(column, lambda record, column: words.read(record, column) == "true", lambda value: str(value).lower())


def listed(column: str, most: int, each: int) -> Cell:
    """Return the cell of names with commas between them."""

    def read(record: Record, column: str) -> list[str]:
        names = list(dict.fromkeys(name.strip() for name in record.row[column].split(",") if name.strip()))
        if len(names) > most or any(len(name) > each for name in names):
            many = Words("At most {most} names of {each} characters.", "Najwyżej {most} nazw po {each} znaków.")
            record.fault(column, many, most=most, each=each)
        return names

    return Cell(column, read, lambda value: ",".join(value or ()))


def structure(column: str, check: Callable[[Any, Callable[[Words], None]], Any], empty: Any = ()) -> Cell:
    """Return the cell of a JSON value; `check` returns what it stands for and notes what is wrong with it."""

    def read(record: Record, column: str) -> Any:
        value = record.row[column]
        if not value:
            return list(empty) if empty == () else empty
        try:
            parsed = json.loads(value, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            record.fault(column, NOT_JSON)
            return list(empty) if empty == () else empty
        return check(parsed, lambda words: record.fault(column, words))

    return Cell(
        column, read, lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
    )


def row_of(columns: Sequence[str], cells: Mapping[str, str]) -> list[str]:
    """Return cells in the order of the columns, empty where nothing is told."""
    return [cells.get(column, "") for column in columns]


def merged(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return rows by key; what several parts tell of one key comes together."""
    by_key: dict[str, dict[str, str]] = {}
    for row in rows:
        by_key.setdefault(row["sourcedId"], {}).update({column: cell for column, cell in row.items() if cell})
    return by_key


def _bounded(
    kind: Callable[[str], Any], form: re.Pattern[str], message: Words, bounds: tuple[float, float], *, optional: bool
) -> Callable[[Record, str], Any]:
    least, most = bounds

    def read(record: Record, column: str) -> Any:
        value = record.row[column]
        if not value and optional:
            return None
        found = kind(value) if form.fullmatch(value) else math.nan
        if not least <= found <= most:
            record.fault(column, message if value else EMPTY, least=least, most=most)
            return None if optional else kind("0")
        return found

    return read


def _no_constant(constant: str) -> Any:
    raise ValueError(constant)
