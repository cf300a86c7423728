"""A refused requisite tells the smallest ways out, and corequisites apart from the rest."""

import pytest

from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_record import Completed, Record
from university.course.rules.requisite_remedies import (
    MAX_REMEDIES,
    apart_from_corequisites,
    missing_corequisites,
    remedies,
)
from university.course.rules.requisite_text import parse, render
from university.course.rules.requisites import Explained, evaluate


def refused(text: str, *done: str) -> Explained:
    tree = parse(text)
    assert tree is not None
    return evaluate(tree, Record(completed=tuple(Completed(course, "5.0") for course in done)))


@pytest.mark.parametrize(
    ("text", "done", "expected"),
    [
        ("A", ["A"], []),
        ("A", [], [["A"]]),
        ("A AND B", ["A"], [["B"]]),
        ("A AND B OR C", [], [["C"], ["A", "B"]]),
        ("A AND B OR C AND D", ["C"], [["D"], ["A", "B"]]),
        ("2 OF (A, B, C)", ["B"], [["A"], ["C"]]),
        ("2 OF (A AND B, C, D)", [], [["C", "D"], ["A", "B", "C"], ["A", "B", "D"]]),
        ("(A OR B) AND (B OR C)", [], [["B"], ["A", "C"]]),
        ("NOT A", ["A"], []),
        ("NOT A OR B", ["A"], [["B"]]),
        ("A AND NOT B", ["B"], []),
        ("A AND NOT A", [], []),
        ("(A OR B) AND NOT A", [], [["B"]]),
        ("GPA >= 3 OR A", [], [["GPA >= 3"], ["A"]]),
    ],
)
def test_the_smallest_ways_out_come_first(text: str, done: list[str], expected: list[list[str]]) -> None:
    ways = [[render(leaf) for leaf in way] for way in remedies(refused(text, *done))]

    assert [sorted(way) for way in ways] == expected


def test_ways_out_are_bounded_however_many_there_are() -> None:
    some = ", ".join(f"C-{number}" for number in range(200))

    ways = remedies(refused(f"100 OF ({some}) AND 90 OF ({some})"))

    assert 0 < len(ways) <= MAX_REMEDIES
    assert len(ways[0]) == 100


@pytest.mark.parametrize(
    ("text", "corequisites", "apart"),
    [
        ("A", [], Result.UNMET),
        ("L WITH", ["L WITH"], Result.MET),
        ("A AND L WITH", ["L WITH"], Result.UNMET),
        ("A OR L WITH", ["L WITH"], Result.MET),
        ("K WITH OR L WITH", ["K WITH"], Result.MET),
        ("K WITH AND L WITH", ["K WITH", "L WITH"], Result.MET),
        ("A AND L WITH OR B", [], Result.UNMET),
        ("NOT DONE OR L WITH", ["L WITH"], Result.MET),
        ("DONE OR L WITH", [], Result.MET),
        ("NOT DONE AND L WITH", [], Result.UNMET),
    ],
)
def test_missing_corequisites_are_told_apart(text: str, corequisites: list[str], apart: Result) -> None:
    explained = refused(text, "DONE")

    assert [render(leaf) for leaf in missing_corequisites(explained)] == corequisites
    assert apart_from_corequisites(explained) is apart
