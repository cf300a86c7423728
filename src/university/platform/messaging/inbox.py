"""A module hears each event once: the inbox row commits with the effect, so a repeated delivery changes nothing."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, String, Table
from sqlalchemy.orm import Session

from university.platform import clock, database
from university.platform.database import Id, Moment, Primary, metadata_of

CloudEvent = dict[str, Any]


@lru_cache
def inbox_of(schema: str) -> Table:
    """Return the module's inbox table."""
    return Table(
        "inbox",
        metadata_of(schema),
        Column("subscription", String(60), primary_key=True),
        Column("event_id", Id, primary_key=True),
        Column("heard_at", Moment, nullable=False),
    )


@lru_cache
def _remembering(schema: str, dialect: str) -> Any:
    inbox = inbox_of(schema)
    remember = database.insert_in(dialect, inbox).values(heard_at=clock.Now()).on_conflict_do_nothing()
    return remember.returning(inbox.c.event_id)


def hear(
    primary: Primary,
    subscription: str,
    events: Sequence[CloudEvent],
    apply: Callable[[Session, list[CloudEvent]], None],
) -> None:
    """Apply, in one transaction, those of the events that this subscription has not applied before.

    `apply` compares `aggregateversion` with what it holds, so that a late event never overwrites a newer state.
    """
    with primary.begin() as session:
        fresh = _remember(session, subscription, events)
        if fresh:
            apply(session, fresh)


def _remember(session: Session, subscription: str, events: Sequence[CloudEvent]) -> list[CloudEvent]:
    """Return the events that were new to the inbox; a delivery of the same ones at the same time waits here."""
    by_id = {event["id"]: event for event in sorted(events, key=lambda event: event["id"])}
    if not by_id:
        return []
    rows = [{"subscription": subscription, "event_id": event_id, **clock.told(session)} for event_id in by_id]
    remember = _remembering(session.info["schema"], database.dialect_of(session))
    fresh = set(session.scalars(remember, rows))
    return [event for event_id, event in by_id.items() if event_id in fresh]
