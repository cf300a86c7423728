"""Finding rows by id or by the name that people use."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from university.course.models import Course, Equivalence, Instructor, Offering, Section, Term

CHUNK = 500
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
Row = TypeVar("Row", Term, Course, Equivalence, Instructor, Offering, Section)
Item = TypeVar("Item")
_NATURAL: dict[type, InstrumentedAttribute[str]] = {
    Term: Term.code,
    Course: Course.code,
    Instructor: Instructor.number,
}


def as_id(key: str) -> str | None:
    """Return the id that a key spells, or None when it spells none."""
    small = key.lower()
    return small if _UUID.fullmatch(small) else None


def find(session: Session, kind: type[Row], key: str, *, lock: bool = False) -> Row | None:
    """Return the row of an id, or of a natural key where the kind has one; locked until the transaction ends.

    A locked row is as it is now, also when the session has seen it before.
    """
    for condition in _conditions(kind, key):
        query: Select[Row] = select(kind).where(condition)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = session.scalars(query).one_or_none()
        if found is not None:
            return found
    return None


def find_all(session: Session, kind: type[Row], ids: Iterable[str]) -> dict[str, Row]:
    """Return rows by id; ids that nobody has are left out."""
    found: dict[str, Row] = {}
    for some in chunks([one for one in map(as_id, ids) if one]):
        found |= {row.id: row for row in session.scalars(select(kind).where(kind.id.in_(some)))}
    return found


def exists(session: Session, *conditions: ColumnElement[bool]) -> bool:
    """Tell whether any row meets the conditions."""
    return session.execute(select(literal(1)).where(*conditions).limit(1)).first() is not None


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """Yield a sequence in parts that one statement can name."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def broken_rule(error: IntegrityError) -> str:
    """Return what the database says of a broken constraint; on PostgreSQL it is the constraint's name."""
    told: Any = getattr(error.orig, "diag", None)
    return str(told.constraint_name if told else error.orig)


def _conditions(kind: type[Row], key: str) -> Iterator[ColumnElement[bool]]:
    if (one := as_id(key)) is not None:
        yield kind.id == one
    natural = _NATURAL.get(kind)
    if natural is not None and key.isprintable():
        yield natural == key
