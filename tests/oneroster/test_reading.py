"""Every fault that files can have among themselves, told by file, line and column; nothing here needs a database."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.oneroster.files import LECTURE, Files
from university.course.imports import reading as course
from university.enrollment.imports import reading as enrollment
from university.platform.imports import Order
from university.platform.sheets import Faults, Sheets
from university.student.imports import reading as student

ORDER = Order(trial=True, by="test")
READERS: dict[str, Callable[[Sheets], Any]] = {
    "course": lambda sheets: course.read(sheets, ORDER),
    "student": lambda sheets: student.read(sheets, ORDER),
    "enrollment": enrollment.read,
}


def read(module: str, files: Files) -> tuple[Any, Faults]:
    faults = Faults()
    return READERS[module](Sheets(files.zip(), faults)), faults


def places(module: str, files: Files) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, fault.column) for fault in read(module, files)[1].found]


@pytest.mark.parametrize("module", READERS)
def test_the_small_university_has_no_fault(module: str, files: Files) -> None:
    assert places(module, files) == []


NEEDED = {
    "course": ("academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments"),
    "student": ("orgs", "users", "roles"),
    "enrollment": ("orgs", "classes", "users", "roles", "enrollments"),
}


@pytest.mark.parametrize(("module", "table"), [(module, table) for module in NEEDED for table in NEEDED[module]])
def test_a_missing_file_is_one_fault_and_not_one_for_each_reference(module: str, table: str, files: Files) -> None:
    del files.tables[table]

    assert places(module, files) == [(f"{table}.csv", 0, "")]


COLUMNS = [
    ("course", "academicSessions", "title"),
    ("course", "academicSessions", "startDate"),
    ("course", "orgs", "identifier"),
    ("course", "courses", "courseCode"),
    ("course", "courses", "metadata.credits"),
    ("course", "courses", "metadata.requisites"),
    ("course", "classes", "courseSourcedId"),
    ("course", "classes", "termSourcedIds"),
    ("course", "classes", "metadata.capacity"),
    ("course", "classes", "metadata.meetings"),
    ("course", "users", "familyName"),
    ("course", "roles", "role"),
    ("course", "enrollments", "userSourcedId"),
    ("student", "users", "identifier"),
    ("student", "users", "metadata.program"),
    ("student", "users", "metadata.year"),
    ("enrollment", "enrollments", "classSourcedId"),
]


@pytest.mark.parametrize(("module", "table", "column"), COLUMNS)
def test_a_missing_column_is_one_fault(module: str, table: str, column: str, files: Files) -> None:
    assert places(module, files.without(table, column)) == [(f"{table}.csv", 1, column)]


def cell(module: str, table: str, key: str, column: str, value: str) -> Any:
    """Name one cell and a value that it must not hold."""
    return pytest.param(module, table, key, column, value, id=f"{table}.{column}={value[:24]}")


CELLS = [
    cell("course", "academicSessions", "term", "startDate", "04.10.2027"),
    cell("course", "academicSessions", "term", "startDate", "2027-02-30"),
    cell("course", "academicSessions", "term", "endDate", "9999-01-01"),
    cell("course", "academicSessions", "term", "endDate", ""),
    cell("course", "academicSessions", "term", "type", "summer"),
    cell("course", "academicSessions", "term", "status", "gone"),
    cell("course", "academicSessions", "term", "parentSourcedId", "nowhere"),
    cell("course", "academicSessions", "term", "metadata.add_until", "soon"),
    cell("course", "academicSessions", "term", "metadata.max_ects", "-1"),
    cell("course", "academicSessions", "term", "metadata.calendar", "{"),
    cell("course", "academicSessions", "term", "metadata.calendar", '[{"date": "2027-01-01", "off": true}]'),
    cell("course", "orgs", "mat", "identifier", "INF"),
    cell("course", "orgs", "mat", "parentSourcedId", "nowhere"),
    cell("course", "courses", "c-mat", "courseCode", ""),
    cell("course", "courses", "c-mat", "courseCode", "A/B"),
    cell("course", "courses", "c-mat", "courseCode", 'A"B'),
    cell("course", "courses", "c-mat", "title", "x" * 301),
    cell("course", "courses", "c-mat", "title", "two\nlines"),
    cell("course", "courses", "c-mat", "metadata.credits", "six"),
    cell("course", "courses", "c-mat", "metadata.credits", "1e3"),
    cell("course", "courses", "c-mat", "metadata.credits", "301"),
    cell("course", "courses", "c-mat", "metadata.credits", "nan"),
    cell("course", "courses", "c-mat", "orgSourcedId", "nowhere"),
    cell("course", "courses", "c-inf", "metadata.requisites", "MAT-1 AND"),
    cell("course", "courses", "c-inf", "metadata.requisites", "INF-1"),
    cell("course", "courses", "c-alg", "metadata.equivalents", "MAT-3,PHY-9"),
    cell("course", "classes", "k-lec", "courseSourcedId", "nowhere"),
    cell("course", "classes", "k-lec", "termSourcedIds", "nowhere"),
    cell("course", "classes", "k-lec", "termSourcedIds", "year"),
    cell("course", "classes", "k-lec", "termSourcedIds", "term,past"),
    cell("course", "classes", "k-lec", "schoolSourcedId", "nowhere"),
    cell("course", "classes", "k-lec", "metadata.capacity", "many"),
    cell("course", "classes", "k-lec", "metadata.capacity", "-1"),
    cell("course", "classes", "k-lec", "metadata.capacity", "2.5"),
    cell("course", "classes", "k-lec", "metadata.meetings", "[1, 2"),
    cell("course", "classes", "k-lec", "metadata.meetings", '{"days": []}'),
    cell("course", "classes", "k-lec", "metadata.meetings", '[{"days": ["someday"]}]'),
    cell("course", "classes", "k-lec", "metadata.meetings", '[{"start": "12:00", "end": "11:00"}]'),
    cell("course", "classes", "k-lec", "metadata.meetings", "[" * 5_000),
    cell("course", "classes", "k-lec", "metadata.offering", '{"grading_scale": "fr"}'),
    cell("course", "classes", "k-lec", "metadata.offering", '{"add_until": "2027-10-10", "add_weeks": 2}'),
    cell("course", "classes", "k-lab", "metadata.parent", "k-free"),
    cell("course", "classes", "k-lab", "metadata.parent", "k-lab"),
    cell("course", "classes", "k-lab", "metadata.parent", "nowhere"),
    cell("course", "classes", "k-lab", "metadata.reserved", '[{"seats": 99}]'),
    cell("course", "classes", "k-lab", "metadata.reserved", '[{"seats": true}]'),
    cell("course", "classes", "k-lab", "classCode", "W1"),
    cell("course", "users", "u-prof", "familyName", ""),
    cell("course", "users", "u-prof", "identifier", "P2"),
    cell("course", "enrollments", "t-1", "classSourcedId", "nowhere"),
    cell("course", "enrollments", "t-1", "userSourcedId", "nowhere"),
    cell("course", "enrollments", "t-1", "userSourcedId", "u-ania"),
    cell("student", "users", "u-ania", "identifier", ""),
    cell("student", "users", "u-ania", "identifier", "100002"),
    cell("student", "users", "u-ania", "identifier", "me"),
    cell("student", "users", "u-ania", "email", "nobody"),
    cell("student", "users", "u-ania", "givenName", "x" * 121),
    cell("student", "users", "u-ania", "metadata.year", "0"),
    cell("student", "users", "u-ania", "metadata.year", "second"),
    cell("student", "users", "u-ania", "metadata.status", "asleep"),
    cell("student", "users", "u-ania", "metadata.groups", ",".join(["x" * 81])),
    cell("student", "users", "u-ania", "metadata.holds", '[{"reason": "?"}]'),
    cell("student", "users", "u-ania", "metadata.recognized", '[{"course": "A", "ects": -1}]'),
    cell("student", "roles", "r-u-ania", "userSourcedId", "nowhere"),
    cell("student", "roles", "r-u-ania", "orgSourcedId", "nowhere"),
    cell("student", "roles", "r-u-ania", "role", ""),
    cell("enrollment", "enrollments", "e-old", "classSourcedId", "nowhere"),
    cell("enrollment", "enrollments", "e-old", "classSourcedId", ""),
    cell("enrollment", "enrollments", "e-old", "userSourcedId", "u-prof"),
    cell("enrollment", "enrollments", "e-old", "metadata.status", "asleep"),
    cell("enrollment", "enrollments", "e-old", "metadata.grade", "6+"),
    cell("enrollment", "enrollments", "e-old", "metadata.grade", "2.0"),
    cell("enrollment", "enrollments", "e-free", "metadata.grade", "4.0"),
    cell("enrollment", "enrollments", "e-old", "beginDate", "then"),
    cell("enrollment", "enrollments", "e-old", "role", ""),
]


@pytest.mark.parametrize(("module", "table", "key", "column", "value"), CELLS)
def test_a_wrong_cell_is_told_where_it_stands_in_both_languages(
    module: str, table: str, key: str, column: str, value: str, files: Files
) -> None:
    files.row(table, key)[column] = value
    if table == "courses":
        files.row("courses", "c-mat")["metadata.description"] = ""  # Lines are then rows.

    found = read(module, files)[1].found

    assert {(fault.file, fault.line) for fault in found} == {(f"{table}.csv", _line(files, table, key, column, value))}
    assert {fault.column for fault in found} <= {column, "identifier"}
    assert all(fault.message.en and fault.message.pl and fault.message.en != fault.message.pl for fault in found)


def _line(files: Files, table: str, key: str, column: str, value: str) -> int:
    """Of two rows that clash, the second is told."""
    clashing = [row["sourcedId"] for row in files.tables[table] if value and row.get(column) == value]
    return files.line(table, clashing[-1] if value and column in {"identifier", "classCode"} else key)


@pytest.mark.parametrize("table", NEEDED["course"])
def test_a_second_row_of_the_same_key_is_told_with_the_line_of_the_first(table: str, files: Files) -> None:
    rows = files.tables[table]
    files.row("courses", "c-mat")["metadata.description"] = ""
    rows.append({**rows[-1]})

    found = [fault for fault in read("course", files)[1].found if fault.column == "sourcedId"]

    assert [(fault.file, fault.line) for fault in found] == [(f"{table}.csv", len(rows) + 1)]
    assert f"line {len(rows)}" in found[0].message.en


def test_a_row_without_a_key_or_with_an_endless_one_is_told(files: Files) -> None:
    files.tables["users"] += [{**files.row("users", "u-liam"), "sourcedId": key} for key in ("", "x" * 121)]

    assert places("student", files) == [("users.csv", 6, "sourcedId"), ("users.csv", 7, "sourcedId")]


def test_two_courses_of_one_code_are_told_however_it_is_spaced(files: Files) -> None:
    files.row("courses", "c-mat")["metadata.description"] = ""
    files.row("courses", "c-alg")["courseCode"] = " MAT-1 "

    assert ("courses.csv", 4, "courseCode") in places("course", files)


def test_a_fault_in_a_requisite_names_its_place_in_the_text(files: Files) -> None:
    files.row("courses", "c-inf")["metadata.requisites"] = "MAT-1 >= high"

    (fault,) = read("course", files)[1].found

    assert "character 10" in fault.message.en


def test_a_circle_of_requisites_is_told_at_each_course_of_it_with_the_way(files: Files) -> None:
    files.row("courses", "c-mat")["metadata.description"] = ""
    files.row("courses", "c-mat")["metadata.requisites"] = "INF-1"

    found = read("course", files)[1].found

    assert [(fault.line, fault.column) for fault in found] == [(2, "metadata.requisites"), (3, "metadata.requisites")]
    assert "MAT-1 → INF-1 → MAT-1" in found[0].message.en


def test_every_fault_is_told_at_once(files: Files) -> None:
    files.row("courses", "c-mat").update({"metadata.credits": "x", "title": "", "metadata.description": ""})
    files.row("classes", "k-lec")["metadata.capacity"] = "x"
    files.row("classes", "k-free")["courseSourcedId"] = "nowhere"
    files.row("academicSessions", "past")["endDate"] = "2026-09-01"
    files.row("users", "u-asst")["givenName"] = ""

    assert places("course", files) == [
        ("academicSessions.csv", 3, "endDate"),
        ("courses.csv", 2, "title"),
        ("courses.csv", 2, "metadata.credits"),
        ("classes.csv", 2, "metadata.capacity"),
        ("classes.csv", 5, "courseSourcedId"),
        ("users.csv", 5, "givenName"),
    ]


def test_unknown_files_and_columns_do_not_matter(files: Files) -> None:
    files.tables["demographics"] = [{"sourcedId": "u-ania", "sex": "female"}]
    files.row("users", "u-ania")["metadata.shoe_size"] = "38"

    assert [places(module, files) for module in READERS] == [[], [], []]


def test_what_is_removed_is_not_judged_any_further(files: Files) -> None:
    files.remove("classes", "k-free").row("classes", "k-free").update({"courseSourcedId": "", "metadata.capacity": "x"})

    assert places("course", files) == []


def test_what_stays_must_not_refer_to_what_goes(files: Files) -> None:
    files.row("courses", "c-mat")["metadata.description"] = ""
    files.remove("courses", "c-alg").remove("orgs", "inf").remove("classes", "k-lec")
    files.row("courses", "c-lin")["metadata.equivalents"] = ""

    assert places("course", files) == [
        ("courses.csv", 3, "orgSourcedId"),
        ("classes.csv", 5, "courseSourcedId"),
        ("classes.csv", 3, "metadata.parent"),
    ]


def test_the_component_of_a_class_is_its_own_else_its_first_meetings_else_independent(files: Files) -> None:
    files.row("classes", "k-old")["metadata.component"] = "seminar"
    files.row("classes", "k-lec")["metadata.component"] = ""

    classes = read("course", files)[0].sections

    components = {key: entry.facts["component"] for key, entry in classes.items()}
    assert components == {"k-lec": "lecture", "k-lab": "laboratory", "k-old": "seminar", "k-free": "independent"}


def test_a_meeting_without_a_component_has_that_of_its_class(files: Files) -> None:
    bare = {name: value for name, value in LECTURE.items() if name != "component"}
    files.row("classes", "k-lab")["metadata.meetings"] = str([bare]).replace("'", '"')

    classes = read("course", files)[0].sections

    assert [meeting["component"] for meeting in classes["k-lab"].facts["meetings"]] == ["laboratory"]


def test_the_code_of_a_term_is_its_title_where_no_code_is_told(files: Files) -> None:
    files.row("academicSessions", "past").update({"metadata.code": "", "title": "FA26"})

    assert read("course", files)[0].terms["past"].facts["code"] == "FA26"


def test_the_rows_of_a_student_in_one_course_and_term_are_one_enrollment(files: Files) -> None:
    bundles = {bundle.key: bundle for bundle in read("enrollment", files)[0]}

    assert [place.group for place in bundles["e-lec"].places] == ["k-lec", "k-lab"]
    assert bundles.keys() == {"e-old", "e-lec", "e-free"}


def test_enrollments_of_another_status_or_with_keys_of_their_own_stay_apart(files: Files) -> None:
    files.row("enrollments", "e-lab")["metadata.status"] = "dropped"
    assert len(read("enrollment", files)[0]) == 4

    for key in ("e-lec", "e-lab"):
        files.row("enrollments", key).update({"metadata.enrollment": "one", "metadata.status": "enrolled"})
    assert [bundle.rows for bundle in read("enrollment", files)[0] if bundle.key == "one"] == [["e-lec", "e-lab"]]


def test_rows_of_one_enrollment_must_agree(files: Files) -> None:
    for key in ("e-lec", "e-lab"):
        files.row("enrollments", key)["metadata.enrollment"] = "one"
    files.row("enrollments", "e-lab")["metadata.status"] = "withdrawn"

    assert places("enrollment", files) == [("enrollments.csv", 6, "")]


def test_a_student_cannot_stand_twice_in_one_course_and_term(files: Files) -> None:
    files.row("enrollments", "e-lab")["metadata.status"] = "waitlisted"

    assert places("enrollment", files) == [("enrollments.csv", 6, "")]


def test_enrollments_of_a_class_or_student_that_goes_go_along(files: Files) -> None:
    files.remove("classes", "k-old").remove("users", "u-liam")

    removed = {bundle.key for bundle in read("enrollment", files)[0] if bundle.removed}

    assert removed == {"e-old", "e-free"}
