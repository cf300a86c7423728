"""A university small enough to read, as the files of a OneRoster zip that a test changes as its story needs."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, str]

LECTURE = {"component": "lecture", "days": ["mon"], "start": "10:00", "end": "11:30", "room": "A 1", "weeks": "all"}
LABORATORY = {**LECTURE, "component": "laboratory", "days": ["tue"], "room": "B 2", "weeks": "odd"}
POOL = {"seats": 5, "program": ["INF"], "stage": [], "group": [], "until": "2027-10-10T00:00:00Z"}
HOLD = {"reason": "Books", "contact": "library@example.edu", "effects": ["block-add"], "starts_on": "2027-09-01"}
CREDIT = {"course": "MAT-1", "ects": 6, "grade": "4.5", "term": "2026Z"}


def sessions() -> list[Row]:
    """One school year, a past term and a coming one."""
    year = {"title": "2027/2028", "type": "schoolYear", "startDate": "2027-10-01", "endDate": "2028-09-30"}
    past = {"title": "Zima 2026", "type": "term", "startDate": "2026-10-01", "endDate": "2027-02-10"}
    term = {"title": "Zima 2027", "type": "term", "startDate": "2027-10-04", "endDate": "2028-01-30"}
    days = json.dumps([{"date": "2027-11-11", "off": True}, {"date": "2028-01-27", "runs_as": "mon"}])
    told = {"metadata.calendar": days, "metadata.add_until": "2027-10-17", "metadata.max_ects": "40"}
    return [
        {"sourcedId": "year", **year, "parentSourcedId": ""},
        {"sourcedId": "past", **past, "parentSourcedId": "", "metadata.code": "2026Z"},
        {"sourcedId": "term", **term, "parentSourcedId": "year", "metadata.code": "2027Z", **told},
    ]


def orgs() -> list[Row]:
    """The university and two departments."""
    return [
        {"sourcedId": "uni", "name": "University", "type": "district", "identifier": "UNI", "parentSourcedId": ""},
        {"sourcedId": "mat", "name": "Matematyka", "type": "department", "identifier": "MAT", "parentSourcedId": "uni"},
        {
            "sourcedId": "inf",
            "name": "Informatyka",
            "type": "department",
            "identifier": "INF",
            "parentSourcedId": "uni",
        },
    ]


def courses() -> list[Row]:
    """Three courses: one needs another, two count for each other."""

    def course(key: str, code: str, title: str, org: str, ects: str, **told: str) -> Row:
        extra = {f"metadata.{name}": value for name, value in told.items()}
        empty = {"metadata.description": "", "metadata.requisites": "", "metadata.equivalents": ""}
        row = {"sourcedId": key, "title": title, "courseCode": code, "orgSourcedId": org, "metadata.credits": ects}
        return {**row, **empty, **extra}

    return [
        course(
            "c-mat", "MAT-1", "Żółta analiza", "mat", "6", title_en="Yellow calculus", description="Limits\nand more"
        ),
        course("c-inf", "INF-1", "Programowanie", "inf", "5.5", requisites="MAT-1 >= 3.5", level="bachelor"),
        course("c-alg", "MAT-2", "Algebra", "mat", "6", equivalents="MAT-3"),
        course("c-lin", "MAT-3", "Algebra liniowa", "mat", "6", equivalents="MAT-2"),
    ]


def classes() -> list[Row]:
    """A lecture with its laboratory, a class of the past, one without time or limit."""

    def group(key: str, course: str, term: str, number: str, capacity: str, meetings: Any, **told: str) -> Row:
        named = {"title": f"Class {number}", "classCode": number, "schoolSourcedId": "uni"}
        empty = {"metadata.component": "", "metadata.parent": "", "metadata.reserved": "", "metadata.offering": ""}
        extra = {f"metadata.{name}": value for name, value in told.items()}
        placed = {"courseSourcedId": course, "termSourcedIds": term}
        taught = {"metadata.capacity": capacity, "metadata.meetings": json.dumps(meetings)}
        return {"sourcedId": key, **named, **placed, **taught, **empty, **extra}

    offering = json.dumps({"grading_scale": "us", "required_components": ["lecture", "laboratory"], "add_weeks": 2})
    lab = {"component": "laboratory", "parent": "k-lec", "language": "en", "waitlist_capacity": "3"}
    return [
        group("k-lec", "c-inf", "term", "W1", "30", [LECTURE], component="lecture", offering=offering),
        group("k-lab", "c-inf", "term", "L1", "15", [LABORATORY], **lab, reserved=json.dumps([POOL])),
        group("k-old", "c-mat", "past", "1", "", [], component="lecture"),
        group("k-free", "c-alg", "term", "1", "", []),
    ]


def users() -> list[Row]:
    """Two students and two who teach."""

    def person(key: str, given: str, family: str, number: str, **told: str) -> Row:
        extra = {f"metadata.{name}": value for name, value in told.items()}
        named = {"givenName": given, "familyName": family, "identifier": number, "email": f"{key}@example.edu"}
        empty = {"metadata.program": "", "metadata.year": "", "metadata.groups": "", "metadata.status": ""}
        return {"sourcedId": key, **named, **empty, **extra}

    ania = {"program": "INF", "year": "2", "groups": "mish,azs", "status": "active", "level": "bachelor"}
    return [
        person("u-ania", "Anna", "Żak", "100001", **ania, holds=json.dumps([HOLD]), recognized=json.dumps([CREDIT])),
        person("u-liam", "Liam", "O'Neill", "100002", program="MAT", year="1"),
        person("u-prof", "Łucja", "Nguyễn", "P1"),
        person("u-asst", "Ødegård", "Müller", "P2"),
    ]


def roles() -> list[Row]:
    """Who is what."""
    pairs = {"u-ania": "student", "u-liam": "student", "u-prof": "teacher", "u-asst": "teacher"}
    return [
        {"sourcedId": f"r-{user}", "userSourcedId": user, "role": role, "orgSourcedId": "uni"}
        for user, role in pairs.items()
    ]


def enrollments() -> list[Row]:
    """Two teachers of one class; a bundle that runs and a course that was passed."""

    def place(key: str, group: str, user: str, role: str, **told: str) -> Row:
        extra = {f"metadata.{name}": value for name, value in told.items()}
        empty = {"primary": "", "beginDate": "2026-10-01", "metadata.status": "", "metadata.grade": ""}
        row = {"sourcedId": key, "classSourcedId": group, "schoolSourcedId": "uni", "userSourcedId": user, "role": role}
        return {**row, **empty, **extra}

    return [
        place("t-1", "k-lec", "u-asst", "teacher"),
        {**place("t-2", "k-lec", "u-prof", "teacher"), "primary": "true"},
        place("e-old", "k-old", "u-ania", "student", status="completed", grade="4.0"),
        place("e-lec", "k-lec", "u-ania", "student", status="enrolled"),
        place("e-lab", "k-lab", "u-ania", "student", status="enrolled", pool="0"),
        place("e-free", "k-free", "u-liam", "student"),
    ]


@dataclass
class Files:
    """The tables of the zip by name without `.csv`; every row may have columns of its own."""

    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {
            "academicSessions": sessions(),
            "orgs": orgs(),
            "courses": courses(),
            "classes": classes(),
            "users": users(),
            "roles": roles(),
            "enrollments": enrollments(),
        }
    )
    raw: dict[str, bytes] = field(default_factory=dict)
    """What a file holds instead of its table."""

    def row(self, table: str, key: str) -> Row:
        """Return a row to change it."""
        return next(row for row in self.tables[table] if row["sourcedId"] == key)

    def line(self, table: str, key: str) -> int:
        """Return the line on which a row starts; none of the rows above it may span lines."""
        return 2 + [row["sourcedId"] for row in self.tables[table]].index(key)

    def without(self, table: str, column: str) -> "Files":
        """Leave a column out."""
        for row in self.tables[table]:
            row.pop(column, None)
        return self

    def remove(self, table: str, key: str) -> "Files":
        """Mark a row for deletion."""
        self.row(table, key)["status"] = "tobedeleted"
        return self

    def zip(self) -> bytes:
        """Return the zip; the same tables give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for table, rows in self.tables.items():
                name = f"{table}.csv"
                archive.writestr(zipfile.ZipInfo(name), self.raw.get(name) or _csv(rows), zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _csv(rows: list[Row]) -> bytes:
    columns = list({"sourcedId": None, "status": None} | {name: None for row in rows for name in row})
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows({"status": "active", **row} for row in rows)
    return text.getvalue().encode()
