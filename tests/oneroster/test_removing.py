"""What `tobedeleted` removes: what nobody used goes, what was used is closed and kept, what others need stays."""

from typing import Any

import pytest

from tests.oneroster.conftest import Registry
from tests.oneroster.files import Files


def removed(registry: Registry, files: Files) -> dict[str, int]:
    return {part: counts[2] for part, counts in registry.take_in(files.zip()).items()}


def statuses(registry: Registry, code: str) -> dict[str, str]:
    """Return the sections of a course by number, with their status."""
    offerings = registry.get("courses", "/offerings?limit=200")["items"]
    inside = [one["sections"] for one in offerings if one["course"]["code"] == code]
    return {section["number"]: section["status"] for sections in inside for section in sections}


def of_student(registry: Registry, key: str) -> list[str]:
    found: list[dict[str, Any]] = registry.get("enrollments", f"/enrollments?student_id={key}")["items"]
    return sorted(one["status"] for one in found)


@pytest.fixture
def imported(registry: Registry, files: Files) -> Registry:
    registry.take_in(files.zip())
    return registry


def test_a_class_that_nobody_takes_goes(imported: Registry, files: Files) -> None:
    files.tables["enrollments"] = [row for row in files.tables["enrollments"] if row["sourcedId"] != "e-free"]
    files.tables["classes"].append({**files.row("classes", "k-free"), "sourcedId": "k-two", "classCode": "2"})
    imported.take_in(files.zip())
    files.remove("classes", "k-two")

    assert removed(imported, files) == {"courses": 1, "students": 0, "enrollments": 0}
    assert statuses(imported, "MAT-2") == {"1": "open"}
    deleted = [event for event in imported.house.announced("course") if event["type"].endswith("section.deleted.v1")]
    assert [(event["aggregateversion"], event["data"]["number"]) for event in deleted] == [(2, "2")]
    assert removed(imported, files) == {"courses": 0, "students": 0, "enrollments": 0}


def test_a_class_in_which_somebody_has_a_place_is_canceled_with_the_place(imported: Registry, files: Files) -> None:
    liam = imported.get("students", "/students/100002")["id"]
    files.remove("classes", "k-free")

    assert removed(imported, files) == {"courses": 1, "students": 0, "enrollments": 1}
    assert statuses(imported, "MAT-2") == {"1": "canceled"}
    assert of_student(imported, liam) == ["canceled"]
    assert removed(imported, files) == {"courses": 0, "students": 0, "enrollments": 0}


def test_a_canceled_class_stays_canceled_whatever_the_file_still_says(imported: Registry, files: Files) -> None:
    imported.take_in(files.remove("classes", "k-free").zip())
    files.row("classes", "k-free").update({"status": "active", "metadata.capacity": "99"})

    assert imported.take_in(files.zip())["courses"] == (0, 0, 0)
    assert statuses(imported, "MAT-2") == {"1": "canceled"}


def test_a_lecture_below_which_a_class_stays_is_canceled_and_kept(imported: Registry, files: Files) -> None:
    for key in ("e-lec", "e-lab"):
        files.remove("enrollments", key)
    imported.take_in(files.zip())
    files.remove("classes", "k-lec")
    del files.row("classes", "k-lab")["metadata.parent"]

    assert removed(imported, files) == {"courses": 1, "students": 0, "enrollments": 0}
    assert statuses(imported, "INF-1") == {"W1": "canceled", "L1": "open"}


