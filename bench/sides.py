"""The sides of a comparison: each runs by itself, is asked for enrollments, and rests while others are asked."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg

from bench import loading, term
from bench.open_loop import through
from bench.running import UNIVERSITY, Running, wait_until_ready
from bench.term import Term, question
from entrypoints.split import Ground
from tests import split
from tests.process import free_ports

PEERS = Path(__file__).parent / "peers"
PARTS = ("student", "course", "enrollment", "gateway")
PEER, PEER_SPLIT = "FastAPI + asyncpg, {}", "FastAPI + httpx, split"
SCENES = {"spread": HTTPStatus.CREATED, "hot": HTTPStatus.CREATED, "full": HTTPStatus.CONFLICT}
"""What is asked for: places all over, places in one section, places where none is left; and the right answer."""
PEERS_PLAY = ("spread", "hot")
PATIENCE = 30.0


@dataclass(frozen=True)
class Size:
    """How many there are of each; every student enrolls in every section at most once."""

    sections: int
    """Those that enrollments are spread over; one more is the hot one, and another is full."""
    students: int
    asked: dict[str, int]
    """Enrollments that a side is asked for in all, by scene."""

    def pairs(self, scene: str) -> Iterator[tuple[int, int]]:
        """Yield student and section of each request of a scene; where they are spread, neighbors are apart."""
        for number in range(self.asked[scene]):
            turn, student = divmod(number, self.students)
            section = {"spread": (student + turn) % self.sections, "hot": self.sections, "full": self.sections + 1}
            yield student, section[scene]

    @property
    def places(self) -> int:
        """How many enrollments there are in the end where a side is asked for no place in vain."""
        return self.asked["spread"] + self.asked["hot"]


@dataclass(frozen=True)
class Asked:
    """What became of some requests: how many there were, for how long, and how long each took, in seconds."""

    count: int
    seconds: float
    p50: float
    p99: float


@dataclass
class Side:
    """One side: what it is called, how it is asked, its processes by part, and what became of it all in the end."""

    name: str
    scenes: Collection[str]
    ask: Callable[[str, slice, int], Asked]
    """Given a scene, which of its requests, and how many clients."""
    pids: Callable[[], dict[str, list[int]]]
    databases: Collection[str]
    told: Callable[[], dict[str, int]]
    """Counts that must be 0 when everything was right."""

    def everybody(self) -> list[int]:
        """Return all its processes."""
        return [pid for some in self.pids().values() for pid in some]


@contextmanager
def undivided(folder: Path) -> Iterator[tuple[Running, Ground]]:
    """Run our university in one process on PostgreSQL."""
    with split.grounded(folder) as ground:
        port = free_ports(2)
        told = {f"UNIVERSITY_DATABASE_URL__{name.upper()}": one.app for name, one in ground.databases.items()}
        told |= {"UNIVERSITY_PORT": str(port), "UNIVERSITY_DATA_DIR": str(folder), "UNIVERSITY_LOG_LEVEL": "error"}
        told |= UNLIMITED
        command = [*UNIVERSITY, "run", "--no-demo"]
        with subprocess.Popen(command, env={**os.environ, **told}, stdout=subprocess.DEVNULL) as process:
            running = Running(port, process)
            try:
                wait_until_ready(running)
                yield running, ground
            finally:
                process.terminate()


@contextmanager
def one_process(folder: Path, size: Size) -> Iterator[Side]:
    """Offer our university in one process as a side."""
    with undivided(folder) as (running, ground):
        furnished = term.furnish(running, size.sections + 1, size.students, full=True)
        yield Side(
            "one process",
            SCENES,
            _over_http("one process", running.port, _ours(running.url, furnished, size)),
            lambda: {"university": loading.family(running.process.pid)},
            _names(ground),
            lambda: counters(ground, size.places + 1),
        )


@contextmanager
def split_up(folder: Path, size: Size) -> Iterator[Side]:
    """Run our gateway, services and workers."""
    with split.university(folder, UNIVERSITY_LOG_LEVEL="error", **UNLIMITED) as running:
        door = Running(running.settings.port, None)  # type: ignore[arg-type] # its processes are the parts
        furnished = term.furnish(door, size.sections + 1, size.students, full=True)
        yield Side(
            "split",
            SCENES,
            _over_http("split", running.settings.port, _ours(running.url, furnished, size)),
            lambda: {part.name: loading.family(part.process.pid) for part in running.parts.parts if part.process},
            _names(running.ground),
            lambda: counters(running.ground, size.places + 1),
        )


UNLIMITED = {"UNIVERSITY_RATE_LIMIT_STUDENT": "0"}


@contextmanager
def peer(name: str, server: str, size: Size) -> Iterator[Side]:
    """Run a peer of one process."""
    with database(server, size) as url, served(f"bench.peers.{name}:app", {"PEER_DATABASE_URL": url}) as (port, pid):
        yield Side(
            PEER.format(name),
            PEERS_PLAY,
            _over_http(name, port, _theirs(port, size)),
            lambda: {name: loading.family(pid)},
            [_name(url)],
            lambda: peer_counters(url, size.places),
        )


@contextmanager
def peers_split(server: str, size: Size) -> Iterator[Side]:
    """Run a peer of four services."""
    with ExitStack() as stack:
        url = stack.enter_context(database(server, size))
        told, pids, port = {"PEER_DATABASE_URL": url}, dict[str, int](), 0
        for part in PARTS:
            port, pids[part] = stack.enter_context(served("bench.peers.split:app", {**told, "PEER_PART": part}))
            told[f"PEER_{part.upper()}_URL"] = f"http://127.0.0.1:{port}"
        yield Side(
            PEER_SPLIT,
            PEERS_PLAY,
            _over_http(PEER_SPLIT, port, _theirs(port, size)),
            lambda: {part: loading.family(pid) for part, pid in pids.items()},
            [_name(url)],
            lambda: peer_counters(url, size.places),
        )


def _over_http(name: str, port: int, requests: dict[str, list[bytes]]) -> Callable[[str, slice, int], Asked]:
    def ask(scene: str, which: slice, clients: int) -> Asked:
        some = requests[scene][which]
        outcome = through("127.0.0.1", port, some, clients=clients)
        if outcome.statuses != {SCENES[scene]: len(some)}:
            told = f"{dict(outcome.statuses)}, timeouts {outcome.timeouts}, broken {outcome.broken}"
            raise SystemExit(f"{name}, {scene}: {told}")
        p50, p99 = (outcome.percentile(share, of=lambda _: True) for share in (0.5, 0.99))
        return Asked(len(some), outcome.seconds, p50, p99)

    return ask


def _ours(url: str, furnished: Term, size: Size) -> dict[str, list[bytes]]:
    def wish(who: int, what: int) -> bytes:
        student, section = furnished.students[who], furnished.sections[what]
        body = {"student_id": "me", "section_ids": [section]}
        return question("POST", "/api/v1/enrollments", url, student.token, body)

    return {scene: [wish(*pair) for pair in size.pairs(scene)] for scene in SCENES}


def _theirs(port: int, size: Size) -> dict[str, list[bytes]]:
    def wish(who: int, what: int) -> bytes:
        body = {"student_id": f"p{who}", "section_id": f"s{what}"}
        return question("POST", "/enrollments", f"http://127.0.0.1:{port}", "", body)

    return {scene: [wish(*pair) for pair in size.pairs(scene)] for scene in PEERS_PLAY}


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _names(ground: Ground) -> list[str]:
    return [_name(one.app) for one in ground.databases.values()]


@contextmanager
def database(server: str, size: Size) -> Iterator[str]:
    """Make a peer's database, and remove it at the end; yield its address."""
    name = f"university_bench_{os.getpid()}_{time.monotonic_ns()}"
    parts = urlsplit(server)
    url = parts._replace(path=f"/{name}").geturl()
    _administer(server, f"CREATE DATABASE {name}")
    try:
        with psycopg.connect(url) as made:
            made.execute((PEERS / "schema.sql").read_text())
            made.execute("INSERT INTO student SELECT 'p' || n, 'active' FROM generate_series(0, %s) n", [size.students])
            made.execute(
                "INSERT INTO section SELECT 's' || n, 'open', %s FROM generate_series(0, %s) n",
                [term.CAPACITY, size.sections],
            )
        yield url
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: str, command: LiteralString) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(command)


