"""What modules ask each other, overheard, and held against the documents of whoever answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote

import jsonschema_rs
import msgspec

from tests.contract.inclusion import Excess, Inclusion
from tests.house import House
from university.platform.neighbors import Neighbor, Neighborhood
from university.platform.security import Principal
from university.platform.transport.exchange import Answer

Learned = TypeVar("Learned")
Schema = dict[str, Any]
SERVICE = Principal("tests", frozenset({"service"}))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question between modules and its answer."""

    module: str
    method: str
    target: str
    body: bytes
    answer: Answer

    @property
    def code(self) -> str | None:
        """The code of a refusal."""
        return msgspec.json.decode(self.answer.body)["code"] if self.answer.status >= 400 else None


@dataclass
class Overheard(Neighborhood):
    """A neighborhood that remembers what was asked and answered in it."""

    exchanges: list[Exchange] = field(default_factory=list)

    def send(self, name: str, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        answer = super().send(name, method, target, headers, body)
        self.exchanges.append(Exchange(name, method, target, body, answer))
        return answer


@dataclass(frozen=True)
class Understood(Neighbor):
    """A neighbor as its asker sees it, remembering which view of each answer the asker has."""

    views: list[tuple[str, str, str, Any]] = field(default_factory=list)

    def learn(self, kind: type[Learned], method: str, path: str, content: Any = None) -> Learned:
        self.views.append((self.name, method, path, kind))
        return super().learn(kind, method, path, content)


@dataclass(frozen=True, slots=True)
class Documented:
    """An operation of a document."""

    document: Schema
    operation: Schema

    def faults(self, exchange: Exchange) -> Iterator[str]:
        """Yield what the document does not allow of an exchange."""
        if exchange.body or "requestBody" in self.operation:
            taken = self.operation.get("requestBody", {}).get("content", {}).get("application/json")
            yield from self._faults("takes no body", taken, exchange.body)
        known = {one["name"] for one in self.operation.get("parameters", ()) if one["in"] == "query"}
        yield from (f"takes no {name}" for name in parse_qs(exchange.target.partition("?")[2]) if name not in known)
        answer = self.operation["responses"].get(str(exchange.answer.status))
        if answer is None:
            yield f"never answers {exchange.answer.status}"
            return
        given = answer["content"].get(dict(exchange.answer.headers)["Content-Type"])
        yield from self._faults("never answers so", given, exchange.answer.body)
        if exchange.code and exchange.code not in given["examples"]:
            yield f"never refuses by {exchange.code}"

    def view(self, kind: Any) -> list[Excess]:
        """Return what the successful answer may be, as documented, that an asker's view of it does not take."""
        given = self.operation["responses"]["200"]["content"]["application/json"]["schema"]
        return excess(self.document, given, kind)

    def _faults(self, otherwise: str, content: Schema | None, body: bytes) -> Iterator[str]:
        if content is None:
            yield otherwise
        else:
            value = msgspec.json.decode(body) if body else None
            schema = closed({**content["schema"], "components": self.document["components"]})
            yield from (error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(value))


@dataclass(frozen=True)
class Documents:
    """The documents of the modules of a house, as their neighbors get them."""

    house: House

    def of(self, module: str, method: str, target: str) -> Documented:
        """Return the operation that answers at an address; raise LookupError when no document has it."""
        path = unquote(target.partition("?")[0])
        if path.startswith("/internal"):
            document = self.house.call(module, "GET", "/internal/openapi.json", who=SERVICE).json
        else:
            document = self.house.modules[module].document()
        for template, operations in sorted(document["paths"].items(), key=lambda item: item[0].count("{")):
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                return Documented(document, operations[method.lower()])
        raise LookupError(f"{module} documents no {method} {path}")


def closed(schema: Any, *, named: bool = False) -> Any:
    """Return a schema that lets through no property that it does not list."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: closed(one, named=not named and key == "properties") for key, one in schema.items()}
    return {**told, "additionalProperties": False} if "properties" in schema and not named else told


def excess(document: Schema, given: Schema, kind: Any) -> list[Excess]:
    """Return what a schema of a document lets through that a hearer's or asker's own type does not take."""
    (taken,), components = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    view = {"components": {"schemas": components}}
    return Inclusion(document, view, awaited=True).excess(given, taken)
