"""What breaks between two versions of a contract: whoever did right by the old one would be wrong by the new one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.contract.inclusion import Excess, Inclusion

Document = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch")
_PART = re.compile(r"\{\w+\}")
_WORDS = frozenset({"title", "description", "summary", "example", "tags", "info"})
"""What is said to people; of examples only the codes of problems are a promise."""
_NAMED = frozenset({"properties", "paths", "responses", "headers", "content", "schemas", "parameters", "messages"})
"""Where the keys are names, which may be spelled like words for people."""


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A change that breaks: where (an operation, an event or a named schema, and the place in it), and what."""

    location: str
    what: str


def promises(node: Any, *, named: bool = False) -> Any:
    """Return a document without what is only said to people."""
    if isinstance(node, list):
        return [promises(one) for one in node]
    if not isinstance(node, Mapping):
        return node
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key == "examples" and not named:
            kept["x-codes"] = sorted(value)
        elif named or key not in _WORDS:
            kept[key] = promises(value, named=not named and key in _NAMED)
    return kept


def broken_operations(old: Document, new: Document) -> list[Break]:
    """Return what breaks between two OpenAPI documents as `promises` tells them."""
    comparison = _Operations(Inclusion(old, new, awaited=False), Inclusion(new, old, awaited=True))
    now = dict(_operations(new))
    found: list[Break] = []
    for name, operation in _operations(old):
        if name in now:
            found += comparison.breaks(name, operation, now[name])
        else:
            found.append(Break(name, "is gone"))
    return sorted(set(found))


def broken_events(old: Document, new: Document) -> list[Break]:
    """Return what breaks between two AsyncAPI documents for whoever hears events."""
    heard = Inclusion(new, old, awaited=True)
    found: list[Break] = []
    channels, messages = new["channels"], new["components"]["messages"]
    for name, channel in old["channels"].items():
        if name not in channels:
            found.append(Break(name, "is gone"))
        elif _carried(channel) != _carried(channels[name]):
            found.append(Break(name, "is carried otherwise"))
    for name, message in old["components"]["messages"].items():
        if name in messages:
            excess = heard.excess(messages[name]["payload"], message["payload"])
            found += (Break(_located(name, one), one.what) for one in excess)
    return sorted(set(found))


def _carried(channel: Document) -> tuple[Any, ...]:
    return channel["address"], channel.get("bindings")


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield operations by method and address; the names of an address's parts are nobody's business."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield f"{method.upper()} {_PART.sub('{}', path)}", item[method]


@dataclass(frozen=True, slots=True)
class _Operations:
    """Compares operations of two documents: what was sent must be taken, what is told must be understood."""

    sent: Inclusion
    told: Inclusion

    def breaks(self, name: str, old: Document, new: Document) -> Iterator[Break]:
        if old["operationId"] != new["operationId"]:
            yield Break(name, f"is called {new['operationId']}, not {old['operationId']}")
        yield from _callers(name, old, new)
        yield from self._parameters(name, old, new)
        yield from self._request(f"{name} request", old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            if status in new["responses"]:
                yield from self._answer(f"{name} {status}", answer, new["responses"][status])
            else:
                yield Break(f"{name} {status}", "is never answered")
        for status in sorted(new["responses"].keys() - old["responses"]):
            if status.startswith(("2", "3")):
                yield Break(f"{name} {status}", "is a success nobody knows")

    def _parameters(self, name: str, old: Document, new: Document) -> Iterator[Break]:
        then, now = _named_parameters(old), _named_parameters(new)
        for key, parameter in then.items():
            where = f"{name} {key}"
            if key not in now:
                yield Break(where, "is not taken")
            else:
                yield from self._sent(where, parameter.get("schema", {}), now[key].get("schema", {}))
        for key, parameter in now.items():
            if parameter.get("required") and not then.get(key, {}).get("required"):
                yield Break(f"{name} {key}", "is required now")

    def _request(self, where: str, old: Document | None, new: Document | None) -> Iterator[Break]:
        if old is None or new is None:
            if old is not None:
                yield Break(where, "is not taken")
            elif new is not None and new.get("required"):
                yield Break(where, "is required now")
            return
        if new.get("required") and not old.get("required"):
            yield Break(where, "is required now")
        for kind, content in old["content"].items():
            if kind in new["content"]:
                yield from self._sent(where, content.get("schema", {}), new["content"][kind].get("schema", {}))
            else:
                yield Break(where, f"is not taken as {kind}")

    def _sent(self, where: str, old: Document, new: Document) -> Iterator[Break]:
        for one in self.sent.excess(old, new):
            yield Break(_located(where, one), f"is taken no more: {one.what}")

    def _answer(self, where: str, old: Document, new: Document) -> Iterator[Break]:
        for name in sorted(old.get("headers", {}).keys() - new.get("headers", {})):
            yield Break(f"{where} {name}", "is not told")
        for kind, content in old.get("content", {}).items():
            now = new.get("content", {}).get(kind)
            if now is None:
                yield Break(where, f"is not told as {kind}")
                continue
            for code in sorted(set(content.get("x-codes", ())).difference(now.get("x-codes", ()))):
                yield Break(f"{where} {code}", "is never said")
            for one in self.told.excess(now.get("schema", {}), content.get("schema", {})):
                yield Break(_located(where, one), one.what)


def _located(where: str, excess: Excess) -> str:
    """Return where something is: in a named schema, or else in an operation or event."""
    inside = not excess.place or excess.place[0] in ".["
    return f"{where} {excess.place}".rstrip() if inside else excess.place


def _callers(name: str, old: Document, new: Document) -> Iterator[Break]:
    if "security" in old and "security" not in new:
        yield Break(name, "is not for everybody")
    if "x-roles" in old and "x-roles" in new:
        allowed = new["x-roles"]
        lost = [] if "signed-in" in allowed else [role for role in old["x-roles"] if role not in allowed]
        yield from (Break(name, f"is not for {role}") for role in lost)
    if "x-scope" in new and old.get("x-scope", new["x-scope"]) != new["x-scope"]:
        yield Break(name, f"needs {new['x-scope']}, not {old['x-scope']}")


def _named_parameters(operation: Document) -> dict[str, Document]:
    """Return parameters by kind and name, those of the address by position."""
    named: dict[str, Document] = {}
    for position, one in enumerate(operation.get("parameters", ())):
        named[f"{one['in']} {position if one['in'] == 'path' else one['name']}"] = one
    return named
