"""Stop asking who does not answer: after some failures in a row, or too many of the last ones, for a while."""

from collections import deque
from dataclasses import dataclass, field

IN_A_ROW = 5
LAST, TOO_MANY = 20, 10
"""How many outcomes are remembered, and how many failures among them are too many."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0
"""Seconds without asking: each attempt that fails doubles them."""


@dataclass(slots=True)
class Breaker:
    """What is known of one neighbor; every moment is an argument, in seconds of a clock that never goes back.

    Threads may use it without a lock: what one of them misses costs one request more or less.
    """

    _failures: int = 0
    _last: deque[bool] = field(default_factory=lambda: deque(maxlen=LAST))
    _opened: float | None = None
    _pause: float = FIRST_PAUSE
    _again: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the neighbor is taken to be away."""
        return self._opened is not None

    def wait(self, now: float) -> float:
        """Return 0 when it may be asked now, else the seconds until it may; after a pause one asker tries alone."""
        if self._opened is None:
            return 0.0
        if now < self._again:
            return self._again - now
        self._again = now + self._pause
        return 0.0

    def succeeded(self, began: float) -> bool:
        """Note an answer to what was asked at a moment; tell whether it brings the neighbor back."""
        if self._opened is None:
            self._failures = 0
            self._last.append(True)
            return False
        if began < self._opened:
            return False
        self._failures, self._opened, self._pause = 0, None, FIRST_PAUSE
        self._last.clear()
        return True

    def failed(self, began: float, now: float) -> bool:
        """Note that what was asked at a moment got no answer; tell whether the neighbor is given up by it."""
        if self._opened is None:
            self._failures += 1
            self._last.append(False)
            if self._failures < IN_A_ROW and self._last.count(False) < TOO_MANY:
                return False
            self._opened, self._again = now, now + self._pause
            return True
        if began >= self._opened:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._again = now + self._pause
        return False
