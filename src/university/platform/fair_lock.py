"""A lock that is given in the order of asking: however many want it, nobody is overtaken."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.exc import TimeoutError as PoolTimeout


class FairLock:
    """Lets one in at a time; who leaves hands over to who has waited longest.

    Python's own locks, and pools built of them, wake a waiter but let whoever is faster have the lock: under load that
    is who had it last, and others wait for seconds.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._mutex = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for a turn and keep it during the block; raises `sqlalchemy.exc.TimeoutError` after the patience."""
        self._take()
        try:
            yield
        finally:
            self._hand_over()

    def _take(self) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        is_mine = False
        try:
            is_mine = mine.acquire(timeout=self._patience)
        finally:
            # Whatever ended the waiting, even the thread's own end: a turn given meanwhile must not be lost.
            if not is_mine:
                self._give_up(mine)
        if not is_mine:
            raise PoolTimeout(f"not the writer's turn within {self._patience:g} s")

    def _give_up(self, mine: Lock) -> None:
        with self._mutex:
            is_waiting = mine in self._waiting
            if is_waiting:
                self._waiting.remove(mine)
        if not is_waiting:
            self._hand_over()

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
