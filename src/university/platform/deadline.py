"""How long the caller is willing to wait; checked at entry, before each statement and on return."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from university.platform.errors import Unavailable
from university.platform.language import Words

HEADER = "X-Request-Deadline"
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class DeadlineExceeded(Unavailable):
    """The time the caller gave is over; nothing was written."""

    title = Words("This took too long; nothing was changed.", "Trwało to zbyt długo; nic nie zmieniono.")


@contextmanager
def until(moment: float | None) -> Iterator[None]:
    """Bound the work inside by a moment, in seconds since the epoch; an earlier bound already set stays."""
    outer = _deadline.get()
    bounds = [bound for bound in (outer, moment) if bound is not None]
    token = _deadline.set(min(bounds) if bounds else None)
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining() -> float | None:
    """Return the seconds left, or None when nobody set a bound."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.time()


def check() -> None:
    """Raise `DeadlineExceeded` when the time is over."""
    left = remaining()
    if left is not None and left <= 0:
        raise DeadlineExceeded


def parse(header: str | None) -> float | None:
    """Return the moment a header names (milliseconds since the epoch) in seconds, or None when it names none."""
    return int(header) / 1000 if header and header.isascii() and header.isdigit() and len(header) <= 15 else None


def header_value() -> str | None:
    """Return the present bound as the header carries it."""
    deadline = _deadline.get()
    return None if deadline is None else str(int(deadline * 1000))
