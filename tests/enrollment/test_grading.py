"""Posting grades: by whom, for whom, what it writes, and that a refusal writes nothing."""

import csv
import io
from typing import Any

import pytest

from tests.campus import Campus, a_student
from tests.enrollment.test_rosters import roster, settle, teacher
from tests.house import REGISTRAR, Reply
from university.platform.security import Principal

ANYHOW = {"If-Match": "*"}
NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
CSV = {"Content-Type": "text/csv"}


def grade(campus: Campus, enrollment: str, text: str, who: Principal = REGISTRAR, **facts: Any) -> Reply:
    headers = facts.pop("headers", ANYHOW)
    path = f"/enrollments/{enrollment}/grade"
    return campus.house.call("enrollment", "PUT", path, {"grade": text, **facts}, who=who, headers=headers)


def grade_many(
    campus: Campus, section: str, *rows: dict[str, Any], who: Principal = REGISTRAR, **options: Any
) -> Reply:
    return campus.house.call("enrollment", "POST", f"/sections/{section}/grades", {"grades": rows}, who=who, **options)


def grade_file(campus: Campus, section: str, text: str | bytes, who: Principal = REGISTRAR) -> Reply:
    content = text if isinstance(text, bytes) else text.encode()
    return campus.house.call("enrollment", "POST", f"/sections/{section}/grades.csv", content, who=who, headers=CSV)


def enrolled(campus: Campus, section: str, *students: str) -> list[str]:
    return [campus.enroll(student, section).json["id"] for student in students]


def history(campus: Campus, enrollment: str, who: Principal = REGISTRAR) -> list[tuple[int, str, str, str | None]]:
    reply = campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}/grades", who=who)
    assert reply.status == 200, reply.body
    return [(one["attempt"], one["grade"], one["outcome"], one["reason"]) for one in reply.json["items"]]


def state(campus: Campus, enrollment: str) -> tuple[str, str | None]:
    found = campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}").json
    return found["status"], found["grade"]


def faults(reply: Reply) -> list[tuple[str, str]]:
    assert (reply.status, reply.json["code"]) == (422, "grades-refused"), reply.body
    return [(one["field"], one["code"]) for one in reply.json["errors"]]


def lines(reply: Reply) -> list[tuple[int, str, str]]:
    assert (reply.status, reply.json["code"]) == (422, "grades-refused"), reply.body
    return [(one["line"], one["field"], one["code"]) for one in reply.json["errors"]]


def test_a_passing_grade_completes_and_a_failing_one_fails(campus: Campus) -> None:
    section = campus.section("A-1")
    first, second = enrolled(campus, section, campus.student(), campus.student())

    assert grade(campus, first, "4,5").json["status"] == "completed"
    assert grade(campus, second, "2").json["status"] == "failed"

    assert [state(campus, one) for one in (first, second)] == [("completed", "4.5"), ("failed", "2.0")]
    changes = campus.house.call("enrollment", "GET", f"/enrollments/{first}/history").json["items"]
    assert [(one["status"], one["reason"]) for one in changes] == [("enrolled", "enrolled"), ("completed", "graded")]
    told = campus.house.announced("enrollment", "enrollment.updated")
    assert [(one["data"]["status"], one["data"]["grade"], one["aggregateversion"]) for one in told] == [
        ("completed", "4.5", 2),
        ("failed", "2.0", 2),
    ]


def test_a_failed_attempt_is_followed_by_a_second_and_a_correction_says_why(campus: Campus) -> None:
    (place,) = enrolled(campus, campus.section("A-1"), campus.student())

    assert grade(campus, place, "2.0").status == 200
    assert grade(campus, place, "3.0").json["status"] == "completed"
    assert faults(grade(campus, place, "3.5")) == [("reason", "reason-missing")]
    assert grade(campus, place, "3.5", reason="Points were added up wrongly.").status == 200
    unchanged = grade(campus, place, "3,5")

    assert (unchanged.json["version"], unchanged.json["grade"]) == (4, "3.5")
    assert history(campus, place) == [
        (1, "2.0", "posted", None),
        (2, "3.0", "second-attempt", None),
        (2, "3.5", "corrected", "Points were added up wrongly."),
    ]


