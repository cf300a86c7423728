"""The tables of events are the code's: every type that is announced, who gets it, what it holds."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from entrypoints.all_in_one import WIRINGS
from tests.docs.pages import ROOT, page, words
from university.course import events
from university.platform.messaging import topology

PAGE = page("docs/events.md")
EVENTS = {words(kind)[0]: (by, words(to)) for kind, by, to in PAGE.table("type", "publisher", "delivered to")}
FIELDS = {of: set(words(fields)) for of, fields in PAGE.table("of", "fields")}
STARTS = {
    "a term": "course.term.",
    "a course": "course.created.",
    "an offering": "course.offering.",
    "a section": "course.section.",
    "an instructor": "course.instructor.",
    "a student": "student.",
    "an enrollment": "enrollment.created.",
    "a notice": "enrollment.notice.v",
    "a window's notice": "enrollment.notice.window.",
    "an import": "import.",
}
"""How the types of what the fields are told of begin."""


def announced_in_code() -> set[str]:
    """Find every type that the code names: written out, or put together by `events`."""
    types = set()
    for source in sources():
        types.update(re.findall(r'"((?:course|student|enrollment)(?:\.\w+)+\.v\d+)"', source))
        for fate, kind in re.findall(r"events\.(created|updated|deleted)\(events\.([A-Z]+)", source):
            types.add(f"{vars(events)[kind].name}.{fate}.v1")
    return types


def sources() -> Iterator[str]:
    for module in ("course", "student", "enrollment", "gateway"):
        for file in (ROOT / "src/university" / module).rglob("*.py"):
            yield file.read_text(encoding="utf-8")


def test_every_event_is_in_the_table_and_nothing_else() -> None:
    assert set(EVENTS) == {kind for wiring in WIRINGS for kind in wiring.announces}


def test_every_event_that_the_code_names_is_declared() -> None:
    assert announced_in_code() <= set(EVENTS)


def test_the_table_tells_who_announces_and_who_gets_it() -> None:
    publishers = {kind: wiring.name for wiring in WIRINGS for kind in wiring.announces}
    for kind, (publisher, subscriptions) in EVENTS.items():
        assert publisher == publishers[kind]
        assert tuple(subscriptions) == topology.hearers(kind)


def test_every_subscription_is_explained() -> None:
    explained = [name for row in PAGE.table("subscription", "what it does") for name in words(row[0])]

    assert sorted(explained) == sorted(topology.SUBSCRIPTIONS)


def test_the_data_holds_the_fields_of_the_table() -> None:
    shapes = {kind: shape for wiring in WIRINGS for kind, shape in wiring.announces.items()}
    found = {of: [shape for kind, shape in shapes.items() if kind.startswith(start)] for of, start in STARTS.items()}

    assert {of: fields(shape) for of, announced in found.items() for shape in announced} == FIELDS
    assert all(announced.count(announced[0]) == len(announced) for announced in found.values())


def fields(shape: Any) -> set[str]:
    """Return the names of what a shape holds."""
    (schema,), components = msgspec.json.schema_components([shape])
    return set(components[schema["$ref"].rpartition("/")[2]]["properties"])
