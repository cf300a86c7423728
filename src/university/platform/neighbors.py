"""How a module asks another: the same HTTP in one process as across a cluster."""

import io
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes, urlencode

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from university.platform import deadline, language, telemetry
from university.platform.database import in_transaction
from university.platform.deadline import DeadlineExceeded
from university.platform.errors import Unavailable
from university.platform.language import Words
from university.platform.security import SERVICE, Keyring, Principal

Learned = TypeVar("Learned")
WsgiApp = Callable[..., Iterable[bytes]]


class NeighborUnavailable(Unavailable):
    """A neighbor did not answer in time, or not sensibly; nothing was written."""

    title = Words(
        "A part of the university does not answer right now; nothing was changed.",
        "Część systemu chwilowo nie odpowiada; nic nie zmieniono.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers in order, body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class NeighborRefused(NeighborUnavailable):
    """A neighbor turned the request down; `said` is its code.

    An asker catches the codes it expects. One that it does not expect means that the two do not understand each other,
    which is for people the same as a neighbor that does not answer.
    """

    def __init__(self, name: str, status: int, said: str) -> None:
        super().__init__(f"{name} answered {status}: {said}")
        self.said = said

    @property
    def code(self) -> str:
        """The code that people see when nobody expected this."""
        return "neighbor-unavailable"


class _Problem(msgspec.Struct):
    """What an asker needs to know of a problem document."""

    code: str


@dataclass(slots=True)
class Neighborhood:
    """Reaches apps living in this process directly, and every other neighbor by the network."""

    urls: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 0.8
    _apps: dict[str, WsgiApp] = field(default_factory=dict)
    _network: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(num_pools=8, maxsize=16, block=False, retries=False)
    )

    def welcome(self, name: str, app: WsgiApp) -> None:
        """Answer for a neighbor inside this process from now on."""
        self._apps[name] = app

    def send(self, name: str, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Return a neighbor's whole answer; raise `NeighborUnavailable` when none comes before the deadline."""
        if in_transaction():
            raise RuntimeError(f"asked {name} inside a transaction")
        deadline.check()
        if app := self._apps.get(name):
            answer = call_wsgi(app, method, target, headers, body)
            deadline.check()
            return answer
        return self._send_by_network(name, method, target, headers, body)

    def _send_by_network(self, name: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if name not in self.urls:
            raise NeighborUnavailable(f"nobody knows where {name} lives")
        left = deadline.remaining()
        patience = self.timeout if left is None else max(left, 0.001)
        try:
            with deadline.until(time.time() + patience):
                # Not by the pool of pools: that one would resolve `..` in the path.
                response = self._network.connection_from_url(self.urls[name]).urlopen(
                    method,
                    target,
                    body=body,
                    headers=dict(headers),
                    timeout=urllib3.Timeout(total=patience),
                    retries=False,
                    redirect=False,
                    preload_content=False,
                    decode_content=False,
                )
                return Answer(response.status, list(response.headers.items()), _read_in_time(response))
        except HTTPError as error:
            raise NeighborUnavailable(f"{name} did not answer") from error


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One neighbor as one module sees it: signed, bounded in time, speaking JSON."""

    name: str
    asker: str
    neighborhood: Neighborhood
    keyring: Keyring

    def ask(self, method: str, path: str, content: Any = None, *, query: Mapping[str, str] | None = None) -> bytes:
        """Return the body of a successful answer.

        Raises `NeighborRefused` when the neighbor refuses by a problem, `NeighborUnavailable` for all else.
        """
        target = f"{path}?{urlencode(query)}" if query else path
        body = b"" if content is None else msgspec.json.encode(content)
        with deadline.until(time.time() + self.neighborhood.timeout):
            answer = self.neighborhood.send(self.name, method, target, self._headers(body), body)
        if 200 <= answer.status < 300:
            return answer.body
        raise _refusal(self.name, answer)

    def learn(self, kind: type[Learned], method: str, path: str, content: Any = None) -> Learned:
        """Return what a successful answer tells; one that tells something else is no answer, `NeighborUnavailable`."""
        body = self.ask(method, path, content)
        try:
            return msgspec.json.decode(body, type=kind)
        except (ValueError, RecursionError) as error:
            raise NeighborUnavailable(f"{self.name} answered something else") from error

    def _headers(self, body: bytes) -> dict[str, str]:
        me = Principal(self.asker, frozenset({SERVICE}))
        headers = {
            "Authorization": f"Bearer {self.keyring.sign(self.asker, self.name, me)}",
            "Accept-Language": language.chosen(),
        }
        if body:
            headers["Content-Type"] = "application/json"
        if bound := deadline.header_value():
            headers[deadline.HEADER] = bound
        if trace := telemetry.traceparent():
            headers["traceparent"] = trace
        return headers


def _read_in_time(response: urllib3.BaseHTTPResponse) -> bytes:
    """Return the whole body, however slowly it trickles in before the deadline; a connection given up is closed."""
    chunks = []
    try:
        while chunk := response.read1(65_536):
            chunks.append(chunk)
            deadline.check()
    except DeadlineExceeded:
        response.close()
        raise
    finally:
        response.release_conn()
    return b"".join(chunks)


def _refusal(name: str, answer: Answer) -> NeighborUnavailable:
    if 400 <= answer.status < 500:
        with suppress(ValueError, RecursionError):
            problem = msgspec.json.decode(answer.body, type=_Problem)
            return NeighborRefused(name, answer.status, problem.code)
    return NeighborUnavailable(f"{name} answered {answer.status}")


def call_wsgi(app: WsgiApp, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Serve one request by a WSGI app in this thread."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    told: list[Any] = []

    def start_response(status: str, response_headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        told[:] = [int(status.split(" ", 1)[0]), response_headers]

    chunks = app(environ, start_response)
    try:
        content = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    return Answer(told[0], told[1], content)
