"""The whole university in one process behind its door, with two sides, and put back as it was after every change."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from entrypoints import all_in_one
from entrypoints.all_in_one import University
from tests.house import Reply
from tests.process import filled
from tests.security import sides
from tests.security.sides import PASSWORD, Facts
from university.platform.security import Principal
from university.platform.settings import Settings
from university.platform.transport.near import call_wsgi
from university.platform.web.management import WsgiApp

SERVICE = frozenset({"service"})
SIDES = ("a", "b")
OTHER = {"a": "b", "b": "a"}


@dataclass
class World:
    """A university and the names of what is on its two sides."""

    university: University
    facts: dict[str, Facts]
    kept: dict[Path, Path]
    """A copy of each database as the world begins."""
    tokens: dict[str, str] = field(default_factory=dict)
    _watching: dict[Path, sqlite3.Connection] = field(default_factory=dict)
    _seen: list[int] = field(default_factory=list)

    @cached_property
    def door(self) -> WsgiApp:
        """Where everybody from outside comes in."""
        return self.university.app()

    def sign_in(self) -> None:
        """Get everybody a token of the gateway."""
        for side in SIDES:
            for name in ("student_account", "teacher_account", "registrar", "admin"):
                account = self.facts[side][name]
                body = {"username": account, "password": PASSWORD}
                self.tokens[account] = self.knock("POST", "/api/v1/auth/token", body).json["access_token"]
        for name in ("boards", "mirror", "auditor"):
            told = {"client_id": self.facts["a"][name], "client_secret": self.facts["a"][f"{name}_secret"]}
            self.tokens[name] = self.knock("POST", "/api/v1/auth/client-token", told).json["access_token"]

    def account(self, caller: str, side: str) -> str | None:
        """Return as whom a column of the table signs in when the request is about a side; None for nobody."""
        own, others = self.facts[side], self.facts[OTHER[side]]
        return {
            "nobody": None,
            "owner": own["student_account"],
            "other student": others["student_account"],
            "teacher": own["teacher_account"],
            "other teacher": others["teacher_account"],
            "registrar": own["registrar"],
            "admin": own["admin"],
        }[caller]

    def principal(self, caller: str, side: str) -> Principal | None:
        """Return as whom the gateway would introduce a caller to a module."""
        own, others = self.facts[side], self.facts[OTHER[side]]
        return {
            "nobody": None,
            "owner": Principal("s", frozenset({"student"}), student_id=own["student"]),
            "other student": Principal("o", frozenset({"student"}), student_id=others["student"]),
            "teacher": Principal("t", frozenset({"instructor"}), instructor_id=own["teacher"]),
            "other teacher": Principal("u", frozenset({"instructor"}), instructor_id=others["teacher"]),
            "registrar": Principal("r", frozenset({"registrar"})),
            "admin": Principal("a", frozenset({"admin"})),
        }[caller]

    def knock(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None, token: str = ""
    ) -> Reply:
        """Ask at the door, as a client from outside."""
        told, content = _told(body, headers, token)
        answer = call_wsgi(self.door, method, target, told, content)
        return Reply(answer.status, dict(answer.headers), answer.body)

    def ask(
        self,
        module: str,
        method: str,
        target: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        token: str = "",
    ) -> Reply:
        """Ask a module directly, as only its neighbors can."""
        told, content = _told(body, headers, token)
        answer = self.university.neighborhood.send(module, method, target, told, content)
        return Reply(answer.status, dict(answer.headers), answer.body)

    def vouched(self, module: str) -> str:
        """Return the token that a neighbor shows to a module."""
        neighbor = "student" if module != "student" else "course"
        return self.university.keyring.sign(neighbor, module, Principal(neighbor, SERVICE))

    def documents(self, module: str) -> dict[str, dict[str, tuple[str, str]]]:
        """Return the method and path of each operation of a module, of its public and of its internal document."""
        public = self.ask(module, "GET", "/openapi.json").json
        internal = self.ask(module, "GET", "/internal/openapi.json", token=self.vouched(module)).json
        return {"public": _operations(public), "internal": _operations(internal)}

    def was_changed(self) -> bool:
        """Tell whether anything was written to a database since this was asked before."""
        for file in self.kept:
            if file not in self._watching:
                self._watching[file] = sqlite3.connect(file)
        seen = [watching.execute("PRAGMA data_version").fetchone()[0] for watching in self._watching.values()]
        changed, self._seen = seen != self._seen, seen
        return changed

    def put_back(self) -> None:
        """Let everything be as it was in the beginning."""
        for file, copy in self.kept.items():
            with closing(sqlite3.connect(copy)) as before, closing(sqlite3.connect(file, timeout=10)) as now:
                before.backup(now)
        self.was_changed()

    def renewed(self) -> None:
        """Put everything back if anything was changed."""
        if self.was_changed():
            self.put_back()

    def close(self) -> None:
        """Give everything back."""
        for watching in self._watching.values():
            watching.close()
        self.university.stop()


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    """Fill a university and open it; what happens there is heard of only when somebody delivers it."""
    settings = Settings(
        data_dir=folder,
        request_timeout=60,
        neighbor_timeout=60,
        threads=2,
        rate_limit_student=0,
        rate_limit_staff=0,
        rate_limit_system=0,
        rate_limit_address=0,
    )
    with filled(settings) as campus:
        common = sides.shared(campus)
        facts = {name: sides.side(campus, name, common) for name in SIDES}
    university = all_in_one.put_together(settings)
    world = World(university, facts, {})
    world.sign_in()
    for file in sorted(folder.glob("*.db")):
        world.kept[file] = file.with_suffix(".kept")
        with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect(world.kept[file])) as copy:
            now.backup(copy)
    world.was_changed()
    yield world
    world.close()


def _operations(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        operation["operationId"]: (method.upper(), path)
        for path, item in document.get("paths", {}).items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


def _told(body: Any, headers: Mapping[str, str] | None, token: str) -> tuple[dict[str, str], bytes]:
    told = dict(headers or {})
    if token:
        told["Authorization"] = f"Bearer {token}"
    if body is None:
        return told, b""
    if isinstance(body, bytes | str):
        return told, body if isinstance(body, bytes) else body.encode()
    return {"Content-Type": "application/json", **told}, msgspec.json.encode(body)
