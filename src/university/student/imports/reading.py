"""The students' files read to plain facts, with every fault that they have among themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from university.platform import cells, oneroster
from university.platform.cells import Cell
from university.platform.imports import Order
from university.platform.oneroster import ORGS, ROLES, USERS, Entry, Keys
from university.platform.sheets import Sheets
from university.student.imports import columns
from university.student.models import Hold, RecognizedCredit, ScoredTest

FILES = (ORGS, ROLES, USERS)
PARTS: Mapping[Any, tuple[Cell, type[Struct]]] = {
    Hold: (columns.HOLDS, columns.HoldShape),
    RecognizedCredit: (columns.CREDITS, columns.CreditShape),
    ScoredTest: (columns.SCORES, columns.ScoreShape),
}
"""What belongs to a student's standing, and the cell that tells it."""


@dataclass(frozen=True, slots=True)
class StudentEntry(Entry):
    """What a row tells of a student; `parts` are rows by kind, of the kinds that the file tells of."""

    parts: dict[type, list[dict[str, Any]]] = field(default_factory=dict)


def read(sheets: Sheets, _order: Order) -> dict[str, StudentEntry]:
    """Return those who have the role of a student, by key; faults are noted in the sheets."""
    orgs, users = Keys(sheets, ORGS), Keys(sheets, USERS)
    for _ in oneroster.records(sheets, ORGS, (), orgs):
        continue
    students = oneroster.roles(sheets, Keys(sheets, ROLES), orgs).get("student", [])
    wanted, numbers = {student.key for student in students}, dict[str, int]()
    found: dict[str, StudentEntry] = {}
    for record in oneroster.records(sheets, USERS, columns.REQUIRED, users):
        if record.removed:
            found[record.key] = StudentEntry(record.key, record.line, removed=True, facts={})
        elif record.key in wanted:
            facts = cells.facts(record, columns.STUDENT)
            oneroster.is_single(record, "identifier", facts["number"], numbers)
            told = {
                kind: columns.parts(cell.read(record, cell.column), shape)
                for kind, (cell, shape) in PARTS.items()
                if cell.column in record.row
            }
            found[record.key] = StudentEntry(record.key, record.line, removed=False, facts=facts, parts=told)
    for student in students:
        users.check(student, may_vanish=True)
    return found
