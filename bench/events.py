"""From outbox to both views: how many events a second, how late each is heard, and what a pause costs.

Events tell the state of enrollments that were made through the API, again and again with a newer version, one
transaction each. Lag is from the change to the moment at which a view heard of it, of every single event, by the
database's clock. For the relay alone the hearers stand still; in turn with it, the same messages are published to two
such queues, bound like ours, with one confirm at a time. The pause is one of all workers, while events go on.
"""

import argparse
import os
import signal
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pika
import psycopg
import uuid_utils

from bench import aftermath, loading, results, scaled, term
from bench.results import Plot, Record, Table
from bench.running import Running
from bench.stampede import UNLIMITED, percentiles
from entrypoints.split import Ground
from tests.split import Split
from university.platform.messaging import rabbitmq

STUDENTS, SECTIONS = 20, 5
QUICK = {"rounds": 1, "burst": 200, "rates": [50.0], "seconds": 2.0, "pause": 1.0}
WORKERS = ("course-worker", "student-worker", "enrollment-worker")
HEARERS = ("course-worker", "student-worker")
LIKE_OURS = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
TARGET_RATE = 500.0
TEMPLATES = "SELECT subject, version, body FROM enrollment.outbox WHERE type = 'enrollment.created.v1'"
ANNOUNCE = """
INSERT INTO enrollment.outbox (id, type, subject, version, body, created_at)
VALUES (%s, 'enrollment.updated.v1', %s, %s, %s, clock_timestamp())
"""


@dataclass
class Announcer:
    """Announces newer and newer states of the same enrollments."""

    connection: "psycopg.Connection[tuple[Any, ...]]"
    bodies: list[dict[str, Any]]
    told: int = 0

    def one(self) -> None:
        """Announce one state, in a transaction of its own."""
        self.connection.execute(ANNOUNCE, self._next())

    def many(self, count: int) -> None:
        """Announce so many states at once."""
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.executemany(ANNOUNCE, [self._next() for _ in range(count)])

    def steadily(self, rate: float, seconds: float) -> float:
        """Announce so many a second; return how many a second there really were."""
        began, done = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            if done < passed * rate:
                self.one()
                done += 1
            else:
                time.sleep(0.001)
        return done / seconds

    def message(self) -> bytes:
        """Return an event as it goes over the line."""
        return bytes(msgspec.json.encode(self.bodies[0]))

    def _next(self) -> tuple[str, str, int, str]:
        turn, at = divmod(self.told, len(self.bodies))
        self.told += 1
        id_, version = str(uuid_utils.uuid7()), turn + 2
        body = {**self.bodies[at], "id": id_, "type": "university.enrollment.updated.v1", "aggregateversion": version}
        return id_, body["subject"], version, msgspec.json.encode(body).decode()


