"""The internal document tells services, and nobody else, what a module answers to its neighbors."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.house import NOBODY, REGISTRAR, House
from university.platform.security import Principal

SERVICE = Principal("tests", frozenset({"service"}))


@pytest.fixture
def document(desk: House) -> Any:
    """The library's document as its neighbors get it."""
    reply = desk.call("library", "GET", "/internal/openapi.json", who=SERVICE)
    assert reply.status == 200, reply.body
    return reply.json


def test_it_is_valid_openapi(document: Any) -> None:
    validate(document)

    assert document["openapi"] == "3.1.0"


def test_it_has_the_internal_operations_and_no_others(document: Any) -> None:
    named = {
        (method, path): operation["operationId"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }

    assert named == {("post", "/internal/books"): "find_books", ("get", "/internal/books/{key}"): "find_book"}


def test_it_tells_what_is_taken_and_given(document: Any) -> None:
    asked = document["paths"]["/internal/books"]["post"]
    looked_up = document["paths"]["/internal/books/{key}"]["get"]

    taken = asked["requestBody"]["content"]["application/json"]["schema"]
    given = looked_up["responses"]["200"]["content"]["application/json"]["schema"]

    assert (taken, given) == (
        {"$ref": "#/components/schemas/Codes"},
        {"type": "object", "additionalProperties": {"type": "string"}},
    )
    assert document["components"]["schemas"]["Codes"]["required"] == ["codes"]
    assert looked_up["parameters"] == [{"in": "path", "name": "key", "required": True, "schema": {"type": "string"}}]


def test_it_tells_every_refusal_by_code(document: Any) -> None:
    told = {
        (status, code)
        for status, answer in document["paths"]["/internal/books"]["post"]["responses"].items()
        for code in answer["content"].get("application/problem+json", {}).get("examples", ())
    }

    assert told == {
        ("400", "malformed-json"),
        ("401", "unauthenticated"),
        ("401", "invalid-identity"),
        ("403", "role-missing"),
        ("404", "book-not-found"),
        ("413", "too-large"),
        ("422", "invalid-request"),
    }


@pytest.mark.parametrize(("who", "status"), [(NOBODY, 401), (REGISTRAR, 403)], ids=["nobody", "a person"])
def test_it_is_for_services_only(desk: House, who: Principal | None, status: int) -> None:
    assert desk.call("library", "GET", "/internal/openapi.json", who=who).status == status
