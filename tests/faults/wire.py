"""A TCP way to a server that a test can spoil: it refuses, swallows, dawdles, lies, breaks off or trickles."""

import re
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

from tests.servers.postgresql import free_port

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PIECE = 65_536


class Fault:
    """What a way does to the bytes on it; this one does nothing to them."""

    listens = True

    def forth(self, way: "Way", data: bytes) -> None:
        """Deal with bytes that came from the caller."""
        way.ask(data)

    def back(self, way: "Way", data: bytes) -> None:
        """Deal with bytes that came from the server."""
        way.answer(data)


class Refused(Fault):
    """Nobody listens, and whoever is connected is thrown out."""

    listens = False


class Blackhole(Fault):
    """Connections are made, and nothing ever comes through in either direction."""

    def forth(self, way: "Way", data: bytes) -> None:
        """Swallow them."""

    def back(self, way: "Way", data: bytes) -> None:
        """Swallow them."""


class Says(Fault):
    """The server is never asked: each whole HTTP request is answered by these bytes, and the connection is closed."""

    def __init__(self, words: bytes) -> None:
        self._words = words

    def forth(self, way: "Way", data: bytes) -> None:
        """Answer, once the request is whole."""
        way.heard += data
        if _is_whole(way.heard):
            way.answer(self._words)
            way.end()


class Babbles(Says):
    """The server is never asked: whatever comes is answered by these bytes, at once."""

    def forth(self, way: "Way", data: bytes) -> None:
        """Answer without listening."""
        del data
        way.answer(self._words)

    back = forth


class Late(Fault):
    """The server is asked and does its work; its answer comes this many seconds later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def back(self, way: "Way", data: bytes) -> None:
        """Wait first."""
        way.pause(self._seconds)
        way.answer(data)


class BreaksOff(Fault):
    """The server is asked and does its work; of its answer no more than this many bytes come through."""

    def __init__(self, after: int = 0) -> None:
        self._after = after

    def back(self, way: "Way", data: bytes) -> None:
        """Let the beginning pass, and hang up."""
        way.answer(data[: self._after])
        way.end()


class Trickles(Fault):
    """The server is asked and does its work; its answer comes byte by byte, with so many seconds between."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def back(self, way: "Way", data: bytes) -> None:
        """Let one byte pass after another."""
        for byte in data:
            way.answer(bytes([byte]))
            way.pause(self._seconds)


class LosesRequest(Fault):
    """The connection breaks just before these words reach the server."""

    def __init__(self, words: bytes) -> None:
        self._words = words

    def forth(self, way: "Way", data: bytes) -> None:
        """Hang up at the words."""
        if self._words in data:
            way.end()
        else:
            way.ask(data)


class LosesAnswer(LosesRequest):
    """The connection breaks just before these words reach the caller."""

    def forth(self, way: "Way", data: bytes) -> None:
        """Let it pass."""
        way.ask(data)

    def back(self, way: "Way", data: bytes) -> None:
        """Hang up at the words."""
        if self._words in data:
            way.end()
        else:
            way.answer(data)


class LosesReply(Fault):
    """These words reach the server, which does what they say; the connection breaks before its reply comes back."""

    def __init__(self, words: bytes) -> None:
        self._words = words

    def forth(self, way: "Way", data: bytes) -> None:
        """Remember the words."""
        way.heard = data if self._words in data else b""
        way.ask(data)

    def back(self, way: "Way", data: bytes) -> None:
        """Hang up when this answers the words."""
        if way.heard:
            way.end()
        else:
            way.answer(data)


class Hangs(LosesReply):
    """From these words on nothing comes through, and nobody hangs up."""

    def forth(self, way: "Way", data: bytes) -> None:
        """Swallow the words and all that follow."""
        way.heard = way.heard or (data if self._words in data else b"")
        if not way.heard:
            way.ask(data)

    def back(self, way: "Way", data: bytes) -> None:
        """Let pass what was asked before the words."""
        if not way.heard:
            way.answer(data)


class Way:
    """One connection on its way through a wire."""

    def __init__(self, wire: "Wire", caller: socket.socket) -> None:
        self._wire, self._caller = wire, caller
        self._server = socket.create_connection(wire.target)
        self._over = threading.Event()
        self.heard = b""

    def carry(self) -> None:
        """Carry bytes until either side hangs up."""
        with self._caller, self._server, suppress(OSError):
            while not self._over.is_set():
                for side in select.select([self._caller, self._server], [], [], 0.05)[0]:
                    data = side.recv(_PIECE)
                    if not data:
                        return
                    fault = self._wire.fault
                    (fault.forth if side is self._caller else fault.back)(self, data)

    def ask(self, data: bytes) -> None:
        """Pass bytes on to the server."""
        self._server.sendall(data)

    def answer(self, data: bytes) -> None:
        """Pass bytes on to the caller."""
        self._caller.sendall(data)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        self._over.wait(seconds)

    def end(self) -> None:
        """Hang up on both sides, because the fault is so."""
        self._wire.broken += 1
        self.give_up()

    def give_up(self) -> None:
        """Hang up on both sides."""
        self._over.set()


class Wire:
    """The way to one server; `fault` says what is wrong with it, `broken` how many connections it has broken."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.target = (self._url.hostname or "", self._url.port or 0)
        self._port = free_port()
        self.fault = Fault()
        self.broken = 0
        self._ways: list[Way] = []
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._listen()

    @property
    def url(self) -> str:
        """The server's address by this way."""
        place = self._url.netloc.rpartition("@")[0]
        return urlunsplit(self._url._replace(netloc=f"{place}@127.0.0.1:{self._port}".lstrip("@")))

    @contextmanager
    def spoiled(self, fault: Fault) -> Iterator[None]:
        """Spoil the way for a while; whoever is connected meanwhile is thrown out at the end."""
        self.fault = fault
        if not fault.listens:
            self.close()
        try:
            yield
        finally:
            self.fault = Fault()
            self.hang_up()
            if self._listener is None:
                self._listen()

    def hang_up(self) -> None:
        """Break every connection there is."""
        with self._lock:
            for way in self._ways:
                way.give_up()
            self._ways.clear()

    def close(self) -> None:
        """Listen no more and break every connection."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.hang_up()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                self._begin(listener.accept()[0])

    def _begin(self, caller: socket.socket) -> None:
        try:
            way = Way(self, caller)
        except OSError:
            caller.close()
            return
        with self._lock:
            self._ways.append(way)
        threading.Thread(target=way.carry, daemon=True).start()


def _is_whole(request: bytes) -> bool:
    head, separator, body = request.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(separator) and len(body) >= int(length[1] if length else 0)
