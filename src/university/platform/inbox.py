"""A module hears each event once: the inbox row commits with the effect, so a repeated delivery changes nothing."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, String, Table, insert, select
from sqlalchemy.orm import Session

from university.platform import database
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
    inbox = inbox_of(session.info["schema"])
    by_id = {event["id"]: event for event in events}
    heard = session.scalars(
        select(inbox.c.event_id).where(inbox.c.subscription == subscription, inbox.c.event_id.in_(by_id))
    )
    fresh = [by_id[event_id] for event_id in by_id.keys() - set(heard)]
    if fresh:
        moment = database.now(session)
        session.execute(
            insert(inbox),
            [{"subscription": subscription, "event_id": event["id"], "heard_at": moment} for event in fresh],
        )
    return sorted(fresh, key=lambda event: (event["time"], event["id"]))
