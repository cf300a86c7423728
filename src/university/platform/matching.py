"""What a file tells against the rows that are there: what is new, what is different, what is to go."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from university.platform.database import new_id
from university.platform.language import Words
from university.platform.oneroster import Entry, Facts

TAKEN = Words(
    "“{value}” already belongs to something with another sourcedId.",
    "„{value}” należy już do czegoś o innym sourcedId.",
)


@dataclass(frozen=True, slots=True)
class Matched:
    """Everything by key: the rows that are there, and an id for everything that stays or comes."""

    rows: dict[str, Row[Any]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    removed: dict[str, Row[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """Created rows are whole; updated ones have their id, what is different, and the next version."""

    created: dict[str, Facts] = field(default_factory=dict)
    updated: dict[str, Facts] = field(default_factory=dict)


def match(
    entries: Mapping[str, Entry], rows: Iterable[Row[Any]], natural: Sequence[str], refuse: Callable[[Entry], None]
) -> Matched:
    """Find the row of each entry, by its external key, its id (as an export tells it) or else its natural key.

    The natural key is the columns named. A row without an external key is adopted by the entry of its natural key;
    where that belongs to another row that stays, the entry is refused.
    """
    by_key: dict[str, Row[Any]] = {}
    by_name: dict[tuple[Any, ...], Row[Any]] = {}
    for one in rows:
        by_key[one.external_key or one.id] = by_name[tuple(getattr(one, name) for name in natural)] = one
    matched = Matched()
    leaving = {by_key[key].id for key, entry in entries.items() if entry.removed and key in by_key}
    for key, entry in entries.items():
        row = by_key.get(key)
        if entry.removed:
            if row is not None:
                matched.removed[key] = row
            continue
        owner = by_name.get(tuple(entry.facts[name] for name in natural))
        if row is None and owner is not None and owner.external_key is None:
            row = owner
        elif owner is not None and owner is not row and owner.id not in leaving:
            refuse(entry)
        matched.ids[key] = new_id() if row is None else row.id
        if row is not None:
            matched.rows[key] = row
    return matched


def compare(entries: Mapping[str, Entry], matched: Matched) -> Difference:
    """Compare what entries tell with their rows, which have all the columns that facts name, and a `version`."""
    difference = Difference()
    for key, made in matched.ids.items():
        row = matched.rows.get(key)
        told = {"external_key": None if row is not None and key == row.id else key, **entries[key].facts}
        if row is None:
            difference.created[key] = {"id": made, **told}
        elif changed := {name: value for name, value in told.items() if getattr(row, name) != value}:
            difference.updated[key] = {"id": made, "version": row.version + 1, **changed}
    return difference
