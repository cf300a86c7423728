"""Keep-alive connections to one neighbor: each carries one request at a time and waits for the next."""

import itertools
import select
import socket
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from university.platform.transport import wire
from university.platform.transport.exchange import (
    PIECE,
    READS,
    WHOLE,
    Answer,
    BrokenOff,
    Flow,
    Garbage,
    NoAnswer,
    NotReached,
    Request,
    TooLate,
)

IDLE = 1.5
"""Seconds a connection waits here: less than a server of ours keeps one even when it ends, so none is found closed."""
CONNECTING = 0.3
"""Seconds to wait for a connection; a neighbor that lives takes it in milliseconds."""


@dataclass(slots=True)
class Patience:
    """The seconds left to wait for a neighbor; what others take their time for does not count."""

    left: float

    def spend(self, began: float) -> None:
        """Take off the time since a moment."""
        self.left -= time.monotonic() - began

    def at_most(self, seconds: float | None = None) -> float:
        """Return how long to wait now; raise `TooLate` when it is over."""
        if self.left <= 0:
            raise TooLate("the time is over")
        return self.left if seconds is None else min(self.left, seconds)


@dataclass(slots=True)
class Connection:
    """One connection, and the bytes that came and were not read yet."""

    socket: socket.socket
    patience: Patience
    held: bytes = b""
    idle_since: float = 0.0
    _stirs: select.poll = field(default_factory=select.poll)

    def __post_init__(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stirs.register(self.socket, select.POLLIN | select.POLLHUP | select.POLLERR)

    def may_serve(self) -> bool:
        """Tell whether it waited shortly and silently: one that has anything to say between requests says goodbye."""
        return time.monotonic() - self.idle_since < IDLE and not self._stirs.poll(0)

    def send(self, content: bytes) -> None:
        """Send bytes; raise `TooLate`, or an `OSError` when nobody takes them."""
        self.socket.settimeout(self.patience.at_most())
        began = time.monotonic()
        try:
            self.socket.sendall(content)
        except TimeoutError as error:
            raise TooLate("it takes nothing") from error
        self.patience.spend(began)

    def receive(self) -> bytes:
        """Return what comes next, nothing at the end; raise `TooLate`, `BrokenOff`."""
        self.socket.settimeout(self.patience.at_most())
        began = time.monotonic()
        try:
            content = self.socket.recv(PIECE)
        except TimeoutError as error:
            raise TooLate("it says nothing") from error
        except OSError as error:
            raise BrokenOff("it broke off") from error
        self.patience.spend(began)
        return content

    def until(self, mark: bytes, most: int) -> bytes:
        """Return what comes before a mark, and drop the mark; raise `Garbage` past `most` bytes, `BrokenOff`."""
        while (found := self.held.find(mark)) < 0:
            if len(self.held) > most:
                raise Garbage("it goes on and on")
            if not (more := self.receive()):
                raise BrokenOff("it ended in the middle")
            self.held += more
        before, self.held = self.held[:found], self.held[found + len(mark) :]
        return before

    def some(self, most: int) -> bytes:
        """Return at most so many bytes; raise `BrokenOff` when none come any more."""
        held = self.held or self.receive()
        if not held:
            raise BrokenOff("it ended in the middle")
        self.held = held[most:]
        return held[:most]

    def close(self) -> None:
        """Give it up."""
        self.socket.close()


class Pool:
    """The way to one neighbor; as many connections wait as requests are sent at once.

    Processes that do the same may have several addresses, separated by spaces: connections go to them in turn, and to
    the next one where one takes none.
    """

    def __init__(self, urls: str, size: int) -> None:
        self._addresses = [_address(url) for url in urls.split()]
        if not self._addresses:
            raise NotReached("no address of a neighbor")
        self._turn = itertools.count()
        self._host, self._size = urlsplit(urls.split(maxsplit=1)[0]).netloc, size
        self._waiting: list[Connection] = []
        weakref.finalize(self, _close_all, self._waiting)

    def ask(self, request: Request, seconds: float) -> Answer | Flow:
        """Return the answer, whole when it is short; raise a `Fault` when none begins within the seconds.

        Only a reading that was answered by not a byte is sent once more.
        """
        patience = Patience(seconds)
        head = wire.request_head(request.method, request.target, self._host, request.headers, request.length)
        try:
            return self._ask(head, request, self._found() or self._opened(patience), patience)
        except NoAnswer:
            if request.method not in READS:
                raise
            return self._ask(head, request, self._opened(patience), patience)

    def _ask(self, head: bytes, request: Request, connection: Connection, patience: Patience) -> Answer | Flow:
        connection.patience = patience
        try:
            _say(connection, head, request)
            heard = _heard(connection, request.method)
        except BaseException:
            connection.close()
            raise
        coming = Coming(self, connection, heard)
        flow = Flow(heard.status, heard.headers, coming, coming.close)
        return flow.gathered() if heard.length is not None and heard.length <= WHOLE else flow

    def _found(self) -> Connection | None:
        """Return a connection that waits, the last one used first."""
        while self._waiting:
            try:
                connection = self._waiting.pop()
            except IndexError:
                return None
            if connection.may_serve():
                return connection
            connection.close()
        return None

    def _opened(self, patience: Patience) -> Connection:
        """Return a new connection, to whichever address takes one; raise `NotReached`."""
        fault: OSError | None = None
        # A turn of one's own: others who ask meanwhile must not make this one knock twice where nobody is.
        first = next(self._turn)
        for turn in range(first, first + max(2, len(self._addresses))):
            address = self._addresses[turn % len(self._addresses)]
            began = time.monotonic()
            try:
                connected = socket.create_connection(address, timeout=patience.at_most(CONNECTING))
            except OSError as error:
                fault = error
            else:
                return Connection(connected, patience)
            finally:
                patience.spend(began)
        raise NotReached("nobody takes a connection") from fault

    def welcome_back(self, connection: Connection) -> None:
        """Let a connection wait for its next request."""
        connection.idle_since = time.monotonic()
        if connection.held or len(self._waiting) >= self._size:
            connection.close()
        else:
            self._waiting.append(connection)


class Coming:
    """The body of an answer as it comes; at its end the connection is free again."""

    def __init__(self, pool: Pool, connection: Connection, head: wire.Head) -> None:
        self._pool, self._connection, self._head = pool, connection, head
        self._over = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks() if self._head.chunked else self._rest()
        self._over = True
        if self._head.keeps:
            self._pool.welcome_back(self._connection)
        else:
            self._connection.close()

    def close(self) -> None:
        """Give the connection up unless the body was read to its end."""
        if not self._over:
            self._over = True
            self._connection.close()

    def _rest(self) -> Iterator[bytes]:
        left = self._head.length
        if left is None:
            if self._connection.held:
                yield self._connection.some(PIECE)
            while piece := self._connection.receive():
                yield piece
            return
        while left:
            piece = self._connection.some(left)
            left -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        connection = self._connection
        while left := wire.chunk_size(connection.until(b"\r\n", wire.MOST_LINE)):
            while left:
                piece = connection.some(left)
                left -= len(piece)
                yield piece
            if connection.until(b"\r\n", 2):
                raise Garbage("a chunk of another size")
        while connection.until(b"\r\n", wire.MOST_LINE):
            continue  # A trailer: nobody asked for it.


def _address(url: str) -> tuple[str, int]:
    """Return the host and port of a neighbor; raise `NotReached` for what is no address of one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError as error:
        raise NotReached(f"{url} is no address of a neighbor") from error
    if parts.scheme != "http" or not host:
        raise NotReached(f"{url} is no address of a neighbor")
    return host, port


def _close_all(connections: list[Connection]) -> None:
    """Close the connections of a way that nobody goes any more."""
    for connection in connections:
        connection.close()


def _say(connection: Connection, head: bytes, request: Request) -> None:
    """Send the request; a neighbor that hangs up before it has heard everything may have answered already."""
    try:
        if isinstance(request.body, bytes):
            connection.send(head + request.body)
            return
        connection.send(head)
        for piece in request.pieces():
            connection.send(piece)
    except OSError:
        return


def _heard(connection: Connection, method: str) -> wire.Head:
    """Return the head of the answer, past anything preliminary."""
    try:
        connection.held = connection.receive()
    except BrokenOff as error:
        raise NoAnswer("it hung up") from error
    if not connection.held:
        raise NoAnswer("it hung up")
    while True:
        head = wire.answer_head(connection.until(wire.END, wire.MOST_HEAD), method)
        if head.status >= 200:
            return head
        if head.status == 101:
            raise Garbage("nobody asked to speak otherwise")
