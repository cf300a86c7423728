"""The library in a house of its own, on both databases; put together once a file, empty for each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.house import House
from tests.platform.library import LibraryWiring
from university.platform.assembly import assemble, declare_tables
from university.platform.database import metadata_of
from university.platform.security import Keyring
from university.platform.settings import Settings

LIMITS: Any = {"threads": 4, "body_limit": 20_000, "upload_limit": 100_000}


@pytest.fixture
def desk(on_sqlite: House) -> House:
    """A library for what databases have no part in."""
    return emptied(on_sqlite)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def library(request: pytest.FixtureRequest) -> House:
    """A library on each database."""
    house: House = request.getfixturevalue(f"on_{request.param}")
    return emptied(house)


@pytest.fixture
def library_on_server(on_postgresql: House) -> House:
    """A library for what SQLite does not know."""
    return emptied(on_postgresql)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The library in a file."""
    house = furnish(Settings(data_dir=tmp_path_factory.mktemp("library"), **LIMITS))
    yield house
    house.close()


@pytest.fixture(scope="module")
def on_postgresql(tables_on_postgresql: str) -> Iterator[House]:
    """The library on a server."""
    house = furnish(Settings(database_url={"library": tables_on_postgresql}, **LIMITS))
    yield house
    house.close()


@pytest.fixture(scope="session")
def tables_on_postgresql(postgresql: dict[str, str]) -> str:
    """The URL of a PostgreSQL database that has the library's tables."""
    declare_tables("library")
    engine = create_engine(make_url(postgresql["course"]).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA library"))
        metadata_of("library").create_all(connection)
    engine.dispose()
    return postgresql["course"]


def furnish(settings: Settings) -> House:
    """Put the library together and make sure of its tables."""
    house = House(settings, Keyring.ephemeral("gateway", "library", "tests"))
    house.modules["library"] = assemble(LibraryWiring(), settings, house.keyring, house.neighborhood)
    metadata_of("library").create_all(house.modules["library"].primary.engine)
    return house


def emptied(house: House) -> House:
    """Take everything out of the library."""
    with house.modules["library"].primary.begin() as session:
        for table in reversed(metadata_of("library").sorted_tables):
            session.execute(table.delete())
    return house
