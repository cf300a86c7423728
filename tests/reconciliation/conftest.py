"""A university whose views follow 150 enrollments, one a file on each database: every test leaves it as it was."""

from collections.abc import Iterator

import pytest

from tests.campus import Campus
from tests.conftest import emptied
from tests.house import House
from tests.reconciliation.views import enroll_many
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def campus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campus]:
    """The views have heard everything."""
    on_server = request.param == "postgresql"
    urls = emptied(request.getfixturevalue("postgresql")) if on_server else {}
    settings = Settings(data_dir=tmp_path_factory.mktemp("university"), threads=4, database_url=urls)
    house = House(settings).open(CourseWiring(), StudentWiring(), EnrollmentWiring())
    made = Campus(house)
    made.window()
    enroll_many(made, 150)
    house.drain()
    yield made
    house.close()


@pytest.fixture
def university(campus: Campus) -> House:
    return campus.house
