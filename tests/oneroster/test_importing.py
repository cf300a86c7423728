"""Importing through the API: what is there afterwards, what changes when the file does, and what never does."""

from collections.abc import Callable
from typing import Any

from tests.house import REGISTRAR
from tests.oneroster.conftest import Registry
from tests.oneroster.files import CREDIT, HOLD, POOL, Files

WHOLE = {"courses": (14, 0, 0), "students": (2, 0, 0), "enrollments": (3, 0, 0)}
NOTHING = dict.fromkeys(WHOLE, (0, 0, 0))


def section(registry: Registry, number: str, code: str = "INF-1") -> dict[str, Any]:
    offerings = registry.get("courses", "/offerings?limit=200")["items"]
    inside = next(one["sections"] for one in offerings if one["course"]["code"] == code)
    found: dict[str, Any] = next(one for one in inside if one["number"] == number)
    return found


def student_id(registry: Registry, number: str) -> str:
    return str(registry.get("students", f"/students/{number}")["id"])


def enrollments(registry: Registry, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = registry.get(
        "enrollments", f"/enrollments?student_id={student_id(registry, number)}"
    )["items"]
    return found


def test_an_import_counts_what_it_creates(registry: Registry, files: Files) -> None:
    assert registry.take_in(files.zip()) == WHOLE


def test_what_the_catalog_was_told_is_there(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    term = registry.get("courses", "/terms/2027Z")
    course = registry.get("courses", "/courses/INF-1")
    laboratory = section(registry, "L1")
    (offering,) = registry.get("courses", "/offerings?term=2027Z&q=programowanie")["items"]

    assert (term["starts_on"], term["add_until"], term["drop_until"]) == ("2027-10-04", "2027-10-17", "2028-01-30")
    assert [day["date"] for day in term["calendar"]] == ["2027-11-11", "2028-01-27"]
    assert (course["ects"], course["department"], course["level"]) == (5.5, "INF", "bachelor")
    assert course["requisites"] == "MAT-1 >= 3.5"
    assert (offering["grading_scale"], offering["add_weeks"]) == ("us", 2)
    assert (laboratory["capacity"], laboratory["waitlist_capacity"], laboratory["language"]) == (15, 3, "en")
    assert laboratory["parent_id"] == section(registry, "W1")["id"]
    assert laboratory["reserved"] == [POOL]
    assert laboratory["meetings"][0]["weeks"] == "odd"
    assert [one["family_name"] for one in section(registry, "W1")["instructors"]] == ["Nguyễn", "Müller"]
    assert section(registry, "1", "MAT-2")["capacity"] is None


def test_what_was_told_is_found_without_diacritics(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    assert registry.get("courses", "/courses?q=zolta")["items"][0]["code"] == "MAT-1"
    assert registry.get("courses", "/offerings?q=nguyen")["items"][0]["course"]["code"] == "INF-1"
    assert registry.get("courses", "/offerings?day=tue&from=09:00")["items"][0]["course"]["code"] == "INF-1"
    assert registry.found("zak") == ["100001"]


def test_what_the_students_were_told_is_there(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    anna = registry.get("students", "/students/100001")
    (hold,) = registry.get("students", "/students/100001/holds")["items"]
    (credit,) = registry.get("students", "/students/100001/credits-recognized")["items"]

    assert (anna["family_name"], anna["program"], anna["stage"]) == ("Żak", "INF", 2)
    assert anna["groups"] == ["mish", "azs"]
    assert {**hold, **HOLD} == hold
    assert {**credit, **CREDIT} == credit
    told = {
        event["subject"]: event["data"]["holds"] for event in registry.house.announced("student", "student.created")
    }
    assert [one["id"] for one in told[anna["id"]]] == [hold["id"]]


def test_enrollments_take_their_seats_and_reach_every_view(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    running, passed = sorted(enrollments(registry, "100001"), key=lambda one: str(one["status"]), reverse=True)
    laboratory = section(registry, "L1")
    recorded = registry.get("students", "/students/100001/enrollments")["items"]

    assert (running["status"], len(running["section_ids"]), running["ects"]) == ("enrolled", 2, 5.5)
    assert (passed["status"], passed["grade"], passed["created_at"]) == ("completed", "4.0", "2026-10-01T00:00:00Z")
    assert [laboratory["availability"][name] for name in ("taken", "open")] == [1, 14]
    assert {one["status"] for one in recorded} == {"enrolled", "completed"}
    assert registry.get("students", "/students/100001/timetable?term=2027Z")


def test_a_history_line_says_who_imported(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    (first, *_) = enrollments(registry, "100002")
    (line,) = registry.get("enrollments", f"/enrollments/{first['id']}/history")["items"]

    assert (line["by"], line["reason"], line["status"]) == (REGISTRAR.subject, "imported", "enrolled")


def test_importing_twice_changes_nothing_and_tells_nothing(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    told, exported = registry.announced(), registry.exported()

    assert registry.take_in(files.zip()) == NOTHING
    assert registry.announced() == told
    assert registry.exported() == exported


def test_a_trial_run_counts_the_same_and_writes_nothing(registry: Registry, files: Files) -> None:
    assert registry.take_in(files.zip(), dry_run=True) == WHOLE

    rows = {table: found for table, found in registry.exported().items() if found}
    assert [row["sourcedId"] for found in rows.values() for row in found] == ["university"]
    assert registry.announced() == 0
    assert registry.take_in(files.zip()) == WHOLE


def without_classes(files: Files) -> bytes:
    del files.tables["classes"]
    return files.zip()


def in_cp1250(files: Files) -> bytes:
    files.raw["users.csv"] = "sourcedId,givenName\nż,ó".encode("cp1250")
    return files.zip()


BROKEN: dict[str, Callable[[Files], bytes]] = {
    "not a zip": lambda _files: b"PK but no zip",
    "no classes": without_classes,
    "no title": lambda files: files.without("courses", "title").zip(),
    "no number": lambda files: files.without("users", "identifier").zip(),
    "cp1250": in_cp1250,
}


def test_a_broken_file_fails_its_part_with_reasons_and_changes_nothing(registry: Registry) -> None:
    for kind, broken in BROKEN.items():
        job = registry.job("students" if "number" in kind else "courses", broken(Files()))

        assert (kind, job["state"]) == (kind, "failed")
        assert job["errors"]
        assert job["finished_at"]
    rows = {table: [row["sourcedId"] for row in found] for table, found in registry.exported().items() if found}
    assert rows == {"orgs": ["university"]}
    assert registry.announced() == 0


def test_one_wrong_cell_among_good_ones_keeps_the_whole_part_out(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    before, told = registry.exported(), registry.announced()
    files.row("courses", "c-mat").update({"title": "Something else", "metadata.description": ""})
    files.row("classes", "k-free")["metadata.capacity"] = "x"

    job = registry.job("courses", files.zip())

    assert (job["state"], job["error_count"]) == ("failed", 1)
    assert job["errors"][0] == {
        "file": "classes.csv",
        "line": files.line("classes", "k-free"),
        "column": "metadata.capacity",
        "message": "Must be a whole number from 0 to 100000.",
    }
    assert (registry.exported(), registry.announced()) == (before, told)


CHANGES = [
    ("courses", "academicSessions", "term", "title", "Winter 2027"),
    ("courses", "academicSessions", "term", "startDate", "2027-10-11"),
    ("courses", "orgs", "inf", "name", "Computing"),
    ("courses", "courses", "c-inf", "courseCode", "CS-1"),
    ("courses", "courses", "c-inf", "metadata.requisites", ""),
    ("courses", "classes", "k-lab", "metadata.capacity", "20"),
    ("courses", "classes", "k-lab", "metadata.parent", ""),
    ("courses", "users", "u-prof", "familyName", "Kowalska"),
    ("students", "users", "u-ania", "familyName", "Żak-Nowak"),
    ("students", "users", "u-ania", "metadata.program", "MAT"),
    ("students", "users", "u-ania", "metadata.groups", ""),
    ("students", "users", "u-ania", "metadata.holds", ""),
    ("enrollments", "enrollments", "e-old", "metadata.grade", "5.0"),
    ("enrollments", "enrollments", "e-free", "metadata.status", "dropped"),
]


def test_a_changed_cell_updates_one_thing_and_the_rest_stays(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    for part, table, key, column, value in CHANGES:
        files.row(table, key)[column] = value

        assert (column, registry.take_in(files.zip())) == (column, {**NOTHING, part: (0, 1, 0)})
    assert registry.take_in(files.zip()) == NOTHING


def events_of(registry: Registry, module: str, kind: str) -> list[tuple[str, int]]:
    """Return (type, version) of the events of one kind of thing, in order."""
    return [
        (event["type"].removeprefix("university."), event["aggregateversion"])
        for event in registry.house.announced(module)
        if event["type"].startswith(f"university.{kind}.")
    ]


def test_a_changed_course_bumps_its_sections_once_and_tells_them(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    files.row("courses", "c-inf")["title"] = "Programming"
    files.row("classes", "k-lab")["metadata.capacity"] = "16"
    files.row("enrollments", "t-1")["status"] = "tobedeleted"
    registry.take_in(files.zip())

    assert events_of(registry, "course", "course.section") == [
        *[("course.section.created.v1", 1)] * 4,
        *[("course.section.updated.v1", 2)] * 2,
    ]
    assert (section(registry, "W1")["version"], section(registry, "1", "MAT-2")["version"]) == (2, 1)


def test_a_changed_calendar_moves_the_occurrences(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    files.row("academicSessions", "term")["metadata.calendar"] = ""
    registry.take_in(files.zip())

    last = [event for event in registry.house.announced("course") if event["type"].endswith("section.updated.v1")]
    days = {day for event in last for day, _start, _end in event["data"]["occurrences"]}
    assert "2028-01-27" not in days
    assert "2027-10-11" in days


def test_a_course_that_leaves_an_equivalence_is_news_of_the_other_too(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    for key in ("c-alg", "c-lin"):
        files.row("courses", key)["metadata.equivalents"] = ""

    assert registry.take_in(files.zip())["courses"] == (0, 2, 0)
    updated = [event for event in registry.house.announced("course") if event["type"].endswith("course.updated.v1")]
    assert [event["data"]["equivalents"] for event in updated] == [[], []]


def test_a_column_that_the_file_does_not_have_changes_nothing(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    files.without("courses", "metadata.title_en").without("courses", "metadata.equivalents")
    files.without("users", "metadata.holds").without("users", "metadata.groups")
    files.without("classes", "metadata.offering").without("classes", "metadata.parent")

    assert registry.take_in(files.zip()) == NOTHING


def test_a_grade_on_a_running_course_ends_it(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    for key in ("e-lec", "e-lab"):
        files.row("enrollments", key).update({"metadata.status": "completed", "metadata.grade": "A-"})

    assert registry.take_in(files.zip())["enrollments"] == (0, 1, 0)
    assert {one["grade"] for one in enrollments(registry, "100001")} == {"4.0", "A-"}
    assert section(registry, "L1")["availability"]["taken"] == 1


def test_a_student_who_changes_groups_frees_one_seat_and_takes_another(registry: Registry, files: Files) -> None:
    other = {**files.row("classes", "k-lab"), "sourcedId": "k-lab2", "classCode": "L2", "metadata.reserved": ""}
    files.tables["classes"].append(other)
    registry.take_in(files.zip())
    files.row("enrollments", "e-lab").update({"classSourcedId": "k-lab2", "metadata.pool": ""})

    assert registry.take_in(files.zip())["enrollments"] == (0, 1, 0)
    assert [section(registry, number)["availability"]["taken"] for number in ("W1", "L1", "L2")] == [1, 0, 1]


def test_a_class_may_be_filled_beyond_its_capacity_because_an_import_says_what_is(
    registry: Registry, files: Files
) -> None:
    files.row("classes", "k-free")["metadata.capacity"] = "0"
    registry.take_in(files.zip())

    availability = section(registry, "1", "MAT-2")["availability"]

    assert (availability["capacity"], availability["taken"], availability["open"]) == (0, 1, 0)


def test_enrollments_wait_for_courses_and_students_to_be_imported(registry: Registry, files: Files) -> None:
    job = registry.job("enrollments", files.zip())

    assert job["state"] == "failed"
    assert {(fault["line"], fault["column"]) for fault in job["errors"]} == {
        (line, column) for line in (4, 5, 7) for column in ("classSourcedId", "userSourcedId")
    }
    registry.take_in(files.zip())


def test_a_class_without_a_limit_of_another_registrar_is_adopted_by_its_number(
    registry: Registry, files: Files
) -> None:
    house = registry.house
    known = house.call("course", "POST", "/courses", {"code": "MAT-1", "title": "Old title", "ects": 3}).json
    house.call("student", "POST", "/students", {**_person("100002"), "program": "PHY"})

    assert registry.take_in(files.zip()) == {**WHOLE, "courses": (13, 1, 0), "students": (1, 1, 0)}
    assert registry.get("courses", "/courses/MAT-1")["id"] == known["id"]
    assert registry.get("students", "/students/100002")["program"] == "MAT"


def test_a_code_that_belongs_to_another_key_is_refused(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())
    files.row("courses", "c-mat").update({"sourcedId": "c-new", "metadata.description": ""})
    files.row("classes", "k-old")["courseSourcedId"] = "c-new"
    files.row("users", "u-liam")["identifier"] = "100001"
    files.row("users", "u-ania")["identifier"] = "100002"

    courses, students = (registry.job(part, files.zip()) for part in ("courses", "students"))

    assert ("courses.csv", 2) in {(fault["file"], fault["line"]) for fault in courses["errors"]}
    assert [fault["column"] for fault in students["errors"]] == ["identifier", "identifier"]


def _person(number: str) -> dict[str, str]:
    return {"number": number, "given_name": "Old", "family_name": "Name", "email": "old@example.edu"}
