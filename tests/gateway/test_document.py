"""One document from several: the same names mean the same, or nothing is served."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.gateway.conftest import gateway_house, knocking
from tests.house import House
from university.gateway.openapi.merging import ConflictingDocuments, merge
from university.platform.settings import Settings


def document(path: str, operation: str, **schemas: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "paths": {path: {"get": {"operationId": operation, "tags": ["module"], "responses": {}}}},
        "components": {"schemas": schemas},
    }


def test_documents_become_one_sorted_by_path() -> None:
    merged = merge(
        [document("/api/v1/terms", "list_terms", A={"type": "string"}), document("/api/v1/holds", "list_holds")], "1.2"
    )

    assert list(merged["paths"]) == ["/api/v1/holds", "/api/v1/terms"]
    assert merged["components"]["schemas"] == {"A": {"type": "string"}}
    assert merged["info"]["version"] == "1.2"


def test_what_is_not_public_is_left_out() -> None:
    merged = merge([document("/internal/students", "find_students")], "1")

    assert merged["paths"] == {}


def test_operations_are_tagged_by_what_they_are_about() -> None:
    merged = merge([document("/api/v1/registration-windows/{id}", "get_window")], "1")

    assert merged["paths"]["/api/v1/registration-windows/{id}"]["get"]["tags"] == ["registration windows"]
    assert merged["tags"] == [{"name": "registration windows"}]


def test_the_same_component_may_be_told_twice() -> None:
    same = {"type": "object"}

    merged = merge([document("/api/v1/a", "a", Problem=same), document("/api/v1/b", "b", Problem=dict(same))], "1")

    assert merged["components"]["schemas"] == {"Problem": same}


@pytest.mark.parametrize(
    "other",
    [
        document("/api/v1/b", "b", Problem={"type": "string"}),
        document("/api/v1/a", "b"),
        document("/api/v1/b", "a"),
    ],
    ids=["component", "path", "operation"],
)
def test_two_meanings_of_one_name_are_a_conflict(other: dict[str, Any]) -> None:
    with pytest.raises(ConflictingDocuments):
        merge([document("/api/v1/a", "a", Problem={"type": "object"}), other], "1")


def test_the_gateways_own_document_is_valid(house: House) -> None:
    merged = merge([house.modules["gateway"].document()], "1")

    OpenAPIV31SpecValidator(merged).validate()
    assert "/api/v1/auth/token" in merged["paths"]


def test_a_module_that_is_away_takes_the_document_along(settings: Settings) -> None:
    house = gateway_house(settings, away="course")

    reply = knocking(house)("GET", "/api/v1/openapi.json")

    assert (reply.status, reply.headers["Content-Type"]) == (503, "application/problem+json")
    house.close()
