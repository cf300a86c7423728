"""Registration day: students on a real term, their wishes crowded on popular sections (Zipf, 1.1), in a minute.

Requests come when they come, whether or not those before were answered, through the frontend, which lets so many in at
a time and refuses the others. Afterwards those who were turned away come back at 70 % of the rate that was served: that
is the rate the machine holds. Meanwhile two students enroll, look at once, and give back, again and again: what they do
not see of their own is stale. Lag is from the change to the moment at which a view heard of it, of every single event,
by the database's clock. Each scenario is so many processes of a kind, on the same databases, put back as they were.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from bench import aftermath, loading, made_up, open_loop, overload, registration_day, results, scaled
from bench.open_loop import Outcome
from bench.registration_day import Wish
from bench.results import Plot, Record, Table
from bench.running import Running
from tests.split import Split

SCENARIOS = ("enrollment=1", "enrollment=2", "enrollment=3")
HELD = 0.7
"""The share of the rate served in the stampede at which students come back."""
WITNESSES = 2
QUICK: dict[str, Any] = {"students": 40, "seconds": 3.0, "held": 3.0, "scenarios": ["enrollment=1"], "file": Path()}
UNLIMITED = {"UNIVERSITY_RATE_LIMIT_STUDENT": "0"}
TURNED_AWAY = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
DOCUMENTED = {201, 400, 401, 403, 409, 413, 415, 422, 429, 502, 503, 504}
"""What docs/api.md says may come of an enrollment; nothing else may."""


@dataclass
class Heard:
    """What clients were answered: the last status of each request, and the places that were acknowledged."""

    statuses: dict[bytes, int] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)

    def told(self, request: bytes, status: int, body: bytes) -> None:
        """Note an answer."""
        self.statuses[request] = status
        if status == HTTPStatus.CREATED:
            self.places.add(msgspec.json.decode(body)["id"])


@dataclass
class Witness:
    """Somebody who enrolls, looks at once, gives back and looks again, as long as it lasts."""

    door: Running
    wish: Wish
    over: threading.Event
    looks: int = 0
    stale: int = 0

    def watch(self) -> None:
        """Go on until it is over; whoever is turned away tries again."""
        while not self.over.wait(0.1):
            for section in self.wish.sections:
                body = {"student_id": "me", "section_ids": [section]}
                made = self.door.ask("POST", "/enrollments", body, self.wish.token)
                if made.status == HTTPStatus.CREATED:
                    place = made.json()["id"]
                    self._look(place, "enrolled")
                    if (
                        self.door.ask("POST", f"/enrollments/{place}/drop", token=self.wish.token).status
                        == HTTPStatus.OK
                    ):
                        self._look(place, "dropped")

    def _look(self, place: str, status: str) -> None:
        seen = self.door.ask("GET", "/enrollments?student_id=me&limit=200", token=self.wish.token)
        if seen.status == HTTPStatus.OK:
            self.looks += 1
            self.stale += {one["id"]: one["status"] for one in seen.json()["items"]}.get(place) != status


@dataclass
class Crowd:
    """Who comes: the whole requests of all wishes in the order in which they come, and the witnesses' wishes."""

    requests: list[bytes]
    witnesses: list[Wish]


def parser() -> argparse.ArgumentParser:
    """Return what it can be told."""
    told = results.options(__doc__)
    told.add_argument("--file", type=Path, default=registration_day.REAL_TERM, help="a OneRoster zip; or made up")
    told.add_argument("--students", type=int, default=10_000)
    told.add_argument("--wishes", type=int, default=5)
    told.add_argument("--seconds", type=float, default=60.0, help="in which all wishes come")
    told.add_argument("--held", type=float, default=30.0, help="seconds for those who come back")
    told.add_argument("--cut", type=int, default=overload.CUT, help="requests that the frontend lets in at a time")
    told.add_argument("--scenarios", nargs="+", default=SCENARIOS, help="as enrollment=2,gateway=1,course-worker=2")
    return told


def main() -> None:
    """Play all scenarios and leave the figures."""
    options = results.begun(parser(), results.POSTGRES, results.RABBITMQ)
    if options.quick:
        vars(options).update(QUICK)
    with tempfile.TemporaryDirectory(prefix="university-stampede-") as folder:
        played = lived(Path(folder), options)
    results.leave(_record(played), options)


