"""What a reading of the catalog costs in processor time: a page, a late page, a search, seats, and what is unchanged.

Ours is one process on PostgreSQL, asked without a session as a browser does before it signs in: directly, and through
the frontend, which asks once a second. The peer reads the same tables of the same database; while one side is asked
the other stands still, and its process, the database's and the frontend's are counted apart.
"""

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench import loading, results, sides
from bench.open_loop import through
from bench.results import Record, Table
from bench.running import UNIVERSITY, Running, wait_until_ready
from bench.term import question
from tests.conftest import MODULES
from tests.frontend import serving
from tests.house import House
from tests.plans.crowd import Crowd, Size, furnish
from tests.process import free_ports
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

LIST = "/api/v1/offerings?term=2027L&limit=50"
UNCACHED = "page"
OFTEN = 10


@dataclass(frozen=True)
class Reading:
    """One thing that is asked again and again: what, at which address, of whom, and what must be answered.

    What is answered from a cache is asked `often`, since the system counts processor time in hundredths of a second.
    """

    name: str
    asked: bytes
    place: tuple[str, int]
    pids: Callable[[], list[int]]
    status: int = 200
    often: int = 1


def main() -> None:
    """Ask for each thing in turn, in rounds, and print what one answer costs."""
    parser = results.options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--asked", type=int, default=300, help="answers of each kind in each round")
    parser.add_argument("--offerings", type=int, default=4_000)
    options = results.begun(parser, results.POSTGRES)
    if options.quick:
        options.rounds, options.asked, options.offerings = 1, 50, 200
    with ExitStack() as stack:
        name, url = stack.enter_context(_crowded(os.environ[results.POSTGRES], options.offerings))
        readings = list(_readings(stack, url))
        rounds = [
            {one.name: _cost(one, readings, name, options.asked * one.often) for one in readings}
            for _ in range(options.rounds + 1)
        ][1:]
    costs = {
        one.name: {part: statistics.median(each[one.name][part] for each in rounds) for part in ("server", "database")}
        for one in readings
    }
    results.leave(_record(costs, options), options)


def _record(costs: dict[str, dict[str, float]], options: argparse.Namespace) -> Record:
    whole = {name: sum(parts.values()) for name, parts in costs.items()}
    measured = {
        "8 uncached": whole[UNCACHED] / whole["FastAPI + pydantic: page"],
        "8 cached": whole["frontend: page"] / whole[UNCACHED],
        "8 304": whole["frontend: page, unchanged"] / whole[UNCACHED],
        "9 search": max(whole["search, a word"], whole["search, two words"]) / whole[UNCACHED],
        "9 last page": whole["last page"] / whole[UNCACHED],
    }
    rows = [[name, round(one["server"]), round(one["database"]), round(whole[name])] for name, one in costs.items()]
    table = Table("Processor time of one answer, µs", ["what", "server", "database", "both"], rows)
    measured = {key: round(value, 3) for key, value in measured.items()}
    return Record("catalog", __doc__, {"costs": costs, "offerings": options.offerings}, measured, {}, [table])


def _cost(one: Reading, everybody: Sequence[Reading], database: str, asked: int) -> dict[str, float]:
    """Return the microseconds that one answer takes of its side's processes and of the database's."""
    mine = set(one.pids())
    others = {pid for other in everybody for pid in other.pids()} - mine
    loading.rest(others)
    try:
        through(*one.place, [one.asked] * 10, clients=2)
        parts = {"server": list(mine), "database": loading.backends([database])}
        before = {part: loading.cpu(pids) for part, pids in parts.items()}
        outcome = through(*one.place, [one.asked] * asked, clients=2)
        if set(outcome.statuses) != {one.status}:
            raise SystemExit(f"{one.name}: {dict(outcome.statuses)}")
        return {part: (loading.cpu(pids) - before[part]) / asked * 1e6 for part, pids in parts.items()}
    finally:
        loading.wake(others)


