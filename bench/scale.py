"""What one thing costs as everything around it grows: sections, students, a queue, a plan, the catalog.

The modules run in this process on PostgreSQL, without a gateway, on a database as full as in a real term; what a
request takes of this process and of the database's server is counted, each kind a number of times after some that do
not count. A cost that does not grow faster than n log n of what grows is right; most should not grow at all.
"""

import argparse
import math
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import md5
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from bench import loading, results
from bench.results import Cell, Plot, Record, Table
from tests.campus import Campus, a_student, adding
from tests.conftest import MODULES
from tests.house import NOBODY, House, Reply
from tests.plans.crowd import Crowd, Pattern, Size, furnish
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.security import Principal
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

Deed = Callable[[], Reply]
RIGHT = {200, 201, 204, 409}
"""Statuses of what was done, or refused because there is no seat."""
WARM = 8
"""Times that do not count: connections are opened and statements prepared."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time that one deed takes: of the modules, and of the database's server."""

    modules: float
    database: float


@dataclass(frozen=True)
class Curve:
    """How the cost of a thing grows with another."""

    deed: str
    grows: str
    sizes: Sequence[int]
    costs: Sequence[Cost]

    @property
    def whole(self) -> list[float]:
        """Both parts together, by size."""
        return [one.modules + one.database for one in self.costs]

    @property
    def growth(self) -> float:
        """How many times the cost of the smallest the cost of the largest is."""
        return self.whole[-1] / self.whole[0]

    @property
    def bound(self) -> float:
        """How many times it may be: as n log n grows."""
        first, last = self.sizes[0], self.sizes[-1]
        return (last * math.log2(last + 1)) / (first * math.log2(first + 1))


def main() -> None:
    """Let everything grow in turn, and print what it costs."""
    parser = results.options(__doc__)
    parser.add_argument("--times", type=int, default=60, help="how often each thing is done")
    parser.add_argument("--rounds", type=int, default=3)
    options = results.begun(parser, results.POSTGRES)
    sizes = [(400, 3_000), (4_000, 3_000), (4_000, 30_000), (25_000, 30_000)]
    queues, plans = [10, 100, 1_000], [1, 2, 5, 10]
    if options.quick:
        options.times, options.rounds = 3, 1
        sizes, queues, plans = [(40, 300), (400, 300), (400, 3_000), (800, 3_000)], [5, 10], [1, 2]
    by_size: dict[tuple[int, int], dict[str, Cost]] = {}
    curves: list[Curve] = []
    for size in sizes:
        with _crowded(*size) as town:
            by_size[size] = _measured(town, _deeds(town), options)
            if size == sizes[-1]:
                curves += [_curve(town, options, "join a queue", "who waits", queues, _joining)]
                curves += [_curve(town, options, "see one's place in a queue", "who waits", queues, _looking)]
                curves += [_curve(town, options, "give back to a queue", "who waits", queues, _passing_on)]
                curves += [_curve(town, options, "register a plan", "courses", plans, _registering)]
    for grows, which, some in (("sections", 0, sizes[:2]), ("students", 1, sizes[1:3]), ("sections", 0, sizes[2:])):
        curves += [_along(deed, grows, by_size, some, which) for deed in by_size[sizes[0]]]
    results.leave(_record(curves), options)


@dataclass
class Town:
    """A university with its crowd."""

    campus: Campus
    pattern: Pattern
    database: str
    size: tuple[int, int]
    asked: int = 0

    def somebody(self) -> str:
        """Return the id of one of the crowd, another each time; the first tenth waits somewhere already."""
        self.asked += 1
        first = self.size[1] // 10 + 1
        made = md5(f"student{first + self.asked % (self.size[1] - first)}".encode(), usedforsecurity=False)
        return str(uuid.UUID(made.hexdigest()))

    def read(self, module: str, path: str, who: Principal | None = NOBODY) -> Reply:
        """Ask for something that is there."""
        return self.campus.house.call(module, "GET", path, who=who)

    def section(self, **facts: Any) -> str:
        """Make a section of a course of one credit."""
        code = f"SCALE-{next(self.campus.numbers)}"
        self.campus.course(code, ects=1)
        return self.campus.section(code, **facts)

    def wait(self, student: str, section: str) -> str:
        """Let a student wait for a section, and return the enrollment's id."""
        body = {"student_id": student, "section_ids": [section], "waitlist": True}
        return str(self.campus.made("enrollment", "/enrollments", body, who=a_student(student))["id"])


Maker = Callable[[Town, int, int], Deed]
"""Makes a deed, given how large what grows is, and how many times it will be done at most."""


