"""Averages are weighted by credits, and told only when every grade is known and of one scale."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st

from university.student.rules.record import Entry, NamedCourse, NamedTerm
from university.student.rules.transcript import average, transcript

NOW = datetime(2026, 10, 1, tzinfo=UTC)
AUTUMN = NamedTerm("a", "2026Z", "Zima", date(2026, 10, 1), date(2027, 2, 14))
SPRING = NamedTerm("b", "2027L", "Lato", date(2027, 2, 22), date(2027, 6, 30))
Graded = tuple[str | None, float | None]


def entry(
    grade: str | None, ects: float | None = 5, status: str = "completed", term: NamedTerm = AUTUMN, code: str = "X"
) -> Entry:
    course = NamedCourse(code, code)
    return Entry(f"{term.id}{code}", "s", term, course, None, [], [], status, ects, grade, None, NOW, NOW)


@pytest.mark.parametrize(
    ("graded", "gpa"),
    [
        ([("5.0", 2), ("3.0", 4)], 3.67),
        ([("5", 1), ("4,5", 1)], 4.75),
        ([("2.0", 3), ("4.0", 3)], 3.0),
        ([("A", 4), ("b+", 4)], 3.65),
        ([("A+", 4), ("F", 4)], 2.0),
        ([("4.0", 5), ("zal", 30)], 4.0),
        ([("C", 5), ("P", 30), ("NP", 3)], 2.0),
        ([("4.0", 5), (None, 30)], 4.0),
        ([("4.0", 5), ("3.0", 0), ("3.0", None)], 4.0),
        ([("3.5", 1), ("3.0", 1), ("3.0", 2)], 3.13),
        ([("zal", 5)], None),
        ([], None),
        ([("4.0", 5), ("A", 5)], None),
        ([("4.0", 5), ("excellent", 5)], None),
        ([("4.7", 5)], None),
    ],
)
def test_an_average_is_weighted_by_credits(graded: list[Graded], gpa: float | None) -> None:
    assert average([entry(grade, ects) for grade, ects in graded]) == gpa


@pytest.mark.parametrize("status", ["enrolled", "review", "withdrawn", "dropped", "waitlisted", "canceled"])
def test_only_finished_courses_count(status: str) -> None:
    assert average([entry("3.0"), entry("5.0", status=status)]) == 3.0


@given(st.lists(st.tuples(st.sampled_from(["2.0", "3.0", "3.5", "4.0", "4.5", "5.0"]), st.integers(1, 30)), min_size=1))
def test_an_average_lies_between_the_grades(graded: list[tuple[str, int]]) -> None:
    grades = [float(grade) for grade, _ in graded]

    found = average([entry(grade, ects) for grade, ects in graded])

    assert found is not None
    assert min(grades) <= found <= max(grades)


def test_a_transcript_has_terms_in_order_with_their_courses() -> None:
    unheard = NamedTerm("z")
    entries = [
        entry("4.0", term=SPRING, code="B"),
        entry("5.0", term=SPRING, code="A"),
        entry(None, term=unheard, status="enrolled"),
        entry("2.0", status="failed"),
        entry(None, status="withdrawn", code="W"),
        entry(None, status="dropped", code="D"),
        entry(None, status="offered", code="O"),
    ]

    told = transcript(entries)

    assert [(one.term, [course.course.code for course in one.courses]) for one in told.terms] == [
        (AUTUMN, ["W", "X"]),
        (SPRING, ["A", "B"]),
        (unheard, ["X"]),
    ]
    assert [(one.ects_earned, one.gpa) for one in told.terms] == [(0, 2.0), (10, 4.5), (0, None)]
    assert (told.ects_earned, told.gpa) == (10, 3.67)
