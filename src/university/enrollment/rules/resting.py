"""Which of a student's own courses an answer on requisites rests on: their grades ask for another answer."""

from collections.abc import Iterator, Mapping
from typing import Any

_RESTS = frozenset({"running", "requested", "completed"})
"""Reasons of a leaf by which a course of the student's own let it be satisfied, for now or for good."""


def rests_on(tree: Mapping[str, Any] | None, courses: Mapping[str, str]) -> list[str]:
    """Return the ids of the courses that the satisfied demands of a tree rest on.

    `courses` are the ids of the student's own courses, running and taken to the end, by code. A demand that names none
    of them but rests on some, such as one for credits, rests on all.
    """
    found: set[str] = set()
    for leaf in _leaves(tree) if tree else ():
        if leaf.get("result") not in {"MET", "CONDITIONAL"}:
            continue
        own = courses.get((leaf.get("about") or {}).get("course") or "")
        if own is not None and leaf.get("because") in _RESTS:
            found.add(own)
        elif leaf["result"] == "CONDITIONAL":
            found.update(courses.values())
    return sorted(found)


def _leaves(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    items = node.get("items")
    if items is None:
        yield node
    for item in items or ():
        yield from _leaves(item)
