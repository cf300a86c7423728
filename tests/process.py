"""The real process on real files: prepared, started, asked over HTTP, killed and started again."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3

from entrypoints import all_in_one
from tests.campus import Campus
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway.wiring import GatewayWiring
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

PATIENCE = "8"
"""Seconds between modules: what is asked here is what is answered; a busy machine must not answer in its place."""
_DICE = random.SystemRandom()
"""Property tests set the common dice to the same throw in every worker, and two would want the same ports."""
_HTTP = urllib3.PoolManager(retries=False, timeout=60, maxsize=256)


@dataclass
class Running:
    """A started university and how to ask it."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> urllib3.BaseHTTPResponse:
        told = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        return _HTTP.request(method, url, json=body, headers={**told, **headers})

    def sign_in(self, username: str) -> None:
        reply = self.ask("POST", "/auth/token", {"username": username, "password": "demo"})
        assert reply.status == 200, reply.data
        self.token = reply.json()["access_token"]

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            with suppress(urllib3.exceptions.HTTPError):
                if _HTTP.request("GET", f"http://127.0.0.1:{self.port + 1}/health/ready").status == 200:
                    return
            time.sleep(0.05)
        pytest.fail(f"the university was not ready in 120 s\n{self.log.read_text()[-3000:]}")

    def died(self) -> bool:
        """Wait for the end and tell whether it was by `kill -9`."""
        return self.process.wait(timeout=60) == -signal.SIGKILL


@contextmanager
def filled(settings: Settings) -> Iterator[Campus]:
    """Open every module on these settings in this process, to fill the databases before the real one starts."""
    house = House(settings, Keyring.ephemeral(*all_in_one.MODULES, *GatewayWiring.issuers, "tests"))
    house.open(CourseWiring(), StudentWiring(), EnrollmentWiring(), GatewayWiring())
    try:
        yield Campus(house)
        house.drain()
    finally:
        house.close()


@contextmanager
def university(
    folder: Path, launcher: str = "entrypoints.cli", *, demo: bool = False, **variables: str
) -> Iterator[Running]:
    """Run the university on a folder, by another launcher and with further environment when named."""
    port = int(variables.get("UNIVERSITY_PORT", 0)) or free_ports()
    environment = {
        **os.environ,
        "UNIVERSITY_PORT": str(port),
        "UNIVERSITY_DATA_DIR": str(folder),
        "UNIVERSITY_NEIGHBOR_TIMEOUT": PATIENCE,
        **variables,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", launcher, "run", *([] if demo else ["--no-demo"])]
    log = folder / "process.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=out, stderr=out)
    running = Running(process, port, log)
    try:
        running.wait_until_ready()
        yield running
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_ports(count: int = 2) -> int:
    """Return the first of so many free ports in a row, below those that outgoing connections take."""
    while True:
        port = _DICE.randrange(10_000, 32_000, 2)
        with ExitStack() as stack:
            try:
                for offset in range(count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + offset))
            except OSError:
                continue
            return port
