"""Lists by keyset: a page continues after the last row seen, so that depth costs nothing and order is stable."""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, func, literal, select, tuple_
from sqlalchemy.orm import Session

from university.platform.errors import InvalidRequest, invalid
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
    session: Session,
    query: Select[Any],
    keys: Sequence[Any],
    wanted: PageRequest,
    *,
    scalars: bool = True,
    falling: bool = False,
) -> Page:
    """Return a page of a query ordered by `keys` (columns, together unique, never null), ascending unless `falling`.

    With `scalars` the items are the query's first column (an entity), else rows; keys must be attributes of an item.
    Raises `InvalidRequest` for a cursor of another list.
    """
    order = [key.desc() for key in keys] if falling else keys
    bounded = query.order_by(*order).limit(wanted.limit + 1)
    if wanted.cursor is not None:
        bounded = bounded.where(_after(keys, _read_cursor(wanted.cursor, keys, order), falling=falling))
    result = session.scalars(bounded) if scalars else session.execute(bounded)
    found = list(result)
    items = found[: wanted.limit]
    cursor = None
    if len(found) > wanted.limit:
        cursor = _cursor([_order(order), *(getattr(items[-1], key.key) for key in keys)])
    total = None
    if wanted.total:
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return Page(items, cursor, total)


def _after(keys: Sequence[Any], values: Sequence[Any], *, falling: bool) -> ColumnElement[bool]:
    """Return (a, b, ...) > (x, y, ...), or < when falling: one bound, at which an index can be entered."""
    bounds = tuple_(*(literal(value, key.type) for key, value in zip(keys, values, strict=True)))
    return tuple_(*keys) < bounds if falling else tuple_(*keys) > bounds


def _order(keys: Sequence[Any]) -> int:
    """Return what tells the cursors of one order from those of another."""
    return zlib.crc32(",".join(str(key) for key in keys).encode())


def wrong_cursor() -> InvalidRequest:
    """Return the refusal of a cursor that a list did not give out."""
    return invalid("cursor", _BAD_CURSOR)


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _read_cursor(cursor: str, keys: Sequence[Any], order: Sequence[Any]) -> list[Any]:
    try:
        told, *values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[Any])
        typed = [_typed(value, key.type) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise wrong_cursor() from error
    if told != _order(order):
        raise wrong_cursor()
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
