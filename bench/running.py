"""A university started for a measurement: in a folder of its own, asked over HTTP, measured from outside."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3

UNIVERSITY = [sys.executable, "-m", "entrypoints.cli"]
_PATIENCE = 60.0


@dataclass
class Running:
    """One process of the university and a client of it."""

    port: int
    process: "subprocess.Popen[bytes]"
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=64, retries=False, timeout=60.0)
    )
    folder: str = ""

    @property
    def url(self) -> str:
        """The public address."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> urllib3.BaseHTTPResponse:
        """Return the answer of one operation."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers)

    def token_of(self, username: str) -> str:
        """Sign in and return the bearer token; come again while too many sign in at once."""
        answer = self.ask("POST", "/auth/token", {"username": username, "password": "demo"})
        while answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            time.sleep(float(answer.headers["Retry-After"]))
            answer = self.ask("POST", "/auth/token", {"username": username, "password": "demo"})
        token: str = answer.json()["access_token"]
        return token

    def pages(self, path: str, token: str = "") -> Iterator[dict[str, Any]]:
        """Yield every item of a list."""
        joint = "&" if "?" in path else "?"
        cursor = ""
        while True:
            page = self.ask("GET", f"{path}{joint}limit=200{cursor}", token=token).json()
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = f"&cursor={page['next']}"

    def peak_memory(self) -> float:
        """Return the most memory one of its processes has held, in MiB."""
        return max(peak(pid) for pid in [self.process.pid, *children(self.process.pid)])


@contextmanager
def university() -> Iterator[Running]:
    """Run an empty university until the end of the block."""
    folder = tempfile.mkdtemp(prefix="university-")
    port = _free_ports()
    variables = {"UNIVERSITY_PORT": str(port), "UNIVERSITY_DATA_DIR": folder, "UNIVERSITY_LOG_LEVEL": "error"}
    process = subprocess.Popen(
        [*UNIVERSITY, "run", "--no-demo"], env={**os.environ, **variables}, stdout=subprocess.DEVNULL
    )
    try:
        running = Running(port, process, folder=folder)
        wait_until_ready(running)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=_PATIENCE)
        shutil.rmtree(folder)


def wait_until_ready(running: Running) -> None:
    """Wait until it says of itself that it is ready; end the program when it never is."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            break
        try:
            if running.http.request("GET", f"http://127.0.0.1:{running.port + 1}/health/ready").status == HTTPStatus.OK:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    raise SystemExit("The university did not start.")


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def peak(pid: int) -> float:
    """Return the most memory a process has held, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_ports() -> int:
    """Return a port that is free together with the next one, below those that outgoing connections take."""
    while True:
        port = random.randrange(10_000, 32_000, 2)
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
