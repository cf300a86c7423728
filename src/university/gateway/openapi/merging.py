"""The modules' OpenAPI documents, served as one that never tells which module answers."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

import msgspec

from university.gateway.routes import MODULES, PREFIX
from university.platform import deadline, telemetry
from university.platform.errors import Unavailable
from university.platform.neighbors import Neighborhood

FRESH = 60.0
"""Seconds after which the modules are asked again: one of them may have been updated."""
AGAIN = 5.0
"""Seconds after which they are asked again when that went wrong; the last document is good enough meanwhile."""
_PATIENCE = 2.0
_log = telemetry.log("gateway")
_METHODS = ("get", "put", "post", "delete", "patch")
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "The `access_token` that `POST /api/v1/auth/token` gives.",
}
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "session",
    "description": "What `POST /api/v1/auth/session` gives a browser, by https under the name `__Host-session`. "
    "Whatever changes something needs the header `X-CSRF: 1`, too.",
}
_TITLE = "University Registration System"
_DESCRIPTION = """\
Students choose courses, and every rule is decided here. Lists are pages: follow `next` as `cursor`. A change of a
record names the `ETag` it rests on in `If-Match`; a `POST` with an `Idempotency-Key` is done once. Every answer of 400
and above is a problem document (RFC 9457) with a `code` that never changes."""


class _Document(TypedDict):
    """What is needed of a module's document."""

    paths: dict[str, dict[str, Any]]
    components: NotRequired[dict[str, dict[str, Any]]]


class ConflictingDocuments(Exception):
    """Two modules say different things under one name; found by tests, never by clients."""


class Documents:
    """The one document, asked from the modules when somebody wants it."""

    def __init__(self, neighborhood: Neighborhood, version: str, modules: Sequence[str] = MODULES) -> None:
        self._neighborhood, self._version, self._modules = neighborhood, version, modules
        self._content, self._stale_at = b"", 0.0
        self._lock = threading.Lock()

    def merged(self) -> bytes:
        """Return the document as JSON; raise `Unavailable` when there was never one and a module does not answer."""
        if time.monotonic() < self._stale_at:
            return self._content
        # Who has an old document does not wait for the one who asks for a new one.
        if not self._lock.acquire(blocking=not self._content):
            return self._content
        try:
            if self._stale_at <= time.monotonic():
                self._renew()
        finally:
            self._lock.release()
        return self._content

    def _renew(self) -> None:
        try:
            self._content = msgspec.json.encode(merge(self._told(), self._version))
        except (Unavailable, ConflictingDocuments) as error:
            if not self._content:
                raise
            _log.warning("the last document is kept", fault=repr(error))
            self._stale_at = time.monotonic() + AGAIN
        else:
            self._stale_at = time.monotonic() + FRESH

    def _told(self) -> Iterable[_Document]:
        with deadline.until(time.time() + _PATIENCE):
            for module in self._modules:
                answer = self._neighborhood.send(module, "GET", "/openapi.json", {})
                if answer.status != HTTPStatus.OK:
                    raise Unavailable(f"{module} answered {answer.status}")
                try:
                    yield msgspec.json.decode(answer.body, type=_Document)
                except (ValueError, RecursionError) as error:
                    raise Unavailable(f"{module} answered something else") from error


def merge(documents: Iterable[Mapping[str, Any]], version: str) -> dict[str, Any]:
    """Return one document; raise `ConflictingDocuments` when two of them differ about a name."""
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    for document in documents:
        public = {path: item for path, item in document["paths"].items() if path.startswith(PREFIX)}
        _join("path", paths, public)
        for kind, named in document.get("components", {}).items():
            _join(kind, components.setdefault(kind, {}), named)
    components["securitySchemes"] = {"bearer": _BEARER, "session": _SESSION}
    operations = list(_operations(paths))
    _refuse_twins(operations)
    for path, operation in operations:
        operation["tags"] = [_tag(path)]
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE, "version": version, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": []}],
        "tags": [{"name": tag} for tag in sorted({_tag(path) for path in paths})],
        "paths": dict(sorted(paths.items())),
        "components": {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())},
    }


def _join(kind: str, into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, content in more.items():
        if into.setdefault(name, content) != content:
            raise ConflictingDocuments(f"{kind} {name}")


def _operations(paths: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for path, item in paths.items():
        for method in _METHODS:
            if method in item:
                yield path, item[method]


def _refuse_twins(operations: Sequence[tuple[str, dict[str, Any]]]) -> None:
    seen: set[str] = set()
    for path, operation in operations:
        name = operation["operationId"]
        if name in seen:
            raise ConflictingDocuments(f"operation {name} at {path}")
        seen.add(name)


def _tag(path: str) -> str:
    """Return the resource that a path is about: its first word."""
    return path[len(PREFIX) :].split("/", maxsplit=1)[0].replace("-", " ")
