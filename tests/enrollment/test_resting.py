"""Which courses an answer on requisites rests on."""

from typing import Any

import pytest

from university.enrollment.rules.resting import rests_on

COURSES = {"MAT-101": "m", "FIZ-101": "f", "INF-101": "i"}


def leaf(result: str, because: str, course: str | None = None) -> dict[str, Any]:
    return {"kind": "course", "result": result, "because": because, "about": {"course": course} if course else {}}


def both(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "all", "result": "CONDITIONAL", "items": list(items)}


@pytest.mark.parametrize(
    ("tree", "ids"),
    [
        (None, []),
        (leaf("CONDITIONAL", "running", "MAT-101"), ["m"]),
        (leaf("CONDITIONAL", "requested", "FIZ-101"), ["f"]),
        (leaf("MET", "completed", "INF-101"), ["i"]),
        (leaf("MET", "belongs"), []),
        (leaf("UNMET", "failed", "MAT-101"), []),
        (leaf("UNKNOWN", "grade-unknown", "MAT-101"), []),
        (leaf("CONDITIONAL", "running"), ["f", "i", "m"]),
        (leaf("CONDITIONAL", "running", "RENAMED"), ["f", "i", "m"]),
        (both(leaf("MET", "completed", "INF-101"), both(leaf("CONDITIONAL", "running", "MAT-101"))), ["i", "m"]),
        (both(leaf("UNMET", "not-taken"), leaf("MET", "completed", "ELSEWHERE")), []),
    ],
)
def test_satisfied_demands_rest_on_the_courses_they_name(tree: dict[str, Any] | None, ids: list[str]) -> None:
    assert rests_on(tree, COURSES) == ids