def test_a_grade_rests_on_the_version_that_was_read(campus: Campus) -> None:
    (place,) = enrolled(campus, campus.section("A-1"), campus.student())

    missing = grade(campus, place, "4.0", headers={})
    fresh = grade(campus, place, "4.0", headers={"If-Match": '"v1"'})
    stale = grade(campus, place, "5.0", reason="Too low.", headers={"If-Match": '"v1"'})

    assert [(one.status, one.json.get("code")) for one in (missing, fresh, stale)] == [
        (428, "if-match-missing"),
        (200, None),
        (412, "stale-version"),
    ]
    assert (fresh.headers["ETag"], state(campus, place)) == ('"v2"', ("completed", "4.0"))


def test_instructors_grade_their_own_sections_and_students_nobody(campus: Campus) -> None:
    ewa, jan, ann = teacher(campus, "P1"), teacher(campus, "P2"), campus.student()
    section = campus.section("A-1", instructors=[ewa.instructor_id])
    (place,) = enrolled(campus, section, ann)

    for refused in (
        grade(campus, place, "5.0", jan),
        grade_many(campus, section, {"student": ann, "grade": "5.0"}, who=jan),
    ):
        assert (refused.status, refused.json["code"]) == (403, "not-yours")
    assert grade_file(campus, section, "number,grade\n1,5.0\n", jan).json["code"] == "not-yours"
    refused = grade(campus, place, "5.0", a_student(ann))
    assert (refused.status, refused.json["code"]) == (403, "role-missing")
    assert grade(campus, place, "4.0", ewa).status == 200
    assert history(campus, place, a_student(ann)) == [(1, "4.0", "posted", None)]
    other = campus.house.call("enrollment", "GET", f"/enrollments/{place}/grades", who=a_student(campus.student()))
    assert (other.status, other.json["code"]) == (403, "not-yours")


@pytest.mark.parametrize("status", ["dropped", "withdrawn", "canceled", "waitlisted", "offered"])
def test_who_has_no_place_is_not_graded(campus: Campus, status: str) -> None:
    section, ann = campus.section("A-1"), campus.student()
    (place,) = enrolled(campus, section, ann)
    settle(campus, place, status)

    assert faults(grade(campus, place, "4.0")) == [("grade", "not-gradable")]
    assert faults(grade_many(campus, section, {"student": ann, "grade": "4.0"})) == [
        ("grades[0].student", "not-gradable")
    ]
    assert state(campus, place) == (status, None)


def test_who_is_on_review_is_graded(campus: Campus) -> None:
    (place,) = enrolled(campus, campus.section("A-1"), campus.student())
    settle(campus, place, "review")

    assert grade(campus, place, "4.0").json["status"] == "completed"


def test_unknown_enrollments_and_sections_have_codes_of_their_own(campus: Campus) -> None:
    for key in (NOBODY_HAS, "garbage"):
        assert grade(campus, key, "4.0").json["code"] == "enrollment-not-found"
        reply = grade_many(campus, key, {"student": "1", "grade": "4.0"})
        assert (reply.status, reply.json["code"]) == (404, "section-not-found")


def test_many_are_graded_at_once_by_enrollment_id_or_number(campus: Campus) -> None:
    section, ann, bob, eve = campus.section("A-1"), campus.student(), campus.student(number="300001"), campus.student()
    places = enrolled(campus, section, ann, bob, eve)

    reply = grade_many(
        campus,
        section.upper(),
        {"student": ann, "grade": "5"},
        {"student": "300001", "grade": "2,0"},
        {"enrollment_id": places[2], "grade": "3.5", "version": 1},
    )

    assert (reply.status, reply.json["posted"]) == (200, 3)
    assert [(one["enrollment_id"], one["grade"], one["status"], one["outcome"]) for one in reply.json["items"]] == [
        (places[0], "5.0", "completed", "posted"),
        (places[1], "2.0", "failed", "posted"),
        (places[2], "3.5", "completed", "posted"),
    ]
    again = grade_many(campus, section, {"student": ann, "grade": "5.0"}, {"student": bob, "grade": "3.0"}).json
    assert ([one["outcome"] for one in again["items"]], again["posted"]) == (["unchanged", "second-attempt"], 1)


