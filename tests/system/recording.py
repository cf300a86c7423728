"""What a university answered, written down so that two universities can be compared: ids and times made canonical."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.house import Reply
from tests.system.client import System

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"
_RENAMED = re.compile(rf"({_UUID})|({_MOMENT})")
_SECRETS = {
    "trace_id": re.compile(r'"trace_id": ?"[0-9a-f]{32}"'),
    "access_token": re.compile(r'"access_token":"[\w.-]+"'),
    "refresh_token": re.compile(r'"refresh_token":"[\w-]+"'),
    "session": re.compile(r"university-session_[\w-]+"),
    "token": re.compile(r'"token":"[\w-]+"'),
    "request_id": re.compile(r'"request_id": ?"[0-9a-f]{32}"'),
    "client_secret": re.compile(r'"client_secret":"university-secret_[\w-]+"'),
    "code": re.compile(r'"code":"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){2}"'),
    "next": re.compile(r'"next":"[\w=-]+"'),
}
_FEED = re.compile(r'^\{"version":\d+,"sections":')
"""The version of the feed of seats counts seconds."""
_FEED_TOKEN = re.compile(r"(?<=\?token=)[\w-]{43}")
_LEFT = re.compile(r'(?<=expires_in":)(?!\d*00\b)\d+')
"""Seconds that a token still has; those of a new one are whole minutes."""
_STAMP = re.compile(r"(?<=DTSTAMP:)\d{8}T\d{6}Z")
_SEATS_THEN = re.compile(r'"availability":\{[^{}]*\}')
"""Seats as a change happened to find them: the view may or may not have followed by then. Readings wait for it."""
_TOLD_THEN = re.compile(r'\n {6}"notification": \[.*?\n {6}\],', re.DOTALL)
"""What a student was told, in an export: of windows that other stories opened, too, whenever that came round."""
_TAKEN_THEN = re.compile(r'(?<="student":)\d+(?=\}\}$)')
"""How many rows of the student module an erasure took: those notifications are among them."""
_UNTOLD = frozenset({"connection", "content-length", "date", "keep-alive", "ratelimit", "server", "transfer-encoding"})
"""Headers of the way, not of the answer; and how much a caller has left, which gateways share out among themselves."""


@dataclass(frozen=True)
class Exchange:
    """A question and what came of it."""

    question: str
    status: int
    headers: Mapping[str, str]
    body: str


@dataclass
class Canon:
    """Rewrites what a university said so that another one would have said the same."""

    _names: dict[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return a text with ids named in the order in which they were first seen, and without times and secrets."""
        for name, secret in _SECRETS.items():
            text = secret.sub(f'"{name}":"..."', text)
        text = _TAKEN_THEN.sub("...", _TOLD_THEN.sub("", text))
        text = _LEFT.sub("...", _STAMP.sub("<time>", _FEED_TOKEN.sub("...", text)))
        return _RENAMED.sub(self._name, _FEED.sub('{"version":...,"sections":', text))

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers by name in lower case, entity tags by the version alone: the rest digests ids and times."""
        lowered = {name.lower(): self.text(value) for name, value in headers.items()}
        told = {name: value for name, value in lowered.items() if name not in _UNTOLD}
        if "etag" in told:
            told["etag"] = re.sub(r'^(W/)?"(v\d+)?.*"$', r'\1"\2..."', told["etag"])
        return told

    def _name(self, found: re.Match[str]) -> str:
        if found[1] is None:
            return "<time>"
        return self._names.setdefault(found[1], f"<id {len(self._names) + 1}>")


@dataclass
class Recorder(System):
    """A client that writes down every exchange; who asks again and again is written down once, with the last answer."""

    exchanges: list[Exchange] = field(default_factory=list)
    _canon: Canon = field(default_factory=Canon)
    _writes: bool = True

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Reply:
        """Ask, and write it down."""
        reply = super().ask(method, path, body, **options)
        if self._writes:
            self._write(method, path, reply)
        return reply

    def until(self, holds: Callable[[Reply], bool], method: str, path: str, body: Any = None, **options: Any) -> Reply:
        """Ask until the answer is as expected, and write that one down."""
        with self._silently():
            reply = super().until(holds, method, path, body, **options)
        self._write(method, path, reply)
        return reply

    def settle(self, holds: Callable[[Reply], bool], path: str, token: str | None) -> None:
        """Read until the answer is as expected, and write nothing down."""
        with self._silently():
            reply = super().until(holds, "GET", path, token=token)
        assert holds(reply), path

    def race(self, method: str, path: str, runners: Sequence[tuple[Any, Mapping[str, Any]]]) -> list[Reply]:
        """Let them run, and write down how it ended: how often each status and code, whoever won."""
        with self._silently():
            replies = super().race(method, path, runners)
        ends = sorted(f"{reply.status} {reply.json.get('code')}" for reply in replies)
        self.exchanges.append(Exchange(f"{method} {self._canon.text(path)} at once", 0, {}, "\n".join(ends)))
        return replies

    def begin(self, story: str) -> None:
        """Write down that another story begins."""
        self.exchanges.append(Exchange(story, 0, {}, ""))

    @contextmanager
    def _silently(self) -> Iterator[None]:
        self._writes = False
        try:
            yield
        finally:
            self._writes = True

    def _write(self, method: str, path: str, reply: Reply) -> None:
        question = f"{method} {self._canon.text(re.sub('cursor=[^&]+', 'cursor=...', path))}"
        headers, body = self._canon.headers(reply.headers), self._canon.text(reply.body.decode())
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            headers.pop("retry-after")
        if method != "GET":
            body = _SEATS_THEN.sub('"availability":...', body)
        self.exchanges.append(Exchange(question, reply.status, headers, body))
