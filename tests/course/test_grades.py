"""Grades pass, compare and count as their scale says, and never across scales."""

from decimal import Decimal
from itertools import pairwise

import pytest

from university.course.rules import grades

POLISH = ["2.0", "3.0", "3.5", "4.0", "4.5", "5.0"]
AMERICAN = ["F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+"]


@pytest.mark.parametrize("scale", [POLISH, AMERICAN, ["nzal", "zal"], ["NP", "P"]])
def test_every_grade_but_the_lowest_passes(scale: list[str]) -> None:
    assert [grades.is_pass(grade) for grade in scale] == [False] + [True] * (len(scale) - 1)


@pytest.mark.parametrize("scale", [POLISH, AMERICAN, ["nzal", "zal"], ["NP", "P"]])
def test_a_grade_reaches_itself_and_all_below(scale: list[str]) -> None:
    for lower, higher in pairwise(scale):
        assert grades.compare(higher, lower) is True
        assert grades.compare(lower, lower) is True
        assert grades.compare(lower, higher) is False


@pytest.mark.parametrize(("grade", "minimum"), [("5.0", "A"), ("zal", "3.0"), ("P", "D-"), ("zal", "P"), ("F", "2.0")])
def test_grades_of_different_scales_do_not_compare(grade: str, minimum: str) -> None:
    assert grades.compare(grade, minimum) is None


@pytest.mark.parametrize("grade", [None, "", "5", "6.0", "E", "A++", "passed", "\uff13.0", "4.0\x00"])
def test_an_unknown_grade_is_no_silent_pass(grade: str | None) -> None:
    assert grades.is_pass(grade) is None
    assert grades.compare(grade, "3.0") is None
    assert grades.points(grade) is None


def test_case_and_a_decimal_comma_do_not_matter() -> None:
    assert grades.is_pass(" ZAL ") is True
    assert grades.compare("4,5", "4.5") is True
    assert grades.compare("b+", "B") is True


def test_an_average_is_weighted_and_leaves_out_what_has_no_points() -> None:
    assert grades.average([("5.0", Decimal(6)), ("3.0", Decimal(2)), ("zal", Decimal(30))]) == Decimal("4.5")
    assert grades.average([("A", Decimal(4)), ("F", Decimal(4)), ("P", Decimal(4))]) == Decimal(2)


@pytest.mark.parametrize(
    "graded",
    [[], [("zal", Decimal(5))], [("5.0", Decimal(5)), ("A", Decimal(5))], [("?", Decimal(5))], [("5.0", Decimal(0))]],
)
def test_nothing_countable_has_no_average(graded: list[tuple[str, Decimal]]) -> None:
    assert grades.average(graded) is None


@pytest.mark.parametrize(
    ("attempts", "counted"),
    [
        (["2.0"], ["2.0"]),
        (["2.0", "4.0"], ["4.0"]),
        (["4.0", "2.0", "4.5", "3.0"], ["4.5"]),
        (["F", "B", "B+"], ["B+"]),
        (["2.0", "zal"], ["zal"]),
        (["zal", "3.0"], ["3.0"]),
        (["4.0", "A"], ["4.0", "A"]),
        (["4.0", "excellent"], ["4.0", "excellent"]),
        (["2.0", "excellent"], ["excellent"]),
    ],
)
def test_of_several_attempts_the_best_counts_and_all_where_nobody_can_tell(
    attempts: list[str], counted: list[str]
) -> None:
    found = grades.best([(grade, Decimal(5)) for grade in attempts])

    assert [grade for grade, _ in found] == counted
