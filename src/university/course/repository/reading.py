"""Many rows read by id: a statement is put together once for each database, and ids and JSON are read as text."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any

import msgspec
from sqlalchemy import JSON, ColumnElement, Row, Select, Text, Uuid, any_, bindparam, cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from university.course.repository.keys import chunks
from university.platform.database import quickly

Lean = Callable[[Any], Any]
"""What a column is read by: an id and JSON as text, everything else as it is."""
Reader = Callable[[Session, Iterable[str]], list[Row[Any]]]


def by_ids(key: ColumnElement[Any], query: Callable[[Lean], Select[Any]]) -> Reader:
    """Return what reads the rows of a query whose key is one of the ids given."""

    @cache
    def statement(postgresql: bool) -> Select[Any]:  # noqa: FBT001 - which of two databases
        # One parameter instead of one an id: hundreds cost more than the reading itself.
        ids = any_(cast(bindparam("ids", type_=Text), ARRAY(Uuid)))
        named = key == ids if postgresql else key.in_(bindparam("ids", expanding=True))
        return query(_as_text if postgresql else _lean).where(named)

    def read(session: Session, ids: Iterable[str]) -> list[Row[Any]]:
        postgresql, found = session.get_bind().dialect.name == "postgresql", list[Row[Any]]()
        for some in chunks(list(ids)):
            named = f"{{{','.join(some)}}}" if postgresql else some
            found += session.execute(statement(postgresql), {"ids": named})
        return found

    return read


@lru_cache(4_096)
def ready(text: str) -> msgspec.Raw:
    """Return JSON, as a database keeps it, as an answer holds it."""
    return msgspec.Raw(msgspec.json.encode(msgspec.json.decode(text)))


def decoded(text: str) -> Any:
    """Return the values of JSON as a database keeps it."""
    return msgspec.json.decode(text)


def _as_text(column: Any) -> Any:
    return cast(column, Text).label(column.key) if isinstance(column.type, Uuid | JSON) else column


def _lean(column: Any) -> Any:
    return cast(column, Text).label(column.key) if isinstance(column.type, JSON) else quickly(column)
