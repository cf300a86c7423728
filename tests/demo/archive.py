"""A generated archive read back from its bytes, as an importer would."""

import csv
import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from university.demo import University, to_zip

Row = dict[str, str]


@dataclass(frozen=True)
class Archive:
    """The tables of the zip by file name, with the questions that tests ask."""

    university: University
    today: date

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        with zipfile.ZipFile(io.BytesIO(to_zip(self.university))) as archive:
            return {
                name: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
                for name in archive.namelist()
            }

    @cached_property
    def by_id(self) -> dict[str, Row]:
        return {row["sourcedId"]: row for rows in self.tables.values() for row in rows if "sourcedId" in row}

    @cached_property
    def users(self) -> dict[str, Row]:
        """By number."""
        return {row["identifier"]: row for row in self.tables["users.csv"]}

    @cached_property
    def students(self) -> list[Row]:
        return [row for row in self.tables["users.csv"] if row["metadata.program"]]

    def term_of(self, section: Row) -> str:
        return self.by_id[section["termSourcedIds"]]["metadata.code"]

    def course_of(self, section: Row) -> str:
        return self.by_id[section["courseSourcedId"]]["courseCode"]

    def taught_in(self, term: str) -> list[Row]:
        return [section for section in self.tables["classes.csv"] if self.term_of(section) == term]

    @property
    def target(self) -> list[Row]:
        """The sections that students register for."""
        return self.taught_in(self.university.term)

    @cached_property
    def teaching(self) -> dict[str, list[Row]]:
        """The teachers' enrollments by section."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.tables["enrollments.csv"]:
            if row["role"] == "teacher":
                found[row["classSourcedId"]].append(row)
        return found

    @cached_property
    def people(self) -> dict[str, list[Row]]:
        """Everybody's enrollments, those of teachers and of students, by section."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.tables["enrollments.csv"]:
            found[row["classSourcedId"]].append(row)
        return found

    @cached_property
    def grades(self) -> dict[tuple[str, str], str]:
        """The grade of every student (by sourcedId) in every section taken."""
        rows = self.tables["enrollments.csv"]
        return {(row["userSourcedId"], row["classSourcedId"]): row["metadata.grade"] for row in rows}

    @cached_property
    def timed_terms(self) -> list[str]:
        """The terms whose sections have times and rooms."""
        return sorted({self.term_of(row) for row in self.tables["classes.csv"] if row["metadata.meetings"] != "[]"})

    @cached_property
    def taken(self) -> dict[str, list[tuple[str, str, str, Row]]]:
        """By student's sourcedId: term, course, status, section of every enrollment, the earliest term first."""
        found: defaultdict[str, list[tuple[str, str, str, Row]]] = defaultdict(list)
        for row in self.tables["enrollments.csv"]:
            if row["role"] == "student":
                section = self.by_id[row["classSourcedId"]]
                entry = (self.term_of(section), self.course_of(section), row["metadata.status"], section)
                found[row["userSourcedId"]].append(entry)
        return {user: sorted(rows, key=lambda entry: ordinal(entry[0])) for user, rows in found.items()}

    def results(self, student: Row) -> list[tuple[str, str, str, str]]:
        """Term, course, status and grade, one for each section that the student took."""
        user = student["sourcedId"]
        rows = self.taken.get(user, [])
        return [
            (term, course, status, self.grades[user, section["sourcedId"]]) for term, course, status, section in rows
        ]


def ordinal(term: str) -> int:
    """Counts semesters: 2026Z, 2026L, 2027Z, ..."""
    return 2 * int(term[:4]) + "ZL".index(term[4])


def meetings(section: Row) -> list[dict[str, Any]]:
    """The meetings of a section, read from its JSON."""
    found: list[dict[str, Any]] = json.loads(section["metadata.meetings"])
    return found


def occurrences(section: Row) -> set[tuple[str, int, int]]:
    """Day (a date, or a weekday with the number of its week) and each quarter of an hour that the section meets."""
    found: set[tuple[str, int, int]] = set()
    for meeting in meetings(section):
        quarters = range(_minutes(meeting["start"]) // 15, _minutes(meeting["end"]) // 15)
        if "dates" in meeting:
            found |= {(day, 0, quarter) for day in meeting["dates"] for quarter in quarters}
        else:
            weeks = _weeks(meeting["weeks"])
            found |= {(day, week, quarter) for day in meeting["days"] for week in weeks for quarter in quarters}
    return found


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return 60 * int(hours) + int(minutes)


def _weeks(text: str) -> list[int]:
    whole = list(range(1, 19))
    named = {"all": whole, "odd": whole[::2], "even": whole[1::2]}
    if text in named:
        return named[text]
    ranges = [(part.split("-") * 2)[:2] for part in text.split(",")]
    return [week for first, last in ranges for week in range(int(first), int(last) + 1)]