def test_a_student_without_a_record_goes_and_one_with_a_record_is_withdrawn(imported: Registry, files: Files) -> None:
    extra = {**files.row("users", "u-liam"), "sourcedId": "u-new", "identifier": "100003"}
    files.tables["users"].append(extra)
    files.tables["roles"].append({**files.row("roles", "r-u-liam"), "sourcedId": "r-u-new", "userSourcedId": "u-new"})
    imported.take_in(files.zip())
    liam = imported.get("students", "/students/100002")["id"]
    files.remove("users", "u-new").remove("users", "u-liam")

    assert removed(imported, files) == {"courses": 0, "students": 2, "enrollments": 1}
    assert imported.house.call("student", "GET", "/students/100003").status == 404
    assert imported.get("students", "/students/100002")["status"] == "withdrawn"
    assert of_student(imported, liam) == ["canceled"]
    told = [event["type"] for event in imported.house.announced("student", "student.deleted")]
    assert told == ["university.student.deleted.v1"]
    assert removed(imported, files) == {"courses": 0, "students": 0, "enrollments": 0}


def test_a_removed_enrollment_gives_its_seats_back(imported: Registry, files: Files) -> None:
    for key in ("e-lec", "e-lab"):
        files.remove("enrollments", key)

    assert removed(imported, files) == {"courses": 0, "students": 0, "enrollments": 1}
    assert removed(imported, files) == {"courses": 0, "students": 0, "enrollments": 0}
    offerings = imported.get("courses", "/offerings?term=2027Z&q=INF-1")["items"]
    assert [section["availability"]["taken"] for section in offerings[0]["sections"]] == [0, 0]


def test_one_row_of_a_bundle_that_goes_leaves_the_others(imported: Registry, files: Files) -> None:
    files.remove("enrollments", "e-lab")

    assert imported.take_in(files.zip())["enrollments"] == (0, 1, 0)
    anna = imported.get("students", "/students/100001")["id"]
    assert of_student(imported, anna) == ["completed", "enrolled"]


def test_a_teacher_who_goes_no_longer_teaches(imported: Registry, files: Files) -> None:
    files.remove("users", "u-prof")

    assert removed(imported, files)["courses"] == 1
    assert imported.house.call("course", "GET", "/instructors/P1").status == 404
    offerings = imported.get("courses", "/offerings?q=INF-1")["items"]
    taught = {
        section["number"]: [one["number"] for one in section["instructors"]] for section in offerings[0]["sections"]
    }
    assert taught["W1"] == ["P2"]
    assert imported.get("courses", "/offerings?q=nguyen")["items"] == []


def test_a_course_goes_with_its_last_class_and_is_told(imported: Registry, files: Files) -> None:
    files.remove("enrollments", "e-old").row("courses", "c-inf")["metadata.requisites"] = ""
    imported.take_in(files.zip())
    files.remove("classes", "k-old").remove("courses", "c-mat").remove("academicSessions", "past")

    assert removed(imported, files)["courses"] == 3
    assert imported.house.call("course", "GET", "/courses/MAT-1").status == 404
    assert imported.house.call("course", "GET", "/terms/2026Z").status == 404
    assert [event["subject"] for event in imported.house.announced("course", "course.deleted")]


def test_a_course_that_is_still_taught_stays_and_nothing_else_happens(imported: Registry, files: Files) -> None:
    before = imported.exported()
    files.row("courses", "c-mat")["metadata.description"] = ""
    files.remove("courses", "c-alg").row("courses", "c-lin")["metadata.equivalents"] = ""
    files.tables["classes"] = [row for row in files.tables["classes"] if row["sourcedId"] != "k-free"]
    files.tables["enrollments"] = [row for row in files.tables["enrollments"] if row["sourcedId"] != "e-free"]

    job = imported.job("courses", files.zip())

    assert [(fault["file"], fault["line"], fault["column"]) for fault in job["errors"]] == [
        ("courses.csv", 4, "status")
    ]
    assert imported.exported() == before


def test_removing_what_never_was_there_is_no_change(registry: Registry, files: Files) -> None:
    for table in ("classes", "users", "enrollments"):
        for row in files.tables[table]:
            row["status"] = "tobedeleted"

    assert registry.take_in(files.zip()) == {"courses": (8, 0, 0), "students": (0, 0, 0), "enrollments": (0, 0, 0)}
