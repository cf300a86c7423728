"""Connections of clients: how slowly they may send and take, and when a request is there for a thread to serve."""

import errno
import re
import socket
import time
from enum import Enum, auto
from typing import Any

SHORT = 65_536
"""Bytes of a body that are waited for before a thread is: a longer one is read by the thread."""
LONGEST_LINE, LONGEST_HEAD = 8_190, 32_768
"""Bytes of a request's first line, and of it with all headers."""
READING, RATE = 10.0, 65_536
"""Seconds that a request may take to come, and bytes that each further second brings at least."""
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,5})[ \t]*\r\n", re.IGNORECASE)
_UNUSUAL = re.compile(rb"\r\n(?:expect|transfer-encoding):", re.IGNORECASE)


class Stage(Enum):
    """How far a request has come."""

    COMING = auto()
    THERE = auto()
    LINE_TOO_LONG = auto()
    HEAD_TOO_LONG = auto()


def stage_of(content: bytes) -> Stage:
    """Tell how far the request has come that begins with these bytes."""
    end = content.find(b"\r\n\r\n", 0, LONGEST_HEAD)
    if end < 0:
        if content.find(b"\r\n", 0, LONGEST_LINE + 2) < 0 and len(content) > LONGEST_LINE:
            return Stage.LINE_TOO_LONG
        return Stage.COMING if len(content) < LONGEST_HEAD else Stage.HEAD_TOO_LONG
    if content.startswith(b"GET "):
        return Stage.THERE
    lengths = _LENGTH.findall(content, 0, end + 2)
    if len(lengths) != 1 or int(lengths[0]) > SHORT or _UNUSUAL.search(content, 0, end):
        return Stage.THERE
    return Stage.THERE if len(content) >= end + 4 + int(lengths[0]) else Stage.COMING


class Line(socket.socket):
    """One client's connection.

    Reading raises `TimeoutError` once the time is over; a client that takes nothing in is taken for one that has gone.
    """

    _until = 0.0
    _slack = READING

    @classmethod
    def of(cls, accepted: socket.socket) -> "Line":
        """Return the same connection, bounded."""
        return cls(fileno=accepted.detach())

    def allow(self, seconds: float) -> None:
        """Let a request take so many seconds from now, and longer while it comes at a decent rate; so its answer."""
        self._until = time.monotonic() + seconds
        self._slack = READING

    def take(self) -> bytes | None:
        """Return what has come, b"" at the end, None when nothing has; never wait."""
        self.settimeout(0)
        try:
            return super().recv(SHORT)
        except BlockingIOError:
            return None

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Wait for what comes next."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise _too_slow()
        self.settimeout(left)
        try:
            content = super().recv(size, flags)
        except TimeoutError as error:
            raise _too_slow() from error
        self._until += len(content) / RATE
        return content

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything, as long as the whole answer is taken at a decent rate."""
        due, began = len(data) / RATE, time.monotonic()
        self.settimeout(max(self._slack, 0.0) + due)
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise BrokenPipeError(errno.EPIPE, "it takes nothing in") from error
        self._slack -= max(time.monotonic() - began - due, 0.0)


def _too_slow() -> TimeoutError:
    """Return what says so; by its number the server takes the client for one that has gone, which is no surprise."""
    return TimeoutError(errno.ECONNRESET, "it comes too slowly")
