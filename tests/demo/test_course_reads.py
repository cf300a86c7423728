"""What the course module makes of the generated catalog: its own rules find no fault and no clash on any date."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from itertools import pairwise

from tests.demo.archive import Archive, Row, ordinal
from university.course.rules import calendar, grades
from university.course.rules.calendar import Occurrence, Term
from university.course.rules.calendar_json import read_calendar, read_meetings
from university.course.rules.requisite_graph import find_cycle
from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_record import Completed, Record, Running, Standing
from university.course.rules.requisite_text import parse
from university.course.rules.requisite_tree import Node
from university.course.rules.requisites import evaluate


def _term(archive: Archive, code: str) -> Term:
    row = next(row for row in archive.tables["academicSessions.csv"] if row["metadata.code"] == code)
    starts_on, ends_on = date.fromisoformat(row["startDate"]), date.fromisoformat(row["endDate"])
    return Term(starts_on, ends_on, read_calendar(json.loads(row["metadata.calendar"]), starts_on, ends_on))


def _occurrences(section: Row, term: Term) -> tuple[Occurrence, ...]:
    return calendar.occurrences(read_meetings(json.loads(section["metadata.meetings"]), term), term)


def _trees(archive: Archive) -> dict[str, Node]:
    """The requisites of all courses that have one."""
    read = {row["courseCode"]: parse(row["metadata.requisites"]) for row in archive.tables["courses.csv"]}
    return {course: tree for course, tree in read.items() if tree is not None}


def _record(archive: Archive, student: Row, term: str, requested: set[str]) -> Record:
    """What is known of the student when a term begins."""
    sizes = {row["courseCode"]: Decimal(row["metadata.credits"]) for row in archive.tables["courses.csv"]}
    before = [result for result in archive.results(student) if ordinal(result[0]) < ordinal(term)]
    completed = tuple(
        Completed(course, grade, sizes[course], when)
        for when, course, status, grade in before
        if status in {"completed", "failed"}
    )
    running = {course: when for when, course, status, _ in before if status == "enrolled"}
    years_ago = int(archive.university.term[:4]) - int(term[:4])
    standing = Standing(
        program=student["metadata.program"],
        stage=int(student["metadata.year"]) - years_ago,
        groups=frozenset(student["metadata.groups"].split(",")),
        tests={},
        gpa=grades.average((done.grade, sizes[done.course]) for done in completed if done.grade),
    )
    return Record(
        completed=completed,
        in_progress=tuple(Running(course, sizes[course], when) for course, when in running.items()),
        requested=frozenset(requested),
        standing=standing,
        departments={course: course[:3] for course in sizes},
        term=term,
        terms=tuple(sorted({row["metadata.code"] for row in archive.tables["academicSessions.csv"]}, key=_place)),
    )


def _place(term: str) -> int:
    return ordinal(term) if term else 0


def _clashes(occurrences: Iterable[Occurrence]) -> bool:
    return any(one.date == next_.date and next_.start < one.end for one, next_ in pairwise(sorted(occurrences)))


def test_every_requisite_is_read_and_none_leads_back_to_its_course(archive: Archive) -> None:
    trees = _trees(archive)
    assert len(trees) > 100
    for course, tree in trees.items():
        assert find_cycle(course, tree, trees) is None


def test_the_course_module_would_have_allowed_every_past_choice(archive: Archive) -> None:
    trees = _trees(archive)
    for student in archive.students:
        chosen: defaultdict[str, set[str]] = defaultdict(set)
        for term, course, _, _ in archive.results(student):
            chosen[term].add(course)
        for term, courses in chosen.items():
            record = _record(archive, student, term, courses)
            for course in courses & trees.keys():
                assert evaluate(trees[course], record).result.allows, (student["identifier"], term, course)


def test_the_first_student_meets_some_requisites_and_others_not(archive: Archive) -> None:
    trees = _trees(archive)
    record = _record(archive, archive.users["100001"], archive.university.term, set())
    offered = {archive.course_of(section) for section in archive.target}
    found = {evaluate(trees[course], record).result for course in offered & trees.keys()}
    assert {Result.MET, Result.UNMET} <= found
    assert (Result.CONDITIONAL in found) == bool(record.in_progress)


def test_every_section_with_a_time_takes_place(archive: Archive) -> None:
    for code in archive.timed_terms:
        term = _term(archive, code)
        for section in archive.taught_in(code):
            found = _occurrences(section, term)
            assert bool(found) == (section["metadata.meetings"] != "[]")
            assert all(time(8) <= occurrence.start < occurrence.end <= time(20) for occurrence in found)


def test_on_no_date_is_anybody_or_any_room_in_two_places(archive: Archive) -> None:
    for code in archive.timed_terms:
        term = _term(archive, code)
        found: defaultdict[str, list[Occurrence]] = defaultdict(list)
        for section in archive.taught_in(code):
            occurrences = _occurrences(section, term)
            for row in archive.people[section["sourcedId"]]:
                found[row["userSourcedId"]] += occurrences
            if section["location"]:
                found[section["location"]] += occurrences
        assert found
        assert [busy for busy, occurrences in found.items() if _clashes(occurrences)] == []


def test_the_rules_know_every_grade(archive: Archive) -> None:
    for row in archive.tables["enrollments.csv"]:
        if row["metadata.status"] in {"completed", "failed"}:
            assert grades.is_pass(row["metadata.grade"]) == (row["metadata.status"] == "completed")
