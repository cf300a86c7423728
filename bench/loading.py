"""Processes of a measurement: what they take of the processors, by the operating system's account, and their rest."""

import os
import signal
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
LOOK = 0.1
"""Seconds between two looks at processes that may end before the last one."""


def family(pid: int) -> list[int]:
    """Return a process and all that came of it."""
    found = [pid]
    for one in found:
        found += _children(one)
    return found


def cpu(pids: Collection[int]) -> float:
    """Return the seconds of processor time that processes have taken, with those of their ended children."""
    return sum(_ticks(pid) for pid in pids) / TICK


def named(name: str) -> list[int]:
    """Return the processes of a program, all of this machine's."""
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/comm") if _text(path).strip() == name]


def backends(databases: Collection[str]) -> list[int]:
    """Return the processes of PostgreSQL that serve these databases; their titles name them."""
    wanted = [f" {name} " for name in databases]
    found = chain.from_iterable(map(_children, _postmasters()))
    return [pid for pid in found if any(one in _text(Path(f"/proc/{pid}/cmdline")) for one in wanted)]


@cache
def _postmasters() -> list[int]:
    servers = named("postgres")
    return [pid for pid in servers if not any(pid in _children(other) for other in servers)]


class Meter:
    """What processes take while it looks, by part; those that come and go in between, too."""

    def __init__(self, parts: Callable[[], Mapping[str, Iterable[int]]]) -> None:
        self._parts = parts
        self._first: dict[int, float] = {}
        self._last: dict[int, tuple[str, float]] = {}
        self._look()
        self._first = {pid: spent for pid, (_, spent) in self._last.items()}

    def seconds(self) -> dict[str, float]:
        """Return the seconds of processor time that each part has taken up to now."""
        self._look()
        told = dict.fromkeys(self._parts(), 0.0)
        for pid, (part, spent) in self._last.items():
            told[part] = told.get(part, 0.0) + spent - self._first.get(pid, 0.0)
        return told

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look again and again during the block."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(LOOK):
                self._look()

        looker = threading.Thread(target=look, name="meter", daemon=True)
        looker.start()
        try:
            yield
        finally:
            over.set()
            looker.join()

    def _look(self) -> None:
        for part, pids in self._parts().items():
            for pid in pids:
                # An ended process has no account any more; what it was last seen to have taken stays.
                if spent := cpu([pid]):
                    self._last[pid] = (part, spent)


def rest(pids: Collection[int]) -> None:
    """Let processes stand still, so that the idle one takes nothing from the one that is measured."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)


def wake(pids: Collection[int]) -> None:
    """Let them go on."""
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in _text(task).split()]


def _ticks(pid: int) -> int:
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) if fields else 0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
