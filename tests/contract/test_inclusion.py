"""One schema within another: what is let through on one side and not taken on the other is found, and nothing else."""

from typing import Any

import pytest

from tests.contract.inclusion import Inclusion, UnknownWord


def given_and_taken(given: Any, taken: Any, *, awaited: bool = True) -> dict[str, str]:
    """Return what is too much, by place; names in the schemas refer to each other."""
    excess = Inclusion(given, taken, awaited).excess(given, taken)
    return {one.place: one.what for one in excess}


def thing(required: str = "", **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required.split()}


TEXT, NUMBER, WHOLE, NOTHING = ({"type": kind} for kind in ("string", "number", "integer", "null"))
MAYBE = {"anyOf": [TEXT, NOTHING]}
TREE = {
    "$ref": "#/defs/node",
    "defs": {"node": thing("", items={"type": "array", "items": {"$ref": "#/defs/node"}})},
}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (TEXT, {}),
        (TEXT, MAYBE),
        (WHOLE, NUMBER),
        ({"type": ["string", "null"]}, MAYBE),
        ({"enum": ["b", "a"]}, {"enum": ["a", "b"]}),
        ({"const": "a"}, TEXT),
        ({"enum": ["a", None]}, MAYBE),
        ({"enum": ["a"]}, {"type": "string", "minLength": 1}),
        ({"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 3}),
        (thing("a b", a=TEXT, b=TEXT), thing("a", a=TEXT)),
        (thing("a", a=TEXT), thing("", a=TEXT)),
        ({"type": "array", "items": TEXT}, {"type": "array"}),
        ({"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}, {"type": "array", "prefixItems": [TEXT] * 2}),
        (thing("a", a=TEXT), {"type": "object"}),
        ({"type": "object", "additionalProperties": TEXT}, {"type": "object", "additionalProperties": MAYBE}),
        (thing("a", a=TEXT), {"type": "object", "additionalProperties": MAYBE}),
    ],
    ids=str,
)
def test_what_is_narrower_fits(given: Any, taken: Any) -> None:
    assert given_and_taken(given, taken) == {}


@pytest.mark.parametrize(
    ("given", "taken", "excess"),
    [
        ({}, TEXT, {"": "may be anything, not string"}),
        (MAYBE, TEXT, {"": "may be null, not string"}),
        (NUMBER, WHOLE, {"": "may be number, not integer"}),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, {"": "may be 'b'"}),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, {"": "is never 'b'"}),
        (TEXT, {"enum": ["a"]}, {"": "may be any word"}),
        (TEXT, {"type": "string", "maxLength": 3}, {"": "maxLength may be beyond 3"}),
        ({**WHOLE, "minimum": 0}, {**WHOLE, "minimum": 1}, {"": "minimum may be beyond 1"}),
        (TEXT, {**TEXT, "format": "date"}, {"": "format may be another than 'date'"}),
        (thing("", a=TEXT), thing("a", a=TEXT), {".a": "is required, and may be absent"}),
        (thing(), thing("a", a=TEXT), {".a": "is required, not known"}),
        (thing(), thing("", a=TEXT), {".a": "is not told"}),
        (thing("a", a=thing("b", b=MAYBE)), thing("a", a=thing("b", b=TEXT)), {".a.b": "may be null, not string"}),
        ({"type": "array", "items": NUMBER}, {"type": "array", "items": TEXT}, {"[]": "may be number, not string"}),
        ({"type": "array"}, {"type": "array", "items": TEXT}, {"[]": "may be anything, not string"}),
        (
            {"type": "array", "prefixItems": [TEXT, TEXT]},
            {"type": "array", "prefixItems": [TEXT, WHOLE]},
            {"[1]": "may be string, not integer"},
        ),
        (thing("a", a=TEXT), {"type": "object", "additionalProperties": WHOLE}, {".a": "may be string, not integer"}),
        (
            {"type": "object", "additionalProperties": TEXT},
            {"type": "object", "additionalProperties": WHOLE},
            {".*": "may be string, not integer"},
        ),
    ],
    ids=str,
)
def test_what_is_wider_is_found(given: Any, taken: Any, excess: dict[str, str]) -> None:
    assert given_and_taken(given, taken) == excess


def test_a_sender_need_not_send_what_may_be_absent_but_sends_nothing_in_vain() -> None:
    assert given_and_taken(thing(), thing("", a=TEXT), awaited=False) == {}
    assert given_and_taken({"enum": ["a"]}, {"enum": ["a", "b"]}, awaited=False) == {}
    assert given_and_taken(thing("", a=TEXT), thing("", b=TEXT), awaited=False) == {".a": "is not known"}


def test_a_schema_that_holds_itself_is_compared_once() -> None:
    wider = {**TREE, "defs": {"node": thing("", items={"type": "array", "items": {"$ref": "#/defs/node"}}, id=TEXT)}}

    assert given_and_taken_of(TREE, TREE) == {}
    assert given_and_taken_of(TREE, wider) == {"node.id": "is not told"}


def given_and_taken_of(given: Any, taken: Any) -> dict[str, str]:
    """Compare what the references of two documents lead to."""
    excess = Inclusion(given, taken, awaited=True).excess({"$ref": given["$ref"]}, {"$ref": taken["$ref"]})
    return {one.place: one.what for one in excess}


def test_a_word_of_json_schema_that_nobody_taught_it_is_not_passed_over() -> None:
    with pytest.raises(UnknownWord, match="dependentRequired"):
        given_and_taken({"dependentRequired": {}}, TEXT)
