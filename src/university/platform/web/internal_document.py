"""The OpenAPI document of a module's internal operations, from the msgspec types that they take and give."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec

from university.platform import security
from university.platform.errors import InvalidRequest, Refusal, TooLarge, Unauthenticated
from university.platform.web.document import describe, refusal
from university.platform.web.problems import PROBLEM_JSON
from university.platform.web.routes import MalformedJson

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_REFERENCE = "#/components/schemas/{name}"
_JSON = "application/json"


class Fault(msgspec.Struct):
    """A field that is wrong."""

    field: str
    message: str


class Problem(msgspec.Struct, omit_defaults=True):
    """Why an operation was refused (RFC 9457); `code` is what an asker matches on."""

    type: str
    title: str
    status: int
    code: str
    detail: str | msgspec.UnsetType = msgspec.UNSET
    instance: str | msgspec.UnsetType = msgspec.UNSET
    trace_id: str | msgspec.UnsetType = msgspec.UNSET
    errors: list[Fault] | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True, slots=True)
class InternalOperation:
    """All that the document says of one operation; `takes` and `gives` are types that msgspec knows."""

    method: str
    rule: str
    view: Callable[..., Any]
    takes: Any
    gives: Any
    refuses: Sequence[type[Refusal]]

    @property
    def path(self) -> str:
        """The address with its variable parts in braces."""
        return "/internal" + _PART.sub(r"{\1}", self.rule)

    @property
    def answers(self) -> Any:
        """The type of the answer: as declared, or else as the view is annotated."""
        return get_type_hints(self.view).get("return", Any) if self.gives is None else self.gives

    @property
    def types(self) -> list[Any]:
        """The types that need a schema."""
        return [self.answers] if self.takes is None else [self.answers, self.takes]

    def told(self, schemas: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return the operation as OpenAPI, with the schemas of `types`."""
        answer, *taken = schemas
        parts: list[dict[str, Any]] = [
            {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
            for name in _PART.findall(self.rule)
        ]
        return {
            "operationId": self.view.__name__,
            **describe(self.view),
            **({"parameters": parts} if parts else {}),
            **({"requestBody": {"required": True, "content": {_JSON: {"schema": taken[0]}}}} if taken else {}),
            "responses": {
                "200": {"description": "OK", "content": {_JSON: {"schema": answer}}},
                **self._refused(),
                "default": _problem("A problem."),
            },
        }

    def _refused(self) -> dict[str, Any]:
        known: list[type[Refusal]] = [*self.refuses, Unauthenticated, security.InvalidIdentity, security.RoleMissing]
        if self.takes is not None:
            known += [MalformedJson, InvalidRequest, TooLarge]
        by_status: dict[int, list[type[Refusal]]] = defaultdict(list)
        for kind in dict.fromkeys(known):
            by_status[kind.status].append(kind)
        return {str(status): _problem(**refusal(status, kinds)) for status, kinds in sorted(by_status.items())}


def document(name: str, operations: Iterable[InternalOperation]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a module's internal operations."""
    declared = list(operations)
    types = [Problem, *(kind for one in declared for kind in one.types)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    left = list(schemas[1:])
    for one in declared:
        needed = len(one.types)
        paths[one.path][one.method.lower()] = one.told(left[:needed])
        del left[:needed]
    return {
        "openapi": "3.1.0",
        "info": {"title": f"University {name}, for its neighbors", "version": "1"},
        "security": [{"service": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "service": {"type": "http", "scheme": "bearer", "description": "A token that a service signs."}
            },
        },
    }


def _problem(description: str, **content: Any) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(name=Problem.__name__)}
    return {"description": description, "content": {PROBLEM_JSON: {**content, "schema": schema}}}
