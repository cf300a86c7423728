"""How long the platform remembers: keys a day, events sent a month, events heard two months."""

import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, tuple_

from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.idempotency import KEPT, keys_of
from university.platform.messaging.inbox import inbox_of
from university.platform.messaging.outbox import outbox_of

SENT = timedelta(days=30)
"""How long events sent can be told again."""
HEARD = 2 * SENT
"""Longer than any event can be told again, so that none is ever applied twice."""
STEP = 500
"""Rows forgotten in one transaction, so that no writer waits long."""
EVERY = 900.0
"""Seconds between two rounds of forgetting."""
_log = telemetry.log("retention")


class Housekeeping:
    """Forgets, in the background, what is too old."""

    def __init__(self, primary: Primary, *, every: float = EVERY) -> None:
        self._primary, self._every = primary, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"housekeeping-{primary.schema}", daemon=True)

    def start(self) -> None:
        """Forget now and then until stopped."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what a round has not come to is for the next one."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                forget(self._primary)
            except Exception:  # noqa: BLE001 - whatever interrupts a round, the next one tries again
                _log.exception("housekeeping interrupted", module_of=self._primary.schema)


def forget(primary: Primary) -> int:
    """Delete what is older than it need be, in small steps; return how many rows went. Dead events stay."""
    keys, outbox, inbox = keys_of(primary.schema), outbox_of(primary.schema), inbox_of(primary.schema)
    with primary.read() as session:
        moment = database.now(session)
    return (
        _forget(primary, keys, keys.c.created_at < moment - KEPT)
        + _forget(primary, outbox, outbox.c.id < database.first_id(moment - SENT), outbox.c.status == "sent")
        + _forget(primary, inbox, inbox.c.event_id < database.first_id(moment - HEARD))
    )


def _forget(primary: Primary, table: Table, *old: ColumnElement[bool]) -> int:
    key = list(table.primary_key)
    gone = 0
    while rows := _some(primary, key, old):
        with primary.begin() as session:
            session.execute(delete(table).where(tuple_(*key).in_(rows), *old))
        gone += len(rows)
    return gone


def _some(primary: Primary, key: list[Any], old: tuple[ColumnElement[bool], ...]) -> list[tuple[Any, ...]]:
    """Find rows to forget; looking does not hold up any writer."""
    with primary.read() as session:
        return [tuple(row) for row in session.execute(select(*key).where(*old).limit(STEP))]
