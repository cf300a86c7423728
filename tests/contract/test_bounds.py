"""What may be asked costs only so much: every list, word and number in a query or a JSON body has an upper bound.

Addresses and headers are bounded by the line they stand in, and other bodies by their size.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

DOCUMENT = Path(__file__).parents[2] / "docs/contracts/public.json"
METHODS = ("get", "post", "put", "patch", "delete")
BOUNDS = {
    "string": {"maxLength", "enum", "pattern", "const"},
    "array": {"maxItems"},
    "integer": {"maximum", "enum"},
    "number": {"maximum", "enum"},
}
SHORT = {"date", "date-time", "time", "uuid"}
"""Formats whose words are short by themselves."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(DOCUMENT.read_bytes())
    return told


def test_everything_that_may_be_sent_is_bounded(document: dict[str, Any]) -> None:
    asked = list(sent(document))

    assert len(asked) > 100
    assert [place for place, schema in asked for place in unbounded(document, schema, place)] == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": ["string", "null"]},
        {"type": "integer", "minimum": 1},
        {"type": "array", "items": {"type": "integer", "maximum": 3}},
        {"type": "array", "maxItems": 3, "items": {"type": "string"}},
        {"type": "object", "properties": {"name": {"type": "string"}}},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        {"$ref": "#/components/schemas/Name"},
    ],
)
def test_what_has_no_bound_is_found_wherever_it_stands(schema: dict[str, Any]) -> None:
    assert list(unbounded({"components": {"schemas": {"Name": {"type": "string"}}}}, schema, "it"))


def sent(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schema of every parameter of a query and of every JSON body, with its place."""
    operations = [item[method] for item in document["paths"].values() for method in METHODS if method in item]
    for operation in operations:
        name = operation["operationId"]
        for told in operation.get("parameters", []):
            parameter = resolved(document, told)
            if parameter["in"] == "query":
                yield f"{name} {parameter['name']}", parameter["schema"]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            yield f"{name} body", content["application/json"]["schema"]


def unbounded(
    document: dict[str, Any], schema: dict[str, Any], place: str, above: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the places in a schema where a word, a list or a number may be as long or large as somebody likes."""
    name = schema.get("$ref", "")
    if name in above:
        return
    here, above = resolved(document, schema), (*above, name) if name else above
    types = here.get("type", ())
    for kind in [types] if isinstance(types, str) else types:
        if kind in BOUNDS and not BOUNDS[kind] & here.keys() and here.get("format") not in SHORT:
            yield f"{place}: {kind}"
    below = {f"{place}.{name}": part for name, part in here.get("properties", {}).items()}
    below |= {f"{place}[]": here["items"]} if "items" in here else {}
    if isinstance(here.get("additionalProperties"), dict):
        below[f"{place}.*"] = here["additionalProperties"]
    for part in below.items():
        yield from unbounded(document, part[1], part[0], above)
    for choice in [one for word in ("allOf", "anyOf", "oneOf") for one in here.get(word, [])]:
        yield from unbounded(document, choice, place, above)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to, or the thing itself."""
    while "$ref" in schema:
        _, kind, name = schema["$ref"].rsplit("/", 2)
        schema = document["components"][kind][name]
    return schema
