"""Every faulty field is told, nothing is written, and nothing falls over."""

import base64
import json
from typing import Any

import pytest

from tests.house import House
from tests.student.people import CREDIT, HOLD, NOWHERE, SCORE, ZOFIA, enter

LONG = "x" * 501


def each(field: str, *values: Any) -> list[tuple[str, Any]]:
    """Return the field with each of the values."""
    return [(field, value) for value in values]


FAULTY_STUDENT = [
    *each("number", "", " ", "a/b", " a", "a ", "x" * 41, 5, None, "me", "imports", "search", "a\tb", "a\0"),
    *each("number", "01986c3a-5b7e-7c4d-9a51-2f64d1c7b001"),
    *each("given_name", "", LONG, None, 1, "a\nb", []),
    *each("family_name", "", LONG, None),
    *each("email", "", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@b\n", None, "a@" + LONG),
    *each("program", "", LONG, 1, ["INF"]),
    *each("stage", 0, -1, 21, 1.5, "1", True, 10**30, []),
    *each("level", "", LONG, 2),
    *each("status", "", "sleeping", None, 1, "ACTIVE", []),
    *each("groups", "x", None, ["x", "x"], [""], [None], [1], ["x" * 81], [str(number) for number in range(51)]),
    *each("max_ects", -1, 1001, "30", True, 10**400),
    *((name, "x") for name in ("id", "version", "external_key", "surprise")),
]
FAULTY_HOLD = [
    *each("reason", "", LONG, None, 1),
    *each("contact", "", LONG, None),
    *each("effects", [], None, "block-add", ["block"], [1], ["block-add", "block-add"]),
    *each("starts_on", "", "2026-13-01", "1.10.2026", "2026-02-30", "0001-01-01", 5, None),
    *each("ends_on", "", "2026-10-01T00:00:00Z", 5),
    *each("surprise", "x"),
]
FAULTY_CREDIT = [
    *each("course", "", " ", "a/b", None, 1, LONG),
    *each("ects", -1, 101, "6", None, True),
    *each("grade", "", 5, "x" * 11),
    *each("title", "", LONG, 1),
    *each("institution", "", LONG, 1),
    *each("term", "", LONG, 1),
    *each("surprise", "x"),
]
FAULTY_SCORE = [
    *each("name", "", "a/b", None, LONG),
    *each("score", -1, 10**7, "9", None, False),
    *each("taken_on", "", "yesterday", 5),
    *each("surprise", "x"),
]


def field_of(fault: dict[str, str]) -> str:
    return fault["field"].split("[")[0]


def accepted(house: House, path: str, sound: dict[str, Any], faulty: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the faulty values that were not refused by the name of their field."""
    found = []
    for field, value in faulty:
        reply = house.call("student", "POST", path, {**sound, field: value})
        if reply.status != 422 or {field_of(fault) for fault in reply.json["errors"]} != {field}:
            found.append((field, value))
    return found


def test_a_faulty_student_is_refused_by_field(university: House) -> None:
    assert accepted(university, "/students", ZOFIA, FAULTY_STUDENT) == []
    assert university.call("student", "GET", "/students").json["items"] == []


@pytest.mark.parametrize(
    ("path", "sound", "faulty"),
    [
        ("holds", HOLD, FAULTY_HOLD),
        ("credits-recognized", CREDIT, FAULTY_CREDIT),
        ("test-scores", SCORE, FAULTY_SCORE),
        ("verifications", {"term_id": "x"}, [*each("term_id", "", None, 1), *each("surprise", 1)]),
    ],
)
def test_a_faulty_part_is_refused_by_field(
    university: House, path: str, sound: dict[str, Any], faulty: list[tuple[str, Any]]
) -> None:
    enter(university, ZOFIA)

    assert accepted(university, f"/students/100001/{path}", sound, faulty) == []
    assert len(university.announced("student")) == 1


def test_a_faulty_change_is_refused_by_field(university: House) -> None:
    entered = enter(university, ZOFIA)

    for field, value in FAULTY_STUDENT:
        reply = university.call("student", "PATCH", "/students/100001", {field: value}, headers={"If-Match": "*"})
        assert (field, value, reply.status) == (field, value, 422)
    assert university.call("student", "GET", "/students/100001").json == entered


def test_every_fault_of_a_student_is_told_at_once(university: House) -> None:
    reply = university.call("student", "POST", "/students", {"stage": 0, "email": "x", "groups": ["a", ""], "b": 1})

    fields = {fault["field"] for fault in reply.json["errors"]}
    assert fields == {"number", "given_name", "family_name", "stage", "email", "groups[1]", "b"}


def test_what_is_no_object_is_refused(university: House) -> None:
    announced = {"Content-Type": "application/json"}

    for body in (b"", b"{", b"null", b"[]", b'"x"', b"\xff", b'{"number":"\\ud800"}', b"[" * 9000):
        reply = university.call("student", "POST", "/students", body, headers=announced)
        assert (body, reply.status in {400, 422}) == (body, True)


def test_a_faulty_question_is_refused(university: House) -> None:
    faulty = "limit=0 limit=201 limit=x cursor=x cursor=WyJcdTAwMDAiXQ cursor=WzFd total=1 group=%00 stage=0 stage=x"

    for query in (*faulty.split(), "status=x", "group=", "program=", "surprise=1"):
        assert (query, university.call("student", "GET", f"/students?{query}").status) == (query, 422)


def test_a_faulty_search_is_refused(university: House) -> None:
    faulty = [
        *({"q": ""}, {"q": "a\0"}, {"q": ["a"]}, {"q": "x" * 101}, {"limit": 0}, {"limit": "5"}, {"total": "true"}),
        *({"cursor": "x"}, {"ids": []}, {"ids": ["x"] * 201}, {"ids": "x"}, {"stage": "2"}, {"surprise": 1}),
    ]

    for body in faulty:
        assert (body, university.call("student", "POST", "/students/search", body).status) == (body, 422)


def test_a_faulty_question_about_a_record_is_refused(university: House) -> None:
    enter(university, ZOFIA)
    no_id, no_moment = cursor(["x"]), cursor(["yesterday", NOWHERE])
    paths = ("enrollments?term=", "timetable?term=%00", "timetable?limit=5", "transcript?x=1", "enrollments?cursor=x")

    for path in (*paths, f"holds?cursor={no_id}", f"enrollments?cursor={no_moment}"):
        assert (path, university.call("student", "GET", f"/students/100001/{path}").status) == (path, 422)


def cursor(values: list[Any]) -> str:
    """Return a cursor that no list gave out."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