def main() -> None:
    """Measure and leave the figures."""
    parser = results.options(__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of the relay and single confirms, in turn")
    parser.add_argument("--burst", type=int, default=5_000, help="events that are there at once")
    parser.add_argument("--rates", type=float, nargs="+", default=[100.0, 250.0, TARGET_RATE], help="events a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each rate")
    parser.add_argument("--pause", type=float, default=10.0, help="seconds for which workers stand still")
    options = results.begun(parser, results.POSTGRES, results.RABBITMQ)
    if options.quick:
        vars(options).update(QUICK)
    with (
        tempfile.TemporaryDirectory(prefix="university-events-") as folder,
        scaled.grounded(Path(folder)) as (ground, _),
        scaled.running(ground, {}, **UNLIMITED) as university,
    ):
        places = _enrolled(university)
        aftermath.drained(ground)
        with announcer(ground) as telling:
            figures = measured(university, telling, options)
            aftermath.drained(ground)
            wrong = {**aftermath.counts(ground, places), "old in a view": _old(ground, telling)}
    results.leave(_record(figures, wrong), options)


@contextmanager
def announcer(ground: Ground) -> Iterator[Announcer]:
    """Yield who announces what was announced already."""
    bodies = [msgspec.json.decode(body) for _, _, body in aftermath.asked(ground, "enrollment", TEMPLATES)]
    with psycopg.connect(ground.databases["enrollment"].app, autocommit=True) as connection:
        yield Announcer(connection, bodies)


def measured(university: Split, telling: Announcer, options: argparse.Namespace) -> dict[str, Any]:
    """Return all figures."""
    rounds = [
        {"relay": _relayed(university, telling, options.burst), "single": _confirmed(telling.message(), options.burst)}
        for _ in range(options.rounds)
    ]
    aftermath.drained(university.ground)
    return {
        "relay_per_second": statistics.median(one["relay"] for one in rounds),
        "single_confirm_per_second": statistics.median(one["single"] for one in rounds),
        "relay_to_single": statistics.median(one["relay"] / one["single"] for one in rounds),
        "heard_per_second": _heard(university.ground, telling, options.burst),
        "steady": [_steady(university, telling, rate, options.seconds) for rate in options.rates],
        "pause": _paused(university, telling, options),
    }


def _enrolled(university: Split) -> list[str]:
    """Let students enroll through the API; return the ids of their places."""
    door = Running(university.settings.port, None)  # type: ignore[arg-type] # its processes are the parts
    furnished = term.furnish(door, SECTIONS, STUDENTS)
    wishes = [(one, section) for one in furnished.students for section in furnished.sections]
    bodies = [({"student_id": "me", "section_ids": [section]}, student.token) for student, section in wishes]
    return [term.make(door, "/enrollments", body, token)["id"] for body, token in bodies]


def _relayed(university: Split, telling: Announcer, burst: int) -> float:
    """Return how many events a second the relay hands over while nobody hears them."""
    hearers = [pid for name in HEARERS for pid in _family(university, name)]
    loading.rest(hearers)
    try:
        return _until(telling, burst, lambda: not _pending(university.ground))
    finally:
        loading.wake(hearers)
        aftermath.drained(university.ground)


def _heard(ground: Ground, telling: Announcer, burst: int) -> float:
    return _until(telling, burst, lambda: not aftermath.unheard(ground))


def _until(telling: Announcer, burst: int, is_over: Callable[[], bool]) -> float:
    """Announce so many events at once; return how many a second there were until it was over."""
    telling.many(burst)
    began = time.monotonic()
    while not is_over() and time.monotonic() - began < aftermath.PATIENCE:
        time.sleep(0.01)
    return burst / (time.monotonic() - began)


def _confirmed(message: bytes, burst: int) -> float:
    """Return how many messages a second are published to two queues by whoever waits for each confirm."""
    name = f"university-bench-{uuid.uuid4().hex}"
    told = pika.BasicProperties(
        content_type=rabbitmq.CLOUD_EVENT, delivery_mode=2, message_id=name, type="university.enrollment.updated.v1"
    )
    with closing(pika.BlockingConnection(pika.URLParameters(os.environ[results.RABBITMQ]))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.exchange_declare(name, "topic")
        queues = [f"{name}-{number}" for number in range(len(HEARERS))]
        try:
            for queue in queues:
                channel.queue_declare(queue, durable=True, arguments=LIKE_OURS)
                channel.queue_bind(queue, name, routing_key="enrollment.#")
            count = max(20, burst // 10)
            began = time.monotonic()
            for _ in range(count):
                channel.basic_publish(name, "enrollment.updated.v1", message, told, mandatory=True)
            return count / (time.monotonic() - began)
        finally:
            for queue in queues:
                channel.queue_delete(queue)
            channel.exchange_delete(name)


def _steady(university: Split, telling: Announcer, rate: float, seconds: float) -> dict[str, Any]:
    """Return how late views are while so many events a second come."""
    began = time.time()
    parts = {name: _family(university, name) for name in WORKERS}
    meter = loading.Meter(lambda: parts)
    reached = telling.steadily(rate, seconds)
    aftermath.drained(university.ground)
    lags = aftermath.lags(university.ground, began)
    cpu = {name: round(spent / (reached * seconds) * 1e6) for name, spent in meter.seconds().items()}
    told = {view: percentiles(some) for view, some in lags.items()}
    return {"asked": rate, "per_second": round(reached, 1), "lag_ms": told, "cpu_us": cpu}


def _paused(university: Split, telling: Announcer, options: argparse.Namespace) -> dict[str, Any]:
    """Let events come while all workers stand still; return how long it takes them to hear all."""
    workers = [pid for name in WORKERS for pid in _family(university, name)]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        rate = telling.steadily(min(TARGET_RATE, options.rates[-1]), options.pause)
    finally:
        loading.wake(workers)
    seconds = aftermath.drained(university.ground)
    return {"events": round(rate * options.pause), "paused_s": options.pause, "drained_after_s": round(seconds, 2)}


def _family(university: Split, name: str) -> list[int]:
    process = university.parts[name].process
    return loading.family(process.pid) if process else []


def _pending(ground: Ground) -> int:
    ((count,),) = aftermath.asked(
        ground, "enrollment", "SELECT count(*) FROM enrollment.outbox WHERE status = 'pending'"
    )
    return int(count)


def _old(ground: Ground, telling: Announcer) -> int:
    """Return how many enrollments a view knows in another version than the one announced last."""
    last = {body["subject"]: 1 for body in telling.bodies}
    turns, rest = divmod(telling.told, len(telling.bodies))
    for at, body in enumerate(telling.bodies):
        last[body["subject"]] = turns + 1 + (at < rest)
    counted = aftermath.asked(ground, "course", "SELECT enrollment_id, version FROM course.counted_enrollment")
    recorded = aftermath.asked(ground, "student", "SELECT id, version FROM student.recorded_enrollment")
    return sum(last.get(str(id_)) != version for id_, version in [*counted, *recorded])


def _record(figures: dict[str, Any], wrong: dict[str, int]) -> Record:
    steady: Sequence[dict[str, Any]] = figures["steady"]
    measured_ = {"10 relay": figures["relay_to_single"]}
    if at_target := [one for one in steady if one["asked"] == TARGET_RATE]:
        measured_["10 lag"] = max(lag["p99"] for one in at_target for lag in one["lag_ms"].values())
    names = ("relay_per_second", "single_confirm_per_second", "heard_per_second")
    rates = [[name.replace("_", " "), round(figures[name])] for name in names]
    late = [
        [one["asked"], one["per_second"], view, *lag.values()] for one in steady for view, lag in one["lag_ms"].items()
    ]
    cost = [[one["asked"], *one["cpu_us"].values()] for one in steady]
    pause = figures["pause"]
    tables = [
        Table(
            "Events a second: handed over by the relay, with single confirms, heard by both views",
            ["", "a second"],
            rates,
        ),
        Table("How late", ["asked for / s", "announced / s", "view", "p50 ms", "p95", "p99", "most"], late),
        Table("Processor time of an event, µs", ["asked for / s", *WORKERS], cost),
        Table("After a pause of all workers", list(pause), [list(pause.values())]),
    ]
    series = {view: [one["lag_ms"][view]["p99"] for one in steady] for view in aftermath.VIEWS}
    plot = Plot(
        "events-lag", "How late views are (p99)", "events a second", "ms", series, [one["asked"] for one in steady]
    )
    return Record("events", __doc__, figures, measured_, wrong, tables, [plot])  # fmt: skip


if __name__ == "__main__":
    main()
