"""How the databases are reached: pools, connections that give up in time, and SQLite files under a schema's name."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg._preparing import Prepare, PrepareManager
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Engine, ExceptionContext, QueuePool, create_engine, event
from sqlalchemy.engine import URL

from university.platform import deadline

READ_ONLY = "25006"
"""PostgreSQL's code of a server that only reads, as a primary does that was demoted."""
STATEMENT, LOCK, IDLE = 30, 2, 30
"""Seconds a statement may take, may wait for a lock, and a transaction may do nothing."""
GREETING, PING, GRACE, SILENT = 2, 2.0, 0.5, 1.0
"""Seconds to connect to one address, to show that a pooled connection still lives, to answer past a deadline, and
without another attempt where nobody greeted."""
WAITED = 30.0
"""Seconds to wait for SQLite's one writer, or for a connection that reads."""
_ON_CONNECTING: dict[str, Any] = {
    "connect_timeout": GREETING,
    # A server that vanished without a word is noticed within seconds, whoever was about to speak.
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 4000,
    "application_name": "university",
    "options": (
        f"-c statement_timeout={STATEMENT}s -c lock_timeout={LOCK}s -c idle_in_transaction_session_timeout={IDLE}s "
        "-c client_connection_check_interval=2s -c timezone=UTC "
        # What is asked for again and again is in memory: to fetch fifty rows by an index beats reading a table.
        "-c random_page_cost=1.1"
    ),
}


class _Prepared(PrepareManager):
    """Statements that a connection has prepared: a transaction that is rolled back does not undo them.

    The driver forgets all of them at every ROLLBACK, for the sake of who makes tables in a transaction. Here each
    refusal is one, and all that the connection asks would have to be planned again.
    """

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *more: Any) -> bool:
        return super()._should_discard(prep, [one for one in results if one.command_status != b"ROLLBACK"], *more)


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed, and raises `OperationalError`, when the server says nothing for too long.

    A server that hangs still confirms what it is sent, so nothing below this would notice.
    """

    patience: float | None = STATEMENT + GRACE
    """Seconds to wait for an answer, less when the request's deadline comes first; None: for ever."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._prepared = _Prepared()

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Return what the server answered."""
        try:
            return super().wait(gen, interval, self._bound() if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                self.close()
            raise

    def rollback(self) -> None:
        """Undo the transaction, and keep what was prepared."""
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.execute("ROLLBACK", prepare=False)

    def _bound(self) -> float | None:
        left = deadline.remaining()
        if left is None or self.patience is None:
            return self.patience
        return min(self.patience, max(left, 0.0) + GRACE)


def postgresql(url: URL, threads: int, *, writes: bool) -> Engine:
    """Return a pool of connections; several hosts in the URL are tried in turn, for one that `writes` if need be."""
    wanted = {**_ON_CONNECTING, **({"target_session_attrs": "read-write"} if writes else {})}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=threads + 2,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        skip_autocommit_rollback=True,
        hide_parameters=True,
        connect_args={name: value for name, value in wanted.items() if name not in url.query},
    )
    event.listen(engine, "do_connect", _Approach())
    event.listen(engine, "checkin", _expect_a_ping)
    event.listen(engine, "checkout", _expect_statements)
    event.listen(engine, "handle_error", _drop_who_only_reads)
    _close_late_comers(engine)
    _bind_to_deadline(engine)
    return engine


def reading(engine: Engine) -> Engine:
    """Return the same pool for statements that only read: in PostgreSQL each is a transaction of its own.

    Nothing is lost by it, since there a statement sees what is committed when it begins anyway, and two of three
    round trips are saved.
    """
    return engine if engine.name == "sqlite" else engine.execution_options(isolation_level="AUTOCOMMIT")


def sqlite(url: URL, schema: str, *pragmas: str, connections: int, begin: str) -> Engine:
    """Attach the file under the schema's name, so that schema names are native.

    One connection writes: it is the process's writer lock, and `FairLock` gives it to who came first.
    """
    file = sqlite_file(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        "sqlite://",
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAITED,
        # An error tells the statement in the log, never the names and addresses that were in it.
        hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )
    event.listen(engine, "connect", _attach(file, schema, *pragmas))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    _close_late_comers(engine)
    _bind_to_deadline(engine)
    return engine


def sqlite_file(url: URL) -> Path:
    """Return the absolute path of a SQLite URL's file."""
    return Path(os.path.abspath(url.database or "university.db"))  # noqa: PTH100 - resolve() would follow links


class _Approach:
    """Connects; where nobody greeted, it says so at once for a while, instead of letting every thread wait again."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def __call__(self, _dialect: Any, _record: Any, positional: Any, named: Any) -> BoundedConnection:
        if time.monotonic() < self._silent_until:
            raise psycopg.errors.ConnectionTimeout("nobody greeted a moment ago")
        try:
            return BoundedConnection.connect(*positional, **named)
        except psycopg.errors.ConnectionTimeout:
            self._silent_until = time.monotonic() + SILENT
            raise


def _expect_a_ping(connection: BoundedConnection | None, _record: Any) -> None:
    """Let the pool find out quickly whether the connection still lives when it is taken the next time."""
    if connection is not None:
        connection.patience = PING


def _expect_statements(connection: BoundedConnection, _record: Any, _proxy: Any) -> None:
    connection.patience = STATEMENT + GRACE


def _drop_who_only_reads(context: ExceptionContext) -> None:
    """Let go of connections to a server that was demoted: the next ones find the one that was promoted."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


def _close_late_comers(engine: Engine) -> None:
    """Close what is given back after the engine was disposed of: a pool that nobody asks any more would keep it."""
    over = list[Engine]()
    event.listen(engine, "engine_disposed", over.append)
    event.listen(engine, "checkin", lambda _connection, record: record.invalidate() if over else None)


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
