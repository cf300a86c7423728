"""Let nobody who is slow take every thread: so many at once, and a short wait for those beyond."""

import threading
import time
from dataclasses import dataclass, field

PATIENCE = 1.0
"""Seconds that one beyond the share waits for a place: unless something is slow, one before it is through by then."""


@dataclass(slots=True)
class Share:
    """Places for those who may be at one thing at once; of those beyond, at most so many wait, where that is said."""

    places: int
    queue: int | None = None
    _free: threading.Condition = field(default_factory=threading.Condition)
    _taken: int = 0
    _waiting: int = 0
    _moved_at: float = 0.0

    def take(self, patience: float = PATIENCE) -> bool:
        """Take a place, waiting for one at most so many seconds; tell whether there was one.

        While nobody came or went for longer than that, the next one does not wait at all.
        """
        with self._free:
            if self._taken >= self.places and (self._is_stuck(patience) or self._waiting == self.queue):
                return False
            self._waiting += 1
            try:
                if not self._free.wait_for(lambda: self._taken < self.places, patience):
                    return False
            finally:
                self._waiting -= 1
            self._taken += 1
            self._moved_at = time.monotonic()
            return True

    def leave(self) -> None:
        """Give the place back."""
        with self._free:
            self._taken -= 1
            self._moved_at = time.monotonic()
            self._free.notify()

    @property
    def taken(self) -> int:
        """How many have a place."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return self._waiting

    def _is_stuck(self, patience: float) -> bool:
        return time.monotonic() - self._moved_at > patience
