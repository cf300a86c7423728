"""The gateway's migrations say what its models say, forward and back, on both databases."""

from tests.house import House
from university.platform import migrations


def test_the_migrations_equal_the_models(house: House) -> None:
    primary = house.modules["gateway"].primary

    assert migrations.at_head(primary)
    assert migrations.differences(primary) == []


def test_the_migrations_can_be_taken_back(house: House) -> None:
    primary = house.modules["gateway"].primary

    migrations.downgrade(primary)

    assert not migrations.at_head(primary)
    migrations.upgrade(primary)
    assert migrations.at_head(primary)
