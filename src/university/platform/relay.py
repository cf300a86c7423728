"""Delivery inside one process: the outbox row is marked only when every hearer's transaction has committed."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, case, select, text, update

from university.platform import database, retention, telemetry, topology
from university.platform.database import Primary
from university.platform.inbox import CloudEvent
from university.platform.outbox import outbox_of

BATCH = 200
BUSY, IDLE = 0.01, 0.1
"""Seconds between looks into the outbox."""
ATTEMPTS = 20
HOUSEKEEPING = 900.0
"""Seconds between two rounds of forgetting what is too old."""
PARTING = 3.0
"""Seconds that a stop waits for the batch in hand."""
Deliver = Callable[[list[CloudEvent]], None]
_log = telemetry.log("relay")


class Relay:
    """Carries one module's outbox to the hearers of this process, and keeps house every so many seconds."""

    def __init__(self, primary: Primary, hearers: Mapping[str, Deliver], *, housekeeping: float = HOUSEKEEPING) -> None:
        self._primary = primary
        self._hearers = hearers
        self._housekeeping = housekeeping
        self._outbox = outbox_of(primary.schema)
        # Written out, because a parameter would not tell the databases that the index of pending rows will do.
        self._pending = self._outbox.c.status == text("'pending'")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"relay-{primary.schema}", daemon=True)

    def start(self) -> None:
        """Deliver in the background until stopped."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; the batch in hand is given a few seconds, and is delivered again later if that is not enough."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=PARTING)

    def deliver(self) -> int:
        """Deliver one batch; return how many rows were looked at (0 when the outbox is drained).

        An event that a hearer fails on is tried again later, up to twenty times; the others go on.
        """
        with self._primary.read() as session:
            rows = session.execute(self._due(database.now(session))).all()
        if rows:
            faults = self._carry(rows)
            self._mark(rows, faults)
        return len(rows)

    def pending(self) -> int:
        """Return how many events wait, those to be retried included."""
        with self._primary.read() as session:
            return len(session.scalars(select(self._outbox.c.id).where(self._pending)).all())

    def _due(self, moment: Any) -> Any:
        outbox = self._outbox
        due = outbox.c.retry_at.is_(None) | (outbox.c.retry_at <= moment)
        return (
            select(outbox.c.id, outbox.c.type, outbox.c.body, outbox.c.attempts)
            .where(self._pending, due)
            .order_by(outbox.c.id)
            .limit(BATCH)
        )

    def _carry(self, rows: Sequence[Row[Any]]) -> dict[str, str]:
        """Hand each hearer its events; return what went wrong by event id."""
        batches: dict[str, list[CloudEvent]] = defaultdict(list)
        faults: dict[str, str] = {}
        for row in rows:
            try:
                event = msgspec.json.decode(row.body)
            except ValueError as error:
                faults[row.id] = repr(error)
                continue
            for name in topology.hearers(row.type):
                batches[name].append(event)
        for name, events in batches.items():
            if name in self._hearers:
                faults |= _hand(self._hearers[name], name, events)
        return faults

    def _mark(self, rows: Sequence[Row[Any]], faults: Mapping[str, str]) -> None:
        outbox = self._outbox
        sent = [row.id for row in rows if row.id not in faults]
        with self._primary.begin() as session:
            if sent:
                session.execute(update(outbox).where(outbox.c.id.in_(sent)).values(status="sent"))
            moment = database.now(session)
            for row in rows:
                if row.id in faults:
                    if row.attempts + 1 >= ATTEMPTS:
                        _log.error("event given up", event_id=row.id, type=row.type, fault=faults[row.id])
                    dead = case((outbox.c.attempts + 1 >= ATTEMPTS, "dead"), else_="pending")
                    wait = timedelta(seconds=min(60.0, 0.1 * 2**row.attempts))
                    session.execute(
                        update(outbox)
                        .where(outbox.c.id == row.id, self._pending)
                        .values(
                            attempts=outbox.c.attempts + 1, status=dead, retry_at=moment + wait, fault=faults[row.id]
                        )
                    )

    def _run(self) -> None:
        pause, forget_at = BUSY, time.monotonic() + self._housekeeping
        while not self._stop.wait(pause):
            try:
                pause = BUSY if self.deliver() else min(IDLE, pause * 2)
                if time.monotonic() >= forget_at:
                    forget_at += self._housekeeping
                    retention.forget(self._primary)
            except Exception:  # noqa: BLE001 - whatever interrupts a delivery, the next look tries again
                _log.exception("delivery interrupted", outbox=self._primary.schema)
                pause = 1.0


def _hand(deliver: Deliver, name: str, events: list[CloudEvent]) -> dict[str, str]:
    """Hand over a batch, one by one when it fails as a whole, so that one bad event does not hold back the others."""
    try:
        with telemetry.tracing(events[0].get("traceparent") if len(events) == 1 else None):
            deliver(events)
    except Exception as error:  # noqa: BLE001 - a hearer may fail in any way; the event waits for another try
        if len(events) == 1:
            _log.warning("event not applied", subscription=name, event_id=events[0]["id"], fault=repr(error))
            return {events[0]["id"]: repr(error)[:2000]}
        faults: dict[str, str] = {}
        for event in events:
            faults |= _hand(deliver, name, [event])
        return faults
    return {}
