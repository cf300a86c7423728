"""The library in a house of its own, on both databases."""

from collections.abc import Iterator
from pathlib import Path
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

LIMITS: Any = {"body_limit": 20_000, "upload_limit": 100_000}


@pytest.fixture(scope="session")
def library_on_postgresql(postgresql: dict[str, str]) -> str:
    """The URL of a PostgreSQL database that has the library's tables."""
    declare_tables("library")
    engine = create_engine(make_url(postgresql["course"]).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA library"))
        metadata_of("library").create_all(connection)
    engine.dispose()
    return postgresql["course"]


@pytest.fixture
def emptied_library(library_on_postgresql: str) -> str:
    """The same database without rows."""
    engine = create_engine(make_url(library_on_postgresql).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(map(str, metadata_of('library').tables))}"))
    engine.dispose()
    return library_on_postgresql


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings under which the library's tables are there and empty."""
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path, threads=4, **LIMITS)
    url = request.getfixturevalue("emptied_library")
    return Settings(data_dir=tmp_path, threads=4, **LIMITS, database_url={"library": url})


@pytest.fixture
def library(settings: Settings) -> Iterator[House]:
    """A house in which only the library lives."""
    house = furnish(settings)
    yield house
    house.close()


@pytest.fixture
def library_on_server(emptied_library: str, tmp_path: Path) -> Iterator[House]:
    """A library on PostgreSQL, for what SQLite does not know."""
    house = furnish(Settings(data_dir=tmp_path, threads=4, **LIMITS, database_url={"library": emptied_library}))
    yield house
    house.close()


@pytest.fixture
def desk(furnished_desk: House) -> House:
    """A library on SQLite, for what databases have no part in."""
    with furnished_desk.modules["library"].primary.begin() as session:
        for table in reversed(metadata_of("library").sorted_tables):
            session.execute(table.delete())
    return furnished_desk


@pytest.fixture(scope="module")
def furnished_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One library for all such tests of a file, which takes a while to put together."""
    house = furnish(Settings(data_dir=tmp_path_factory.mktemp("desk"), threads=4, **LIMITS))
    yield house
    house.close()


def furnish(settings: Settings) -> House:
    """Put the library together and make sure of its tables."""
    house = House(settings, Keyring.ephemeral("gateway", "library", "tests"))
    house.modules["library"] = assemble(LibraryWiring(), settings, house.keyring, house.neighborhood)
    metadata_of("library").create_all(house.modules["library"].primary.engine)
    return house
