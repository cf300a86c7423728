"""The modules name the same kind of operation by the same verb, so that a generated client reads as one."""

from pathlib import Path

import pytest

from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

VERBS = {"get": {"get", "list", "export"}, "patch": {"change"}, "put": {"replace"}}


@pytest.mark.parametrize("wiring", [CourseWiring, StudentWiring, EnrollmentWiring])
def test_the_method_of_an_operation_gives_its_verb(
    tmp_path: Path, wiring: type[CourseWiring | StudentWiring | EnrollmentWiring]
) -> None:
    house = House(Settings(data_dir=tmp_path)).open(wiring())
    document = house.modules[wiring.name].document()
    named = {
        (method, operation["operationId"])
        for operations in document["paths"].values()
        for method, operation in operations.items()
        if method in VERBS
    }
    assert named
    assert {name for method, name in named if name.split("_")[0] not in VERBS[method]} == set()
    house.close()
