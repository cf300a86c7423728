"""Columns of an exchange: each fact is read and written by one description, so that what goes out comes in again."""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from university.platform.language import Words
from university.platform.oneroster import EMPTY, NOT_CHOICE, TOO_LONG, Facts, Record

_WHOLE, _NUMBER = re.compile(r"-?[0-9]{1,9}"), re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ONE_LINE = Words("Must be a single line.", "Dozwolony jest tylko jeden wiersz.")
NO_SLASH = Words("A slash is not allowed here.", "Ukośnik nie jest tu dozwolony.")
NOT_WHOLE = Words(
    "Must be a whole number from {least} to {most}.", "Wymagana jest liczba całkowita od {least} do {most}."
)
NOT_NUMBER = Words("Must be a number from {least} to {most}.", "Wymagana jest liczba od {least} do {most}.")
NOT_DAY = Words("Must be a date as YYYY-MM-DD.", "Wymagana jest data w postaci RRRR-MM-DD.")
NOT_JSON = Words("This is not valid JSON.", "To nie jest poprawny JSON.")
MISSHAPEN = Words("This JSON does not fit: {error}.", "Ten JSON nie pasuje: {error}.")


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


def shaped(column: str, shape: Any) -> Cell:
    """Return the cell of JSON in a shape that msgspec knows; it reads as plain lists and dictionaries."""

    def check(value: Any, note: Callable[[Words], None]) -> Any:
        try:
            return msgspec.to_builtins(msgspec.convert(value, shape))
        except msgspec.ValidationError as error:
            note(Words(*(words.format(error=error) for words in MISSHAPEN)))
            return []

    return structure(column, check)


def spell(value: Any) -> str:
    """Return a JSON value as a cell holds it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
