"""Monolith or microservices? One codebase as one process and split, asked the same by 2, 100 and 500 virtual users.

A virtual user makes a student, a course with a requisite and an enrollment, and reads each alone and in a list; it
thinks between two requests. All come one after the other (ramp up), stay (steady) and leave (ramp down).
Both stand on the same PostgreSQL. Processor and memory are the operating system's account of each process, once a
second; the network is what the kernel counts for the connections of each process. Whoever made something looks at once:
what is not there is stale.
"""

import argparse
import itertools
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

from bench import aftermath, loading, results, scaled, sides, term
from bench.results import Plot, Record, Table
from bench.running import Running
from bench.stampede import UNLIMITED, percentiles
from bench.watching import Watch
from entrypoints.split import Ground

SECTIONS = 10
QUICK = {"users": [2], "ramp": 1.0, "steady": 3.0, "think": 0.2}
NUMBERS = itertools.count(700_000)
Parts = Callable[[], dict[str, list[int]]]


@dataclass
class Deployment:
    """A university that runs, one way or the other."""

    door: Running
    ground: Ground
    parts: Parts


@dataclass
class Heard:
    """What virtual users were answered."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)
    stale: int = 0


@dataclass
class User:
    """A virtual user."""

    door: Running
    registrar: str
    sections: Sequence[str]
    think: float
    heard: Heard
    over: threading.Event
    until: float

    def live(self) -> None:
        """Go on until the moment to leave, which may come between any two requests."""
        while self._stays():
            number = next(NUMBERS)
            self._students(number)
            self._courses(number)

    def _students(self, number: int) -> None:
        name = {"given_name": "Anna", "family_name": f"Nowak {number}", "email": f"s{number}@x.edu"}
        student = self._made("students", {"number": str(number), **name})
        if student is None:
            return
        self._read("a student", f"/students/{student['id']}")
        self._read("students", "/students?limit=50")
        section = self.sections[number % len(self.sections)]
        place = self._made("enrollments", {"student_id": student["id"], "section_ids": [section]})
        if place is not None:
            self.heard.places.append(place["id"])
            self._read("an enrollment", f"/enrollments/{place['id']}")
            found = self._read("enrollments", f"/enrollments?student_id={student['id']}&limit=50")
            self.heard.stale += found is not None and place["id"] not in [one["id"] for one in found["items"]]

    def _courses(self, number: int) -> None:
        body = {"code": f"VU-{number}", "title": f"Course {number}", "ects": 1, "requisites": "INF-0"}
        course = self._made("courses", body)
        if course is not None:
            found = self._read("a course", f"/courses/{course['id']}")
            self.heard.stale += found is not None and found["id"] != course["id"]
            self._read("courses", "/courses?limit=50")
            self._read("requisites", f"/courses/{course['id']}/requisites")

    def _made(self, what: str, body: dict[str, Any]) -> dict[str, Any] | None:
        return self._asked(f"create {what}", "POST", f"/{what}", HTTPStatus.CREATED, body)

    def _read(self, what: str, path: str) -> dict[str, Any] | None:
        return self._asked(f"read {what}", "GET", path, HTTPStatus.OK)

    def _asked(self, what: str, method: str, path: str, right: int, body: Any = None) -> dict[str, Any] | None:
        """Return what was answered; note how long that took, or what went wrong. Whoever leaves asks no more."""
        if not self._stays():
            return None
        began = time.monotonic()
        try:
            answer = self.door.ask(method, path, body, self.registrar)
        except urllib3.exceptions.HTTPError as error:
            self.heard.errors[f"{what}: {type(error).__name__}"] += 1
            return None
        finally:
            self.heard.seconds[what].append(time.monotonic() - began)
            self.over.wait(self.think)
        if answer.status != right:
            self.heard.errors[f"{what}: {answer.status}"] += 1
            return None
        found: dict[str, Any] = answer.json()
        return found

    def _stays(self) -> bool:
        return time.monotonic() < self.until and not self.over.is_set()


def main() -> None:
    """Ask both and leave the figures."""
    parser = results.options(__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=[2, 100, 500])
    parser.add_argument("--ramp", type=float, default=20.0, help="seconds in which all come, and in which all leave")
    parser.add_argument("--steady", type=float, default=60.0, help="seconds in between")
    parser.add_argument("--think", type=float, default=5.0, help="seconds that a user thinks between two requests")
    options = results.begun(parser, results.POSTGRES, results.RABBITMQ)
    if options.quick:
        vars(options).update(QUICK)
    played, wrong = {}, Counter[str]()
    for name, deployed in (("one process", one_process), ("split", split_up)):
        with tempfile.TemporaryDirectory(prefix="university-architectures-") as folder, deployed(Path(folder)) as one:
            played[name], counts = lived(one, options)
            wrong.update(counts)
    results.leave(_record(played, wrong), options)


@contextmanager
def one_process(folder: Path) -> Iterator[Deployment]:
    """Deploy everything in one process."""
    with sides.undivided(folder) as (door, ground):
        yield Deployment(door, ground, _with_database(ground, lambda: {"university": loading.family(door.process.pid)}))


@contextmanager
def split_up(folder: Path) -> Iterator[Deployment]:
    """Deploy the gateway, services and workers."""
    with scaled.grounded(folder) as (ground, _), scaled.running(ground, {}, **UNLIMITED) as running:
        door = Running(running.settings.port, None)  # type: ignore[arg-type] # its processes are the parts
        own = {part.name: loading.family(part.process.pid) for part in running.parts.parts if part.process}
        yield Deployment(door, ground, _with_database(ground, lambda: own))


def lived(one: Deployment, options: argparse.Namespace) -> tuple[dict[str, Any], Counter[str]]:
    """Return what became of each crowd of users, and the counts that must be 0."""
    # Each user keeps a connection, as browsers do.
    one.door.http = urllib3.PoolManager(maxsize=max(options.users), retries=False, timeout=60.0)
    furnished, registrar = term.furnish(one.door, SECTIONS, 1), one.door.token_of("registrar")
    played, places, stale = {}, list[str](), 0
    for count in options.users:
        heard, watch = Heard(), Watch(one.parts)
        with watch.looking():
            _come(one, registrar, furnished.sections, count, heard, options)
        aftermath.drained(one.ground)
        played[str(count)] = _figures(heard, watch, options)
        places += heard.places
        stale += heard.stale
    return played, Counter({**aftermath.counts(one.ground, places), "stale own reads": stale})


def _come(
    one: Deployment, registrar: str, sections: Sequence[str], count: int, heard: Heard, options: argparse.Namespace
) -> None:
    """Let so many users come, stay and leave."""
    began, over = time.monotonic(), threading.Event()
    with ThreadPoolExecutor(count) as users:
        try:
            living = []
            for number in range(count):
                late = options.ramp * number / count
                time.sleep(max(0.0, began + late - time.monotonic()))
                until = began + late + options.ramp + options.steady
                user = User(one.door, registrar, sections, options.think, heard, over, until)
                living.append(users.submit(user.live))
            for one_living in living:
                one_living.result()
        finally:
            over.set()


def _with_database(ground: Ground, parts: Parts) -> Parts:
    names = [urlsplit(one.app).path.removeprefix("/") for one in ground.databases.values()]
    return lambda: {**parts(), "database": loading.backends(names)}


def _figures(heard: Heard, watch: Watch, options: argparse.Namespace) -> dict[str, Any]:
    known = {what: sorted(some) for what, some in sorted(heard.seconds.items())}
    everything = sorted(itertools.chain.from_iterable(known.values()))
    lasted = 2 * options.ramp + options.steady
    return {
        "requests": len(everything),
        "per_second": round(len(everything) / lasted, 1),
        "errors": dict(heard.errors),
        "latency_ms": percentiles(everything),
        "by_request_ms": {what: percentiles(some) for what, some in known.items()},
        "seconds": watch.seconds,
        "parts": {
            name: {
                "cpu_average": round(sum(taken.cpu) / max(1, len(taken.cpu)), 3),
                "cpu_most": max(taken.cpu, default=0.0),
                "memory_most_mib": max(taken.memory, default=0.0),
                "sent_kib": taken.sent // 1024,
                "received_kib": taken.received // 1024,
                "cpu": taken.cpu,
                "memory_mib": taken.memory,
            }
            for name, taken in watch.taken.items()
        },
    }


def _record(played: Mapping[str, Mapping[str, Any]], wrong: Counter[str]) -> Record:
    crowds = [one["500"] for one in played.values() if "500" in one]
    measured = {"12 users": max(max(_ours(one).values()) for one in crowds)} if crowds else {}
    return Record(
        "architectures", __doc__, dict(played), measured, dict(wrong), list(_tables(played)), list(_plots(played))
    )


def _ours(figures: Mapping[str, Any]) -> dict[str, float]:
    """Return the most memory of each process of ours."""
    return {name: part["memory_most_mib"] for name, part in figures["parts"].items() if name != "database"}


def _tables(played: Mapping[str, Mapping[str, Any]]) -> Iterator[Table]:
    columns = ["users", "deployment", "requests / s", "p50 ms", "p95", "p99", "most", "errors"]
    rows = [
        [int(users), name, one["per_second"], *one["latency_ms"].values(), sum(one["errors"].values())]
        for name, crowds in played.items()
        for users, one in crowds.items()
    ]
    yield Table("What users see", columns, sorted(rows, key=lambda row: row[0]))
    columns = ["users", "deployment", "process", "CPU % average", "most", "memory MiB", "sent KiB", "received KiB"]
    rows = [
        [
            int(users),
            name,
            part,
            round(told["cpu_average"] * 100),
            round(told["cpu_most"] * 100),
            told["memory_most_mib"],
            told["sent_kib"],
            told["received_kib"],
        ]
        for name, crowds in played.items()
        for users, one in crowds.items()
        for part, told in one["parts"].items()
    ]
    yield Table("What processes take", columns, sorted(rows, key=lambda row: row[0]))
    crowd = list(next(iter(played.values())))[-1]
    requests = sorted({what for one in played.values() for what in one[crowd]["by_request_ms"]})
    rows = [
        [
            what,
            *(
                one[crowd]["by_request_ms"].get(what, {}).get(share, "")
                for one in played.values()
                for share in ("p50", "p99")
            ),
        ]
        for what in requests
    ]
    named = [f"{name} {share}" for name in played for share in ("p50", "p99")]
    yield Table(f"Milliseconds of each request, {crowd} users", ["request", *named], rows)
    published = [["course service", "160 on average", "1,610"], ["student service", "", "485"]]
    published += [["enrollment service", "", "404"], ["monolith", "", "1,528"]]
    title = "For orientation: a published .NET implementation of the same services, 500 users, on another machine"
    yield Table(title, ["process", "CPU %", "memory MiB, most"], published)


def _plots(played: Mapping[str, Mapping[str, Any]]) -> Iterator[Plot]:
    for name, crowds in played.items():
        crowd, one = list(crowds.items())[-1]
        short = name.replace(" ", "-")
        for kind, what, unit in (("cpu", "Processor time", "processors"), ("memory_mib", "Memory", "MiB")):
            series = {part: told[kind] for part, told in one["parts"].items() if kind == "cpu" or part != "database"}
            title = f"{what}, {name}, {crowd} users"
            yield Plot(f"architectures-{kind.split('_')[0]}-{short}", title, "seconds", unit, series, one["seconds"])
    crowds_ = list(next(iter(played.values())))
    late = {name: [one[users]["latency_ms"]["p99"] for users in crowds_] for name, one in played.items()}
    yield Plot("architectures-latency", "Latency (p99)", "users", "ms", late, crowds_, "bars")


if __name__ == "__main__":
    main()
