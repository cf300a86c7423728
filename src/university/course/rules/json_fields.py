"""JSON from a stranger, read field by field: each method gives a value, or notes the fault and gives an empty one."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from typing import TypeVar

from university.course.rules.faults import Fault

MAX_TEXT = 200

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Value = TypeVar("Value")


def objects(told: object, path: str, known: frozenset[str], faults: list[Fault]) -> "Iterator[Fields]":
    """The objects of a list."""
    if not isinstance(told, list | tuple):
        faults.append(Fault(path, "not-a-list"))
        return
    for place, item in enumerate(told):
        yield Fields(item, f"{path}.{place}", known, faults)


class Fields:
    """One object's fields; null is the same as absent."""

    def __init__(self, told: object, path: str, known: frozenset[str], faults: list[Fault]) -> None:
        self._path = path
        self._faults = faults
        self._told: Mapping[str, object] = {}
        if not isinstance(told, Mapping):
            faults.append(Fault(path, "not-an-object"))
            return
        self._told = {name: value for name, value in told.items() if value is not None}
        for name in sorted(self._told.keys() - known):
            self.fault(name[:MAX_TEXT], "unknown-field")

    def fault(self, field: str, code: str, **params: object) -> None:
        """Note what is wrong with a field."""
        self._faults.append(Fault(f"{self._path}.{field}", code, {name: str(value) for name, value in params.items()}))

    def __contains__(self, field: str) -> bool:
        return field in self._told

    def text(self, field: str) -> str:
        """A printable text, empty when absent."""
        told = self._told.get(field, "")
        if isinstance(told, str) and len(told) <= MAX_TEXT and told.isprintable():
            return told
        self.fault(field, "not-a-text", limit=MAX_TEXT)
        return ""

    def one(self, field: str, read: "Callable[[object], Value | None]", wrong: str) -> Value | None:
        """A value as `read` makes it; where that makes nothing of it, `wrong` is the fault."""
        if field not in self._told:
            return None
        value = read(self._told[field])
        if value is None:
            self.fault(field, wrong)
        return value

    def many(self, field: str, read: "Callable[[object], Value | None]", wrong: str) -> tuple[Value, ...]:
        """A list of different values, empty when absent."""
        told = self._told.get(field, ())
        if not isinstance(told, list | tuple):
            self.fault(field, "not-a-list")
            return ()
        values: list[Value] = []
        for place, item in enumerate(told):
            value = read(item)
            if value is None or value in values:
                self.fault(f"{field}.{place}", wrong if value is None else "repeated")
            else:
                values.append(value)
        return tuple(values)


def to_time(told: object) -> time | None:
    """The time that `HH:MM` tells."""
    return time.fromisoformat(told) if isinstance(told, str) and _TIME.fullmatch(told) else None


def to_date(told: object) -> date | None:
    """The date that `YYYY-MM-DD` tells."""
    if not isinstance(told, str) or not _DATE.fullmatch(told):
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def to_one_of(choices: tuple[str, ...]) -> Callable[[object], str | None]:
    """A reader of one of the words."""
    return lambda told: told if isinstance(told, str) and told in choices else None
