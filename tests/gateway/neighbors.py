"""Stand-ins for the modules behind the door: they answer real HTTP and tell what reached them."""

from collections.abc import Iterable
from typing import Any

import msgspec

from university.platform.deadline import DeadlineExceeded
from university.platform.security import Keyring

STUDENTS = [
    {"id": "0198a000-0000-7000-8000-000000000001", "number": "100001", "given_name": "Anna", "family_name": "Żak"},
    {"id": "0198a000-0000-7000-8000-000000000002", "number": "100002", "given_name": "Jan", "family_name": "Nowak"},
]
INSTRUCTOR = {"id": "0198a000-0000-7000-8000-000000000009", "given_name": "Maria", "family_name": "Curie"}


class Echo:
    """A module that answers with the request as it arrived, and with the caller it can verify."""

    def __init__(self, name: str, keyring: Keyring) -> None:
        self.name, self._keyring = name, keyring

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        status, content = self.answer(environ)
        body = msgspec.json.encode(content)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        headers += [("ETag", '"v7"'), ("Location", "/api/v1/somewhere"), ("Connection", "close"), ("Server", "secret")]
        start_response(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def answer(self, environ: dict[str, Any]) -> tuple[str, Any]:
        """Return status line and content."""
        headers = {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")}
        seen = {
            "module": self.name,
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode(),
            "query": environ["QUERY_STRING"],
            "headers": headers,
            "type": environ.get("CONTENT_TYPE"),
            "bytes": len(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))),
            "caller": self._caller(headers.get("AUTHORIZATION")),
        }
        return "200 OK", seen

    def _caller(self, authorization: str | None) -> Any:
        if authorization is None:
            return None
        who = self._keyring.verify(self.name, authorization.removeprefix("Bearer "))
        scopes = None if who.scopes is None else sorted(who.scopes)
        return {"subject": who.subject, "roles": sorted(who.roles), "student_id": who.student_id, "scopes": scopes}


class Students(Echo):
    """A student module that knows two students."""

    def answer(self, environ: dict[str, Any]) -> tuple[str, Any]:
        if environ["PATH_INFO"] == "/internal/students":
            wanted = msgspec.json.decode(environ["wsgi.input"].read())
            (field, keys), *_ = wanted.items()
            named = {"ids": "id", "numbers": "number"}[field]
            return "200 OK", {"students": [one for one in STUDENTS if one[named] in keys], "unknown": []}
        if (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/api/v1/students", "limit=1"):
            return "200 OK", {"items": STUDENTS[:1], "next": None}
        return super().answer(environ)


class Courses(Echo):
    """A course module that knows one instructor."""

    def answer(self, environ: dict[str, Any]) -> tuple[str, Any]:
        known = {
            "/api/v1/instructors": ("200 OK", {"items": [INSTRUCTOR], "next": None}),
            "/api/v1/instructors/curie": ("200 OK", INSTRUCTOR),
            "/api/v1/instructors/nobody": ("404 Not Found", {}),
        }
        return known.get(environ["PATH_INFO"]) or super().answer(environ)


def slow(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
    """Answer nothing in time."""
    raise DeadlineExceeded
