"""A primary that decides and a replica for reading, on PostgreSQL and on SQLite, with the same promises."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, TimeoutError as PoolTimeout

from tests.house import House
from tests.platform.asking import SOLARIS, ask, buy, problem_of, raw
from tests.platform.library import Book, count
from university.platform import database
from university.platform.assembly import declare_tables
from university.platform.database import Primary, Replica, metadata_of, new_id, open_database

MOMENT = datetime(2026, 10, 25, 0, 30, 15, 123456, tzinfo=UTC)


def primary_of(library: House) -> Primary:
    """Return the library's database."""
    return library.modules["library"].primary


def book(code: str, bought_at: datetime = MOMENT) -> Book:
    """Return a book."""
    return Book(code=code, title=code, bought_at=bought_at)


def at_once(*work: Callable[[], None]) -> list[Exception]:
    """Do things in a thread each; return what went wrong."""
    faults: list[Exception] = []

    def guarded(piece: Callable[[], None]) -> None:
        try:
            piece()
        except Exception as error:  # noqa: BLE001 - the test tells it
            faults.append(error)

    threads = [threading.Thread(target=guarded, args=(piece,)) for piece in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_what_raises_leaves_no_trace(library: House) -> None:
    with suppress(LookupError), primary_of(library).begin() as session:
        session.add(book("a"))
        session.flush()
        raise LookupError

    assert count(primary_of(library), Book) == 0


def test_a_replica_reads_what_is_committed_and_cannot_begin(library: House) -> None:
    replica = library.modules["library"].injector.get(Replica)
    buy(library, "LEM-1")

    with replica.read() as session:
        assert session.scalar(select(func.count()).select_from(Book)) == 1
    assert not hasattr(replica, "begin")
    assert not isinstance(replica, Primary)


def test_reading_on_sqlite_cannot_write(tmp_path: Path) -> None:
    primary, replica = _opened(tmp_path)

    for reading in (primary.read, replica.read):
        with reading() as session, pytest.raises(OperationalError, match="readonly"):
            session.execute(text("DELETE FROM library.book"))
    primary.close()


def test_who_comes_back_after_the_end_is_let_go(library: House) -> None:
    primary, _ = open_database("library", library.settings.primary_of("library"))

    with primary.read() as session:
        late: Any = session.connection().connection.driver_connection
        primary.close()

    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        late.execute("SELECT 1")


def _opened(folder: Path, threads: int = 4) -> tuple[Primary, Replica]:
    declare_tables("library")
    primary, replica = open_database("library", f"sqlite:///{folder}/library.db", threads=threads)
    metadata_of("library").create_all(primary.engine)
    return primary, replica


def test_an_unfinished_change_is_not_seen(library: House) -> None:
    with primary_of(library).begin() as session:
        session.add(book("a"))
        session.flush()
        assert count(primary_of(library), Book) == 0

    assert count(primary_of(library), Book) == 1


def test_readers_do_not_wait_for_a_writer(library: House) -> None:
    buy(library, "LEM-1")
    with primary_of(library).begin() as session:
        session.add(book("a"))
        session.flush()
        # The writer waits for their answers: if they waited for the writer, there would be none.
        statuses = [raw(library, "GET", f"/api/v1{path}", {}).status for path in ("/books", "/books/LEM-1")]

    assert statuses == [200, 200]


def test_sixteen_writers_at_once_all_write(library: House) -> None:
    primary = primary_of(library)
    if primary.engine.dialect.name == "sqlite":
        assert (primary.engine.pool.size(), primary.engine.pool._max_overflow) == (1, 0)  # type: ignore[attr-defined]  # noqa: SLF001

    def write(number: int) -> None:
        for turn in range(10):
            with primary.begin() as session:
                taken = session.scalar(select(func.count()).select_from(Book))
                session.add(book(f"{number}-{turn}-{taken}"))

    faults = at_once(*((lambda number=number: write(number)) for number in range(16)))

    assert faults == []
    assert count(primary, Book) == 160


def test_a_writer_on_sqlite_sees_what_the_last_one_wrote(tmp_path: Path) -> None:
    primary, _ = _opened(tmp_path)

    def append() -> None:
        for _ in range(10):
            with primary.begin() as session:
                session.add(book(f"book-{session.scalar(select(func.count()).select_from(Book))}"))

    faults = at_once(*[append] * 8)

    with primary.read() as session:
        codes = set(session.scalars(select(Book.code)))
    assert faults == []
    assert codes == {f"book-{number}" for number in range(80)}
    primary.close()


def test_another_process_on_the_same_file_waits_its_turn(tmp_path: Path) -> None:
    ours, _ = _opened(tmp_path)
    theirs, _ = _opened(tmp_path)

    def write(primary: Primary, name: str) -> None:
        for turn in range(10):
            with primary.begin() as session:
                session.add(book(f"{name}-{turn}"))

    faults = at_once(lambda: write(ours, "ours"), lambda: write(theirs, "theirs"))

    assert faults == []
    assert count(ours, Book) == 20
    ours.close()
    theirs.close()


def test_sqlite_keeps_its_tables_under_the_schema_in_a_file_that_survives_power_cuts(tmp_path: Path) -> None:
    primary, _ = _opened(tmp_path / "deep" / "er")

    with primary.begin() as session:
        connection = session.connection()
        told = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("library.journal_mode", "library.synchronous", "foreign_keys")
        }
        tables = connection.exec_driver_sql("SELECT count(*) FROM library.sqlite_master WHERE name = 'book'").scalar()

    assert told == {"library.journal_mode": "wal", "library.synchronous": 2, "foreign_keys": 1}
    assert tables == 1
    primary.close()