def _readings(stack: ExitStack, url: str) -> Iterator[Reading]:
    university = stack.enter_context(_university(url))
    frontend = stack.enter_context(serving.running(f"127.0.0.1:{university.port}"))
    before = _place(frontend.url)

    def ours() -> list[int]:
        return loading.family(university.process.pid)

    university.http.request("GET", frontend.url + LIST)
    # Its start script has children that come and go.
    nginx = set(loading.named("nginx")).intersection(loading.family(frontend.process.pid if frontend.process else 0))

    def both() -> list[int]:
        return [*ours(), *(pid for pid in nginx if Path(f"/proc/{pid}").exists())]

    def reading(name: str, path: str, *, tag: str = "", near: bool = True) -> Reading:
        asked = question("GET", path, university.url if near else frontend.url)
        asked = asked.replace(b"\r\n\r\n", f"\r\nIf-None-Match: {tag}\r\n\r\n".encode()) if tag else asked
        place = ("127.0.0.1", university.port) if near else before
        return Reading(name, asked, place, ours if near else both, 304 if tag else 200, often=1 if near else OFTEN)

    answer = university.http.request("GET", university.url + LIST)
    late = f"{LIST}&cursor={_last(university)}"
    yield reading(UNCACHED, LIST)
    yield reading("page, unchanged", LIST, tag=answer.headers["ETag"])
    yield reading("last page", late)
    yield reading("search, a word", f"{LIST}&q=w5")
    yield reading("search, two words", f"{LIST}&q=nowak%20k1")
    seats = "/api/v1/availability?term=2027L&after=1"
    yield reading("seats that changed", seats)
    yield reading("frontend: page", LIST, near=False)
    yield reading("frontend: page, unchanged", LIST, tag=answer.headers["ETag"], near=False)
    yield reading("frontend: seats that changed", seats, near=False)
    told = {"PEER_DATABASE_URL": url}
    port, pid = stack.enter_context(sides.served("bench.peers.catalog:app", told))
    asked = question("GET", "/offerings?term=2027L&limit=50", f"http://127.0.0.1:{port}")
    yield Reading("FastAPI + pydantic: page", asked, ("127.0.0.1", port), lambda: loading.family(pid))


def _last(university: Running) -> str:
    """Return the cursor of the last page that is full."""
    cursors, path = list[str](), LIST
    while following := university.http.request("GET", university.url + path).json()["next"]:
        cursors.append(following)
        path = f"{LIST}&cursor={following}"
    return cursors[-2]


@contextmanager
def _university(url: str) -> Iterator[Running]:
    port = free_ports(2)
    with tempfile.TemporaryDirectory() as folder:
        told = {f"UNIVERSITY_DATABASE_URL__{module.upper()}": url for module in MODULES}
        told |= {"UNIVERSITY_PORT": str(port), "UNIVERSITY_DATA_DIR": folder, "UNIVERSITY_LOG_LEVEL": "error"}
        told |= {f"UNIVERSITY_RATE_LIMIT_{who}": "0" for who in ("ANONYMOUS", "STUDENT")}
        command = [*UNIVERSITY, "run", "--no-demo"]
        with subprocess.Popen(command, env={**os.environ, **told}, stdout=subprocess.DEVNULL) as process:
            try:
                running = Running(port, process)
                wait_until_ready(running)
                yield running
            finally:
                process.send_signal(signal.SIGTERM)


@contextmanager
def _crowded(server: str, offerings: int) -> Iterator[tuple[str, str]]:
    """Make a database as full as that of a real term, and take it away in the end."""
    name = f"university_catalog_{os.getpid()}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as admin, tempfile.TemporaryDirectory() as folder:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            house = House(Settings(data_dir=Path(folder), database_url=dict.fromkeys(MODULES, url)))
            house.open(CourseWiring(), StudentWiring(), EnrollmentWiring())
            _, pattern = furnish(house)
            house.close()
            with psycopg.connect(url, autocommit=True) as database:
                Crowd(database, pattern, Size(offerings, students=1_000, events=1_000)).gather()
            yield name, url
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _place(url: str) -> tuple[str, int]:
    parts: Any = urlsplit(url)
    return parts.hostname, parts.port


if __name__ == "__main__":
    main()
