"""Cycles between courses are found with their path, and a course shows all that leads to it and that it opens."""

import time

import pytest

from university.course.rules.requisite_graph import Edge, Step, find_cycle, graph
from university.course.rules.requisite_text import parse
from university.course.rules.requisite_tree import Node


def trees(**texts: str) -> dict[str, Node]:
    read = {course: parse(text) for course, text in texts.items()}
    return {course: tree for course, tree in read.items() if tree is not None}


@pytest.mark.parametrize(
    ("new", "saved", "path"),
    [
        ("A", {}, ["A", "A"]),
        ("B", {"B": "C", "C": "A"}, ["A", "B", "C", "A"]),
        ("B OR C", {"C": "D", "D": "A", "B": "E", "E": "D"}, ["A", "C", "D", "A"]),
        ("B IN PROGRESS", {"B": "A"}, ["A", "B", "A"]),
        ("NOT (NOT B)", {"B": "A"}, ["A", "B", "A"]),
        ("B", {"B": "C", "C": "B"}, None),
        ("B", {"A": "A"}, None),
        ("B WITH", {"B": "A WITH"}, None),
        ("B CONCURRENT", {"B": "A"}, None),
        ("NOT B", {"B": "NOT A"}, None),
        ("GPA >= 3", {}, None),
    ],
)
def test_a_cycle_is_refused_with_its_path(new: str, saved: dict[str, str], path: list[str] | None) -> None:
    assert find_cycle("A", parse(new), trees(**saved)) == path


def test_no_requisite_makes_no_cycle() -> None:
    assert find_cycle("A", None, trees(B="A")) is None


def test_the_graph_holds_what_leads_to_a_course_and_what_it_opens() -> None:
    saved = trees(B="A", C="B AND NOT X AND L WITH", D="C OR Z", E="D", F="A", Q="R")

    found = graph("C", saved)

    assert found.nodes == (
        Step("A", -2),
        Step("B", -1),
        Step("L", -1),
        Step("C", 0),
        Step("D", 1),
        Step("E", 2),
    )
    assert found.edges == (
        Edge("B", "A", None),
        Edge("C", "B", None),
        Edge("C", "L", "with"),
        Edge("D", "C", None),
        Edge("E", "D", None),
    )


def test_a_course_that_nothing_touches_stands_alone() -> None:
    assert graph("A", {}).nodes == (Step("A", 0),)


def test_courses_that_require_each_other_together_are_both_drawn() -> None:
    found = graph("A", trees(A="B WITH", B="A WITH"))

    assert found.nodes == (Step("B", -1), Step("A", 0))
    assert found.edges == (Edge("A", "B", "with"), Edge("B", "A", "with"))


def test_a_course_demanded_in_two_ways_has_an_edge_for_each() -> None:
    drawn = graph("B", trees(B="A OR A CONCURRENT"))
    assert drawn.edges == (Edge("B", "A", None), Edge("B", "A", "concurrent"))


def test_a_chain_of_five_thousand_courses_is_walked_quickly() -> None:
    chain = trees(**{f"C{number}": f"C{number + 1} OR C{number + 2}" for number in range(5_000)})

    before = time.process_time()
    path = find_cycle("C5001", parse("C0"), chain)
    found = graph("C2500", chain)

    assert path is not None
    assert path[0] == path[-1] == "C5001"
    assert len(found.nodes) == 5_002
    assert time.process_time() - before < 2
