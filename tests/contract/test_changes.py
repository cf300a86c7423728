"""Each kind of change that breaks is found where it is; what only adds, or only says it otherwise, is none."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.changes import Break, broken_events, broken_operations, promises

Document = dict[str, Any]
Change = Callable[[Document], object]

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
THING = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "size": {**WHOLE, "maximum": 9},
        "state": {"enum": ["new", "old"]},
        "note": {"type": ["string", "null"]},
        "title": TEXT,
    },
    "required": ["id", "state", "title"],
}
WISH = {
    "type": "object",
    "properties": {"size": {**WHOLE, "maximum": 9}, "state": {"enum": ["new", "old"]}, "note": TEXT},
    "required": ["size"],
    "additionalProperties": False,
}
JSON = "application/json"
OPERATION = {
    "operationId": "create_thing",
    "summary": "Make a thing.",
    "x-roles": ["registrar", "student"],
    "x-scope": "thing:write",
    "parameters": [
        {"in": "path", "name": "key", "required": True, "schema": TEXT},
        {"in": "query", "name": "limit", "schema": {**WHOLE, "maximum": 200}},
    ],
    "requestBody": {"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Wish"}}}},
    "responses": {
        "201": {
            "description": "Created",
            "headers": {"ETag": {"schema": TEXT}},
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/Thing"}}},
        },
        "409": {"content": {"application/problem+json": {"schema": {}, "examples": {"full": {}, "taken": {}}}}},
    },
}
HTTP: Document = {
    "openapi": "3.1.0",
    "paths": {"/things/{key}": {"post": OPERATION, "get": {"operationId": "get_thing", "responses": {}}}},
    "components": {"schemas": {"Thing": THING, "Wish": WISH}},
}
CREATED = {"payload": {"type": "object", "properties": {"data": {"$ref": "#/components/schemas/Thing"}}}}
EVENTS: Document = {
    "channels": {"thing.created.v1": {"address": "thing.created.v1", "bindings": {"amqp": {"is": "routingKey"}}}},
    "components": {"messages": {"thing.created.v1": CREATED}, "schemas": {"Thing": THING}},
}
POST = "POST /things/{}"


def operation(document: Document) -> Document:
    found: Document = document["paths"]["/things/{key}"]["post"]
    return found


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def changed(document: Document, change: Change) -> Document:
    other = copy.deepcopy(document)
    change(other)
    return other


def broken(change: Change) -> list[Break]:
    return broken_operations(promises(HTTP), promises(changed(HTTP, change)))


BREAKING: list[tuple[str, str, Change]] = [
    (POST, "is gone", lambda one: one["paths"]["/things/{key}"].pop("post")),
    ("GET /things/{}", "is gone", lambda one: one["paths"].update({"/x/{key}": one["paths"].pop("/things/{key}")})),
    (POST, "is called make_thing, not create_thing", lambda one: operation(one).update(operationId="make_thing")),
    (POST, "is not for student", lambda one: operation(one)["x-roles"].remove("student")),
    (POST, "needs thing:all, not thing:write", lambda one: operation(one).update({"x-scope": "thing:all"})),
    (f"{POST} query limit", "is not taken", lambda one: operation(one)["parameters"].pop()),
    (
        f"{POST} query limit",
        "is taken no more: maximum may be beyond 100",
        lambda one: operation(one)["parameters"][1]["schema"].update(maximum=100),
    ),
    (f"{POST} query limit", "is required now", lambda one: operation(one)["parameters"][1].update(required=True)),
    (
        f"{POST} header If-Match",
        "is required now",
        lambda one: operation(one)["parameters"].append({"in": "header", "name": "If-Match", "required": True}),
    ),
    (f"{POST} request", "is not taken", lambda one: operation(one).pop("requestBody")),
    (
        f"{POST} request",
        f"is not taken as {JSON}",
        lambda one: operation(one)["requestBody"].update(content={"multipart/form-data": {}}),
    ),
    (
        "Wish.note",
        "is taken no more: is required, and may be absent",
        lambda one: schema(one, "Wish")["required"].append("note"),
    ),
    (
        "Wish.color",
        "is taken no more: is required, not known",
        lambda one: schema(one, "Wish").update(
            properties={**WISH["properties"], "color": TEXT},  # type: ignore[dict-item]  # WISH is a JSON object
            required=["size", "color"],
        ),
    ),
    (
        "Wish.note",
        "is taken no more: is not known",
        lambda one: schema(one, "Wish")["properties"].pop("note"),
    ),
    (
        "Wish.size",
        "is taken no more: maximum may be beyond 8",
        lambda one: schema(one, "Wish")["properties"]["size"].update(maximum=8),
    ),
    (
        "Wish.state",
        "is taken no more: may be 'old'",
        lambda one: schema(one, "Wish")["properties"]["state"]["enum"].remove("old"),
    ),
    (
        "Wish.size",
        "is taken no more: may be integer, not string",
        lambda one: schema(one, "Wish")["properties"].update(size=TEXT),
    ),
    (f"{POST} 201", "is never answered", lambda one: operation(one)["responses"].pop("201")),
    (f"{POST} 202", "is a success nobody knows", lambda one: operation(one)["responses"].update({"202": {}})),
    (f"{POST} 201", f"is not told as {JSON}", lambda one: operation(one)["responses"]["201"]["content"].clear()),
    (f"{POST} 201 ETag", "is not told", lambda one: operation(one)["responses"]["201"]["headers"].clear()),
    (
        f"{POST} 409 full",
        "is never said",
        lambda one: operation(one)["responses"]["409"]["content"]["application/problem+json"]["examples"].pop("full"),
    ),
    ("Thing.note", "is not told", lambda one: schema(one, "Thing")["properties"].pop("note")),
    ("Thing.title", "is required, and may be absent", lambda one: schema(one, "Thing")["required"].pop()),
    (
        "Thing.title",
        "may be null, not string",
        lambda one: schema(one, "Thing")["properties"].update(title={"type": ["string", "null"]}),
    ),
    (
        "Thing.size",
        "maximum may be beyond 9",
        lambda one: schema(one, "Thing")["properties"]["size"].update(maximum=10),
    ),
    (
        "Thing.state",
        "may be 'lost'",
        lambda one: schema(one, "Thing")["properties"]["state"]["enum"].append("lost"),
    ),
    (
        "Thing.state",
        "is never 'old'",
        lambda one: schema(one, "Thing")["properties"]["state"]["enum"].remove("old"),
    ),
]


@pytest.mark.parametrize(
    ("location", "what", "change"), BREAKING, ids=[f"{place} {what}" for place, what, _ in BREAKING]
)
def test_what_breaks_an_operation_is_found(location: str, what: str, change: Change) -> None:
    assert Break(location, what) in broken(change)


def test_an_operation_that_was_for_everybody_must_stay_so() -> None:
    public = changed(HTTP, lambda one: operation(one).update(security=[]))

    assert broken_operations(promises(public), promises(HTTP)) == [Break(POST, "is not for everybody")]


ADDING: dict[str, Change] = {
    "an operation": lambda one: one["paths"].update({"/others": {"get": {"operationId": "list_others"}}}),
    "the name of a part of the address": lambda one: one["paths"].update(
        {"/things/{thing_id}": one["paths"].pop("/things/{key}")}
    ),
    "a parameter": lambda one: operation(one)["parameters"].append({"in": "query", "name": "q", "schema": TEXT}),
    "a wider limit": lambda one: operation(one)["parameters"][1]["schema"].update(maximum=500),
    "a field to send": lambda one: schema(one, "Wish")["properties"].update(color=TEXT),
    "a word to send": lambda one: schema(one, "Wish")["properties"]["state"]["enum"].append("lost"),
    "a demand that is none any more": lambda one: schema(one, "Wish").pop("required"),
    "a field told": lambda one: schema(one, "Thing")["properties"].update(color=TEXT),
    "a field that is always told now": lambda one: schema(one, "Thing")["required"].append("note"),
    "a narrower answer": lambda one: schema(one, "Thing")["properties"]["size"].update(maximum=5),
    "a refusal": lambda one: operation(one)["responses"].update({"404": {}}),
    "a code": lambda one: operation(one)["responses"]["409"]["content"]["application/problem+json"]["examples"].update(
        late={}
    ),
    "a role": lambda one: operation(one)["x-roles"].append("admin"),
    "every role": lambda one: operation(one).update({"x-roles": ["signed-in"]}),
    "the words": lambda one: operation(one).update(summary="Make it.", description="Quickly."),
}


@pytest.mark.parametrize("change", ADDING.values(), ids=ADDING)
def test_what_only_adds_breaks_nothing(change: Change) -> None:
    assert broken(change) == []


def test_only_promises_are_kept_of_a_document() -> None:
    kept = promises(HTTP)

    assert "summary" not in operation(kept)
    assert schema(kept, "Thing")["properties"]["title"] == TEXT
    assert operation(kept)["responses"]["409"]["content"]["application/problem+json"]["x-codes"] == ["full", "taken"]


BREAKING_EVENTS: list[tuple[str, str, Change]] = [
    ("thing.created.v1", "is gone", lambda one: one["channels"].clear()),
    (
        "thing.created.v1",
        "is carried otherwise",
        lambda one: one["channels"]["thing.created.v1"].update(address="thing.made.v1"),
    ),
    ("Thing.note", "is not told", lambda one: schema(one, "Thing")["properties"].pop("note")),
    (
        "Thing.id",
        "may be integer, not string",
        lambda one: schema(one, "Thing")["properties"].update(id=WHOLE),
    ),
    (
        "Thing.state",
        "may be 'lost'",
        lambda one: schema(one, "Thing")["properties"]["state"]["enum"].append("lost"),
    ),
]


@pytest.mark.parametrize(
    ("location", "what", "change"), BREAKING_EVENTS, ids=[f"{place} {what}" for place, what, _ in BREAKING_EVENTS]
)
def test_what_breaks_an_event_is_found(location: str, what: str, change: Change) -> None:
    assert broken_events(EVENTS, changed(EVENTS, change)) == [Break(location, what)]


def test_an_event_may_tell_more_and_new_ones_may_come() -> None:
    more = changed(EVENTS, lambda one: schema(one, "Thing")["properties"].update(color=TEXT))
    more["channels"]["thing.deleted.v1"] = {"address": "thing.deleted.v1"}

    assert broken_events(EVENTS, more) == []
