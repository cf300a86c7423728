"""Lists by keyset: a page continues after the last row seen, so that depth costs nothing and order is stable."""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from university.platform.errors import invalid
from university.platform.language import Words

_BAD_CURSOR = Words("This cursor was not given out by this list.", "Ten kursor nie pochodzi z tej listy.")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items, the cursor of the next one (None at the end), and the total when asked for."""

    items: Sequence[Any]
    next: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: at most `limit` rows after the cursor."""

    limit: int = 50
    cursor: str | None = None
    total: bool = False


def fetch(
    session: Session, query: Select[Any], keys: Sequence[Any], wanted: PageRequest, *, scalars: bool = True
) -> Page:
    """Return a page of a query ordered by `keys` (columns, ascending, together unique, never null).

    With `scalars` the items are the query's first column (an entity), else rows; keys must be attributes of an item.
    Raises `InvalidRequest` for a cursor of another list.
    """
    bounded = query.order_by(*keys).limit(wanted.limit + 1)
    if wanted.cursor is not None:
        bounded = bounded.where(_after(keys, _read_cursor(wanted.cursor, keys)))
    result = session.scalars(bounded) if scalars else session.execute(bounded)
    found = list(result)
    items = found[: wanted.limit]
    cursor = None
    if len(found) > wanted.limit:
        cursor = _cursor([_order(keys), *(getattr(items[-1], key.key) for key in keys)])
    total = None
    if wanted.total:
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return Page(items, cursor, total)


def _after(keys: Sequence[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return (a, b, ...) > (x, y, ...), spelled out so that each database can use its index."""
    bounds = [literal(value, key.type) for key, value in zip(keys, values, strict=True)]
    return or_(
        *(
            and_(*(keys[i] == bounds[i] for i in range(position)), keys[position] > bounds[position])
            for position in range(len(keys))
        )
    )


def _order(keys: Sequence[Any]) -> int:
    """Return what tells the cursors of one order from those of another."""
    return zlib.crc32(",".join(str(key) for key in keys).encode())


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _read_cursor(cursor: str, keys: Sequence[Any]) -> list[Any]:
    try:
        order, *values = msgspec.json.decode(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[Any]
        )
        typed = [_typed(value, key.type) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise invalid("cursor", _BAD_CURSOR) from error
    if order != _order(keys):
        raise invalid("cursor", _BAD_CURSOR)
    return typed


def _typed(value: Any, column_type: Any) -> Any:
    """Return a value as its column keeps it; raise one of the errors above for what no such column can hold."""
    kind = column_type.python_type
    if isinstance(column_type, Uuid):
        return str(UUID(value))
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind or (kind is str and "\0" in value):
        raise TypeError(kind)
    if kind is int and abs(value) >= 2 ** (63 if isinstance(column_type, BigInteger) else 31):
        raise OverflowError(kind)
    return value
