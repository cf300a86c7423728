"""The relay of one module: looks into the outbox, lets the events be carried, and marks what has arrived."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Row, Select, case, select, text, update
from sqlalchemy.orm import Session

from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.messaging.outbox import outbox_of

BATCH = 200
BUSY, IDLE, INTERRUPTED = 0.01, 0.1, 1.0
"""Seconds between looks into the outbox: after a full one, after empty ones, after an interruption."""
PARTING = 3.0
"""Seconds that a stop waits for the batch in hand."""
_log = telemetry.log("relay")


class Carrier(Protocol):
    """How events get from the outbox to whoever hears them."""

    @property
    def shares(self) -> bool:
        """Whether several relays may look into one outbox: rows are then locked until they are marked."""

    @property
    def attempts(self) -> int | None:
        """How often an event is tried before it is set aside as dead; None means for ever."""

    def carry(self, rows: Sequence[Row[Any]]) -> Mapping[str, str]:
        """Carry rows (`id`, `type`, `body`) and return what went wrong, by id.

        Raises whatever interrupts the carrying of all of them: then nothing is known, and they are carried again.
        """

    def close(self) -> None:
        """Give back what carrying takes."""


class Relay:
    """Carries one module's outbox."""

    def __init__(self, primary: Primary, carrier: Carrier) -> None:
        self._primary, self._carrier = primary, carrier
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
        self._carrier.close()

    def deliver(self) -> int:
        """Deliver one batch; return how many rows were looked at (0 when the outbox is drained).

        An event that cannot be delivered is tried again later; the others go on.
        """
        if self._carrier.shares:
            with self._primary.begin() as session:
                rows = session.execute(self._due(session).with_for_update(skip_locked=True)).all()
                if rows:
                    self._mark(session, rows, self._carrier.carry(rows))
            return len(rows)
        with self._primary.read() as session:
            rows = session.execute(self._due(session)).all()
        if rows:
            faults = self._carrier.carry(rows)
            with self._primary.begin() as session:
                self._mark(session, rows, faults)
        return len(rows)

    def pending(self) -> int:
        """Return how many events wait, those to be retried included."""
        with self._primary.read() as session:
            return len(session.scalars(select(self._outbox.c.id).where(self._pending)).all())

    def _due(self, session: Session) -> Select[Any]:
        outbox = self._outbox
        due = outbox.c.retry_at.is_(None) | (outbox.c.retry_at <= database.now(session))
        return (
            select(outbox.c.id, outbox.c.type, outbox.c.body, outbox.c.attempts)
            .where(self._pending, due)
            .order_by(outbox.c.id)
            .limit(BATCH)
        )

    def _mark(self, session: Session, rows: Sequence[Row[Any]], faults: Mapping[str, str]) -> None:
        outbox = self._outbox
        if sent := [row.id for row in rows if row.id not in faults]:
            session.execute(update(outbox).where(outbox.c.id.in_(sent)).values(status="sent"))
        moment = database.now(session)
        for row in rows:
            if row.id in faults:
                self._put_off(session, row, faults[row.id], moment)

    def _put_off(self, session: Session, row: Row[Any], fault: str, moment: datetime) -> None:
        """Note that an event did not arrive: it is tried again after twice the time, or set aside."""
        outbox, most = self._outbox, self._carrier.attempts
        if most is not None and row.attempts + 1 >= most:
            _log.error("event given up", event_id=row.id, type=row.type, fault=fault)
        status = "pending" if most is None else case((outbox.c.attempts + 1 >= most, "dead"), else_="pending")
        wait = timedelta(seconds=min(60.0, 0.1 * 2 ** min(row.attempts, 10)))
        session.execute(
            update(outbox)
            .where(outbox.c.id == row.id, self._pending)
            .values(attempts=outbox.c.attempts + 1, status=status, retry_at=moment + wait, fault=fault)
        )

    def _run(self) -> None:
        pause, told = BUSY, ""
        while not self._stop.wait(pause):
            try:
                pause = BUSY if self.deliver() else min(IDLE, pause * 2)
                told = ""
            except Exception as error:  # noqa: BLE001 - whatever interrupts a delivery, the next look tries again
                if told != repr(error):
                    told = repr(error)
                    _log.warning("delivery interrupted", outbox=self._primary.schema, exc_info=error)
                pause = INTERRUPTED
