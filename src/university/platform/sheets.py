"""Tables that come as a zip of CSV files: read with limits, and with every fault named by file, line and column."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MEMBERS, MEMBER_BYTES, TOTAL_BYTES, ROWS, RATIO, FAULTS = 64, 268_435_456, 536_870_912, 2_000_000, 200, 1_000
"""Most files in a zip, bytes of one unpacked and of all, rows of a table, compression ratio, faults told."""
_CELL = 131_072


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file; line 1 is the header, 0 the file itself; column is a header name or empty."""

    file: str
    line: int
    column: str
    message: str


@dataclass(slots=True)
class Faults:
    """Every fault found so far, the first thousand of them kept."""

    found: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, message: str) -> None:
        """Remember a fault."""
        self.count += 1
        if len(self.found) < FAULTS:
            self.found.append(Fault(file, line, column, message))

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its line in the file and its cells by column name, stripped."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty when the column is absent."""
        return self.cells.get(column, "")


class Sheets:
    """An opened zip of CSV files; faults of the container are found on opening, those of a table while it is read."""

    def __init__(self, content: bytes, faults: Faults) -> None:
        self._faults = faults
        self._zip = self._open(content)

    def has(self, name: str) -> bool:
        """Tell whether the zip holds this file."""
        return self._zip is not None and name in self._zip.namelist()

    def rows(self, name: str, required: Sequence[str]) -> Iterator[Row]:
        """Yield the rows of a table; a missing file, header column or broken row becomes a fault."""
        if self._zip is None:
            return
        if not self.has(name):
            self._faults.add(name, 0, "", "the file is missing")
            return
        try:
            with self._zip.open(name) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
                yield from self._read(name, text, required)
        except UnicodeDecodeError:
            self._faults.add(name, 0, "", "the file is not UTF-8")
        except (csv.Error, zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            self._faults.add(name, 0, "", f"the file cannot be read: {error}")

    def _read(self, name: str, text: io.TextIOWrapper, required: Sequence[str]) -> Iterator[Row]:
        reader = csv.reader(text, strict=True)
        header = [column.strip() for column in next(reader, [])]
        missing = [column for column in required if column not in header]
        for column in missing:
            self._faults.add(name, 1, column, "the column is missing")
        if len(set(header)) < len(header):
            self._faults.add(name, 1, "", "a column appears twice")
            return
        if missing:
            return
        for count, cells in enumerate(reader):
            if count >= ROWS:
                self._faults.add(name, reader.line_num, "", f"more than {ROWS} rows")
                return
            if not cells:
                continue
            if len(cells) != len(header):
                self._faults.add(name, reader.line_num, "", f"{len(cells)} cells where the header has {len(header)}")
                continue
            row = Row(reader.line_num, {key: cell.strip() for key, cell in zip(header, cells, strict=True)})
            if self._clean(name, row):
                yield row

    def _clean(self, name: str, row: Row) -> bool:
        for column, cell in row.cells.items():
            if not cell.isprintable() and any(
                (ord(sign) < 32 and sign not in "\n\r\t") or sign == "\x7f" for sign in cell
            ):
                self._faults.add(name, row.line, column, "a control character")
                return False
        return True

    def _open(self, content: bytes) -> zipfile.ZipFile | None:
        try:
            opened = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            self._faults.add("", 0, "", "not a zip file")
            return None
        problem = _too_much(opened.infolist())
        if problem:
            self._faults.add("", 0, "", problem)
            return None
        return opened


def _too_much(members: Sequence[zipfile.ZipInfo]) -> str | None:
    """Return why a zip is refused before anything is unpacked, or None."""
    if len(members) > MEMBERS:
        return f"more than {MEMBERS} files"
    if any(member.file_size > MEMBER_BYTES for member in members) or sum(m.file_size for m in members) > TOTAL_BYTES:
        return "the files are too large when unpacked"
    if any(m.file_size > 1_048_576 and m.file_size > RATIO * max(m.compress_size, 1) for m in members):
        return "a file is compressed beyond belief"
    if any(member.flag_bits & 1 for member in members):
        return "a file is encrypted"
    return None


def write(tables: dict[str, Sequence[dict[str, Any]]], columns: dict[str, Sequence[str]]) -> bytes:
    """Return a zip with one CSV file a table; the same tables give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, columns[name], restval="", extrasaction="raise", lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.getvalue(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


csv.field_size_limit(_CELL)
