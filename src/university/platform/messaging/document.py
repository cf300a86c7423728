"""The AsyncAPI 3 document of all events: a channel for each type and each queue, CloudEvents as messages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from university.platform.messaging import topology
from university.platform.messaging.rabbitmq import CLOUD_EVENT, EVENTS

_AMQP = "0.3.0"
_DESCRIPTION = """\
What the modules tell each other. Every event is a CloudEvent 1.0 with the whole state of the thing it is about; its
type without `university.` is the routing key. Events arrive at least once and in any order: compare
`aggregateversion`, and ignore types and fields that you do not know."""


class ConflictingShapes(Exception):
    """Two modules call different shapes by one name; found by tests."""


def document(announced: Mapping[str, Mapping[str, Any]], version: str) -> dict[str, Any]:
    """Return the document of what each module announces: the shape of the data by type."""
    types = {kind: module for module, shapes in announced.items() for kind in shapes}
    data, schemas = _shapes(announced)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "University events", "version": version, "description": _DESCRIPTION},
        "defaultContentType": CLOUD_EVENT,
        "channels": dict(sorted([*_types(types), *_queues(types)])),
        "operations": dict(sorted([*_announcing(types), *_hearing(types)])),
        "components": {
            "messages": {kind: _message(kind, types[kind], data[kind]) for kind in sorted(types)},
            "schemas": schemas,
        },
    }


def _shapes(announced: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of the data by type, and the schemas that these refer to by name."""
    data: dict[str, Any] = {}
    named: dict[str, Any] = {}
    for shapes in announced.values():
        found, components = msgspec.json.schema_components(shapes.values(), ref_template="#/components/schemas/{name}")
        data |= zip(shapes, found, strict=True)
        for name, schema in components.items():
            if named.setdefault(name, schema) != schema:
                raise ConflictingShapes(name)
    return data, dict(sorted(named.items()))


def _types(types: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    exchange = {"name": EVENTS, "type": "topic", "durable": True, "autoDelete": False}
    for kind in types:
        yield (
            kind,
            {
                "address": kind,
                "description": "Published with this routing key.",
                "messages": _messages([kind]),
                "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": _AMQP}},
            },
        )


def _queues(types: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, patterns in topology.SUBSCRIPTIONS.items():
        queue = {"name": name, "durable": True, "exclusive": False, "autoDelete": False}
        yield (
            name,
            {
                "address": name,
                "description": f"Bound to the exchange by {', '.join(f'`{pattern}`' for pattern in patterns)}.",
                "messages": _messages(_heard(name, types)),
                "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": _AMQP}},
            },
        )


def _announcing(types: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for kind, module in types.items():
        yield f"announce.{kind}", _operation("send", module, kind, [kind])


def _hearing(types: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name in topology.SUBSCRIPTIONS:
        yield f"hear.{name}", _operation("receive", name.partition(".")[0], name, _heard(name, types))


def _operation(action: str, module: str, channel: str, kinds: Sequence[str]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "tags": [{"name": module}],
        "messages": [{"$ref": f"#/channels/{channel}/messages/{kind}"} for kind in kinds],
    }


def _heard(subscription: str, types: Mapping[str, str]) -> list[str]:
    return sorted(kind for kind in types if subscription in topology.hearers(kind))


def _messages(kinds: Sequence[str]) -> dict[str, Any]:
    return {kind: {"$ref": f"#/components/messages/{kind}"} for kind in kinds}


def _message(kind: str, module: str, data: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    attributes = {
        "specversion": {"const": "1.0"},
        "id": {**text, "format": "uuid"},
        "source": {"const": f"/university/{module}"},
        "type": {"const": f"university.{kind}"},
        "subject": text,
        "time": {**text, "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "aggregateversion": {"type": "integer", "minimum": 1},
        "data": data,
    }
    return {
        "name": f"university.{kind}",
        "contentType": CLOUD_EVENT,
        "payload": {
            "type": "object",
            "properties": {**attributes, "traceparent": text},
            "required": list(attributes),
        },
    }
