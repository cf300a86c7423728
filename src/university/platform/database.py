"""Where a module keeps its rows: a primary that decides, and a replica for reading; PostgreSQL or embedded SQLite."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
import uuid_utils
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, Uuid, event, text, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import TypeDecorator, TypeEngine

from university.platform import engines, positions
from university.platform.errors import Refusal, Unavailable
from university.platform.fair_lock import FairLock
from university.platform.language import Words

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_unique",
    "ck": "%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_name)s_exists",
    "pk": "%(table_name)s_pk",
}
_LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's code of a lock not granted in time."""
_GONE = (engines.READ_ONLY, "57P01", "57P02", "57P03", "53300")
"""Its codes of a server that only reads, is shut down, crashed, does not serve yet, or takes no more connections."""
WAIT, STEP, RESIGNED = 0.05, 0.005, 1.0
"""Seconds to wait for a replica to come as far as wanted, between two looks, and without waiting after it did not."""
AVOIDED, LAG = 5.0, 10.0
"""Seconds without looking at a replica that did not answer or is too far behind, and what is too far for anybody."""
_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
Id = Uuid(as_uuid=False)
"""A UUIDv7 as a hyphenated string; sixteen bytes in PostgreSQL."""


class _Spelled(TypeDecorator[str]):
    """An id read as it is kept: SQLite's digits get their hyphens without an object of `uuid.UUID` between."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else Uuid(as_uuid=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "sqlite":
            return value
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def quickly(column: Any) -> Any:
    """Return a column to read very many rows by: ids cost a tenth of what they usually do."""
    return type_coerce(column, _Spelled()).label(column.key) if isinstance(column.type, Uuid) else column


class Moment(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """The Python type of a value."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102 - SQLAlchemy's
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102 - SQLAlchemy's
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def new_id() -> str:
    """Return a fresh UUIDv7: ids sort by the time they were made."""
    return str(uuid_utils.uuid7())


def first_id(moment: datetime) -> str:
    """Return the least id that can have been made at a moment: ids begin with the milliseconds since the epoch."""
    digits = f"{int(moment.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-000000000000"


def next_id(known: str) -> str:
    """Return the least id after another."""
    return str(UUID(int=UUID(known).int + 1))


def is_id(text: str) -> bool:
    """Tell whether a text could be an id at all; PostgreSQL refuses to compare one with anything else."""
    return _ID.fullmatch(text) is not None


@lru_cache
def metadata_of(schema: str) -> MetaData:
    """Return the one `MetaData` of a module; its models and the platform's own tables share it."""
    return MetaData(schema=schema, naming_convention=NAMING)


def in_transaction() -> bool:
    """Tell whether the running code holds a primary transaction, in which no neighbor may be asked."""
    return _in_transaction.get()


class OutcomeUnknown(Unavailable):
    """The connection broke while the work was being committed: it may be there or not."""

    title = Words(
        "It is not known whether it was done; ask again, with the same Idempotency-Key if you sent one.",
        "Nie wiadomo, czy to wykonano; ponów żądanie z tym samym Idempotency-Key, jeśli został podany.",
    )


@dataclass(slots=True)
class Clock:
    """How far a database is to be taken to be ahead of its server's clock: not at all, but where time is rehearsed."""

    ahead: timedelta = timedelta()


