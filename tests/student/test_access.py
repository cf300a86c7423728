"""Who may ask what: a registrar everything, a student about nobody else, everybody else nothing."""

from typing import Any

import pytest

from tests.house import NOBODY, House
from tests.student.people import (
    ADMIN,
    CREDIT,
    HOLD,
    INSTRUCTOR,
    NOWHERE,
    PIOTR,
    SCORE,
    SERVICE,
    ZOFIA,
    enter,
    themself,
)
from university.platform.security import Principal

HEADERS = {"PATCH": {"If-Match": "*"}}
Operation = tuple[str, str, Any]
OWN: list[Operation] = [
    ("GET", "", None),
    ("GET", "/holds", None),
    ("GET", "/credits-recognized", None),
    ("GET", "/test-scores", None),
    ("GET", "/enrollments", None),
    ("GET", "/timetable", None),
    ("GET", "/transcript", None),
    ("POST", "/verifications", {"term_id": NOWHERE}),
]
REGISTRARS: list[Operation] = [
    ("PATCH", "", {"stage": 3}),
    ("POST", "/holds", HOLD),
    ("DELETE", f"/holds/{NOWHERE}", None),
    ("POST", "/credits-recognized", CREDIT),
    ("DELETE", f"/credits-recognized/{NOWHERE}", None),
    ("POST", "/test-scores", SCORE),
    ("DELETE", f"/test-scores/{NOWHERE}", None),
]


def answers(house: House, key: str, operations: list[Operation], who: Principal | None) -> set[tuple[int, str]]:
    """Return the status and code of each operation on a student."""
    replies = [
        house.call("student", method, f"/students/{key}{path}", body, who=who, headers=HEADERS.get(method))
        for method, path, body in operations
    ]
    return {(reply.status, reply.json.get("code", "")) for reply in replies}


def test_who_does_not_say_who_they_are_gets_nothing(university: House) -> None:
    enter(university, ZOFIA)

    for key in ("100001", "999", "me"):
        assert answers(university, key, OWN + REGISTRARS, NOBODY) == {(401, "unauthenticated")}
    assert university.call("student", "GET", "/students", who=NOBODY).status == 401
    assert university.call("student", "POST", "/students", PIOTR, who=NOBODY).status == 401


@pytest.mark.parametrize("who", [INSTRUCTOR, ADMIN, SERVICE], ids=["instructor", "admin", "service"])
def test_other_roles_get_nothing(university: House, who: Principal) -> None:
    enter(university, ZOFIA)

    for key in ("100001", "999", "me"):
        assert answers(university, key, OWN + REGISTRARS, who) == {(403, "role-missing")}
    assert university.call("student", "GET", "/students", who=who).status == 403
    assert university.call("student", "POST", "/students", PIOTR, who=who).status == 403


def test_a_student_reads_what_is_their_own(university: House) -> None:
    zofia = enter(university, ZOFIA)

    for key in ("me", zofia["id"], zofia["id"].upper(), zofia["number"]):
        assert answers(university, key, OWN, themself(zofia)) == {(200, "")}


def test_a_student_learns_nothing_of_others_not_even_whether_they_exist(university: House) -> None:
    zofia, piotr = enter(university, ZOFIA), enter(university, PIOTR)

    for key in (piotr["id"], piotr["number"], NOWHERE, "999"):
        assert answers(university, key, OWN, themself(zofia)) == {(403, "not-your-own-data")}


def test_a_student_changes_nothing_not_even_their_own(university: House) -> None:
    zofia = enter(university, ZOFIA)

    for key in ("me", zofia["id"], "999"):
        assert answers(university, key, REGISTRARS, themself(zofia)) == {(403, "role-missing")}
    assert university.call("student", "GET", "/students", who=themself(zofia)).status == 403
    assert university.call("student", "POST", "/students", PIOTR, who=themself(zofia)).status == 403
    assert len(university.announced("student")) == 1


def test_a_student_whom_nobody_entered_is_nobody(university: House) -> None:
    enter(university, ZOFIA)
    stranger = Principal("x", frozenset({"student"}))

    assert answers(university, "me", OWN, stranger) == {(404, "student-not-found")}
    assert answers(university, "100001", OWN, stranger) == {(403, "not-your-own-data")}


def test_a_registrar_who_also_studies_sees_everybody(university: House) -> None:
    zofia, piotr = enter(university, ZOFIA), enter(university, PIOTR)
    both = Principal("both", frozenset({"student", "registrar"}), student_id=zofia["id"])

    assert university.call("student", "GET", "/students/me", who=both).json == zofia
    assert university.call("student", "GET", "/students/100002", who=both).json == piotr


def test_the_body_is_judged_before_the_student_and_after_the_role(university: House) -> None:
    zofia = enter(university, ZOFIA)

    for key, who, status in (("999", INSTRUCTOR, 403), ("999", themself(zofia), 422)):
        assert university.call("student", "POST", f"/students/{key}/verifications", {}, who=who).status == status
    assert university.call("student", "POST", "/students/999/holds", {}).status == 422


@pytest.mark.parametrize("who", [NOBODY, ADMIN, INSTRUCTOR, Principal("registrar", frozenset({"registrar"}))])
def test_only_services_ask_internal_questions(university: House, who: Principal | None) -> None:
    enter(university, ZOFIA)

    for path, body in (("/verifications", {"student_id": "100001"}), ("/students", {"numbers": ["100001"]})):
        status = university.call("student", "POST", f"/internal{path}", body, who=who).status
        assert status == (401 if who is NOBODY else 403)
