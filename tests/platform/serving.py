"""Real servers for tests: one that serves an app, one that says what it is told to say, one that plays a whole part."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128  # Of many who come at once nobody is kept waiting for a second knock.


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve a WSGI app by HTTP; yield its address."""
    server = make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def saying(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Answer each connection, once its request has come, by whatever `speak` writes; yield the address."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard = b""
            try:
                while b"\r\n\r\n" not in heard:
                    if not (more := self.request.recv(65_536)):
                        return
                    heard += more
                speak(self.request)
            except OSError:
                return

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Line:
    """One connection of a server that plays a part; it counts from 1."""

    socket: socket.socket
    number: int

    def hear(self) -> bytes:
        """Return the next request, or what came of it before the other side hung up."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            if not (more := self.socket.recv(65_536)):
                return heard
            heard += more
        head, _, body = heard.partition(b"\r\n\r\n")
        length = int(dict(_fields(head)).get("content-length", "0"))
        while len(body) < length:
            if not (more := self.socket.recv(65_536)):
                break
            body += more
        return head + b"\r\n\r\n" + body

    def answer(self, body: bytes = b"{}", *headers: str, status: str = "200 OK") -> None:
        """Say a whole answer of known length."""
        head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
        self.socket.sendall(head.encode() + b"\r\n\r\n" + body)


@dataclass
class Stage:
    """A server that plays a part: where it is, and what it has heard so far."""

    url: str = ""
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def playing(part: Callable[[Line, Stage], None]) -> Iterator[Stage]:
    """Let each connection be played by `part` until it returns, then close it; yield the stage."""
    stage = Stage()
    open_sockets: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    stage.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def play(line: Line) -> None:
        with line.socket, suppress(OSError):
            part(line, stage)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_sockets.append(connection)
                stage.connections += 1
                threading.Thread(target=play, args=(Line(connection, stage.connections),), daemon=True).start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield stage
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        listener.close()
        for connection in open_sockets:
            connection.close()


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()
