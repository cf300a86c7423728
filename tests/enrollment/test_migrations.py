"""The enrollment module's tables come and go as its migrations say, and equal its models."""

import pytest
from sqlalchemy import inspect

from tests.house import House
from university.enrollment.wiring import EnrollmentWiring
from university.platform import migrations
from university.platform.database import Primary


@pytest.fixture
def primary(house: House) -> Primary:
    return house.open(EnrollmentWiring()).modules["enrollment"].primary


def tables(primary: Primary) -> set[str]:
    with primary.engine.connect() as connection:
        return set(inspect(connection).get_table_names(schema="enrollment")) - {migrations.VERSION_TABLE}


def test_the_migrations_equal_the_models(primary: Primary) -> None:
    assert migrations.at_head(primary)
    assert migrations.differences(primary) == []


def test_the_tables_go_and_come_back(primary: Primary) -> None:
    before = tables(primary)

    migrations.downgrade(primary)
    gone = tables(primary)
    migrations.upgrade(primary)

    assert gone == set()
    assert tables(primary) == before
