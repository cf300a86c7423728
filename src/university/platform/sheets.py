"""Tables that come as a zip of CSV files: read with limits, and with every fault named by file, line and column."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from university.platform.language import Words

MEMBERS, MEMBER_BYTES, TOTAL_BYTES, ROWS, RATIO, FAULTS = 64, 268_435_456, 536_870_912, 2_000_000, 200, 1_000
"""Most files in a zip, bytes of one unpacked and of all, rows of a table, compression ratio, faults told."""
_CELL = 131_072
_SMALL = 1_048_576
"""Below this many bytes unpacked, no ratio of compression is suspicious; no directory of a zip is larger either."""
_END_OF_ZIP = struct.Struct("<4s4H2LH")
_CONTROLS = frozenset(map(chr, (*range(32), *range(0x7F, 0xA0)))) - frozenset("\n\r\t")
_UNDECODED = frozenset(map(chr, range(0xDC80, 0xDD00)))
"""What `surrogateescape` makes of bytes that are not UTF-8."""
_NOT_UTF_8 = Words("The text is not UTF-8.", "Tekst nie jest w UTF-8.")
_CONTROL = Words("The text contains a control character.", "Tekst zawiera znak sterujący.")
_NOT_A_ZIP = Words("This is not a zip file.", "To nie jest plik zip.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file; line 1 is the header, 0 the file itself; column is a header name or empty."""

    file: str
    line: int
    column: str
    message: Words


@dataclass(slots=True)
class Faults:
    """Every fault found so far, the first thousand of them kept."""

    found: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, message: Words, /, **params: object) -> None:
        """Remember a fault; `params` fill the places of its sentence."""
        self.count += 1
        if len(self.found) < FAULTS:
            said = Words(*(words.format(**params) for words in message)) if params else message
            self.found.append(Fault(file, line, printable(column), Words(*map(printable, said))))

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the line on which it starts, and its cells by column name, stripped."""

    line: int
    cells: Sequence[str] = field(repr=False)
    columns: Mapping[str, int] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty when the table has no such column."""
        place = self.columns.get(column)
        return "" if place is None else self.cells[place]

    def __contains__(self, column: str) -> bool:
        """Tell whether the table has such a column."""
        return column in self.columns


