"""The student module's tables come and go as its migrations say, and equal its models."""

from sqlalchemy import inspect

from tests.house import House
from tests.student.people import ZOFIA, enter
from university.platform import migrations


def tables(house: House) -> set[str]:
    with house.modules["student"].primary.engine.connect() as connection:
        return set(inspect(connection).get_table_names(schema="student")) - {migrations.VERSION_TABLE}


def test_the_migrations_equal_the_models(university: House) -> None:
    assert migrations.differences(university.modules["student"].primary) == []


def test_the_tables_go_and_come_back(university: House) -> None:
    primary = university.modules["student"].primary
    enter(university, ZOFIA)
    before = tables(university)

    migrations.downgrade(primary)
    gone = tables(university)
    migrations.upgrade(primary)

    assert gone == set()
    assert tables(university) == before
    assert university.call("student", "GET", "/students").json["items"] == []
    enter(university, ZOFIA)
