"""The student module alone in a house, on both databases."""

import pytest

from tests.house import House
from university.student.wiring import StudentWiring


@pytest.fixture
def university(house: House) -> House:
    """A house in which only the student module lives."""
    return house.open(StudentWiring())