@contextmanager
def _crowded(offerings: int, students: int) -> Iterator[Town]:
    server, name = os.environ[results.POSTGRES], f"university_scale_{os.getpid()}_{offerings}_{students}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as admin, tempfile.TemporaryDirectory() as folder:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            settings = Settings(data_dir=Path(folder), threads=4, database_url=dict.fromkeys(MODULES, url))
            house = House(settings).open(CourseWiring(), StudentWiring(), EnrollmentWiring())
            campus, pattern = furnish(house)
            with psycopg.connect(url, autocommit=True) as crowd:
                Crowd(crowd, pattern, Size(offerings, students)).gather()
            yield Town(campus, pattern, name, (offerings, students))
            house.close()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _deeds(town: Town) -> dict[str, Deed]:
    """Return what is done at every size, by name; each may be done again and again."""
    roomy, full, places = town.section(capacity=100_000), town.section(capacity=0), list[tuple[str, str]]()

    def enroll() -> Reply:
        student = town.somebody()
        reply = town.campus.enroll(student, roomy)
        places.append((reply.json["id"], student))
        return reply

    def give_back() -> Reply:
        place, student = places.pop()
        return town.campus.drop(place, a_student(student))

    def own() -> Reply:
        student = town.somebody()
        return town.read("enrollment", f"/enrollments?student_id={student}&term=2027L", a_student(student))

    return {
        "enroll": enroll,
        "be refused": lambda: town.campus.enroll(town.somebody(), full),
        "give back": give_back,
        "see one's places": own,
        "read a page of the catalog": lambda: town.read("course", "/offerings?term=2027L&limit=50"),
        "search the catalog": lambda: town.read("course", "/offerings?term=2027L&limit=50&q=w7%20nowak"),
        "ask for newer seats": lambda: town.read("course", "/availability?term=2027L&after=1000000"),
    }


def _joining(town: Town, length: int, _spare: int) -> Deed:
    section, _ = _queue(town, length)

    def join_and_leave() -> Reply:
        student = town.somebody()
        return town.campus.drop(town.wait(student, section), a_student(student))

    return join_and_leave


def _looking(town: Town, length: int, _spare: int) -> Deed:
    _, waiting = _queue(town, length)
    place, student = waiting[-1]
    return lambda: town.read("enrollment", f"/enrollments/{place}", a_student(student))


def _passing_on(town: Town, length: int, spare: int) -> Deed:
    """Return the deed of giving a seat to the first of a queue; `spare` join before, so that it stays as long."""
    section, waiting = _queue(town, length + spare)
    town.campus.change("course", f"/sections/{section}", {"capacity": 1})
    town.campus.house.drain()
    town.campus.house.chores("go-through-queues")

    def pass_on() -> Reply:
        place, student = waiting.pop(0)
        return town.campus.drop(place, a_student(student))

    return pass_on


def _queue(town: Town, length: int) -> tuple[str, list[tuple[str, str]]]:
    """Return a section without a seat, and who waits for it in order: enrollment and student."""
    section = town.section(capacity=0, waitlist_capacity=100_000)
    students = [town.somebody() for _ in range(length)]
    return section, [(town.wait(student, section), student) for student in students]


def _registering(town: Town, courses: int, _spare: int) -> Deed:
    sections = [town.section(capacity=100_000) for _ in range(courses)]
    return lambda: town.campus.request(town.somebody(), *(adding(one) for one in sections))


def _measured(town: Town, deeds: dict[str, Deed], options: argparse.Namespace) -> dict[str, Cost]:
    return {name: _cost(town, deed, options) for name, deed in deeds.items()}


def _cost(town: Town, deed: Deed, options: argparse.Namespace) -> Cost:
    """Return what a deed takes: the median over rounds."""
    for _ in range(WARM):
        _do(deed)
    rounds = []
    for _ in range(options.rounds):
        servers = loading.backends([town.database])
        before = time.process_time(), loading.cpu(servers)
        for _ in range(options.times):
            _do(deed)
        after = time.process_time(), loading.cpu(servers)
        rounds.append([(end - begin) / options.times * 1e3 for begin, end in zip(before, after, strict=True)])
    return Cost(*(round(statistics.median(part), 3) for part in zip(*rounds, strict=True)))


def _do(deed: Deed) -> None:
    reply = deed()
    if reply.status not in RIGHT:
        raise SystemExit(f"{reply.status} {reply.body.decode()}")


def _curve(town: Town, options: argparse.Namespace, deed: str, grows: str, sizes: Sequence[int], make: Maker) -> Curve:
    spare = WARM + options.rounds * options.times + 1
    return Curve(deed, grows, sizes, [_cost(town, make(town, size, spare), options) for size in sizes])


def _along(
    deed: str,
    grows: str,
    by_size: dict[tuple[int, int], dict[str, Cost]],
    sizes: Sequence[tuple[int, int]],
    which: int,
) -> Curve:
    """Return the curve along one of both sizes: there are two sections of each offering."""
    grown = [size[which] * (2 if which == 0 else 1) for size in sizes]
    return Curve(deed, grows, grown, [by_size[size][deed] for size in sizes])


def _record(curves: Sequence[Curve]) -> Record:
    rows: list[list[Cell]] = [
        [
            *(one.deed, one.grows, " → ".join(f"{size:,}" for size in one.sizes)),
            *(" → ".join(f"{value:.1f}" for value in one.whole), round(one.growth, 2), round(one.bound, 1)),
        ]
        for one in curves
    ]
    columns = ["what", "as there are more", "how many", "ms of processor time", "times as much", "n log n would be"]
    plots = [_plot("who waits", curves), _plot("courses", curves)]
    wrong = {"worse than n log n": sum(one.growth > one.bound for one in curves)}
    figures = {"curves": [{**asdict(one), "growth": one.growth, "bound": one.bound} for one in curves]}
    return Record("scale", __doc__, figures, {}, wrong, [Table("What one thing costs", columns, rows)], plots)


def _plot(grows: str, curves: Sequence[Curve]) -> Plot:
    along = [one for one in curves if one.grows == grows]
    series = {one.deed: one.whole for one in along}
    name = f"scale-{grows.replace(' ', '-')}"
    return Plot(name, f"What one thing costs, by {grows}", grows, "ms of processor time", series, along[0].sizes)


if __name__ == "__main__":
    main()
