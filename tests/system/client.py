"""A client of a running university: knows addresses and accounts, and nothing of how it is run."""

import http.client
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tests.house import Reply

PATIENCE, AGAIN = 60.0, 0.1
"""Seconds until what follows by events must have followed, and between two looks."""
BUSY = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass
class System:
    """A university that answers, in one process or in many; `accounts` are (username, password) by role."""

    url: str
    management_url: str
    accounts: Mapping[str, tuple[str, str]]
    modules: Mapping[str, str] = field(default_factory=dict)
    """Where a module manages itself that runs in a process of its own."""
    gateway_url: str = ""
    """Where the gateway itself listens, if something else is in front of it."""
    unread: frozenset[int] = frozenset()
    """Statuses by which what is in front of the gateway refuses an address that it cannot read."""
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def gateway(self) -> "System":
        """The same university asked at its gateway, for what a frontend does otherwise."""
        return replace(self, url=self.gateway_url or self.url)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request exactly as told: the path is not touched, `bytes` and iterators go out as they are."""
        told = dict(headers or {})
        if role or token:
            told["Authorization"] = f"Bearer {token or self.token(role or '')}"
        if body is not None and not isinstance(body, bytes) and not hasattr(body, "__next__"):
            body = msgspec.json.encode(body)
            told.setdefault("Content-Type", "application/json")
        return _ask(self.url, method, path, body, told)

    def until(self, holds: Callable[[Reply], bool], method: str, path: str, body: Any = None, **options: Any) -> Reply:
        """Ask again and again until the answer is as expected; return that answer, or the last of all."""
        deadline = time.monotonic() + PATIENCE
        while not holds(reply := self.ask(method, path, body, **options)) and time.monotonic() < deadline:
            time.sleep(AGAIN)
        return reply

    def settle(self, holds: Callable[[Reply], bool], path: str, token: str | None) -> None:
        """Read until the answer is as expected."""
        assert holds(self.until(holds, "GET", path, token=token)), path

    def race(self, method: str, path: str, runners: Sequence[tuple[Any, Mapping[str, Any]]]) -> list[Reply]:
        """Send requests of (body, options) to one address all at once; return the answers in the same order.

        Who is told that nothing was done, for everybody is busy, asks again.
        """

        def run(one: tuple[Any, Mapping[str, Any]]) -> Reply:
            deadline = time.monotonic() + PATIENCE
            while (reply := self.ask(method, path, one[0], **one[1])).status == BUSY and time.monotonic() < deadline:
                time.sleep(AGAIN)
            return reply

        with ThreadPoolExecutor(len(runners)) as pool:
            return list(pool.map(run, runners))

    def manage(self, path: str, module: str = "gateway") -> Reply:
        """Ask the management port, of the process that a module runs in."""
        return _ask(self.modules.get(module, self.management_url), "GET", path, None, {})

    def token(self, role: str) -> str:
        """Return a bearer token of somebody with this role."""
        if role not in self._tokens:
            username, password = self.accounts[role]
            reply = self.ask("POST", "/api/v1/auth/token", {"username": username, "password": password})
            assert reply.status == 200, reply.body
            self._tokens[role] = reply.json["access_token"]
        return self._tokens[role]

    def cookie(self, role: str) -> str:
        """Return the `Cookie` header of a new session of somebody with this role."""
        username, password = self.accounts[role]
        body = {"username": username, "password": password}
        reply = self.ask("POST", "/api/v1/auth/session", body, headers={"X-CSRF": "1"})
        assert reply.status == 204, reply.body
        return reply.headers["Set-Cookie"].partition(";")[0]

    def say(self, words: bytes) -> bytes:
        """Send bytes as they are and return everything that comes back until the server closes."""
        address = urlsplit(self.url)
        with socket.create_connection((address.hostname or "", address.port or 80), timeout=60) as line:
            line.sendall(words)
            heard = b""
            while chunk := line.recv(65536):
                heard += chunk
            return heard


def _ask(url: str, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request(method, path, body, headers, encode_chunked=hasattr(body, "__next__"))
        response = connection.getresponse()
        return Reply(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()
