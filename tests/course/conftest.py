"""The course module alone in a house, on both databases."""

import pytest

from tests.course.catalog import Catalog
from tests.house import House
from university.course.wiring import CourseWiring


@pytest.fixture
def catalog(house: House) -> Catalog:
    """An empty catalog."""
    return Catalog(house.open(CourseWiring()))
