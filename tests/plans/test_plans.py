"""No statement of registration day goes through a large table: however full a term is, it costs the same."""

from collections.abc import Iterable

import pytest

from tests.campus import a_student
from tests.plans import deeds
from tests.plans.term import Term
from tests.plans.watching import Scan

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
LARGE, FEW = 1_000, 100
"""Rows from which on a table counts as large (those of terms, windows, policies and clocks have a few), and a scan
as one that goes through it: it may end at the first row."""
WHOLE = {
    ("course", "SELECT course.course.id, course.course.code, course.course.title, course.course.title_en"): (
        "The catalog is kept in memory, and read anew once after each change of a course, a term or an equivalence."
    ),
    ("course", "SELECT course.course.id, course.course.external_key"): (
        "Courses are found by any part of a word, for which there is no index; people ask for offerings."
    ),
    ("instructor", "SELECT CAST(course.teaching.section_id"): (
        "A page of a hundred sections names nearly as many instructors as the few pages of this table hold."
    ),
    ("offering", "SELECT course.offering.id, course.offering.sort_code"): (
        "A word that a tenth of the term has is looked for in the order of the list."
    ),
}
"""Statements that may go through a large table all the same, by how they begin, and why."""
INDEXES = {
    "enrollment.ix_enrollment_offered": (deeds.let_workers_work, "enrollment"),
    "enrollment.ix_section_canceled": (deeds.let_workers_work, "section"),
    "course.ix_availability_term_id_version": (deeds.follow_the_seats, "availability"),
    "student.ix_recorded_enrollment_student_id_term_id": (deeds.look_at_ones_own, "recorded_enrollment"),
}
"""Indexes without which a deed goes through a table."""


def through_large(term: Term, scans: Iterable[Scan]) -> set[tuple[str, str]]:
    """Return which large tables statements went through row by row, and which statements did."""
    sizes = term.server.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [LARGE])
    large = {name for (name,) in sizes}
    return {
        (scan.table, scan.statement)
        for scan in scans
        if scan.kind == "Seq Scan"
        and scan.rows >= FEW
        and scan.table in large
        and not any(scan.table == table and scan.statement.startswith(begin) for table, begin in WHOLE)
    }


@pytest.mark.parametrize("name", deeds.ALL)
def test_no_deed_goes_through_a_large_table(term: Term, name: str) -> None:
    scans = term.scans_of(deeds.ALL[name](term))

    assert scans
    assert through_large(term, scans) == set()


def test_a_late_page_reads_as_few_rows_as_the_first(term: Term) -> None:
    pages = [
        [scan.rows for scan in term.scans_of([page]) if scan.table == "offering" and "LIMIT" in scan.statement]
        for page in deeds.browse(term)
    ]
    lists = [rows for (rows,) in filter(None, pages)]

    assert len(lists) >= deeds.TIMES
    assert set(lists) == {51}


@pytest.mark.parametrize("index", INDEXES)
def test_without_its_index_a_deed_goes_through_the_table(term: Term, index: str) -> None:
    deed, table = INDEXES[index]
    (written,) = term.server.execute("SELECT pg_get_indexdef(%s::regclass)", [index]).fetchall()[0]
    term.server.execute(f"DROP INDEX {index}")
    try:
        found = through_large(term, term.scans_of(deed(term)))
    finally:
        term.server.execute(written)

    assert table in {one for one, _ in found}


def test_joining_a_long_queue_takes_the_statements_of_joining_a_short_one(term: Term) -> None:
    section = term.campus.section(term.new("LONG"), capacity=0)

    def join() -> int:
        student = term.campus.student()
        with term.watch.watched() as plans:
            assert term.wait(student, section).json["status"] == "waitlisted"
        return len(plans)

    counts = [join() for _ in range(40)]

    assert counts[2] > 0
    assert set(counts[2:]) == {counts[2]}


def test_giving_a_seat_to_a_long_queue_takes_the_statements_of_giving_it_to_a_short_one(term: Term) -> None:
    section = term.campus.section(term.new("GIVEN"), capacity=1)
    holder = term.campus.student()
    place = term.campus.enroll(holder, section).json["id"]
    students = [term.campus.student() for _ in range(36)]
    queue = [(term.wait(student, section).json["id"], student) for student in students]

    counts = []
    for next_place, next_student in queue:
        with term.watch.watched() as plans:
            assert term.campus.drop(place, a_student(holder)).status == 200
        counts.append(len(plans))
        place, holder = next_place, next_student
        assert term.campus.house.call("enrollment", "GET", f"/enrollments/{place}").json["status"] == "enrolled"

    *middle, _ = counts[2:]  # After the last nobody waits any more.
    assert set(middle) == {middle[0]}, counts
