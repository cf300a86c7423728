"""Averages are weighted by credits, and told only when every grade is known and of one scale."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from university.student.rules.record import Entry, NamedCourse, NamedTerm
from university.student.rules.transcript import average, transcript

NOW = datetime(2026, 10, 1, tzinfo=UTC)
AUTUMN = NamedTerm("a", "2026Z", "Zima", date(2026, 10, 1), date(2027, 2, 14))
SPRING = NamedTerm("b", "2027L", "Lato", date(2027, 2, 22), date(2027, 6, 30))
Graded = tuple[str | None, float | None]


def entry(
    grade: str | None,
    ects: float | None = 5,
    status: str = "completed",
    term: NamedTerm = AUTUMN,
    code: str = "X",
    **counts: Any,
) -> Entry:
    course = NamedCourse(code, code, **counts)
    return Entry(f"{term.id}{code}{grade}", "s", term, course, None, [], [], status, ects, grade, None, NOW, NOW)


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


@settings(deadline=None)
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


def told(*entries: Entry) -> tuple[list[tuple[float, float | None]], float, float | None]:
    made = transcript(entries)
    return [(term.ects_earned, term.gpa) for term in made.terms], made.ects_earned, made.gpa


def superseded(*entries: Entry) -> list[bool]:
    return [course.superseded for term in transcript(entries).terms for course in term.courses]


def test_a_course_failed_and_passed_later_counts_as_passed_and_both_attempts_are_shown() -> None:
    attempts = entry("2.0", status="failed"), entry("4.0", term=SPRING)

    assert told(*attempts) == ([(0, 2.0), (5, 4.0)], 5, 4.0)
    assert superseded(*attempts) == [True, False]


def test_a_course_that_was_failed_only_counts_as_failed() -> None:
    assert told(entry("2.0", status="failed"), entry("4.0", code="Y")) == ([(5, 3.0)], 5, 3.0)


def test_credits_of_a_course_passed_twice_are_earned_once_and_its_better_grade_counts() -> None:
    attempts = entry("4.5"), entry("3.0", term=SPRING)

    assert told(*attempts) == ([(5, 4.5), (0, 3.0)], 5, 4.5)
    assert superseded(*attempts) == [False, True]


def test_a_larger_version_of_a_course_passed_before_adds_the_difference() -> None:
    assert told(entry("4.0", 5), entry("4.5", 6, term=SPRING)) == ([(5, 4.0), (1, 4.5)], 6, 4.5)


def test_courses_that_count_for_one_another_are_one() -> None:
    attempts = entry("3.0", code="X", equivalents=("Y",)), entry("5.0", term=SPRING, code="Y", equivalents=("X",))

    assert told(*attempts) == ([(5, 3.0), (0, 5.0)], 5, 5.0)
    assert superseded(*attempts) == [True, False]


def test_a_repeatable_course_counts_each_time() -> None:
    attempts = entry("3.0", repeatable=True), entry("5.0", term=SPRING, repeatable=True)

    assert told(*attempts) == ([(5, 3.0), (5, 5.0)], 10, 4.0)
    assert superseded(*attempts) == [False, False]


def test_a_pass_without_marks_takes_a_failing_mark_out_of_the_average() -> None:
    assert told(entry("2.0", status="failed"), entry("zal", term=SPRING)) == ([(0, 2.0), (5, None)], 5, None)


def test_of_attempts_on_two_scales_nobody_can_tell_the_better() -> None:
    attempts = entry("4.0"), entry("A", term=SPRING)

    assert told(*attempts) == ([(5, 4.0), (0, 4.0)], 5, None)
    assert superseded(*attempts) == [False, False]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["2.0", "3.0", "3.5", "4.0", "4.5", "5.0"]), st.integers(1, 3)), max_size=8))
def test_credits_of_terms_add_up_and_no_course_earns_more_than_once(attempts: list[tuple[str, int]]) -> None:
    terms = [AUTUMN, SPRING]
    taken = [
        entry(grade, 5, "failed" if grade == "2.0" else "completed", terms[place % 2], f"C{course}")
        for place, (grade, course) in enumerate(attempts)
    ]

    made = transcript(taken)

    passed = {one.course.id for one in taken if one.status == "completed"}
    assert made.ects_earned == sum(term.ects_earned for term in made.terms) == 5 * len(passed)
    assert all(0 <= term.ects_earned <= 5 * len(passed) for term in made.terms)
