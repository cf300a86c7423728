"""What processes take over time: processor, memory, and what goes over the network, by part, once a second."""

import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import loading

EVERY = 1.0
"""Seconds between two looks."""
_SOCKET = re.compile(r"^(\S+ +\S+ +\S+ +\S+ +\S+) .*?pid=(\d+).*?bytes_sent:(\d+).*?bytes_received:(\d+)", re.DOTALL)


@dataclass
class Taken:
    """What one part takes, look by look: processors (1 is one of them), MiB of memory; and bytes over the network."""

    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    sent: int = 0
    received: int = 0


@dataclass
class Watch:
    """A watch over the parts of a university."""

    parts: Callable[[], Mapping[str, Sequence[int]]]
    taken: dict[str, Taken] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    _spent: dict[str, float] = field(default_factory=dict)
    _bytes: dict[str, tuple[int, int]] = field(default_factory=dict)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look once a second during the block."""
        over, began = threading.Event(), time.monotonic()
        self._look(0.0, 0.0)

        def look() -> None:
            before = began
            while not over.wait(EVERY):
                now = time.monotonic()
                self._look(now - began, now - before)
                before = now

        looker = threading.Thread(target=look, name="watch", daemon=True)
        looker.start()
        try:
            yield
        finally:
            over.set()
            looker.join()

    def _look(self, at: float, passed: float) -> None:
        parts = self.parts()
        for name, pids in parts.items():
            taken, spent = self.taken.setdefault(name, Taken()), loading.cpu(pids)
            if passed:
                taken.cpu.append(round((spent - self._spent[name]) / passed, 3))
                taken.memory.append(round(max(map(resident, pids), default=0.0), 1))
            self._spent[name] = spent
        if passed:
            self.seconds.append(round(at, 1))
        self._listen(parts, is_first=not passed)

    def _listen(self, parts: Mapping[str, Sequence[int]], *, is_first: bool) -> None:
        """Add what went through each connection since the last look; the rest of one that has ended is not seen."""
        owners = {pid: name for name, pids in parts.items() for pid in pids}
        for key, pid, sent, received in _connections():
            if pid in owners:
                before = self._bytes.get(key, (sent, received) if is_first else (0, 0))
                self._bytes[key] = (sent, received)
                taken = self.taken[owners[pid]]
                taken.sent += sent - before[0]
                taken.received += received - before[1]


def resident(pid: int) -> float:
    """Return the MiB of memory that a process holds."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def _connections() -> Iterator[tuple[str, int, int, int]]:
    """Yield each connection of this machine: its ends, whose it is, and the bytes it has sent and received."""
    if shutil.which("ss") is None:
        return
    told = subprocess.run(["ss", "-tinpHO"], capture_output=True, text=True, check=False).stdout
    for line in told.splitlines():
        if found := _SOCKET.match(line):
            ends, pid, sent, received = found.groups()
            address = " ".join(ends.split()[3:])
            yield f"{pid} {address}", int(pid), int(sent), int(received)
