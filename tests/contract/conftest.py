"""The town that contract tests ask around in, once a file."""

from collections.abc import Iterator

import pytest

from tests.contract.exchanges import Overheard
from tests.contract.town import Town
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway.wiring import GatewayWiring
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    keyring = Keyring.ephemeral("course", "student", "enrollment", "tests", *GatewayWiring.issuers)
    house = House(Settings(data_dir=tmp_path_factory.mktemp("town")), keyring=keyring)
    house.neighborhood = heard = Overheard(timeout=20)
    yield Town(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()), heard)
    house.close()
