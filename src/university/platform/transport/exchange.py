"""What is asked and what is answered, wherever the neighbor lives; and the ways in which no answer comes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 65_536
"""Bytes handed on at once."""
WHOLE = 262_144
"""Bytes of a body that are held in memory; a longer one flows."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Fault(Exception):
    """No sensible answer came."""


class NotReached(Fault):
    """There was no connection: nothing was sent."""


class NoAnswer(Fault):
    """The connection ended after the request and before a byte of an answer."""


class BrokenOff(Fault):
    """An answer began and never came to its end."""


class Garbage(Fault):
    """What came is not an HTTP answer."""


class TooLate(Fault):
    """The time to wait was over."""


@dataclass(slots=True)
class Request:
    """What is asked: `length` bytes of `body`, which is held here or read from a file from its start."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | BinaryIO = b""
    length: int = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the body."""
        if isinstance(self.body, bytes):
            yield self.body
            return
        self.body.seek(0)
        while piece := self.body.read(PIECE):
            yield piece


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers in order, body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """An answer whose body is still coming; whoever has it closes it, read or not.

    Its pieces raise a `Fault` when the body breaks off.
    """

    status: int
    headers: list[tuple[str, str]]
    pieces: Iterable[bytes]
    close: Callable[[], None]

    def gathered(self) -> Answer:
        """Return it with its whole body."""
        try:
            return Answer(self.status, self.headers, b"".join(self.pieces))
        finally:
            self.close()
