"""The archive has the shape in which real data arrives."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from uuid import UUID

from tests.demo.archive import Archive
from university.demo import generate, to_zip

TODAY = date(2026, 11, 22)
# The columns of a real export, in its order; extension columns of ours may follow.
REAL_COLUMNS = {
    "academicSessions.csv": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "courses.csv": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"
    "subjects,subjectCodes,metadata.credits,metadata.description,metadata.requisites",
    "classes.csv": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods,metadata.capacity,metadata.meetings",
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password,metadata.program,metadata.year",
    "roles.csv": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
    "enrollments.csv": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
}


def test_the_archive_has_every_file_with_the_columns_of_a_real_export(archive: Archive) -> None:
    assert set(archive.tables) == {*REAL_COLUMNS, "manifest.csv"}
    for name, columns in REAL_COLUMNS.items():
        expected = columns.split(",")
        found = list(archive.tables[name][0])
        assert found[: len(expected)] == expected
        assert all(column.startswith("metadata.") for column in found[len(expected) :])


def test_the_manifest_announces_every_file_and_the_term(archive: Archive) -> None:
    manifest = {row["propertyName"]: row["value"] for row in archive.tables["manifest.csv"]}
    assert manifest["oneroster.version"] == "1.2"
    assert {f"file.{name.removesuffix('.csv')}" for name in REAL_COLUMNS} <= manifest.keys()
    assert manifest["source.systemCode"] == archive.university.term


def test_the_same_arguments_make_the_same_bytes_in_any_process() -> None:
    program = (
        "import datetime, hashlib; from university.demo import generate, to_zip;"
        "print(hashlib.sha256(to_zip(generate(40, seed=7, today=datetime.date(2026, 11, 22)))).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(run.stdout)
    assert len(digests) == 1


def test_another_seed_makes_other_people() -> None:
    first, second = (generate(5, seed=seed, today=TODAY) for seed in (1, 2))
    assert to_zip(first) != to_zip(second)


def test_a_student_is_the_same_person_in_a_larger_university() -> None:
    small, large = (generate(count, seed=1, today=TODAY) for count in (20, 60))
    for table in ("users.csv", "roles.csv"):
        people = {row["sourcedId"]: row for row in large.tables[table]}
        students = [row for row in small.tables[table] if "100001" <= row.get("identifier", "") <= "100020"]
        assert all(people[row["sourcedId"]] == row for row in students)


def test_a_university_of_one_student_is_complete() -> None:
    tables = generate(1, seed=1, today=TODAY).tables
    assert len(tables["courses.csv"]) == 200
    assert any(row["identifier"] == "100001" for row in tables["users.csv"])


def test_identifiers_are_unique_uuids(archive: Archive) -> None:
    ids = [row["sourcedId"] for rows in archive.tables.values() for row in rows if "sourcedId" in row]
    assert [sourced_id for sourced_id, count in Counter(ids).items() if count > 1] == []
    assert all(str(UUID(sourced_id)) == sourced_id for sourced_id in ids)


def test_every_reference_leads_to_a_row(archive: Archive) -> None:
    for rows in archive.tables.values():
        for row in rows:
            for column, value in row.items():
                if column.endswith(("SourcedId", "SourcedIds")) or column == "metadata.parent":
                    assert not value or value in archive.by_id, (column, row)


def test_numbers_and_codes_are_unique(archive: Archive) -> None:
    tables = archive.tables
    assert len({row["identifier"] for row in tables["users.csv"]}) == len(tables["users.csv"])
    assert len({row["email"] for row in tables["users.csv"]}) == len(tables["users.csv"])
    assert len({row["courseCode"] for row in tables["courses.csv"]}) == len(tables["courses.csv"])
    sections = [(row["termSourcedIds"], row["courseSourcedId"], row["classCode"]) for row in tables["classes.csv"]]
    assert len(set(sections)) == len(sections)


def test_addresses_are_plain_ascii_at_the_university(archive: Archive) -> None:
    for row in archive.tables["users.csv"]:
        assert re.fullmatch(r"[a-z0-9.-]+@(student\.)?example\.edu", row["email"]), row["email"]


def test_numbers_tell_students_from_instructors(archive: Archive) -> None:
    for row in archive.tables["users.csv"]:
        assert re.fullmatch(r"\d{6}" if row["metadata.program"] else r"P\d{4}", row["identifier"])


def test_dates_and_metadata_can_be_read(archive: Archive) -> None:
    for row in archive.tables["academicSessions.csv"]:
        assert date.fromisoformat(row["startDate"]) < date.fromisoformat(row["endDate"])
        assert row["type"] == "schoolYear" or json.loads(row["metadata.calendar"])
    for row in archive.tables["classes.csv"]:
        assert row["metadata.capacity"] == "" or int(row["metadata.capacity"]) > 0
        assert row["metadata.waitlist_capacity"] == "" or int(row["metadata.waitlist_capacity"]) >= 0
        assert row["metadata.language"] in {"pl", "en"}
        assert row["metadata.offering"] in {"", '{"grading_scale":"pl-pass"}'}


def test_what_is_posted_afterwards_names_known_students_and_courses(archive: Archive) -> None:
    university = archive.university
    numbers = {row["identifier"] for row in archive.students}
    courses = {row["courseCode"] for row in archive.tables["courses.csv"]}
    assert {hold["student_id"] for hold in university.holds} <= numbers
    assert "100001" not in {hold["student_id"] for hold in university.holds}
    assert all(credit["student_id"] in numbers and credit["course"] in courses for credit in university.recognized)


def test_a_window_is_open_for_every_student_today(archive: Archive) -> None:
    noon = datetime.fromisoformat(f"{archive.today}T12:00:00Z")
    whole = [window for window in archive.university.windows if not (window["stage"] or window["group"])]
    opened = [
        window
        for window in whole
        if datetime.fromisoformat(str(window["opens_at"])) <= noon < datetime.fromisoformat(str(window["closes_at"]))
    ]
    assert {window["term_id"] for window in opened} == {archive.university.term}