class Primary:
    """The database that decides: writes, locks and reads that must be true now."""

    def __init__(
        self, schema: str, writer: Engine, reader: Engine, replica: Engine | None = None, *, clock: Clock | None = None
    ) -> None:
        self.clock = clock or Clock()
        info = {"schema": schema, "clock": self.clock}
        self.schema = schema
        self.engine = writer
        # Its one connection is the process's writer lock.
        self._writing = FairLock(engines.WAITED) if writer.name == "sqlite" else None
        self._replica = replica
        self._writes = sessionmaker(writer, expire_on_commit=False, info=info)
        self._reads = sessionmaker(engines.reading(reader), expire_on_commit=False, info=info)

    @property
    def ahead(self) -> timedelta:
        """What is added to the server's clock in every answer of `now`, the replica's too."""
        return self.clock.ahead

    @ahead.setter
    def ahead(self, ahead: timedelta) -> None:
        self.clock.ahead = ahead

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open one transaction that commits at the end, or leaves no trace when anything is raised.

        A second one inside the first would wait for it forever, so it is refused with `RuntimeError`. Raises
        `OutcomeUnknown` when the database was lost before it confirmed the commit.
        """
        if in_transaction():
            raise RuntimeError(f"a transaction of {self.schema} inside another transaction")
        committing = False
        try:
            turn = self._writing.held() if self._writing else nullcontext()
            with turn, self._writes() as session, _holding_a_transaction(), session.begin():
                yield session
                session.flush()
                committing = True
        except DBAPIError as error:
            if committing and error.connection_invalidated:
                raise OutcomeUnknown from error
            raise
        self.tell_change()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads what is committed now and writes nothing."""
        with self._reads() as session:
            yield session

    def on(self, moment: str, do: Callable[[Session], None]) -> None:
        """Have something done at a moment of every transaction, such as `before_commit`."""
        event.listen(self._writes, moment, do)

    def tell_change(self) -> None:
        """Let the answer tell that what it is about may not have reached the replica; without one, nothing is told."""
        if self._replica is not None:
            positions.changed(self.schema, self.place)

    def place(self) -> str | None:
        """Return how far the log is safely written, or None when the database cannot tell just now."""
        try:
            with self.read() as session:
                place: str = session.execute(text("SELECT pg_current_wal_flush_lsn()::text")).scalar_one()
                return place
        except (SQLAlchemyError, Refusal):
            return None

    def close(self) -> None:
        """Give back every connection, the replica's too."""
        for engine in (self.engine, self._reads.kw["bind"], self._replica):
            if engine is not None:
                engine.dispose()


