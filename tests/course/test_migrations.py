"""The course module's tables come and go as its migrations say, and equal its models."""

from sqlalchemy import inspect

from tests.course.catalog import Catalog
from university.platform import migrations
from university.platform.database import Primary


def tables(primary: Primary) -> set[str]:
    with primary.engine.connect() as connection:
        return set(inspect(connection).get_table_names(schema="course")) - {migrations.VERSION_TABLE}


def test_the_migrations_equal_the_models(catalog: Catalog) -> None:
    primary = catalog.house.modules["course"].primary

    assert migrations.at_head(primary)
    assert migrations.differences(primary) == []


def test_the_tables_go_and_come_back(catalog: Catalog) -> None:
    primary = catalog.house.modules["course"].primary
    catalog.section(instructors=[catalog.instructor()["id"]], meetings=[])
    before = tables(primary)

    migrations.downgrade(primary)
    gone = tables(primary)
    migrations.upgrade(primary)

    assert gone == set()
    assert tables(primary) == before
    assert catalog.get("/sections")["items"] == []
    catalog.section()