def lived(folder: Path, options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Return what became of each scenario."""
    first, *others = options.scenarios
    with scaled.grounded(folder) as (ground, snapshot):
        with scaled.running(ground, _counts(first), **UNLIMITED) as university:
            crowd = _gathered(university, _term(folder, options), options)
            aftermath.drained(ground)
            if not others:
                return {first: played_once(university, crowd, options)}
        snapshot.make()
        played: dict[str, dict[str, Any]] = {}
        for scenario in options.scenarios:
            if played:
                scaled.entered_anew(ground, snapshot)
            _say(options, scenario)
            with scaled.running(ground, _counts(scenario), **UNLIMITED) as university:
                played[scenario] = played_once(university, crowd, options)
        return played


def _counts(scenario: str) -> dict[str, int]:
    """Return how many processes of each kind a scenario names."""
    return {name: int(count) for name, _, count in (one.partition("=") for one in scenario.split(","))}


def played_once(university: Split, crowd: Crowd, options: argparse.Namespace) -> dict[str, Any]:
    """Return what became of one stampede, and of those who came back."""
    ground, heard = university.ground, Heard()
    began = time.time()
    with in_front(university, options.cut) as url:
        rate = len(crowd.requests) / options.seconds
        meter = loading.Meter(lambda: _parts(university))
        with _watched(university, crowd) as witnesses:
            rush = _offered(url, crowd.requests, rate, options.seconds, heard)
        spent = meter.seconds()
        drained = aftermath.drained(ground)
        lags = aftermath.lags(ground, began)
        back = [one for one in crowd.requests if heard.statuses.get(one, 503) in TURNED_AWAY]
        served = _served(rush) / options.seconds
        held = _offered(url, back or crowd.requests, max(1.0, HELD * served), options.held, heard)
    aftermath.drained(ground)
    stale = sum(one.stale for one in witnesses)
    unknown = sum(
        count for outcome in (rush, held) for status, count in outcome.statuses.items() if status not in DOCUMENTED
    )
    return {
        "stampede": told(rush),
        "held": told(held),
        "lag_ms": {view: percentiles(some) for view, some in lags.items()},
        "drained_after_s": round(drained, 2),
        "cpu_s": {part: round(seconds, 2) for part, seconds in spent.items()},
        "own_reads": sum(one.looks for one in witnesses),
        "wrong": {**aftermath.counts(ground, heard.places), "stale own reads": stale, "undocumented answers": unknown},
    }  # fmt: skip


@contextmanager
def in_front(university: Split, cut: int) -> Iterator[str]:
    """Yield where clients come: to the frontend where there is nginx, else to the gateway."""
    with ExitStack() as stack:
        url = university.url
        if overload.has_frontend():
            url = stack.enter_context(overload.behind_the_cut(university, cut)).url
        yield url


def told(outcome: Outcome) -> dict[str, Any]:
    """Return the figures of an attack; latencies in milliseconds, of those let in and of those turned away."""
    statuses = dict(sorted(outcome.statuses.items()))
    return {
        "offered_per_second": round(outcome.offered / outcome.seconds, 1),
        "served_per_second": round(_served(outcome) / outcome.seconds, 1),
        "enrolled_per_second": round(outcome.goodput, 1),
        "answers": {str(status): count for status, count in statuses.items()},
        "timeouts": outcome.timeouts,
        "broken": outcome.broken,
        "unsent": outcome.unsent,
        "served_ms": _shares(outcome, lambda status: status not in TURNED_AWAY),
        "refused_ms": _shares(outcome, lambda status: status in TURNED_AWAY),
    }


def _shares(outcome: Outcome, of: Callable[[int], bool]) -> dict[str, float]:
    return {f"p{share * 100:g}": round(outcome.percentile(share, of=of) * 1e3, 1) for share in (0.5, 0.95, 0.99)}


def _served(outcome: Outcome) -> int:
    return sum(count for status, count in outcome.statuses.items() if status not in TURNED_AWAY)


def percentiles(known: Sequence[float]) -> dict[str, float]:
    """Return shares of what is in ascending order, seconds as milliseconds."""
    if not known:
        return {}
    shares = {f"p{share * 100:g}": known[min(len(known) - 1, int(share * len(known)))] for share in (0.5, 0.95, 0.99)}
    return {name: round(seconds * 1e3, 1) for name, seconds in {**shares, "most": known[-1]}.items()}


def _offered(url: str, requests: Sequence[bytes], rate: float, seconds: float, heard: Heard) -> Outcome:
    address = urlsplit(url)
    return open_loop.attack(
        str(address.hostname), address.port or 80, requests, rate=rate, seconds=seconds, told=heard.told
    )


@contextmanager
def _watched(university: Split, crowd: Crowd) -> Iterator[list[Witness]]:
    over = threading.Event()
    witnesses = [Witness(_door(university), wish, over) for wish in crowd.witnesses]
    threads = [threading.Thread(target=one.watch) for one in witnesses]
    for thread in threads:
        thread.start()
    try:
        yield witnesses
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _parts(university: Split) -> dict[str, list[int]]:
    told = {part.name: loading.family(part.process.pid) for part in university.parts.parts if part.process}
    databases = [urlsplit(one.app).path.removeprefix("/") for one in university.ground.databases.values()]
    return {**told, "database": loading.backends(databases), "load generator": [os.getpid()]}


def _door(university: Split) -> Running:
    return Running(university.settings.port, None)  # type: ignore[arg-type] # its processes are the parts


def _term(folder: Path, options: argparse.Namespace) -> Path:
    """Return the term to import, or a made-up one."""
    if options.file.is_file():
        return Path(options.file)
    made_up_file = folder / "made-up.zip"
    students = max(100, options.students + WITNESSES)
    made_up_file.write_bytes(made_up.term(students, datetime.now(UTC).date()))
    return made_up_file


def _gathered(university: Split, file: Path, options: argparse.Namespace) -> Crowd:
    """Import a term, open registration, let everybody sign in, and return what they will ask for."""
    door = _door(university)
    registrar = door.token_of("registrar")
    _say(options, "import", registration_day.import_term(door, file, registrar))
    term = registration_day.current_term(door)
    registration_day.open_window(door, term, registrar)
    wished = registration_day.wished_for(door, term, registrar, options.students + WITNESSES, options.wishes)
    crowd, witnesses = wished[:-WITNESSES], wished[-WITNESSES:]
    _say(options, f"{len(crowd)} students are signed in")
    requests = [
        _question(university.url, wish.token, wish.sections[turn])
        for turn in range(options.wishes)
        for wish in crowd
        if turn < len(wish.sections)
    ]
    return Crowd(requests, witnesses)


def _question(url: str, token: str, section: str) -> bytes:
    body = msgspec.json.encode({"student_id": "me", "section_ids": [section]})
    head = (
        f"POST /api/v1/enrollments HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _say(options: argparse.Namespace, *words: object) -> None:
    """Tell a waiting person how far it is."""
    if not options.quick:
        print(*words, file=sys.stderr)


def _record(played: Mapping[str, dict[str, Any]]) -> Record:
    wrong = sum((Counter(one["wrong"]) for one in played.values()), Counter[str]())
    names = next(iter(played.values()))["wrong"]
    first = next(iter(played.values()))
    measured = {
        "10 stampede": max(lag.get("most", 0.0) for lag in first["lag_ms"].values()) / 1e3,
        "11 oversold": max(one["wrong"]["oversold"] for one in played.values()),
        "11 p99": first["held"]["served_ms"]["p99"] / 1e3,
    }
    if first["stampede"]["refused_ms"]["p50"]:
        measured["11 refused"] = first["stampede"]["refused_ms"]["p50"]
    return Record(
        "stampede",
        __doc__,
        dict(played),
        measured,
        {name: wrong[name] for name in names},
        list(_tables(played)),
        list(_plots(played)),
    )


def _tables(played: Mapping[str, dict[str, Any]]) -> Iterator[Table]:
    for phase, what in (
        ("stampede", "In the stampede"),
        ("held", "Those who come back, at the rate the machine holds"),
    ):
        columns = ["scenario", "offered / s", "served / s", "enrolled / s", "served p50 ms", "p95", "p99"]
        columns += ["refused", "refused p50 ms", "p99", "timeouts"]
        yield Table(what, columns, [_phase_row(name, one[phase]) for name, one in played.items()])
    columns = ["scenario", "view", "p50 ms", "p95", "p99", "most", "drained after s"]
    rows = [
        [name, view, *lag.values(), one["drained_after_s"]]
        for name, one in played.items()
        for view, lag in one["lag_ms"].items()
    ]
    yield Table("How late the views are in the stampede", columns, rows)
    parts = {part for one in played.values() for part in one["cpu_s"]}
    yield Table(
        "Seconds of processor time in the stampede",
        ["process", *played],
        [[part, *(one["cpu_s"].get(part, "") for one in played.values())] for part in sorted(parts)],
    )


def _phase_row(name: str, phase: dict[str, Any]) -> list[Any]:
    refused = sum(phase["answers"].get(str(int(status)), 0) for status in TURNED_AWAY)
    rates = [phase[f"{kind}_per_second"] for kind in ("offered", "served", "enrolled")]
    turned = phase["refused_ms"]
    return [name, *rates, *phase["served_ms"].values(), refused, turned["p50"], turned["p99"], phase["timeouts"]]


def _plots(played: Mapping[str, dict[str, Any]]) -> Iterator[Plot]:
    rates = {
        kind: [one["stampede"][f"{kind}_per_second"] for one in played.values()] for kind in ("served", "enrolled")
    }
    yield Plot("stampede-rates", "Answers a second in the stampede", "", "a second", rates, list(played), "bars")
    shares = ("p50", "p95", "p99")
    latencies = {share: [one["held"]["served_ms"][share] for one in played.values()] for share in shares}
    title = "Latency at the rate the machine holds"
    yield Plot("stampede-latency", title, "", "ms", latencies, list(played), "bars")


if __name__ == "__main__":
    main()
