"""The document says what the library does: whole, valid, and with examples that hold."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from openapi_spec_validator import validate

from tests.house import NOBODY, House
from tests.platform.asking import ask, raw

Operation = dict[str, Any]
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(desk: House) -> Operation:
    """The library's document as its readers get it."""
    reply = raw(desk, "GET", "/openapi.json", {})
    read: Operation = msgspec.json.decode(reply.body)
    return read


def operations(document: Operation) -> dict[str, Operation]:
    """Return the operations by name."""
    return {
        one["operationId"]: one
        for path in document["paths"].values()
        for method, one in path.items()
        if method in METHODS
    }


def judge(document: Operation, schema: Operation) -> jsonschema_rs.Draft202012Validator:
    """Return what tells whether a value is of a schema."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def contents(operation: Operation) -> Iterator[tuple[str, Operation]]:
    """Yield each body of an operation: its status (empty for the request) and its content."""
    for kind in operation.get("requestBody", {}).get("content", {}).values():
        yield "", kind
    for status, response in operation["responses"].items():
        for kind in response.get("content", {}).values():
            yield status, kind


def test_the_document_is_valid_openapi(document: Operation) -> None:
    validate(document)

    assert document["openapi"] == "3.1.0"


def test_every_operation_is_there_under_its_name(document: Operation) -> None:
    found = operations(document)

    assert {"list_books", "get_book", "create_book", "update_book", "delete_book", "create_scan"} <= set(found)
    assert document["paths"]["/api/v1/books/{key}"]["patch"]["operationId"] == "update_book"
    assert not any(path.startswith("/internal") for path in document["paths"])


def test_the_docstring_is_summary_and_description(document: Operation) -> None:
    created = operations(document)["create_book"]

    assert (created["summary"], created["description"]) == ("Buy a book.", "The code must be new.")


def test_every_operation_names_its_refusals_and_shows_each(document: Operation) -> None:
    shown = {
        (name, int(status), code)
        for name, operation in operations(document).items()
        for status, kind in contents(operation)
        if status.isdigit() and int(status) >= 400
        for code in kind["examples"]
    }

    for name in ("create_book", "update_book"):
        assert {
            (name, 400, "malformed-json"),
            (name, 401, "unauthenticated"),
            (name, 401, "invalid-identity"),
            (name, 403, "role-missing"),
            (name, 409, "book-code-taken"),
            (name, 413, "too-large"),
            (name, 415, "not-json"),
            (name, 422, "invalid-request"),
        } <= shown
    assert {("update_book", 412, "stale-version"), ("update_book", 428, "if-match-missing")} <= shown
    assert {("create_book", 409, "idempotency-key-busy"), ("create_book", 422, "idempotency-key-reused")} <= shown
    assert {("create_scan", 413, "too-large"), ("create_scan", 415, "unsupported-media")} <= shown
    assert {("get_book", 404, "book-not-found"), ("get_book", 404, "not-found")} <= shown
    assert all(operation["responses"]["default"] for operation in operations(document).values())
    assert not any(status in {401, 403} for name, status, _ in shown if name == "list_books")


def test_what_a_caller_meets_is_what_was_documented(desk: House, document: Operation) -> None:
    found = operations(document)
    for name, reply in {
        "list_books": ask(desk, "GET", "/books?limit=x"),
        "get_book": ask(desk, "GET", "/books/nowhere"),
        "create_book": ask(desk, "POST", "/books", b"{"),
        "update_book": ask(desk, "PATCH", "/books/nowhere", {}, who=NOBODY),
        "delete_book": ask(desk, "DELETE", "/books/nowhere"),
        "create_scan": ask(desk, "POST", "/scans", b"{}"),
    }.items():
        told = found[name]["responses"][str(reply.status)]["content"]["application/problem+json"]
        assert reply.json["code"] in told["examples"], name
        judge(document, told["schema"]).validate(reply.json)


def test_every_example_is_of_its_schema(document: Operation) -> None:
    judged = 0
    for operation in operations(document).values():
        for _, kind in contents(operation):
            examples = [kind["example"]] if "example" in kind else []
            examples += [example["value"] for example in kind.get("examples", {}).values()]
            for example in examples:
                judge(document, kind["schema"]).validate(example)
                judged += 1

    assert judged > 40


def test_every_json_body_has_an_example(document: Operation) -> None:
    for name, operation in operations(document).items():
        for status, kind in contents(operation):
            if "$ref" in kind["schema"] and status != "default":
                assert "example" in kind or "examples" in kind or "UploadForm" in kind["schema"]["$ref"], name


def test_headers_are_documented_where_they_are_honored_and_nowhere_else(document: Operation) -> None:
    wanted = {
        name: {(parameter["name"], parameter["required"]) for parameter in operation.get("parameters", [])}
        for name, operation in operations(document).items()
    }
    headers = {name: {pair for pair in pairs if pair[0][0].isupper()} for name, pairs in wanted.items()}

    assert {name: pairs for name, pairs in headers.items() if pairs} == {
        "create_book": {("Idempotency-Key", False)},
        "create_loan": {("Idempotency-Key", False)},
        "create_scan": {("Idempotency-Key", False)},
        "create_nothing": {("Idempotency-Key", False)},
        "update_book": {("If-Match", True)},
        "delete_book": {("If-Match", True)},
    }
    assert "ETag" in operations(document)["get_book"]["responses"]["200"]["headers"]
    assert "Location" in operations(document)["create_book"]["responses"]["201"]["headers"]


def test_an_upload_is_documented_as_a_form_with_a_file(document: Operation) -> None:
    body = operations(document)["create_scan"]["requestBody"]

    assert set(body["content"]) == {"multipart/form-data"}
    assert document["components"]["schemas"]["UploadForm"]["properties"]["file"]["format"] == "binary"


def test_schemas_say_what_is_checked(document: Operation) -> None:
    schemas = document["components"]["schemas"]
    book = schemas["BookIn"]

    assert (book["additionalProperties"], set(book["required"])) == (False, {"code", "title"})
    assert "additionalProperties" not in schemas["BookOut"]
    assert "required" not in schemas["BookPatch"]
    assert schemas["Genre"] == {"type": "string", "enum": ["novel", "verse"]}
    assert book["properties"]["genre"] == {"$ref": "#/components/schemas/Genre"}
    assert "PaginationMetadata" not in schemas


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", " LEM"),
        ("code", "LEM/1"),
        ("code", "LEM\n"),
        ("lent_from", "24:00"),
        ("lent_from", "8:30"),
        ("lent_from", "08:30:00"),
        ("pages", 2.5),
        ("pages", "5"),
        ("title", ""),
        ("color", "red"),
    ],
)
def test_what_the_document_forbids_is_what_the_library_refuses(
    desk: House, document: Operation, field: str, value: object
) -> None:
    good = {"code": "LEM-1", "title": "Solaris"}
    schema = judge(document, {"$ref": "#/components/schemas/BookIn"})

    schema.validate(good)
    assert not schema.is_valid({**good, field: value})
    assert ask(desk, "POST", "/books", {**good, field: value}).status == 422


def test_who_may_call_is_documented(document: Operation) -> None:
    found = operations(document)

    assert (found["list_books"]["security"], found["create_book"]["x-roles"]) == ([], ["registrar"])
    assert found["create_loan"]["x-roles"] == ["registrar", "student"]


def test_the_document_is_public_and_has_a_tag(desk: House) -> None:
    first = raw(desk, "GET", "/openapi.json", {})

    assert first.headers["Content-Type"] == "application/json"
    assert raw(desk, "GET", "/openapi.json", {"If-None-Match": first.headers["ETag"]}).status == 304
