"""What stands behind the frontend in tests: a real server that says what it is told to and remembers who asked."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

JSON = {"Content-Type": "application/json"}
SHARED = {**JSON, "Cache-Control": "public, max-age=0, s-maxage=60", "Vary": "Accept-Language, Authorization, Cookie"}
PRIVATE = {**JSON, "Cache-Control": "private, no-cache", "Vary": "Accept-Language, Authorization, Cookie"}


@dataclass(frozen=True)
class Answer:
    """What is said at an address, after how long; what is said `then`, after a pause; `breaks` hangs up instead."""

    headers: Mapping[str, str] = field(default_factory=lambda: PRIVATE)
    body: bytes = b'{"told":"something"}'
    status: int = 200
    seconds: float = 0.0
    breaks: bool = False
    then: bytes = b""
    pause: float = 0.0


@dataclass(frozen=True)
class Visit:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    names: list[str]
    body: bytes
    first_bytes_at: float
    connection: tuple[str, int]


@dataclass
class Behind:
    """The server: where it is, what it says, who came, and how many were there at once."""

    address: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    present: int = 0
    most: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def came(self, path: str) -> list[Visit]:
        """Return the visits to a path, whatever their query."""
        return [visit for visit in self.visits if visit.target.partition("?")[0] == path]

    def enter(self, visit: Visit) -> Answer:
        """Remember a visit; return what to say."""
        with self._lock:
            self.visits.append(visit)
            self.present += 1
            self.most = max(self.most, self.present)
        return self.answers.get(visit.target.partition("?")[0], Answer())

    def leave(self) -> None:
        """Remember that one has gone."""
        with self._lock:
            self.present -= 1


class _Server(ThreadingHTTPServer):
    request_queue_size = 1024
    daemon_threads = True
    behind: Behind

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that break off: tests break them."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A head and a body in two packets would wait for one another.
    disable_nagle_algorithm = True
    timeout = 2
    server: _Server

    def _any(self) -> None:
        behind, (body, first) = self.server.behind, self._body()
        target = self.requestline.split(" ")[1]
        visit = Visit(self.command, target, dict(self.headers), list(self.headers), body, first, self.client_address)
        answer = behind.enter(visit)
        try:
            time.sleep(answer.seconds)
            if answer.breaks:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body + answer.then))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
                time.sleep(answer.pause)
                self.wfile.write(answer.then)
        finally:
            behind.leave()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_BREW = _any  # noqa: N815 - the server's names

    def _body(self) -> tuple[bytes, float]:
        """Return the body and when its first byte was there."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return self._chunks(), time.monotonic()
        length = int(self.headers.get("Content-Length", 0))
        start = self.rfile.read(min(length, 1))
        first = time.monotonic()
        return start + self.rfile.read(length - len(start)), first

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def standing(port: int = 0) -> Iterator[Behind]:
    """Have a server stand somewhere."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.behind = Behind(f"127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.behind
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def problem_of(body: bytes) -> dict[str, Any]:
    """Return a problem document that is whole."""
    told: dict[str, Any] = msgspec.json.decode(body)
    assert {"type", "title", "status", "instance", "code", "trace_id"} <= set(told)
    assert told["type"] == f"/problems/{told['code']}"
    return told
