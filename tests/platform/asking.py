"""Short ways to ask the library."""

from typing import Any

import msgspec

from tests.house import House, Reply
from university.platform.security import Principal
from university.platform.transport.near import call_wsgi

READER = Principal("reader", frozenset({"student"}), student_id="01986c3a-5b7e-7c4d-9a51-2f64d1c7b0ff")
OTHER_LIBRARIAN = Principal("other", frozenset({"registrar"}))
SOLARIS = {"code": "LEM-1", "title": "Solaris", "pages": 204}
JSON = {"Content-Type": "application/json"}


def ask(library: House, method: str, path: str, body: Any = None, **more: Any) -> Reply:
    """Ask the library's public API, as the librarian unless `who` says otherwise."""
    return library.call("library", method, path, body, **more)


def buy(library: House, code: str, **more: Any) -> dict[str, Any]:
    """Buy a book; return it."""
    reply = ask(library, "POST", "/books", {"code": code, "title": f"Title of {code}", **more})
    assert reply.status == 201, reply.json
    bought: dict[str, Any] = reply.json
    return bought


def token(library: House, who: Principal) -> dict[str, str]:
    """Return the header that identifies a person."""
    return {"Authorization": f"Bearer {library.keyring.sign('gateway', 'library', who)}"}


def raw(library: House, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Reply:
    """Ask with exactly these words."""
    answer = call_wsgi(library.modules["library"].app, method, target, headers, body)
    return Reply(answer.status, dict(answer.headers), answer.body)


def faults(reply: Reply) -> dict[str, str]:
    """Return the faulty fields of a refused request with what is wrong with each."""
    assert (reply.status, reply.json["code"]) == (422, "invalid-request"), reply
    return {fault["field"]: fault["message"] for fault in reply.json["errors"]}


def problem_of(reply: Reply) -> tuple[int, str]:
    """Return status and code of an answer that is a whole problem document."""
    told: dict[str, Any] = msgspec.json.decode(reply.body)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "instance", "code", "trace_id"} <= set(told)
    assert (told["status"], told["type"]) == (reply.status, f"/problems/{told['code']}")
    return reply.status, told["code"]
