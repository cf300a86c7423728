"""How long the platform remembers: keys a day, events sent a month, events heard two months, deeds five years."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, tuple_

from university.platform import auditing, database
from university.platform.database import Primary
from university.platform.idempotency import KEPT, keys_of
from university.platform.messaging.inbox import inbox_of
from university.platform.messaging.outbox import outbox_of
from university.platform.schedule import Chore

SENT = timedelta(days=30)
"""How long events sent can be told again."""
HEARD = 2 * SENT
"""Longer than any event can be told again, so that none is ever applied twice."""
STEP = 500
"""Rows forgotten in one transaction, so that no writer waits long."""
EVERY = timedelta(minutes=15)
"""The time between two rounds of forgetting."""


def chore(primary: Primary) -> Chore:
    """Return the chore of forgetting what is too old."""
    return Chore("forget", EVERY, lambda: forget(primary))


def forget(primary: Primary) -> int:
    """Delete what is older than it need be, in small steps; return how many rows went. Dead events stay."""
    keys, outbox, inbox = keys_of(primary.schema), outbox_of(primary.schema), inbox_of(primary.schema)
    with primary.read() as session:
        moment = database.now(session)
    return (
        _forget(primary, keys, keys.c.created_at < moment - KEPT)
        + _forget(primary, outbox, outbox.c.id < database.first_id(moment - SENT), outbox.c.status == "sent")
        + _forget(primary, inbox, inbox.c.event_id < database.first_id(moment - HEARD))
        + _forget_deeds(primary, moment - auditing.KEPT)
    )


def _forget(primary: Primary, table: Table, *old: ColumnElement[bool]) -> int:
    key = list(table.primary_key)
    gone = 0
    while rows := _some(primary, key, old):
        with primary.begin() as session:
            session.execute(delete(table).where(tuple_(*key).in_(rows), *old))
        gone += len(rows)
    return gone


def _forget_deeds(primary: Primary, before: datetime) -> int:
    gone = 0
    while True:
        with primary.begin() as session:
            some = auditing.forget(session, before, STEP)
        gone += some
        if some < STEP:
            return gone


def _some(primary: Primary, key: list[Any], old: tuple[ColumnElement[bool], ...]) -> list[tuple[Any, ...]]:
    """Find rows to forget; looking does not hold up any writer."""
    with primary.read() as session:
        return [tuple(row) for row in session.execute(select(*key).where(*old).limit(STEP))]
