"""Rosters: who is in a section by name, for its instructors and the registrar, and for nobody else."""

import csv
import io
from typing import Any

import pytest

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, House, Reply
from university.course.wiring import CourseWiring
from university.enrollment.models import Enrollment
from university.enrollment.service import rosters
from university.enrollment.wiring import EnrollmentWiring
from university.platform.security import Principal
from university.student.wiring import StudentWiring

NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"


def roster(campus: Campus, section: str, query: str = "", who: Principal = REGISTRAR) -> Reply:
    return campus.house.call("enrollment", "GET", f"/sections/{section}/roster{query}", who=who)


def teacher(campus: Campus, number: str) -> Principal:
    named = {"number": number, "given_name": "Ewa", "family_name": "Żak"}
    made = campus.made("course", "/instructors", named)["id"]
    return Principal(f"teacher-{number}", frozenset({"instructor"}), instructor_id=made)


def settle(campus: Campus, enrollment: str, status: str) -> None:
    with campus.house.modules["enrollment"].primary.begin() as session:
        found = session.get(Enrollment, enrollment)
        assert found is not None
        found.status = status


def test_a_roster_names_everybody_in_the_section(campus: Campus) -> None:
    section, other = campus.section("A-1"), campus.section("A-2")
    ann = campus.student(program="INF", stage=2, given_name="Łucja", family_name="Dąb", number="300001")
    place = campus.enroll(ann, section).json
    campus.enroll(campus.student(), other)

    (row,) = roster(campus, section).json["items"]

    assert row == {
        "enrollment_id": place["id"],
        "student_id": ann,
        "number": "300001",
        "given_name": "Łucja",
        "family_name": "Dąb",
        "email": "s200001@example.edu",
        "program": "INF",
        "stage": 2,
        "status": "enrolled",
        "created_at": place["created_at"],
        "grade": None,
        "version": 1,
    }


def test_who_has_left_is_not_listed_and_who_took_part_is(campus: Campus) -> None:
    section = campus.section("A-1")
    statuses = ("enrolled", "review", "completed", "failed", "dropped", "withdrawn", "canceled", "waitlisted")
    for status in statuses:
        settle(campus, campus.enroll(campus.student(), section).json["id"], status)

    def listed(query: str = "") -> list[str]:
        return [row["status"] for row in roster(campus, section, query).json["items"]]

    assert listed() == ["enrolled", "review", "completed", "failed"]
    assert listed("?status=failed") == ["failed"]
    assert roster(campus, section, "?status=dropped").status == 422


def test_a_long_roster_comes_in_pages_and_names_are_asked_a_page_at_a_time(campus: Campus, house: House) -> None:
    section = campus.section("A-1")
    made = [campus.enroll(campus.student(), section).json["id"] for _ in range(5)]
    asked: list[str] = []
    students = house.modules["student"].app

    def counted(environ: dict[str, Any], start_response: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        return students(environ, start_response)

    house.neighborhood.welcome("student", counted)
    seen, query = [], "?limit=2&total=true"
    while query:
        page = roster(campus, section, query).json
        seen += [row["enrollment_id"] for row in page["items"]]
        query = page["next"] and f"?limit=2&cursor={page['next']}"

    assert seen == made
    assert asked == ["/internal/students"] * 3


def test_instructors_see_their_own_sections_only(campus: Campus) -> None:
    ewa, jan = teacher(campus, "P1"), teacher(campus, "P2")
    section, unseen = (campus.section("A-1", n, instructors=[ewa.instructor_id]) for n in ("1", "2"))
    ann = campus.student()
    campus.enroll(ann, section)

    assert len(roster(campus, section, who=ewa).json["items"]) == 1
    assert roster(campus, unseen, who=ewa).json["items"] == []
    for one in (section, unseen):
        refused = roster(campus, one, who=jan)
        assert (refused.status, refused.json["code"]) == (403, "not-yours")
    refused = roster(campus, section, who=a_student(ann))
    assert (refused.status, refused.json["code"]) == (403, "role-missing")


def test_a_section_that_nobody_has_is_not_found(campus: Campus) -> None:
    for section in (NOBODY_HAS, "garbage"):
        reply = roster(campus, section)
        assert (reply.status, reply.json["code"]) == (404, "section-not-found")
    section = campus.section("A-1")
    nobody = roster(campus, section.upper()).json
    assert (nobody["items"], nobody["next"], nobody["grading"]["name"]) == ([], None, "pl")


def test_who_is_recorded_no_more_keeps_a_row_without_a_name(campus: Campus) -> None:
    section = campus.section("A-1")
    place = campus.enroll(campus.student(), section).json["id"]
    with campus.house.modules["enrollment"].primary.begin() as session:
        found = session.get(Enrollment, place)
        assert found is not None
        found.student_id = NOBODY_HAS

    (row,) = roster(campus, section).json["items"]

    assert (row["student_id"], row["number"], row["family_name"]) == (NOBODY_HAS, None, None)


def test_without_the_student_module_there_is_no_roster(house: House) -> None:
    house.open(CourseWiring(), StudentWiring(), EnrollmentWiring())
    campus = Campus(house)
    campus.window()
    section = campus.section("A-1")
    assert campus.enroll(campus.student(), section).status == 201

    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        del environ
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b""]

    house.neighborhood.welcome("student", broken)
    reply = roster(campus, section)
    assert (reply.status, reply.json["code"]) == (503, "neighbor-unavailable")


def test_a_roster_is_a_file_that_spreadsheets_read_and_do_not_calculate(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "BULK", 2)
    ewa, jan = teacher(campus, "P1"), teacher(campus, "P2")
    campus.course("CSE 100A")
    section = campus.section("CSE 100A", "W 1ł", instructors=[ewa.instructor_id])
    names = ["Żółć, Łucja", '=HYPERLINK("http://example.edu")', "@SUM(A1)", " +1", "-", 'Anna "Ania"']
    for name in names:
        campus.enroll(campus.student(given_name=name.strip(), family_name="Żak", program="INF"), section)

    reply = roster(campus, section, ".csv", who=ewa)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="CSE-100A-W-1.csv"'
    assert reply.body.startswith(b"\xef\xbb\xbfnumber,family_name,")
    rows = list(csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig"))))
    assert [row["given_name"] for row in rows] == [names[0], f"'{names[1]}", "'@SUM(A1)", "'+1", "'-", names[5]]
    assert (rows[0]["program"], rows[0]["stage"], rows[0]["status"]) == ("INF", "", "enrolled")
    assert roster(campus, section, ".csv?status=failed").body.count(b"\n") == 1
    assert roster(campus, section, ".csv?status=dropped").status == 422
    assert roster(campus, section, ".csv", who=jan).json["code"] == "not-yours"
