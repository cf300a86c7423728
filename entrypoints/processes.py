"""The processes of a split university on one machine: what each is told, started, watched and stopped."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import urllib3
from urllib3.exceptions import HTTPError

PARTING = 90.0
"""Seconds that processes are given to end by themselves."""
_ANSWER = urllib3.PoolManager(retries=False, timeout=2.0)


class NeverReady(Exception):
    """A process ended, or did not become ready."""


@dataclass
class Part:
    """One process: its name, the module of its entrypoint and what it does, its ports and what it is told."""

    name: str
    entrypoint: str
    role: Sequence[str]
    port: int
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def management_url(self) -> str:
        """Where its health is asked for."""
        return f"http://127.0.0.1:{self.port + 1}"

    def start(self) -> None:
        """Start it, in a process group of its own."""
        told = {**os.environ, **self.environment, "UNIVERSITY_PORT": str(self.port)}
        command = [sys.executable, "-m", self.entrypoint, *self.role]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, env=told, stdout=out, stderr=out, start_new_session=True)  # noqa: S603 - our own command

    def lives(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """Tell whether it says of itself that it is ready."""
        try:
            return _ANSWER.request("GET", f"{self.management_url}/health/ready").status == HTTPStatus.OK
        except HTTPError:
            return False

    def signal(self, number: int) -> None:
        """Send a signal to it and whatever it has started."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)


@dataclass
class Parts:
    """Processes in the order in which they start; they stop in the opposite one."""

    parts: list[Part] = field(default_factory=list)

    def __getitem__(self, name: str) -> Part:
        """Return a process by name; raise `KeyError`."""
        return {part.name: part for part in self.parts}[name]

    def start(self, patience: float = 60.0) -> None:
        """Start all and wait until all are ready; raise `NeverReady`."""
        for part in self.parts:
            part.start()
        self.wait(patience)

    def wait(self, patience: float = 60.0) -> None:
        """Wait until all are ready; raise `NeverReady`."""
        until = time.monotonic() + patience
        for part in self.parts:
            while not part.is_ready():
                if not part.lives() or time.monotonic() > until:
                    why = "has ended" if not part.lives() else "is not ready"
                    last = part.log.read_text(errors="replace")[-2000:] if part.log.exists() else ""
                    raise NeverReady(f"{part.name} {why}; its log {part.log} ends with:\n{last}")
                time.sleep(0.1)

    def revive(self) -> list[str]:
        """Start again what has ended; return the names."""
        ended = [part for part in self.parts if not part.lives()]
        for part in ended:
            part.start()
        return [part.name for part in ended]

    def stop(self, signal_number: int) -> bool:
        """Ask all to end, the door first; return whether they did without being killed."""
        gentle = True
        for part in reversed(self.parts):
            part.signal(signal_number)
            if part.name.startswith("gateway"):
                gentle &= _ended(part)
        for part in reversed(self.parts):
            gentle &= _ended(part)
        return gentle


def _ended(part: Part) -> bool:
    if part.process is None:
        return True
    try:
        return part.process.wait(PARTING) == 0
    except subprocess.TimeoutExpired:
        part.signal(9)
        part.process.wait()
        return False
