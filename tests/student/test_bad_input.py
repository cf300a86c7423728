"""Every faulty field is told, nothing is written, and nothing falls over."""

from typing import Any

import pytest

from tests.house import House
from tests.student.people import CREDIT, HOLD, SCORE, ZOFIA, enter

LONG = "x" * 501
FAULTY_STUDENT: list[tuple[str, Any]] = [
    *(("number", value) for value in ("", " ", "a/b", " a", "a ", "x" * 41, 5, None, "me", "imports", "a\tb", "a\0")),
    ("number", "01986c3a-5b7e-7c4d-9a51-2f64d1c7b001"),
    *(("given_name", value) for value in ("", LONG, None, 1, "a\nb", [])),
    *(("family_name", value) for value in ("", LONG, None)),
    *(("email", value) for value in ("", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@b\n", None, "a@" + LONG)),
    *(("program", value) for value in ("", LONG, 1, ["INF"])),
    *(("stage", value) for value in (0, -1, 21, 1.5, "1", True, 10**30, [])),
    *(("level", value) for value in ("", LONG, 2)),
    *(("status", value) for value in ("", "sleeping", None, 1, "ACTIVE", [])),
    *(
        ("groups", value)
        for value in ("x", None, ["x", "x"], [""], [None], [1], ["x" * 81], [str(n) for n in range(51)])
    ),
    *(("max_ects", value) for value in (-1, 1001, "30", True, 10**400)),
    *((name, "x") for name in ("id", "version", "external_key", "surprise")),
]
FAULTY_HOLD: list[tuple[str, Any]] = [
    *(("reason", value) for value in ("", LONG, None, 1)),
    *(("contact", value) for value in ("", LONG, None)),
    *(("effects", value) for value in ([], None, "block-add", ["block"], [1], ["block-add", "block-add"])),
    *(("starts_on", value) for value in ("", "2026-13-01", "1.10.2026", "2026-02-30", "0001-01-01", 5, None)),
    *(("ends_on", value) for value in ("", "2026-10-01T00:00:00Z", 5)),
    ("surprise", "x"),
]
FAULTY_CREDIT: list[tuple[str, Any]] = [
    *(("course", value) for value in ("", " ", "a/b", None, 1, LONG)),
    *(("ects", value) for value in (-1, 101, "6", None, True)),
    *(("grade", value) for value in ("", 5, "x" * 11)),
    *((name, value) for name in ("title", "institution", "term") for value in ("", LONG, 1)),
    ("surprise", "x"),
]
FAULTY_SCORE: list[tuple[str, Any]] = [
    *(("name", value) for value in ("", "a/b", None, LONG)),
    *(("score", value) for value in (-1, 10**7, "9", None, False)),
    *(("taken_on", value) for value in ("", "yesterday", 5)),
    ("surprise", "x"),
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
        ("verifications", {"term_id": "x"}, [("term_id", ""), ("term_id", None), ("term_id", 1), ("surprise", 1)]),
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
    faulty = (
        "limit=0 limit=201 limit=x cursor=x cursor=WyJcdTAwMDAiXQ cursor=WzFd total=1 q= q=%00 q=a&q=b stage=0 stage=x"
    )

    for query in (*faulty.split(), "status=x", "group=", "program=", "surprise=1"):
        assert (query, university.call("student", "GET", f"/students?{query}").status) == (query, 422)


def test_a_faulty_question_about_a_record_is_refused(university: House) -> None:
    enter(university, ZOFIA)

    for path in (
        "enrollments?term=",
        "enrollments?cursor=x",
        "timetable?term=%00",
        "timetable?limit=5",
        "transcript?x=1",
    ):
        assert (path, university.call("student", "GET", f"/students/100001/{path}").status) == (path, 422)
