"""Which fields the documents let a request send, and which an answer tells."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from tests.security import table
from tests.security.world import World

DEEPEST = 6
"""How far into each other things are looked at: a tree may hold trees without end."""


def callers_let_in(name: str) -> set[str]:
    """Return whom the rows of an operation let in."""
    rows = [row for module in table.PUBLIC.values() for key, row in module.items() if key.partition(" ")[0] == name]
    return {caller for row in rows for caller, status in row.expected.items() if status < HTTPStatus.BAD_REQUEST}


def open_to_others(name: str) -> bool:
    """Tell whether an operation lets in anybody but the registrar, the administrator and services."""
    return not callers_let_in(name) <= {"registrar", "admin", "service"}


def operations(world: World) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield the name of each public operation, the operation, and the document it is of."""
    for module in table.PUBLIC:
        document = world.ask(module, "GET", "/openapi.json").json
        for item in document["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict) and "operationId" in operation:
                    yield operation["operationId"], operation, document


def sent(operation: dict[str, Any], document: dict[str, Any]) -> set[str]:
    """Return the fields of the body of a request, those inside others with a dot."""
    content = operation.get("requestBody", {}).get("content", {})
    return {path for kind in content.values() for path in _fields(kind.get("schema", {}), document)}


def told(operation: dict[str, Any], document: dict[str, Any]) -> set[str]:
    """Return the fields of the good answers, those inside others with a dot."""
    good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    kinds = [kind for answer in good for kind in answer.get("content", {}).values()]
    return {path for kind in kinds for path in _fields(kind.get("schema", {}), document)}


def _fields(schema: dict[str, Any], document: dict[str, Any], depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if reference := schema.get("$ref"):
        yield from _fields(document["components"]["schemas"][reference.rpartition("/")[2]], document, depth)
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from _fields(part, document, depth)
    if "items" in schema:
        yield from _fields(schema["items"], document, depth)
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from (f"{name}.{path}" for path in _fields(inner, document, depth + 1))
