"""What the gateway asks about people is answered by the real modules."""

from typing import Any

import pytest

from tests.gateway.conftest import ADMIN, Knock, knocking, sign_in
from tests.house import House
from university.course.wiring import CourseWiring
from university.gateway.wiring import GatewayWiring
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

STUDENTS = [
    {"number": number, "given_name": "Anna", "family_name": family, "email": f"{number}@example.edu"}
    for number, family in (("100002", "Ąbrowska"), ("100001", "Żak"))
]
INSTRUCTOR = {"number": "7", "given_name": "Maria", "family_name": "Curie", "email": "curie@example.edu"}


@pytest.fixture
def house(settings: Settings) -> Any:
    """Course, student and gateway as they are."""
    opened = House(settings, keyring=Keyring.ephemeral("course", "student", "enrollment", *GatewayWiring.issuers))
    opened.open(CourseWiring(), StudentWiring(), GatewayWiring())
    for student in STUDENTS:
        assert opened.call("student", "POST", "/students", student).status == 201
    assert opened.call("course", "POST", "/instructors", INSTRUCTOR).status == 201
    yield opened
    opened.close()


@pytest.fixture
def knock(house: House) -> Knock:
    return knocking(house)


def test_the_demo_student_has_the_lowest_number(knock: Knock) -> None:
    token = sign_in(knock, "student")

    assert knock("GET", "/api/v1/auth/me", token=token).json["name"] == "Anna Żak"
    assert knock("GET", "/api/v1/students/me", token=token).json["number"] == "100001"


def test_a_student_signs_in_by_number(knock: Knock) -> None:
    own = knock("GET", "/api/v1/students/me", token=sign_in(knock, "100002"))

    assert own.json["family_name"] == "Ąbrowska"


def test_the_demo_instructor_teaches_here(house: House, knock: Knock) -> None:
    known = house.call("course", "GET", "/instructors").json["items"]

    me = knock("GET", "/api/v1/auth/me", token=sign_in(knock, "instructor")).json

    assert (me["instructor_id"], me["name"]) == (known[0]["id"], "Maria Curie")


@pytest.mark.parametrize("binding", [{"student_id": "100001"}, {"instructor_id": "7"}])
def test_an_account_is_bound_by_number(house: House, binding: dict[str, str]) -> None:
    role = next(iter(binding)).removesuffix("_id")
    wish = {"username": "anna", "password": "correct horse", "name": "Anna", "roles": [role], **binding}

    made = house.call("gateway", "POST", "/accounts", wish, who=ADMIN)

    assert made.status == 201, made.body
    assert made.json[f"{role}_id"] != binding[f"{role}_id"]