@contextmanager
def served(app: str, told: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run a peer, and yield its port and process."""
    port = free_ports(1)
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "warning", "--no-access-log"]
    with subprocess.Popen(command, env={**os.environ, **told}) as process:
        try:
            _await_port(port)
            yield port, process.pid
        finally:
            # One that waits for a connection to end would keep the figures back; there is nothing it could lose.
            process.kill()


def _await_port(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("a peer did not start")


def counters(ground: Ground, asked: int) -> dict[str, int]:
    """Compare what was asked for with places, seats, and the view of seats once it has heard everything."""
    enrollment, course = ground.databases["enrollment"].app, ground.databases["course"].app
    with psycopg.connect(enrollment) as ledger, psycopg.connect(course) as catalog:
        (places,) = _row(ledger, "SELECT count(*) FROM enrollment.enrollment WHERE status = 'enrolled'")
        (doubled,) = _row(
            ledger, "SELECT count(*) - count(DISTINCT (student_id, offering_id)) FROM enrollment.enrollment"
        )
        oversold, taken = _row(
            ledger, "SELECT count(*) FILTER (WHERE taken > capacity), sum(taken) FROM enrollment.section"
        )
        until = time.monotonic() + PATIENCE
        while (seen := _row(catalog, "SELECT sum(taken) FROM course.availability")[0]) != places:
            if time.monotonic() > until:
                break
            catalog.rollback()
            time.sleep(0.1)
    return {
        "lost": asked - places,
        "doubled": doubled,
        "oversold": oversold + abs(taken - places),
        "unheard": places - seen,
    }


def peer_counters(url: str, asked: int) -> dict[str, int]:
    """Compare what a peer was asked for with places and seats."""
    with psycopg.connect(url) as database:
        (places,) = _row(database, "SELECT count(*) FROM enrollment")
        (taken,) = _row(database, "SELECT sum(taken) FROM section")
    return {"lost": asked - places, "oversold": abs(taken - places)}


def _row(connection: "psycopg.Connection[tuple[Any, ...]]", query: LiteralString) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None  # noqa: S101 - an aggregate has a row
    return found
