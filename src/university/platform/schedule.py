"""Work that comes round by itself: whichever of a module's processes is first carries a chore out, and no other."""

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from prometheus_client import Histogram
from sqlalchemy import Column, Integer, String, Table, select, text, update
from sqlalchemy.orm import Session

from university.platform import database, telemetry
from university.platform.database import Moment, Primary, metadata_of

LOOK = 1.0
"""Seconds between two looks at what is due."""
LEASE = 30.0
"""Seconds after which a chore is free again whose holder is not heard of; a living one renews its lease in time."""
PATIENCE = timedelta(minutes=5)
"""Longest wait before a chore that failed is tried again; the first is a second, and each next one twice as long."""
PARTING = 3.0
"""Seconds that a stop waits for the chores in hand; what is not finished then is done by whoever takes it over."""
_SECONDS = Histogram(
    "university_chore_seconds",
    "Seconds a chore took, by module, chore and outcome (done, failed).",
    ("module", "chore", "outcome"),
    buckets=(0.01, 0.1, 1, 10, 60, 600),
)
_log = telemetry.log("schedule")


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again.

    Where a process dies or is cut off on the way, another begins it anew: it must look for itself at what is left to
    do, and change it in transactions that bear being repeated.
    """

    name: str
    every: timedelta
    """From the end of one round to the next; what was missed is not caught up with."""
    do: Callable[[], object]


@lru_cache
def chores_of(schema: str) -> Table:
    """Return the module's table of chores."""
    return Table(
        "chore",
        metadata_of(schema),
        Column("name", String(60), primary_key=True),
        Column("due_at", Moment, nullable=False),
        Column("leased_until", Moment),
        Column("leased_by", String(120)),
        Column("failures", Integer, nullable=False, server_default=text("0")),
    )


class Turns:
    """Whose turn it is: rows of the module's own table decide, by its database's clock."""

    def __init__(self, primary: Primary, *, lease: float = LEASE) -> None:
        self._primary, self._lease = primary, timedelta(seconds=lease)
        self._chores = chores_of(primary.schema)
        self._me = f"{socket.gethostname()[:60]}/{os.getpid()}/{database.new_id()}"

    def due(self, chores: Sequence[Chore]) -> list[Chore]:
        """Return those that seem to be free and due, in order; looking holds up nobody."""
        table = self._chores
        with self._primary.read() as session:
            moment = database.now(session)
            leased = table.c.leased_until.is_not(None) & (table.c.leased_until > moment)
            later = set(session.scalars(select(table.c.name).where((table.c.due_at > moment) | leased)))
        return [chore for chore in chores if chore.name not in later]

    def take(self, chore: Chore) -> bool:
        """Take a chore that is due and free; tell whether it is ours now."""
        table = self._chores
        with self._primary.begin() as session:
            moment = database.now(session)
            mine = {"leased_until": moment + self._lease, "leased_by": self._me}
            free = table.c.leased_until.is_(None) | (table.c.leased_until <= moment)
            take = (
                database.insert(session, table)
                .values(name=chore.name, due_at=moment, **mine)
                .on_conflict_do_update(index_elements=["name"], set_=mine, where=(table.c.due_at <= moment) & free)
                .returning(table.c.name)
            )
            return session.execute(take).one_or_none() is not None

    def renew(self) -> None:
        """Keep what is ours."""
        table = self._chores
        with self._primary.begin() as session:
            until = database.now(session) + self._lease
            session.execute(update(table).where(table.c.leased_by == self._me).values(leased_until=until))

    def done(self, chore: Chore) -> bool:
        """Give a chore back until it is due again; tell whether it was still ours."""
        with self._primary.begin() as session:
            return self._give_back(session, chore, chore.every, failures=0)

    def failed(self, chore: Chore) -> bool:
        """Give a chore back to be tried again, later each time; tell whether it was still ours."""
        table = self._chores
        with self._primary.begin() as session:
            before = session.scalar(select(table.c.failures).where(table.c.name == chore.name)) or 0
            wait = min(PATIENCE, timedelta(seconds=2 ** min(before, 10)))
            return self._give_back(session, chore, wait, failures=before + 1)

    def _give_back(self, session: Session, chore: Chore, wait: timedelta, *, failures: int) -> bool:
        table, moment = self._chores, database.now(session)
        given = (
            update(table)
            .where(table.c.name == chore.name, table.c.leased_by == self._me)
            .values(due_at=moment + wait, leased_until=None, leased_by=None, failures=failures)
            .returning(table.c.name)
        )
        return session.execute(given).one_or_none() is not None


class Scheduler:
    """Looks after a module's chores in the background; any number may, in as many processes."""

    def __init__(self, primary: Primary, chores: Sequence[Chore], *, look: float = LOOK, lease: float = LEASE) -> None:
        self._schema, self._chores = primary.schema, chores
        self._look, self._lease = look, lease
        self._turns = Turns(primary, lease=lease)
        self._running: dict[str, threading.Thread] = {}
        self._renewed = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"schedule-{primary.schema}", daemon=True)

    def start(self) -> None:
        """Carry out what is due from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what is in hand is given a few seconds."""
        self._stop.set()
        until = time.monotonic() + PARTING
        if self._thread.is_alive():
            self._thread.join(timeout=PARTING)
        for thread in self._running.values():
            thread.join(timeout=max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        told = ""
        while not self._stop.wait(self._look):
            try:
                self._look_around()
                told = ""
            except Exception as error:  # noqa: BLE001 - whatever interrupts a look, the next one tries again
                if told != repr(error):
                    told = repr(error)
                    _log.warning("schedule interrupted", schedule=self._schema, exc_info=error)

    def _look_around(self) -> None:
        """Keep what is being done, and begin what is due and nobody else does; one chore does not wait for another."""
        self._running = {name: thread for name, thread in self._running.items() if thread.is_alive()}
        if self._running and time.monotonic() - self._renewed > self._lease / 3:
            self._turns.renew()
            self._renewed = time.monotonic()
        for chore in self._turns.due(self._chores):
            if chore.name not in self._running and not self._stop.is_set() and self._turns.take(chore):
                thread = threading.Thread(
                    target=self._carry_out, args=(chore,), name=f"chore-{chore.name}", daemon=True
                )
                self._running[chore.name] = thread
                thread.start()

    def _carry_out(self, chore: Chore) -> None:
        with telemetry.tracing(None):
            began = time.perf_counter()
            try:
                outcome, give_back = "done", self._turns.done
                chore.do()
            except Exception:  # noqa: BLE001 - whatever a chore fails by, it is told here and tried again
                outcome, give_back = "failed", self._turns.failed
                _log.exception("chore failed", schedule=self._schema, chore=chore.name)
            _SECONDS.labels(self._schema, chore.name, outcome).observe(time.perf_counter() - began)
            self._finish(chore, give_back)

    def _finish(self, chore: Chore, give_back: Callable[[Chore], bool]) -> None:
        try:
            if not give_back(chore):
                _log.warning("chore taken over meanwhile", schedule=self._schema, chore=chore.name)
        except Exception as error:  # noqa: BLE001 - without its database nobody can be told; the lease runs out instead
            _log.warning("chore not given back", schedule=self._schema, chore=chore.name, exc_info=error)
