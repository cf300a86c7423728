"""Who may act for whom and see what, and that nobody learns who else there is."""

from collections.abc import Mapping

import pytest

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, ids
from university.platform.security import Principal

NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"


def number_of(campus: Campus, student: str) -> str:
    number: str = campus.house.call("student", "GET", f"/students/{student}").json["number"]
    return number


def listed(campus: Campus, query: str, who: Principal) -> list[str] | int:
    reply = campus.house.call("enrollment", "GET", f"/enrollments?{query}", who=who)
    return ids(reply.json["items"]) if reply.status == 200 else reply.status


def test_a_student_is_named_by_id_number_or_me(campus: Campus) -> None:
    ann = campus.student()
    made = [
        campus.enroll(name, campus.section(f"A-{n}"), who=a_student(ann)).json["id"]
        for n, name in enumerate((ann, number_of(campus, ann), "me"))
    ]
    for name in (ann, ann.upper(), number_of(campus, ann)):
        assert listed(campus, f"student_id={name}", REGISTRAR) == made
        assert listed(campus, f"student_id={name}", a_student(ann)) == made
    assert listed(campus, "student_id=me", a_student(ann)) == made
    for name in (NOBODY_HAS, "nobody", "me"):
        assert listed(campus, f"student_id={name}", REGISTRAR) == []


def test_a_student_does_not_learn_who_exists(campus: Campus) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1")
    strangers = (bob, number_of(campus, bob), NOBODY_HAS, "nobody")

    def refused(method: str, path: str, body: Mapping[str, object] | None = None) -> tuple[int, str]:
        reply = campus.house.call("enrollment", method, path, body, who=a_student(ann))
        return reply.status, reply.json["code"]

    for name in strangers:
        wish = {"student_id": name, "section_ids": [section]}
        assert refused("POST", "/enrollments", wish) == (403, "not-yours")
        assert refused("GET", f"/enrollments?student_id={name}") == (403, "not-yours")
        assert refused("GET", f"/students/{name}/completed-courses") == (403, "not-yours")


def test_completed_courses_are_found_by_any_name_and_nowhere_else(campus: Campus) -> None:
    ann = campus.student()
    campus.completed(ann, "MAT-100")
    for name, who in ((ann, REGISTRAR), (number_of(campus, ann), REGISTRAR), ("me", a_student(ann))):
        reply = campus.house.call("enrollment", "GET", f"/students/{name}/completed-courses", who=who)
        assert [one["course"]["code"] for one in reply.json["items"]] == ["MAT-100"]
    told = {"course": "MAT-100", "term": "2026Z", "grade": "4.0"}
    for method, body in (("GET", None), ("POST", told)):
        for nobody in (NOBODY_HAS, "nobody", "me"):
            reply = campus.house.call("enrollment", method, f"/students/{nobody}/completed-courses", body)
            assert (reply.status, reply.json["code"]) == (404, "student-not-found")


def test_a_doctoral_student_sees_the_whole_section_that_they_teach_and_else_only_their_own(campus: Campus) -> None:
    person = {"number": "P1", "given_name": "Ewa", "family_name": "Lis", "email": "e@example.edu"}
    instructor, ann = campus.made("course", "/instructors", person)["id"], campus.student()
    both = Principal("ann", frozenset({"student", "instructor"}), student_id=ann, instructor_id=instructor)
    taught, attended = campus.section("A-1", instructors=[instructor]), campus.section("A-2")
    pupil = campus.enroll(campus.student(), taught).json["id"]
    own = campus.enroll(ann, attended).json["id"]
    campus.enroll(campus.student(), attended)
    assert listed(campus, f"section_id={taught}", both) == [pupil]
    assert listed(campus, f"section_id={attended}", both) == [own]
    assert listed(campus, "", both) == [own]


@pytest.mark.parametrize("role", ["student", "instructor"])
def test_a_role_without_a_person_sees_nothing(campus: Campus, role: str) -> None:
    somebody = Principal("somebody", frozenset({role}))
    enrollment = campus.enroll(campus.student(), campus.section("A-1")).json["id"]
    for query in ("", f"student_id={campus.student()}", "student_id=me"):
        assert listed(campus, query, somebody) == 403
    assert campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}", who=somebody).status == 403


def test_only_the_registrar_confirms_records_and_opens_windows(campus: Campus) -> None:
    ann = campus.student()
    enrollment = campus.enroll(ann, campus.section("A-1")).json["id"]
    campus.course("MAT-100")
    window = {"term_id": "2027L", "name": "n", "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z"}
    for path, body in (
        (f"/enrollments/{enrollment}/confirm", None),
        (f"/students/{ann}/completed-courses", {"course": "MAT-100", "term": "2027L", "grade": "5.0"}),
        ("/registration-windows", window),
    ):
        reply = campus.house.call("enrollment", "POST", path, body, who=a_student(ann))
        assert (reply.status, reply.json["code"]) == (403, "role-missing")
