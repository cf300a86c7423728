"""The university in one process, put back to its beginning before each run; its broker and its crashes are drawn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Row, event, select
from structlog.testing import capture_logs

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, House, Reply
from tests.stateful import scenery
from tests.stateful.scenery import Scenery
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.auditing import audit_of
from university.platform.database import metadata_of
from university.platform.messaging import topology
from university.platform.messaging.relay import Relay
from university.platform.security import Principal
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

FOLLOWING = ("go-through-queues", "expire-offers", "release-pools", "recheck-requisites", "settle-canceled-sections")
"""The chores that finish what calls began, and do what is due; `LOOKING` finds what nobody tells, hourly."""
LOOKING = "look-at-everybody-again"
DEAD = Reply(0, {}, b"{}")
"""What is heard from a process that died."""
A_RUN = 1_000
"""More versions than a section has in one run."""
LATER = timedelta(seconds=3)
"""After which an interrupted pass is tried again."""


class Crash(Exception):
    """The process dies at the commit; nothing of it is left, and nothing follows it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one hearer."""

    hearer: str
    event: dict[str, Any]


@dataclass
class Broker:
    """Takes events from the outboxes and keeps them, until a step says which arrives next."""

    hearers: Mapping[str, Callable[[list[dict[str, Any]]], None]]
    waiting: list[Delivery] = field(default_factory=list)
    attempts = None

    def carry(self, rows: Sequence[Row[Any]]) -> dict[str, str]:
        """Keep every event once for each that hears it."""
        for row in rows:
            told = msgspec.json.decode(row.body)
            self.waiting += [Delivery(name, told) for name in topology.hearers(row.type) if name in self.hearers]
        return {}

    def close(self) -> None:
        """Nothing was taken."""


class World:
    """A house with its scenery, and the fate of what happens in it."""

    def __init__(self, data_dir: Path, urls: Mapping[str, str] | None = None) -> None:
        self.house = House(Settings(data_dir=data_dir, threads=4, database_url=dict(urls or {})))
        self.house.open(CourseWiring(), StudentWiring(), EnrollmentWiring())
        self.scenery: Scenery = scenery.made(Campus(self.house))
        self.house.drain()
        self._beginning = {name: self._rows(name) for name in self.house.modules}
        self._age = 0
        self._chores = {one.name: one for module in self.house.modules.values() for one in module.chores()}
        for module in self.house.modules.values():
            event.listen(module.primary.engine, "commit", self._commit)
            _hurry(module.primary.engine, module.name)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Put every table back to what it was when the scenery had been made."""
        self._commits_left: int | None = None
        self.doom: int | None = None
        self.died = self._dead = False
        self.broker = Broker(self.house.hearers())
        self.relays = [Relay(module.primary, self.broker) for module in self.house.modules.values()]
        self._age += A_RUN
        for name, tables in self._beginning.items():
            primary = self.house.modules[name].primary
            primary.ahead = timedelta()
            with primary.begin() as session:
                # What staff did stays: the database lets nobody take it away.
                kept = [table for table in metadata_of(name).sorted_tables if table not in audit_of(name)]
                for table in reversed(kept):
                    session.execute(table.delete())
                for table in kept:
                    if rows := tables[table.name]:
                        session.execute(table.insert(), self._older(rows) if table.name == "section" else rows)

    @property
    def ahead(self) -> timedelta:
        """How far the clocks were moved on."""
        return self.house.modules["enrollment"].primary.ahead

    def in_hours(self, hours: int) -> str:
        """Return a moment by the world's clock."""
        return (datetime.now(UTC) + self.ahead + timedelta(hours=hours)).isoformat()

    def ask(self, method: str, path: str, body: Any = None, *, student: str | None = None, **options: Any) -> Reply:
        """Ask enrollment, as a student or as the registrar; a process that is doomed may die of it."""
        return self.ask_module("enrollment", method, path, body, student=student, **options)

    def ask_module(
        self, module: str, method: str, path: str, body: Any = None, *, student: str | None = None, **options: Any
    ) -> Reply:
        """Ask any module."""
        who: Principal = a_student(student) if student else REGISTRAR
        with self.fate():
            return self.house.call(module, method, path, body, who=who, **options)
        return DEAD

    @contextmanager
    def fate(self) -> Iterator[None]:
        """Let what follows die after as many commits as was drawn, if it was."""
        self._commits_left, self.doom = self.doom, None
        told = suppress(Crash) if self._commits_left is None else capture_logs()
        with suppress(Crash), told:
            yield
        self.died, self._commits_left = self._dead, None
        self._dead = False

    def take_from_outboxes(self) -> None:
        """Bring every event to the broker."""
        while sum(relay.deliver() for relay in self.relays):
            continue

    def deliver(self, chosen: Sequence[Delivery], *, again: bool = False) -> None:
        """Let events arrive, one by one; those that arrive `again` stay on their way."""
        for one in chosen:
            with self.fate():
                self.broker.hearers[one.hearer]([one.event])
            if not again and not self.died and one in self.broker.waiting:
                self.broker.waiting.remove(one)

    def do(self, *chores: str) -> int:
        """Carry chores out, due or not; return how much they found to do."""
        found = 0
        for name in chores:
            with self.fate():
                done = self._chores[name].do()
                found += done if isinstance(done, int) else 0
        return found

    def _commit(self, _connection: Any) -> None:
        if self._commits_left is None:
            return
        if self._commits_left == 0:
            self._dead = True
            raise Crash
        self._commits_left -= 1

    def _older(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return sections in versions that no run before has seen: course keeps what it told of a version."""
        older = [{**row, "version": row["version"] + self._age} for row in rows]
        for row in older:
            if "facts" in row:
                facts = msgspec.json.decode(row["facts"])
                row["facts"] = msgspec.json.encode({**facts, "version": row["version"]})
        return older

    def _rows(self, module: str) -> dict[str, list[dict[str, Any]]]:
        with self.house.modules[module].primary.read() as session:
            tables = metadata_of(module).sorted_tables
            return {table.name: [row._asdict() for row in session.execute(select(table))] for table in tables}


def _hurry(engine: Any, schema: str) -> None:
    """Let SQLite not wait for the disk: no run outlives its process."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute("COMMIT") if raw.in_transaction else None
            raw.execute(f"PRAGMA {schema}.synchronous = OFF")
