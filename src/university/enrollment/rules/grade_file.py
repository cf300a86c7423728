"""A file of grades as spreadsheets save it: read with limits, every fault told by line and column.

Only the columns that are wanted are looked at, so that a roster with a grade column added will do, whatever else
stands in it and however a spreadsheet encoded the names.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

ROWS = 2_000
"""Most rows below the header."""
COLUMNS = {"number": 60, "grade": 10, "attempt": 1, "reason": 500}
"""The columns that are read, and the longest cell of each; number and grade must be there."""
_REQUIRED = ("number", "grade")
_DELIMITERS = (",", ";", "\t")
_CELL = 131_072
_FORMULAS = frozenset("=+-@|%")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a line, 0 for the file itself, and a column, or else the row; `code` names it."""

    code: str
    line: int
    column: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One row that tells a grade."""

    line: int
    number: str
    grade: str
    attempt: int | None
    reason: str | None


def read(content: bytes) -> tuple[list[GradeRow], list[Fault]]:
    """Return the rows that tell a grade, and everything that is wrong; a row whose grade is empty tells none."""
    text = content.decode("utf-8-sig", "surrogateescape")
    faults: list[Fault] = []
    lines = _lines(text, faults)
    header = next(lines, None)
    columns = _columns(header[1] if header else [], faults)
    rows = []
    for line, cells in lines if columns else ():
        if any(cell.strip() for cell in cells) and (row := _row(line, cells, columns, faults)):
            rows.append(row)
    if not rows and not faults:
        faults.append(Fault("file-empty", 0))
    return rows, faults


def _lines(text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows, the header first, with the line on which each begins; what cannot be read ends them."""
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for _ in range(ROWS + 1):
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(Fault("row-unreadable", line))
            return
        yield line, cells
    if any(cells for cells in _rest(reader)):
        faults.append(Fault("too-many-rows", ROWS + 1, params={"most": ROWS}))


def _rest(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        yield ["unreadable"]


def _columns(header: Sequence[str], faults: list[Fault]) -> dict[str, int]:
    """Return the places of the columns that are read, and "" for how many there are; nothing when one is missing."""
    names = [name.strip().casefold() for name in header]
    found = {name: names.index(name) for name in COLUMNS if name in names}
    before = len(faults)
    faults += [Fault("column-missing", 1, name) for name in _REQUIRED if name not in found]
    faults += [Fault("column-twice", 1, name) for name in found if names.count(name) > 1]
    return {} if len(faults) > before else {**found, "": len(names)}


def _row(line: int, cells: Sequence[str], columns: Mapping[str, int], faults: list[Fault]) -> GradeRow | None:
    if len(cells) != columns[""]:
        # A grade written as 4,5 without quotes would else be taken for 4.
        faults.append(Fault("row-ragged", line, params={"found": len(cells), "wanted": columns[""]}))
        return None
    told = {name: _plain(cells[columns[name]]) if name in columns else "" for name in COLUMNS}
    if not told["grade"]:
        return None
    before = len(faults)
    faults += [Fault("text-invalid", line, name) for name, text in told.items() if not _is_text(text, COLUMNS[name])]
    if not told["number"]:
        faults.append(Fault("cell-empty", line, "number"))
    if told["attempt"] not in {"", "1", "2"}:
        faults.append(Fault("attempt-not-open", line, "attempt"))
    if len(faults) > before:
        return None
    attempt = int(told["attempt"]) if told["attempt"] else None
    return GradeRow(line, told["number"], told["grade"], attempt, told["reason"] or None)


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from calculating it."""
    told = cell.strip()
    return told[1:] if told[:1] == "'" and told[1:].lstrip()[:1] in _FORMULAS else told


def _is_text(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()


csv.field_size_limit(_CELL)
