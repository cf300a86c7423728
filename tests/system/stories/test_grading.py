"""Grades are posted, one, many or by file; transcript and requisites follow, and the registrar decides what broke."""

from typing import Any

from tests.house import Reply
from tests.system.office import Office, Student, refusal

EARLIER = {"term": "2027W"}
SHEET = {"Content_Type": "text/csv"}


def earlier(office: Office) -> None:
    """Make a term before the others, open for registration."""
    office.term("2027W", starts_on="2027-02-15", ends_on="2027-06-30")


def grade(office: Office, enrollment: str, text: str, *, version: str = "*", **facts: str) -> Reply:
    return office.ask("PUT", f"/enrollments/{enrollment}/grade", {"grade": text, **facts}, If_Match=version)


def told(reply: Reply) -> list[tuple[Any, ...]]:
    """Return the faults of a refusal, in order."""
    assert refusal(reply) == (422, "grades-refused"), reply.body
    return [(one.get("line"), one["field"], one["code"]) for one in reply.json["errors"]]


def test_a_grade_completes_a_course_and_shows_on_the_transcript(office: Office) -> None:
    ann, section = office.student(), office.section("MAT-101")
    place = office.enrolled(ann, section)

    first = grade(office, place, "2", version='"v1"')
    stale = grade(office, place, "3.0", version='"v1"')
    second = grade(office, place, "3,5")

    assert [one.json.get("status") for one in (first, second)] == ["failed", "completed"]
    assert refusal(stale) == (412, "stale-version")
    assert refusal(office.ask("PUT", f"/enrollments/{place}/grade", {"grade": "3.0"})) == (428, "if-match-missing")
    assert told(grade(office, place, "4.0")) == [(None, "reason", "reason-missing")]
    assert told(grade(office, place, "A")) == [(None, "grade", "grade-not-on-scale")]
    assert grade(office, place, "4.0", reason="Points were added up wrongly.").status == 200
    history = office.get(f"/enrollments/{place}/grades", who=ann.number)["items"]
    assert [(one["attempt"], one["grade"], one["outcome"]) for one in history] == [
        (1, "2.0", "posted"),
        (2, "3.5", "second-attempt"),
        (2, "4.0", "corrected"),
    ]
    shown = office.eventually("/students/me/transcript", lambda seen: seen["gpa"] == 4.0, ann.number)
    (course,) = shown["terms"][0]["courses"]
    assert (course["status"], course["grade"], course["superseded"], shown["ects_earned"]) == (
        "completed",
        "4.0",
        False,
        5,
    )


def test_many_are_graded_at_once_or_none(office: Office) -> None:
    section, students = office.section("MAT-101"), [office.student() for _ in range(3)]
    places = [office.enrolled(one, section) for one in students]
    path = f"/sections/{section}/grades"

    faulty = [{"student": students[0].number, "grade": "4.0"}, {"enrollment_id": places[1], "grade": "4.1"}]
    assert told(office.ask("POST", path, {"grades": faulty})) == [(None, "grades[1].grade", "grade-not-on-scale")]
    assert office.get(f"/enrollments/{places[0]}")["grade"] is None
    posted = office.ask("POST", path, {"grades": [{"student": one.id, "grade": "5"} for one in students]})

    assert (posted.status, posted.json["posted"]) == (200, 3)
    assert {one["enrollment_id"] for one in posted.json["items"]} == set(places)
    seen = office.get(f"/sections/{section}/roster")
    assert [(row["grade"], row["status"]) for row in seen["items"]] == [("5.0", "completed")] * 3
    assert (seen["grading"]["name"], seen["grading"]["failing"]) == ("pl", ["2.0"])


def test_a_file_of_grades_is_taken_whole_or_tells_every_fault(office: Office) -> None:
    section, students = office.section("MAT-101"), [office.student() for _ in range(2)]
    places = [office.enrolled(one, section) for one in students]
    path = f"/sections/{section}/grades.csv"

    def sent(*rows: str) -> Reply:
        return office.ask("POST", path, "\n".join(("number;name;grade", *rows)).encode(), **SHEET)

    assert told(sent(f"{students[0].number};Anna;6", "nobody;;3.0", f"{students[1].number};3.0")) == [
        (2, "grade", "grade-not-on-scale"),
        (3, "number", "not-in-section"),
        (4, "", "row-ragged"),
    ]
    assert sent(f"{students[0].number};Anna;4,5", f"{students[1].number};Anna;").json["posted"] == 1
    assert [office.get(f"/enrollments/{one}")["grade"] for one in places] == ["4.5", None]


def test_what_rested_on_a_failed_course_is_for_the_registrar_to_decide(office: Office) -> None:
    earlier(office)
    office.course("MAT-101")
    office.course("MAT-102", requisites=office.named("MAT-101"))
    first, second = office.section("MAT-101", offering=EARLIER), office.section("MAT-102")
    students = [office.student() for _ in range(3)]
    places = [(office.enrolled(one, first), office.enrolled(one, second)) for one in students]

    for (before, _), given in zip(places, ("3.0", "2.0", "2.0"), strict=True):
        assert grade(office, before, given).status == 200

    path = f"/broken-requisites?term={office.named('2027L')}"
    broken = office.eventually(path, lambda seen: len(seen["items"]) == 2)["items"]
    assert [(one["enrollment_id"], one["number"], one["result"]) for one in broken] == [
        (place, student.number, "UNMET") for (_, place), student in zip(places[1:], students[1:], strict=True)
    ]
    kept, canceled = (
        office.ask("POST", f"/broken-requisites/{place}/settle", {"decision": decision, "reason": "As agreed."})
        for (_, place), decision in zip(places[1:], ("keep", "cancel"), strict=True)
    )
    assert (kept.json["status"], canceled.json["status"]) == ("enrolled", "canceled")
    again = office.ask("POST", f"/broken-requisites/{places[1][1]}/settle", {"decision": "keep", "reason": "Twice."})
    assert refusal(again) == (409, "requisite-settled")
    missing = office.ask("POST", f"/broken-requisites/{places[0][1]}/settle", {"decision": "keep", "reason": "None."})
    assert refusal(missing) == (404, "requisite-not-broken")
    office.seats(second, taken=2)


def test_grades_are_not_for_students_to_post(office: Office) -> None:
    ann: Student = office.student()
    place = office.enrolled(ann, office.section("MAT-101"))

    reply = office.ask("PUT", f"/enrollments/{place}/grade", {"grade": "5.0"}, who=ann.number, If_Match="*")

    assert refusal(reply) == (403, "role-missing")
    assert refusal(office.ask("GET", "/broken-requisites", who=ann.number)) == (403, "role-missing")
