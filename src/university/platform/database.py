"""Where a module keeps its rows: a primary that decides, and a replica for reading; PostgreSQL or embedded SQLite."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy import DateTime, Dialect, Engine, MetaData, QueuePool, Uuid, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from university.platform import deadline

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_unique",
    "ck": "%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_name)s_exists",
    "pk": "%(table_name)s_pk",
}
_READ_ONLY, _LOCK_NOT_AVAILABLE = "25006", "55P03"
"""PostgreSQL's codes of a server that only reads, as during a failover, and of a lock not granted in time."""
_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
Id = Uuid(as_uuid=False)
"""A UUIDv7 as a hyphenated string; sixteen bytes in PostgreSQL."""


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


class Primary:
    """The database that decides: writes, locks and reads that must be true now."""

    def __init__(self, schema: str, writer: Engine, reader: Engine) -> None:
        info = {"schema": schema}
        self.schema = schema
        self.engine = writer
        self._writes = sessionmaker(writer, expire_on_commit=False, info=info)
        self._reads = sessionmaker(reader, expire_on_commit=False, info=info)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open one transaction that commits at the end, or leaves no trace when anything is raised.

        A second one inside the first would wait for it forever, so it is refused with `RuntimeError`.
        """
        if in_transaction():
            raise RuntimeError(f"a transaction of {self.schema} inside another transaction")
        with self._writes() as session, _holding_a_transaction(), session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads what is committed now and writes nothing."""
        with self._reads() as session:
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        self._reads.kw["bind"].dispose()


class Replica:
    """A copy for lists and catalogs; may lag behind the primary."""

    def __init__(self, schema: str, reader: Engine) -> None:
        self._reads = sessionmaker(reader, expire_on_commit=False, info={"schema": schema})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads."""
        with self._reads() as session:
            yield session


def open_database(
    schema: str, url: str, replica_url: str | None = None, *, threads: int = 4
) -> tuple[Primary, Replica]:
    """Open a module's database, with as many connections as threads."""
    if make_url(url).get_backend_name() == "sqlite":
        writer = _sqlite(url, schema, connections=1, begin="BEGIN IMMEDIATE")
        reader = _sqlite(url, schema, "query_only = ON", connections=threads + 1, begin="BEGIN")
        return Primary(schema, writer, reader), Replica(schema, reader)
    primary = _postgresql(url, threads)
    replica = primary if replica_url in (None, url) else _postgresql(replica_url or url, threads)
    return Primary(schema, primary, primary), Replica(schema, replica)


def now(session: Session) -> datetime:
    """Return the primary's clock, in UTC; the only clock that decides."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")).scalar_one()
        return datetime.fromisoformat(told)
    moment: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def insert(session: Session, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT into a table or entity that can say what to do on a conflict, in the database's dialect."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def may_pass(error: DBAPIError) -> bool:
    """Tell whether the same request may succeed later: after a deadlock, a lock not granted, a connection lost."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == _READ_ONLY:
        return True
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_ERROR


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


def _postgresql(url: str, threads: int) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=threads + 2,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c lock_timeout=2000 -c statement_timeout=30000 -c timezone=UTC"},
    )
    _bind_to_deadline(engine)
    return engine


def _sqlite(url: str, schema: str, *pragmas: str, connections: int, begin: str) -> Engine:
    """Attach the file under the schema's name, so that schema names are native.

    One connection writes: its pool is the process's writer lock, first come, first served.
    """
    file = sqlite_file(make_url(url))
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        "sqlite://",
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=30,
        # An error tells the statement in the log, never the names and addresses that were in it.
        hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )
    event.listen(engine, "connect", _attach(file, schema, *pragmas))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    _bind_to_deadline(engine)
    return engine


def sqlite_file(url: URL) -> Path:
    """Return the absolute path of a SQLite URL's file."""
    return Path(os.path.abspath(url.database or "university.db"))  # noqa: PTH100 - resolve() would follow links


def _attach(file: Path, schema: str, *more: str) -> Callable[[Any, Any], None]:
    def attach(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"ATTACH DATABASE ? AS {schema}", (str(file),))
        for pragma in (
            f"{schema}.journal_mode = WAL",
            f"{schema}.synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 15000",
            "temp_store = MEMORY",
            *more,
        ):
            connection.execute(f"PRAGMA {pragma}")

    return attach


def _bind_to_deadline(engine: Engine) -> None:
    """Look at the clock before each statement and before the commit: what comes too late leaves no trace."""
    event.listen(engine, "before_cursor_execute", _check_deadline)
    event.listen(engine, "commit", _check_deadline)


def _check_deadline(*_: Any) -> None:
    deadline.check()
