"""Databases for tests: every service suite runs on SQLite and on PostgreSQL."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.house import House
from tests.servers import rabbitmq
from university.platform.settings import Settings

MODULES = ("course", "student", "enrollment", "gateway")
POSTGRES = os.environ.get("UNIVERSITY_TEST_POSTGRES")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


UNIVERSITIES = re.compile(
    r"tests/(cluster|compose|system)/|tests/ui/test_journeys|tests/concurrency/test_histories|tests/faults/test_chaos"
)
"""Tests that run whole universities of many processes, and look at how they fare under load."""


class ByFile(LoadFileScheduling):
    """Gives a file to one worker as a whole, and all whole universities to one: no two at a time, few to prepare."""

    def _split_scope(self, nodeid: str) -> str:
        return "universities" if UNIVERSITIES.match(nodeid) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Share tests out so, when there are several workers."""
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests have recorded, whichever process they ran in."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, figures in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid}\n{figures}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings whose databases are empty, or migrated and without rows."""
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path, threads=4)
    return Settings(data_dir=tmp_path, threads=4, database_url=request.getfixturevalue("emptied_postgresql"))


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """A house without modules yet: `house.open(CourseWiring(), ...)`."""
    opened = House(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[dict[str, str]]:
    """One database a test worker on a real PostgreSQL; the modules' URLs by name."""
    if not POSTGRES:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing, and CI must have it")
        pytest.skip("no PostgreSQL: set UNIVERSITY_TEST_POSTGRES")
    name = f"university_test_{WORKER}_{os.getpid()}"
    server = create_engine(make_url(POSTGRES).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    yield dict.fromkeys(MODULES, url)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def rabbitmq_station() -> Iterator[rabbitmq.Station]:
    """A virtual host on a real RabbitMQ, with a user a module."""
    with rabbitmq.station() as opened:
        yield opened


@pytest.fixture
def station(rabbitmq_station: rabbitmq.Station) -> rabbitmq.Station:
    """The same virtual host with nothing in its queues."""
    rabbitmq_station.purge()
    return rabbitmq_station


@pytest.fixture
def emptied_postgresql(postgresql: dict[str, str]) -> dict[str, str]:
    """The same databases with no rows left of the test before; schemas stay migrated."""
    return emptied(postgresql)


def emptied(databases: dict[str, str]) -> dict[str, str]:
    """Take every row out of the one database of all modules."""
    url = make_url(databases["course"]).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as connection:
        tables = connection.execute(
            text(
                "SELECT schemaname || '.' || tablename FROM pg_tables "
                "WHERE schemaname = ANY(:modules) AND tablename <> 'schema_version'"
            ),
            {"modules": list(MODULES)},
        ).scalars()
        if names := ", ".join(tables):
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
    engine.dispose()
    return databases
