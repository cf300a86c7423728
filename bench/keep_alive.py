"""Many clients who stay connected: how long each waits for an answer while most say nothing.

They come one after the other, stay, and ask in turn for their own things and for the catalog, together half of
what eight clients who ask without a pause get from the same processes. Each of them is heard again before its
connection is idle for so long that the gateway would end it.
"""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import loading, results, term
from bench.open_loop import Outcome, attack, capacity, is_good
from bench.results import Record, Table
from bench.running import Running
from bench.term import question
from tests import split
from tests.split import Split

CLIENTS, BUSY = 2_000, 8
STUDENTS, SECTIONS = 100, 10
LOAD = 0.5
WARM, KEPT = 5.0, 20.0
"""Seconds of asking before anything is measured, and those within which each client asks again."""
UNLIMITED = {"UNIVERSITY_RATE_LIMIT_STUDENT": "0"}


def main() -> None:
    """Let them ask and leave the figures."""
    parser = results.options(__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = results.begun(parser, results.POSTGRES, results.RABBITMQ)
    if options.quick:
        options.clients, options.seconds = 200, 5.0
    with (
        tempfile.TemporaryDirectory(prefix="university-keep-alive-") as folder,
        split.university(Path(folder), UNIVERSITY_LOG_LEVEL="error", **UNLIMITED) as running,
    ):
        figures, outcome = _measured(running, options.clients, options.seconds)
    measured = {"7 timeouts": outcome.timeouts, "7 p99": figures["p99_s"]} if options.clients == CLIENTS else {}
    wrong = {
        "timeouts": outcome.timeouts,
        "broken": outcome.broken,
        "refused": sum(count for status, count in outcome.statuses.items() if not is_good(status)),
        "connected again": max(0, outcome.opened - options.clients),
    }
    rows = [[name, value] for name, value in figures.items()]
    tables = [Table(f"{options.clients} connected clients", ("", "measured"), rows)]
    results.leave(Record("keep-alive", __doc__, figures, measured, wrong, tables), options)


def _measured(running: Split, clients: int, seconds: float) -> tuple[dict[str, Any], Outcome]:
    place = urlsplit(running.url)
    host, port = place.hostname or "", place.port or 80
    asked = _questions(running)
    capacity(host, port, asked, clients=BUSY, seconds=WARM)
    able = capacity(host, port, asked, clients=BUSY, seconds=WARM).goodput
    rate = max(able * LOAD, clients / KEPT)
    process = running.parts["gateway"].process
    gateway = loading.family(process.pid) if process else []
    before = loading.cpu(gateway)
    outcome = attack(host, port, asked, rate=rate, seconds=seconds, clients=clients)
    spent = loading.cpu(gateway) - before
    figures = {
        "able_per_second": round(able),
        "offered_per_second": round(outcome.offered / seconds),
        "connected": outcome.opened,
        "answered": sum(outcome.statuses.values()),
        "p50_s": round(outcome.percentile(0.5, of=is_good), 3),
        "p99_s": round(outcome.percentile(0.99, of=is_good), 3),
        "most_s": round(outcome.percentile(1.0, of=is_good), 3),
        "gateway_us_each": round(spent / max(1, outcome.offered) * 1e6),
    }
    return figures, outcome


def _questions(running: Split) -> list[bytes]:
    """Make a term and students; return what they ask for."""
    furnished = term.furnish(Running(running.settings.port, None), SECTIONS, STUDENTS)  # type: ignore[arg-type] # nobody's process: it is not measured
    return [
        question("GET", f"/api/v1{path}", running.url, student.token)
        for student in furnished.students
        for path in ("/students/me", "/enrollments?student_id=me", "/offerings?limit=20")
    ]


if __name__ == "__main__":
    main()
