"""A campus on each database, open for registration."""

import pytest

from tests.campus import Campus
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.student.wiring import StudentWiring


@pytest.fixture
def campus(house: House) -> Campus:
    house.open(CourseWiring(), StudentWiring(), EnrollmentWiring())
    made = Campus(house)
    made.window()
    return made