@pytest.mark.parametrize(
    "moment",
    [
        MOMENT,
        datetime(2026, 10, 25, 0, 30, 15, tzinfo=UTC),
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(2200, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
    ids=str,
)
def test_a_moment_comes_back_as_it_was_in_utc(library: House, moment: datetime) -> None:
    with primary_of(library).begin() as session:
        session.add(book("a", moment))
    with primary_of(library).read() as session:
        kept = session.scalars(select(Book.bought_at)).one()
        found = session.scalar(select(func.count()).select_from(Book).where(Book.bought_at == moment))

    assert (kept, kept.tzinfo, found) == (moment, UTC, 1)


def test_moments_order_as_they_follow_one_another(library: House) -> None:
    moments = [MOMENT + timedelta(microseconds=step) for step in (0, 1, 500_000, 876_543, 876_544, 10**7)]
    with primary_of(library).begin() as session:
        session.add_all(book(f"b{number}", moment) for number, moment in enumerate(moments))
    with primary_of(library).read() as session:
        assert list(session.scalars(select(Book.bought_at).order_by(Book.bought_at))) == moments


def test_the_clock_that_decides_is_the_databases(library: House) -> None:
    with primary_of(library).begin() as session:
        first = database.now(session)
        time.sleep(0.005)
        second = database.now(session)

    assert first < second
    assert first.tzinfo is UTC
    assert abs(second - datetime.now(UTC)) < timedelta(seconds=30)


def test_where_time_is_rehearsed_primary_and_replica_tell_the_same(library: House) -> None:
    def told(source: Primary | Replica) -> datetime:
        with source.read() as session:
            return database.now(session)

    primary, replica = primary_of(library), library.modules["library"].injector.get(Replica)
    began = told(primary)
    library.travel(timedelta(days=30))
    moved = [told(primary) - began, told(replica) - began]
    library.travel(timedelta(days=-30))

    assert all(timedelta() <= by - timedelta(days=30) < timedelta(minutes=1) for by in moved)
    assert primary.ahead == timedelta()


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]

    assert ids == sorted(set(ids))


def test_constraints_have_names_that_read_as_rules(library: House) -> None:
    with pytest.raises(IntegrityError) as refused, primary_of(library).begin() as session:
        session.add(Book(code="a", title="a", pages=-1, bought_at=MOMENT))

    assert "book_has_pages" in database.told_by(refused.value)
    names = {str(constraint.name) for constraint in metadata_of("library").tables["library.book"].constraints}
    assert names == {"book_pk", "book_code_unique", "book_has_pages"}


@contextmanager
def every_connection_taken(primary: Primary) -> Iterator[None]:
    """Hold as many connections as there may be, and let nobody wait ten seconds for one."""
    pool: Any = primary.engine.pool
    patience, pool._timeout = pool._timeout, 0.05  # noqa: SLF001 - SQLAlchemy fixes it when the pool is made
    held = [primary.engine.connect() for _ in range(pool.size())]
    yield
    for connection in held:
        connection.close()
    pool._timeout = patience  # noqa: SLF001


def test_when_every_connection_is_taken_the_caller_is_asked_to_come_again(library: House) -> None:
    with every_connection_taken(primary_of(library)):
        reply = ask(library, "POST", "/books", SOLARIS)

    assert problem_of(reply) == (503, "database-busy")
    assert reply.headers["Retry-After"] == "1"
    assert ask(library, "POST", "/books", SOLARIS).status == 201


def test_a_pool_never_grows_beyond_its_size(library: House) -> None:
    primary = primary_of(library)

    with every_connection_taken(primary), pytest.raises(PoolTimeout):
        primary.engine.connect()


# What only PostgreSQL does.


@pytest.mark.postgres
def test_a_lock_that_is_not_granted_in_time_is_no_surprise(library_on_server: House) -> None:
    buy(library_on_server, "LEM-1")
    primary = primary_of(library_on_server)
    entered, left = threading.Event(), threading.Event()

    def hold() -> None:
        with primary.begin() as session:
            session.scalars(select(Book).with_for_update()).one()
            entered.set()
            left.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait()
    reply = ask(library_on_server, "PATCH", "/books/LEM-1", {"pages": 1}, headers={"If-Match": "*"})
    left.set()
    holder.join()

    assert problem_of(reply) == (503, "database-busy")


@pytest.mark.postgres
def test_a_deadlock_and_a_lost_connection_may_pass(library_on_server: House) -> None:
    primary = primary_of(library_on_server)

    for code in ("40P01", "40001", "55P03", "57P01", "53300", "25006"):
        error = _raised(primary, f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
        assert database.may_pass(error), code
    for code in ("42601", "42P01", "22001", "23505", "P0001"):
        error = _raised(primary, f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
        assert not database.may_pass(error), code


def _raised(primary: Primary, statement: str) -> Any:
    with pytest.raises(DBAPIError) as raised, primary.begin() as session:
        session.execute(text(statement))
    return raised.value


@pytest.mark.postgres
def test_a_connection_cut_in_the_middle_is_no_surprise_and_the_next_is_good(library_on_server: House) -> None:
    primary = primary_of(library_on_server)
    cut = "SELECT pg_terminate_backend(pg_backend_pid())"

    assert database.may_pass(_raised(primary, cut))
    with primary.read() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    with primary.begin() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid) WHERE :pid <> pg_backend_pid()"), {"pid": pid})
    assert ask(library_on_server, "POST", "/books", SOLARIS).status == 201


@pytest.mark.postgres
def test_postgresql_speaks_utc_and_bounds_waiting(library_on_server: House) -> None:
    bounds = {
        "timezone": "UTC",
        "lock_timeout": "2s",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "30s",
        "client_connection_check_interval": "2s",
    }

    with primary_of(library_on_server).read() as session:
        assert {name: session.scalar(text(f"SHOW {name}")) for name in bounds} == bounds


@pytest.mark.postgres
def test_who_does_nothing_in_a_transaction_loses_it(library_on_server: House) -> None:
    buy(library_on_server, "LEM-1")
    primary = primary_of(library_on_server)

    def fall_asleep() -> None:
        with primary.begin() as session:
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
            session.scalars(select(Book).with_for_update()).one()
            time.sleep(0.5)
            session.add(book("a"))

    with pytest.raises(DBAPIError) as raised:
        fall_asleep()
    assert database.is_gone(raised.value)
    assert ask(library_on_server, "PATCH", "/books/LEM-1", {"pages": 1}, headers={"If-Match": "*"}).status == 200


def test_a_statement_that_is_wrong_is_our_fault_on_sqlite_too(tmp_path: Path) -> None:
    primary, _ = _opened(tmp_path)

    assert not database.may_pass(_raised(primary, "SELECT * FROM library.nothing"))
    primary.close()
