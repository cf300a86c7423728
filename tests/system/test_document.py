"""The one OpenAPI document: valid, complete, and true to the route table."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from entrypoints import all_in_one
from tests.system.client import System
from university.gateway import routes
from university.platform.settings import Settings

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="session")
def document(system: System) -> dict[str, Any]:
    reply = system.ask("GET", "/api/v1/openapi.json")
    assert reply.status == 200, reply.body
    told: dict[str, Any] = reply.json
    return told


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (method and path, operation)."""
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield f"{method} {path}", item[method]


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_has_its_own_name_that_is_a_verb_and_nouns(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _, operation in operations(document))

    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)] == []


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    silent = [
        place
        for place, operation in operations(document)
        if not operation.get("summary") or not any(status.startswith("4") for status in operation["responses"])
    ]

    assert silent == []


def test_every_operation_shows_an_example_of_its_answer(document: dict[str, Any]) -> None:
    bare = [
        place
        for place, operation in operations(document)
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for kind, content in response.get("content", {}).items()
        if kind == "application/json" and not {"example", "examples"} & set(content)
    ]

    assert bare == []


def test_operations_of_the_signed_in_ask_for_a_token_or_a_session(document: dict[str, Any]) -> None:
    assert document["security"] == [{"bearer": []}, {"session": []}]
    public = {operation["operationId"] for _, operation in operations(document) if operation.get("security") == []}

    assert {"create_token", "create_session", "list_terms"} <= public
    assert not public & {"create_term", "list_accounts", "get_me"}
    asked = [operation for _, operation in operations(document) if operation.get("security") != []]
    assert [operation["operationId"] for operation in asked if "401" not in operation["responses"]] == []


def test_the_document_never_tells_of_modules_or_internal_addresses(document: dict[str, Any]) -> None:
    assert [path for path in document["paths"] if not path.startswith("/api/v1/")] == []
    assert not {tag["name"] for tag in document["tags"]} & {"course", "student", "enrollment", "gateway"}


def test_every_address_is_routed_to_the_module_that_documents_it(tmp_path: Path) -> None:
    university = all_in_one.put_together(Settings(data_dir=tmp_path))
    documented = {path: name for name, module in university.modules.items() for path in module.document()["paths"]}
    university.stop()

    astray = {
        path: module
        for path, module in documented.items()
        if (found := routes.find(re.sub(r"\{\w+\}", "0198", path))) is None or found.module != module
    }

    assert astray == {}


def test_what_is_documented_as_public_answers_without_a_token(system: System, document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        # The way to another provider and back is there only where one is named.
        if "{" not in path and "/oidc/" not in path and item.get("get", {}).get("security") == []:
            assert system.ask("GET", path).status in {200, 422}, path
