"""Events are written beside the change they announce, so that both commit or neither does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Column, Index, Insert, Integer, String, Table, Text, insert, select, text, update
from sqlalchemy.orm import Session

from university.platform import database, telemetry
from university.platform.database import Id, Moment, Primary, metadata_of

STEP = 500
"""Rows woken in one transaction, so that no writer waits long."""
_BEFORE, _AFTER = timedelta(minutes=1), timedelta(minutes=10)
"""How far the id of an event may be from the moment of its change: clocks differ, and a large import takes its time."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact to tell: `type` without the `university.` prefix, and the aggregate's whole state."""

    type: str
    subject: str
    version: int
    data: dict[str, Any] = field(repr=False)


class Announced(msgspec.Struct, frozen=True):
    """What became of an event: its id, and whether it is `pending`, `sent` or `dead`."""

    subject: str
    version: int
    event_id: str
    status: str


@lru_cache
def outbox_of(schema: str) -> Table:
    """Return the module's outbox table."""
    table = Table(
        "outbox",
        metadata_of(schema),
        Column("id", Id, primary_key=True),
        Column("type", String(120), nullable=False),
        Column("subject", String(64), nullable=False),
        Column("version", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("status", String(8), nullable=False, server_default="pending"),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("retry_at", Moment),
        Column("fault", Text),
    )
    pending = table.c.status == text("'pending'")
    Index("ix_outbox_pending", table.c.id, postgresql_where=pending, sqlite_where=pending)
    return table


@lru_cache
def _announcing(schema: str) -> Insert:
    return insert(outbox_of(schema))


def announce(session: Session, *events: Event, at: datetime | None = None) -> None:
    """Record events in the caller's transaction; who knows the moment of the change tells it."""
    if events:
        schema = session.info["schema"]
        session.execute(_announcing(schema), list(_rows(schema, events, at or database.now(session))))


def republish(primary: Primary, since: datetime, until: datetime | None = None, *, prefix: str = "") -> int:
    """Let events sent since a moment be sent again, those whose type begins with `prefix`; return how many.

    Whoever applied one already does not apply it again, unless its inbox was lost with the effect.
    """
    outbox, count, begin = outbox_of(primary.schema), 0, database.first_id(since)
    sent = [outbox.c.status == "sent", outbox.c.type.startswith(prefix, autoescape=True)]
    if until is not None:
        sent.append(outbox.c.id < database.first_id(until))
    again = {"status": "pending", "attempts": 0, "retry_at": None, "fault": None}
    while True:
        with primary.read() as session:
            some = select(outbox.c.id).where(outbox.c.id >= begin, *sent).order_by(outbox.c.id).limit(STEP)
            ids = list(session.scalars(some))
        if not ids:
            return count
        with primary.begin() as session:
            session.execute(update(outbox).where(outbox.c.id.in_(ids), outbox.c.status == "sent").values(**again))
        count += len(ids)
        begin = database.next_id(ids[-1])


def _rows(schema: str, events: Iterable[Event], moment: datetime) -> Iterable[dict[str, Any]]:
    traceparent = telemetry.traceparent()
    trace = {"traceparent": traceparent} if traceparent else {}
    for event in events:
        event_id = database.new_id()
        cloud = {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/university/{schema}",
            "type": f"university.{event.type}",
            "subject": event.subject,
            "time": moment,
            "datacontenttype": "application/json",
            "aggregateversion": event.version,
            **trace,
            "data": event.data,
        }
        yield {
            "id": event_id,
            "type": event.type,
            "subject": event.subject,
            "version": event.version,
            "body": msgspec.json.encode(cloud).decode(),
            "created_at": moment,
        }


def last_announced(session: Session, changed_at: Mapping[str, datetime]) -> list[Announced]:
    """Return what became of the last event of each subject that changed at a moment, as far as it is remembered.

    The outbox has no index of subjects, which every announcement would pay for: ids tell when events were made.
    """
    outbox = outbox_of(session.info["schema"])
    columns = (outbox.c.subject, outbox.c.version, outbox.c.id, outbox.c.status)
    last: dict[str, Announced] = {}
    for since, until, subjects in _spans(changed_at):
        told = select(*columns).where(outbox.c.id >= database.first_id(since), outbox.c.id < database.first_id(until))
        for row in session.execute(told.where(outbox.c.subject.in_(subjects)).order_by(outbox.c.version)):
            last[row.subject] = Announced(*row)
    return list(last.values())


def _spans(changed_at: Mapping[str, datetime]) -> list[tuple[datetime, datetime, list[str]]]:
    """Return the times in which to look for subjects; times that overlap are one."""
    spans: list[tuple[datetime, datetime, list[str]]] = []
    for subject, moment in sorted(changed_at.items(), key=lambda one: one[1]):
        since, until, subjects = moment - _BEFORE, moment + _AFTER, [subject]
        if spans and since <= spans[-1][1]:
            since, _, before = spans.pop()
            subjects = [*before, subject]
        spans.append((since, until, subjects))
    return spans
