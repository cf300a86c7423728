"""The relay of one module: looks into the outbox, lets the events be carried, and marks what has arrived."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import ColumnElement, Row, Select, case, select, text, update
from sqlalchemy.orm import Session

from university.platform import clock, database, telemetry
from university.platform.database import Primary
from university.platform.messaging.outbox import outbox_of

BY_HAND = 200
"""Events that hearers of this process are handed at once."""
BATCH, MOST = 500, 4_000
"""Events that are sent at once, and in one transaction: when it cannot commit, all that it took is sent again."""
ON_THEIR_WAY = 4
"""Batches sent of which nothing is known yet: while one is being confirmed, the next one is taken and sent."""
BUSY, IDLE, INTERRUPTED = 0.005, 0.1, 1.0
"""Seconds between looks into the outbox: after some events, after none, after an interruption."""
PARTING = 3.0
"""Seconds that a stop waits for the batch in hand."""
_log = telemetry.log("relay")
Faults = Mapping[str, str]
"""What went wrong, by the id of the event."""


class Carrier(Protocol):
    """How events get from the outbox to whoever hears them, if this relay is the only one that looks there."""

    @property
    def attempts(self) -> int | None:
        """How often an event is tried before it is set aside as dead; None means for ever."""

    def carry(self, rows: Sequence[Row[Any]]) -> Faults:
        """Carry rows (`id`, `type`, `body`) and return what went wrong.

        Raises whatever interrupts the carrying of all of them: then nothing is known, and they are carried again.
        """

    def close(self) -> None:
        """Give back what carrying takes."""


@runtime_checkable
class Sender(Protocol):
    """How events get to where others share them out; several relays may look into one outbox."""

    def send(self, rows: Sequence[Row[Any]]) -> Callable[[], Faults]:
        """Send rows (`id`, `type`, `body`); what is returned waits until all have arrived, and tells what went wrong.

        Both raise whatever interrupts the sending of all of them: then nothing is known, and they are sent again.
        """

    def close(self) -> None:
        """Give back what sending takes."""


class Relay:
    """Carries one module's outbox."""

    def __init__(self, primary: Primary, carrier: Carrier | Sender) -> None:
        self._primary, self._carrier = primary, carrier
        self._outbox = outbox = outbox_of(primary.schema)
        # Written out, because a parameter would not tell the databases that the index of pending rows will do.
        self._pending = outbox.c.status == text("'pending'")
        columns = (outbox.c.id, outbox.c.type, outbox.c.body, outbox.c.attempts)
        due = (
            select(*columns)
            .where(self._pending, outbox.c.retry_at.is_(None) | (outbox.c.retry_at <= clock.Now()))
            .order_by(outbox.c.id)
        )
        # Built once: the relay looks many times a second, and mostly finds nothing.
        self._look, self._due = due.with_only_columns(outbox.c.id).limit(1), due.limit(BY_HAND)
        mine = due.with_only_columns(outbox.c.id).limit(BATCH).with_for_update(skip_locked=True).cte("mine")
        self._take = update(outbox).where(outbox.c.id == mine.c.id).values(status="sent").returning(*columns)
        self._is_busy = False
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
        """Deliver what is due, up to a limit; return how many rows were looked at (0 when the outbox is drained).

        An event that cannot be delivered is tried again later; the others go on.
        """
        if isinstance(self._carrier, Sender):
            # To take nothing costs more than to look, to look and to take costs more than to take.
            looked = self._send(self._carrier) if self._is_busy or self._finds(self._look) else 0
        else:
            looked = self._carry(self._carrier)
        self._is_busy = looked > 0
        return looked

    def _carry(self, carrier: Carrier) -> int:
        if rows := self._finds(self._due):
            faults = carrier.carry(rows)
            with self._primary.begin() as session:
                self._mark(session, rows, faults, carrier.attempts)
        return len(rows)

    def _send(self, sender: Sender) -> int:
        """Send what no other relay can take meanwhile; it counts as sent by the commit, after the last one arrived."""
        looked, last = 0, BATCH
        on_their_way: deque[tuple[Sequence[Row[Any]], Callable[[], Faults]]] = deque()
        with self._primary.begin() as session:
            while last == BATCH and looked < MOST and not self._stop.is_set():
                rows = sorted(session.execute(self._take, clock.told(session)), key=lambda row: row.id)
                last = len(rows)
                looked += last
                if rows:
                    on_their_way.append((rows, sender.send(rows)))
                if len(on_their_way) == ON_THEIR_WAY:
                    self._settle(session, *on_their_way.popleft())
            for sent in on_their_way:
                self._settle(session, *sent)
        return looked

    def _settle(self, session: Session, rows: Sequence[Row[Any]], arrived: Callable[[], Faults]) -> None:
        if faults := arrived():
            self._put_off(session, rows, faults, self._outbox.c.status == "sent", None)

    def _finds(self, due: Select[Any]) -> Sequence[Row[Any]]:
        with self._primary.read() as session:
            return session.execute(due, clock.told(session)).all()

    def pending(self) -> int:
        """Return how many events wait, those to be retried included."""
        with self._primary.read() as session:
            return len(session.scalars(select(self._outbox.c.id).where(self._pending)).all())

    def _mark(self, session: Session, rows: Sequence[Row[Any]], faults: Faults, most: int | None) -> None:
        outbox = self._outbox
        if sent := [row.id for row in rows if row.id not in faults]:
            session.execute(update(outbox).where(outbox.c.id.in_(sent)).values(status="sent"))
        if faults:
            self._put_off(session, rows, faults, self._pending, most)

    def _put_off(
        self, session: Session, rows: Sequence[Row[Any]], faults: Faults, still: ColumnElement[bool], most: int | None
    ) -> None:
        """Note which events did not arrive: each is tried again after twice the time, or set aside."""
        outbox, moment = self._outbox, database.now(session)
        status = "pending" if most is None else case((outbox.c.attempts + 1 >= most, "dead"), else_="pending")
        for row in rows:
            if row.id not in faults:
                continue
            if most is not None and row.attempts + 1 >= most:
                _log.error("event given up", event_id=row.id, type=row.type, fault=faults[row.id])
            wait = timedelta(seconds=min(60.0, 0.1 * 2 ** min(row.attempts, 10)))
            session.execute(
                update(outbox)
                .where(outbox.c.id == row.id, still)
                .values(attempts=outbox.c.attempts + 1, status=status, retry_at=moment + wait, fault=faults[row.id])
            )

    def _run(self) -> None:
        pause, told = BUSY, ""
        while not self._stop.wait(pause):
            try:
                looked = self.deliver()
                pause = 0.0 if looked >= MOST else BUSY if looked else min(IDLE, max(BUSY, pause * 2))
                told = ""
            except Exception as error:  # noqa: BLE001 - whatever interrupts a delivery, the next look tries again
                if told != repr(error):
                    told = repr(error)
                    _log.warning("delivery interrupted", outbox=self._primary.schema, exc_info=error)
                pause = INTERRUPTED