def test_every_faulty_row_is_told_and_none_is_written(campus: Campus) -> None:
    section, other = campus.section("A-1"), campus.section("A-2")
    ann, bob, eve = campus.student(), campus.student(), campus.student()
    places = enrolled(campus, section, ann, bob, eve)
    (elsewhere,) = enrolled(campus, other, ann)
    settle(campus, places[2], "dropped")

    reply = grade_many(
        campus,
        section,
        {"student": ann, "grade": "4.0"},
        {"student": ann, "grade": "4.0"},
        {"student": bob, "grade": "4.2"},
        {"student": eve, "grade": "4.0"},
        {"enrollment_id": elsewhere, "grade": "4.0"},
        {"student": "nobody", "grade": "4.0"},
        {"grade": "4.0"},
    )

    assert sorted(faults(reply)) == [
        ("grades[1].student", "named-twice"),
        ("grades[2].grade", "grade-not-on-scale"),
        ("grades[3].student", "not-gradable"),
        ("grades[4].enrollment_id", "not-in-section"),
        ("grades[5].student", "not-in-section"),
        ("grades[6].student", "student-not-named"),
    ]
    assert reply.json["error_count"] == 6
    assert [state(campus, one)[1] for one in (*places, elsewhere)] == [None] * 4
    assert campus.house.announced("enrollment", "enrollment.updated") == []
    stale = grade_many(campus, section, {"student": ann, "grade": "4.0", "version": 7})
    assert faults(stale) == [("grades[0].version", "stale-version")]


def test_the_same_key_posts_once(campus: Campus) -> None:
    section, ann = campus.section("A-1"), campus.student()
    (place,) = enrolled(campus, section, ann)
    key = {"Idempotency-Key": "grades"}

    replies = [grade_many(campus, section, {"student": ann, "grade": "2.0"}, headers=key) for _ in range(2)]

    assert replies[0].body == replies[1].body
    assert len(history(campus, place)) == 1


def test_a_downloaded_roster_with_grades_filled_in_is_a_file_of_grades(campus: Campus) -> None:
    section = campus.section("A-1")
    students = [campus.student(number=number) for number in ("300001", "300002", "300003")]
    places = enrolled(campus, section, *students)
    file = roster(campus, section, ".csv").body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    for row, given in zip(rows, ("4,5", "2.0", ""), strict=True):
        row["grade"] = given
    filled = io.StringIO()
    sheet = csv.DictWriter(filled, [*rows[0]], delimiter=";")
    sheet.writeheader()
    sheet.writerows(rows)

    reply = grade_file(campus, section, "\ufeff" + filled.getvalue())

    assert (reply.status, reply.json["posted"]) == (200, 2)
    assert [state(campus, one)[1] for one in places] == ["4.5", "2.0", None]
    again = roster(campus, section, ".csv").body
    assert grade_file(campus, section, again).json["posted"] == 0


def test_every_fault_of_a_file_is_told_by_line_and_column(campus: Campus) -> None:
    section = campus.section("A-1")
    places = enrolled(campus, section, *(campus.student(number=f"30000{n}") for n in range(4)))

    reply = grade_file(
        campus,
        section,
        "number,grade,attempt\n300000,4.5,\n300001,4.7,\n300002,4.0,2\n300000,3.0,\n999999,3.0,\n300003,4,5,\n,3.0,\n",
    )

    assert lines(reply) == [
        (3, "grade", "grade-not-on-scale"),
        (4, "attempt", "attempt-not-open"),
        (5, "number", "named-twice"),
        (6, "number", "not-in-section"),
        (7, "", "row-ragged"),
        (8, "number", "cell-empty"),
    ]
    assert [state(campus, one)[1] for one in places] == [None] * 4
    polish = campus.house.call(
        "enrollment", "POST", f"/sections/{section}/grades.csv", b"number\n", headers={**CSV, "Accept-Language": "pl"}
    )
    assert [(one["line"], one["field"], one["message"]) for one in polish.json["errors"]] == [
        (1, "grade", "Brakuje kolumny.")
    ]


def test_a_file_is_announced_as_one(campus: Campus) -> None:
    section = campus.section("A-1")
    reply = campus.house.call("enrollment", "POST", f"/sections/{section}/grades.csv", b"number,grade\n1,2\n")
    assert (reply.status, reply.json["code"]) == (415, "unsupported-media")


def test_a_roster_tells_grades_and_which_there_are(campus: Campus) -> None:
    section = campus.section("A-1", offering={"grading_scale": "us-pass"})
    (place,) = enrolled(campus, section, campus.student())
    grade(campus, place, "p")

    told = roster(campus, section).json

    assert told["grading"] == {"name": "us-pass", "allowed": ["NP", "P"], "failing": ["NP"], "attempts": 1}
    assert [(row["grade"], row["status"], row["version"]) for row in told["items"]] == [("P", "completed", 2)]
