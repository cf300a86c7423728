"""One document from several: the same names mean the same, or nothing is served."""

from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.gateway.conftest import gateway_house, knocking
from tests.gateway.neighbors import slow
from tests.house import House
from university.gateway.openapi import merging
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


def test_the_last_document_is_kept_while_a_module_is_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "FRESH", -1.0)
    monkeypatch.setattr(merging, "AGAIN", -1.0)
    house = gateway_house(settings)
    welcome(house, "/api/v1/terms")
    knock = knocking(house)
    first = knock("GET", "/api/v1/openapi.json")
    house.neighborhood.welcome("course", slow)

    kept = knock("GET", "/api/v1/openapi.json")
    welcome(house, "/api/v1/rooms")
    renewed = knock("GET", "/api/v1/openapi.json")

    assert (first.status, kept.status) == (200, 200)
    assert kept.body == first.body
    assert "/api/v1/rooms" in renewed.json["paths"]
    assert knock("GET", "/api/docs").status == 200
    house.close()


@pytest.mark.parametrize("told", [[], {}, {"paths": []}, {"paths": {"/api/v1/a": 5}}, "x"], ids=str)
def test_a_module_that_tells_something_else_is_away(settings: Settings, told: Any) -> None:
    house = gateway_house(settings)
    welcome(house, "/api/v1/terms")
    house.neighborhood.welcome("student", telling(told))

    assert knocking(house)("GET", "/api/v1/openapi.json").status == 503
    house.close()


def welcome(house: House, path: str) -> None:
    """Let course document one operation, and its neighbors none."""
    nothing: dict[str, Any] = {"openapi": "3.1.0", "paths": {}}
    for module, told in (("course", document(path, "get_it")), ("student", nothing), ("enrollment", nothing)):
        house.neighborhood.welcome(module, telling(told))


def telling(told: dict[str, Any]) -> Any:
    def app(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [msgspec.json.encode(told)]

    return app
