"""Two processes of everything that serves, restarted one after the other under load: no request fails."""

import itertools
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from entrypoints import split as splitting
from entrypoints.processes import Part, Parts
from entrypoints.split import STEP, Ground
from tests import split
from tests.process import filled, free_ports
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.slow, pytest.mark.timeout(900)]
CLIENTS, SEATS, DRAIN, TWIN = 4, 3, "1.0", 4
"""TWIN: ports from a process to the other that does the same."""


@dataclass
class Balancer:
    """Shares requests out to the gateways that it takes to be ready, as it was told last."""

    ports: list[int]
    answers: Counter[str] = field(default_factory=Counter)
    _turn: Iterator[int] = field(default_factory=itertools.count)
    _http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=20))

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> urllib3.BaseHTTPResponse:
        ready = list(self.ports)
        url = f"http://127.0.0.1:{ready[next(self._turn) % len(ready)]}/api/v1{path}"
        told = {"Authorization": f"Bearer {token}"} if token else {}
        reply = self._http.request(method, url, json=body, headers=told)
        self.answers[f"{method} {reply.status}"] += 1
        return reply


def test_a_rolling_restart_of_every_service_fails_no_request(tmp_path: Path) -> None:
    with split.grounded(tmp_path) as ground:
        sections, students = fill(ground)
        with running(ground) as parts:
            balancer = Balancer([part.port for part in parts.parts if part.name.startswith("gateway")])
            signed_in = balancer.ask("POST", "/auth/token", body={"username": "registrar", "password": "demo"})
            token = signed_in.json()["access_token"]
            over = threading.Event()
            clients = [
                threading.Thread(target=come_and_go, args=(balancer, token, sections, students[turn::CLIENTS], over))
                for turn in range(CLIENTS)
            ]
            for client in clients:
                client.start()
            for part in parts.parts:
                restart(part, balancer)
            over.set()
            for client in clients:
                client.join()

    failed = {answer: count for answer, count in balancer.answers.items() if answer[-3:] not in {"200", "201", "409"}}
    assert failed == {}
    assert balancer.answers["POST 201"] > 20
    assert balancer.answers["POST 200"] > 20


def come_and_go(
    balancer: Balancer, token: str, sections: list[str], students: list[str], over: threading.Event
) -> None:
    """Enroll and drop, and look into the catalog."""
    dice = random.Random(students[0])
    while not over.is_set():
        wish = {"student_id": dice.choice(students), "section_ids": [dice.choice(sections)]}
        reply = balancer.ask("POST", "/enrollments", token, wish)
        balancer.ask("GET", "/offerings?limit=5")
        balancer.ask("GET", f"/students/{wish['student_id']}", token)
        if reply.status == 201:
            balancer.ask("POST", f"/enrollments/{reply.json()['id']}/drop", token)
        over.wait(0.02)


def restart(part: Part, balancer: Balancer) -> None:
    """Do what an orchestrator does: end a process once no balancer shares out to it, and wait for the next."""
    process = part.process
    assert process is not None
    part.signal(signal.SIGTERM)
    until = time.monotonic() + 30
    while part.is_ready():
        assert time.monotonic() < until
        time.sleep(0.02)
    if part.port in balancer.ports:
        balancer.ports.remove(part.port)
    assert process.wait(timeout=60) == 0
    part.start()
    Parts([part]).wait()
    if part.name.startswith("gateway"):
        balancer.ports.append(part.port)


def fill(ground: Ground) -> tuple[list[str], list[str]]:
    """Return sections with few seats, and students."""
    urls = {name: access.app for name, access in ground.databases.items()}
    with filled(Settings(data_dir=ground.folder, database_url=urls)) as campus:
        campus.window()
        sections = [campus.section(f"A-{number}", capacity=SEATS) for number in range(3)]
        return sections, [campus.student() for _ in range(20)]


@contextmanager
def running(ground: Ground) -> Iterator[Parts]:
    """Run two processes of each service and of the gateway; each asker knows both addresses."""
    port = free_ports(4 * STEP)
    usual = splitting.laid_out(ground, Settings(port=port, data_dir=ground.folder)).parts
    webs = [part for part in usual if list(part.role) == ["web"]]
    urls = {
        f"UNIVERSITY_NEIGHBOR_URL__{part.name.upper()}": " ".join(
            f"http://127.0.0.1:{one}" for one in (part.port, part.port + TWIN)
        )
        for part in webs
        if part.name in SERVICES
    }
    for part in webs:
        part.environment = {**part.environment, **urls, "UNIVERSITY_DRAIN_SECONDS": DRAIN}
    twins = [replace(part, name=f"{part.name}-2", port=part.port + TWIN) for part in webs]
    parts = Parts([one for pair in zip(webs, twins, strict=True) for one in pair])
    try:
        parts.start(120)
        yield parts
    finally:
        for part in parts.parts:
            part.signal(signal.SIGKILL)
            if part.process is not None:
                part.process.wait()