class Replica:
    """A copy for lists and catalogs; may lag behind the primary, but never shows a client less than it wrote itself."""

    def __init__(
        self,
        schema: str,
        reader: Engine,
        primary: Primary | None = None,
        *,
        lag: float = LAG,
        clock: Clock | None = None,
    ) -> None:
        self.schema = schema
        info = {"schema": schema, "clock": clock or Clock()}
        self._reads = sessionmaker(engines.reading(reader), expire_on_commit=False, info=info)
        self._primary, self._lag = primary, lag
        self._avoided_until = self._resigned_until = 0.0
        self._milestone: tuple[str | None, float] = (None, 0.0)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads: on the replica if it answers and has come as far as the caller wants."""
        if self._primary is None:
            with self._reads() as session:
                yield session
        elif (caught_up := self._caught_up(self._primary)) is not None:
            with caught_up:
                yield caught_up
        else:
            with self._primary.read() as session:
                yield session

    def _caught_up(self, primary: Primary) -> Session | None:
        if time.monotonic() < self._avoided_until or positions.has_changed(self.schema):
            return None
        if self._avoided_until:
            # One request finds out whether it answers again; the others do not wait for that.
            self._avoided_until = time.monotonic() + AVOIDED
        session = self._reads()
        try:
            if self._keeps_up(session, primary):
                self._avoided_until = 0.0
                if self._has_come(session, positions.wanted(self.schema)):
                    return session
            else:
                self._avoided_until = time.monotonic() + AVOIDED
        except (DBAPIError, PoolTimeout):
            self._avoided_until = time.monotonic() + AVOIDED
        except BaseException:
            session.close()
            raise
        session.close()
        return None

    def _keeps_up(self, session: Session, primary: Primary) -> bool:
        """Tell, looking now and then, whether the replica has come as far as the primary was a while ago.

        One that lost its primary would go on answering for ever. While nobody knows how far the primary is, it does.
        """
        place, since = self._milestone
        if time.monotonic() - since < self._lag:
            session.connection()
            return True
        if place is not None and not session.execute(_HAS_COME, {"place": place}).scalar_one():
            return False
        self._milestone = (place, time.monotonic())
        self._milestone = (primary.place(), time.monotonic())
        return True

    def _has_come(self, session: Session, place: str | None) -> bool:
        """Tell whether the replica shows all up to a place, after waiting a little for it."""
        if place is None:
            return True
        began = time.monotonic()
        until = began if began < self._resigned_until else began + WAIT
        while not session.execute(_HAS_COME, {"place": place}).scalar_one():
            if time.monotonic() >= until:
                self._resigned_until = time.monotonic() + RESIGNED
                return False
            time.sleep(STEP)
        return True


_HAS_COME = text(
    "SELECT NOT pg_is_in_recovery() OR coalesce(pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn), false)"
)


_SQLITE_CLOCK = text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
_POSTGRESQL_CLOCK = text("SELECT clock_timestamp()")


def open_database(schema: str, url: str, replica_url: str = "", *, threads: int = 4) -> tuple[Primary, Replica]:
    """Open a module's database, with as many connections as threads."""
    address, clock = make_url(url), Clock()
    if address.get_backend_name() == "sqlite":
        writer = engines.sqlite(address, schema, connections=1, begin="BEGIN IMMEDIATE")
        reader = engines.sqlite(address, schema, "query_only = ON", connections=threads + 1, begin="BEGIN")
        return Primary(schema, writer, reader, clock=clock), Replica(schema, reader, clock=clock)
    engine = engines.postgresql(address, threads, writes=True)
    if replica_url in {"", url}:
        return Primary(schema, engine, engine, clock=clock), Replica(schema, engine, clock=clock)
    copy = engines.postgresql(make_url(replica_url), threads, writes=False)
    primary = Primary(schema, engine, engine, copy, clock=clock)
    return primary, Replica(schema, copy, primary, clock=clock)


def now(session: Session) -> datetime:
    """Return the primary's clock, in UTC; the only clock that decides."""
    ahead: timedelta = session.info["clock"].ahead
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(_SQLITE_CLOCK).scalar_one()
        return datetime.fromisoformat(told) + ahead
    moment: datetime = session.execute(_POSTGRESQL_CLOCK).scalar_one()
    return moment.astimezone(UTC) + ahead


def insert(session: Session, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT into a table or entity that can say what to do on a conflict, in the database's dialect."""
    return insert_in(dialect_of(session), table)


def insert_in(dialect: str, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Return what `insert` returns, to be built once for each dialect."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def dialect_of(session: Session) -> str:
    """Return the name of the database's dialect."""
    return session.get_bind().dialect.name


def may_pass(error: DBAPIError) -> bool:
    """Tell whether the same request may succeed later: after a deadlock, a lock not granted, a connection lost."""
    return is_gone(error) or (
        isinstance(error, OperationalError) and getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_ERROR
    )


def is_gone(error: DBAPIError) -> bool:
    """Tell whether the database does not answer, or not as the one that decides."""
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlstate", "")
    return code in _GONE or (code is None and isinstance(error.orig, psycopg.OperationalError))


def waited_too_long(error: DBAPIError) -> bool:
    """Tell whether a lock was not granted in time."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE or code == sqlite3.SQLITE_BUSY


def told_by(error: DBAPIError) -> str:
    """Return the kind of an error and the constraint it names, but no value: values may be about people."""
    if isinstance(error.orig, sqlite3.Error):
        return str(error.orig)
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return f"{type(error.orig).__name__} {constraint or ''}".strip()


@contextmanager
def _holding_a_transaction() -> Iterator[None]:
    token = _in_transaction.set(True)
    try:
        yield
    finally:
        _in_transaction.reset(token)
