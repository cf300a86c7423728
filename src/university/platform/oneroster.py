"""OneRoster 1.2 as every part of an exchange speaks it: rows that have a key, and refer to one another by it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from university.platform.language import Words
from university.platform.sheets import Faults, Row, Sheets

SESSIONS, ORGS, COURSES, CLASSES = "academicSessions.csv", "orgs.csv", "courses.csv", "classes.csv"
USERS, ROLES, ENROLLMENTS, MANIFEST = "users.csv", "roles.csv", "enrollments.csv", "manifest.csv"
KEY_LENGTH = 120
"""Characters of a sourcedId."""
UNIVERSITY = "university"
"""The sourcedId of the one organization above all departments."""
_DERIVED = UUID("5b1f1a52-6d3c-5c2e-9a1e-0d6f7c1b2a10")
_ACTIVE, _REMOVED = "active", "tobedeleted"

EMPTY = Words("A value is missing.", "Brakuje wartości.")
TOO_LONG = Words("At most {most} characters are allowed.", "Dozwolone jest najwyżej {most} znaków.")
NOT_CHOICE = Words("Must be one of: {choices}.", "Dozwolone: {choices}.")
TWICE = Words(
    "“{value}” is already in line {line}: it may occur only once.",
    "„{value}” jest już w wierszu {line}: może wystąpić tylko raz.",
)
DANGLING = Words("There is no “{value}” in {file}.", "W {file} nie ma „{value}”.")
TO_BE_DELETED = Words(
    "“{value}” in {file} is to be deleted and cannot be referred to.",
    "„{value}” w {file} ma zostać usunięte i nie można się do niego odwoływać.",
)

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

    def fault(self, column: str, message: Words, /, **params: object) -> None:
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


def roles(sheets: Sheets, keys: Keys, orgs: Keys) -> dict[str, list[Ref]]:
    """Return by role (`student`, `teacher`, ...) the references to those who have it."""
    holders: dict[str, list[Ref]] = {}
    for record in records(sheets, ROLES, ("userSourcedId", "role"), keys):
        if not record.row["role"]:
            record.fault("role", EMPTY)
        orgs.check(record.ref("orgSourcedId"), optional=True, may_vanish=True)
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


def head(key: str) -> dict[str, str]:
    """Return the cells that begin every row."""
    return {"sourcedId": key, "status": _ACTIVE}


def derived(*parts: str) -> str:
    """Return a key for a row that stands for no thing of its own, always the same for the same parts."""
    return str(uuid5(_DERIVED, "/".join(parts)))


def user(key: str, number: str, cells: Mapping[str, str]) -> dict[str, str]:
    """Return a person's row."""
    return {**head(key), "enabledUser": "true", "username": number.lower(), **cells}


def role(key: str, role: str) -> dict[str, str]:
    """Return the row that tells a person's role."""
    return {
        **head(derived("role", role, key)),
        "userSourcedId": key,
        "roleType": "primary",
        "role": role,
        "orgSourcedId": UNIVERSITY,
    }