class Sheets:
    """An opened zip of CSV files; faults of the container are found on opening, those of a table while it is read.

    `seen` is told the number of every row that is read, over all tables.
    """

    def __init__(self, content: bytes, faults: Faults, seen: Callable[[int], None] = lambda _: None) -> None:
        self.faults = faults
        self.rows_read = 0
        self.broken: set[str] = set()
        """The tables of which nothing, or not everything, can be read."""
        self._seen = seen
        self._zip = self._open(content)
        self._names = frozenset(self._zip.namelist() if self._zip else ())

    @property
    def is_open(self) -> bool:
        """Whether there is anything to read: the container itself is sound."""
        return self._zip is not None

    def rows(self, name: str, required: Sequence[str]) -> Iterator[Row]:
        """Yield the rows of a table; a missing file, header column or broken row becomes a fault."""
        if self._zip is None:
            return
        if name not in self._names:
            self._break(name, 0, "", Words("The file is missing.", "Brakuje pliku."))
            return
        try:
            with (
                self._zip.open(name) as raw,
                io.TextIOWrapper(raw, "utf-8-sig", "surrogateescape", newline="") as text,
            ):
                yield from self._table(name, text, required)
        except (csv.Error, zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            unreadable = Words("The file cannot be read: {error}.", "Nie można odczytać pliku: {error}.")
            self._break(name, 0, "", unreadable, error=error)

    def estimate(self, names: Iterable[str]) -> int:
        """Return about how many rows these tables have, by what their sizes let expect."""
        if self._zip is None:
            return 0
        return sum(_lines(self._zip, name) for name in self._names.intersection(names))

    def _table(self, name: str, text: Iterable[str], required: Sequence[str]) -> Iterator[Row]:
        lines = self._numbered(name, text)
        columns = self._header(name, next(lines, (1, []))[1], required)
        for line, cells in lines if columns else ():
            row = Row(line, [cell.strip() for cell in cells], columns)
            if cells and self._fits(name, row):
                self.rows_read += 1
                self._seen(self.rows_read)
                yield row

    def _numbered(self, name: str, text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield rows, the header first, with the line on which each starts."""
        reader = csv.reader(text, strict=True)
        for _ in range(ROWS):
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                broken = Words("The row cannot be read: {error}.", "Nie można odczytać wiersza: {error}.")
                self._break(name, line, "", broken, error=error)
                return
            yield line, cells
        many = Words("There are more than {most} rows.", "Jest więcej niż {most} wierszy.")
        self._break(name, ROWS, "", many, most=ROWS)

    def _header(self, name: str, cells: Sequence[str], required: Sequence[str]) -> Mapping[str, int]:
        """Return the place of each column, nothing when the header is faulty."""
        header = [column.strip() for column in cells]
        if not all(map(_is_text, header)):
            self._break(name, 1, "", _NOT_UTF_8)
            return {}
        columns = {column: place for place, column in enumerate(header)}
        for column in (column for column in required if column not in columns):
            self._break(name, 1, column, Words("The column is missing.", "Brakuje kolumny."))
        for column in sorted({column for column in header if header.count(column) > 1}):
            self._break(name, 1, column, Words("The column appears twice.", "Kolumna występuje dwa razy."))
        return {} if name in self.broken else columns

    def _break(self, name: str, line: int, column: str, message: Words, /, **params: object) -> None:
        self.broken.add(name)
        self.faults.add(name, line, column, message, **params)

    def _fits(self, name: str, row: Row) -> bool:
        """Tell whether the row has the header's cells; what stands in them is judged too."""
        if len(row.cells) != len(row.columns):
            ragged = Words(
                "The row has {found} cells where the header has {wanted}.",
                "Wiersz ma {found} komórek, a nagłówek {wanted}.",
            )
            self.faults.add(name, row.line, "", ragged, found=len(row.cells), wanted=len(row.columns))
            return False
        for column, cell in zip(row.columns, row.cells, strict=True):
            if not _is_text(cell):
                self.faults.add(name, row.line, column, _NOT_UTF_8 if _UNDECODED.intersection(cell) else _CONTROL)
        return True

    def _open(self, content: bytes) -> zipfile.ZipFile | None:
        try:
            _check_directory(content)
            opened = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
            self.faults.add("", 0, "", _NOT_A_ZIP)
            return None
        problem = _too_much(opened.infolist())
        if problem:
            self.faults.add("", 0, "", problem)
            return None
        return opened


def write(tables: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """Return a zip with one CSV file a table, whose first row is its header; the same tables give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in tables.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(member, "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
                csv.writer(text, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def printable(text: str) -> str:
    """Return a text from a stranger's file as it can be shown."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _check_directory(content: bytes) -> None:
    """Refuse a zip whose table of contents is monstrous before anything is made of it."""
    start = content.rfind(b"PK\5\6", max(0, len(content) - 65_557))
    if start < 0 or _END_OF_ZIP.unpack_from(content, start)[5] > _SMALL:
        raise zipfile.BadZipFile


def _too_much(members: Sequence[zipfile.ZipInfo]) -> Words | None:
    """Return why a zip is refused before anything is unpacked, or None.

    What a member claims is believed: reading stops at the size it claims, and then the checksum does not fit.
    """
    if len(members) > MEMBERS:
        return Words(f"The zip has more than {MEMBERS} files.", f"Archiwum ma więcej niż {MEMBERS} plików.")
    if any(member.file_size > MEMBER_BYTES for member in members) or sum(m.file_size for m in members) > TOTAL_BYTES:
        return Words("The files are too large when unpacked.", "Rozpakowane pliki są za duże.")
    if any(member.file_size > max(_SMALL, RATIO * member.compress_size) for member in members):
        return Words("A file is compressed beyond belief.", "Plik jest niewiarygodnie mocno skompresowany.")
    if any(member.flag_bits & 1 for member in members):
        return Words("A file is encrypted.", "Plik jest zaszyfrowany.")
    return None


def _lines(packed: zipfile.ZipFile, name: str) -> int:
    """Count the lines of the first bytes and expect the others to be as long."""
    size = packed.getinfo(name).file_size
    try:
        with packed.open(name) as raw:
            sample = raw.read(_SMALL)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        return 0
    return max(0, sample.count(b"\n") * size // max(len(sample), 1) - 1)


def _is_text(cell: str) -> bool:
    return cell.isprintable() or (_CONTROLS.isdisjoint(cell) and _UNDECODED.isdisjoint(cell))


csv.field_size_limit(_CELL)
