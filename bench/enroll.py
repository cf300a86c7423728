"""Enrollments a second and what each costs: ours in one process and split, and the same flow as others write it.

All sides run on the same PostgreSQL; while one is asked the others stand still. A round asks each side once: for places
spread over many sections, for places in one hot section, and (ours alone) for a place in a full one. The figures are
medians over rounds, after one round that does not count; ratios are those of one round, too. Ours judges every rule,
the others none. `pgbench` sends the peers' statements and does nothing else.
"""

import argparse
import importlib.util
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from bench import loading, pgbench, results, sides
from bench.results import Plot, Record, Table
from bench.sides import PEER, PEER_SPLIT, SCENES, Side, Size

CLIENTS = 8
OURS, SPLIT = "one process", "split"
QUICK = {"rounds": 1, "asked": 40, "hot": 20, "sections": 4}
DATABASE = "database"
Rounds = Sequence[dict[str, "Round"]]


@dataclass
class Round:
    """What one side did in one round of one scene; processor times are microseconds of one request."""

    rate: float
    by_part: dict[str, float]
    database: float
    generator: float
    p50: float
    p99: float

    @property
    def server(self) -> float:
        """What its own processes took together."""
        return sum(self.by_part.values())

    @property
    def all(self) -> float:
        """What it took together with the database."""
        return self.server + self.database


def main() -> None:
    """Run all sides in turn and leave the figures."""
    parser = results.options(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--asked", type=int, default=2_000, help="spread enrollments of each side in each round")
    parser.add_argument("--hot", type=int, default=300, help="those in one section, and in vain in a full one")
    parser.add_argument("--sections", type=int, default=10, help="sections that enrollments are spread over")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    options = results.begun(parser, results.POSTGRES, results.RABBITMQ)
    if options.quick:
        vars(options).update(QUICK)
    with ExitStack() as stack:
        playing, missing = _playing(stack, _size(options))
        rounds = _rounds(playing, options)
        for side in playing:
            loading.wake(side.everybody())
        wrong = {f"{side.name}: {name}": count for side in playing for name, count in side.told().items()}
    results.leave(_record(rounds, wrong, missing), options)


def _size(options: argparse.Namespace) -> Size:
    """Return how many there are of each, so that nobody has to enroll twice."""
    rounds = options.rounds + 1
    students = max(options.hot * rounds, -(-options.asked * rounds // options.sections))
    return Size(
        options.sections,
        students,
        {"spread": options.asked * rounds, "hot": options.hot * rounds, "full": options.hot * rounds},
    )


def _playing(stack: ExitStack, size: Size) -> tuple[list[Side], list[str]]:
    """Start all sides that can be started, and let them rest; return them, and the names of the others."""
    server = os.environ[results.POSTGRES]
    folders = [Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="university-enroll-"))) for _ in range(2)]
    started: dict[str, Callable[[], AbstractContextManager[Side]]] = {
        OURS: lambda: sides.one_process(folders[0], size),
        SPLIT: lambda: sides.split_up(folders[1], size),
    }
    if importlib.util.find_spec("fastapi"):
        started |= {
            PEER.format("usual"): lambda: sides.peer("usual", server, size),
            PEER.format("tuned"): lambda: sides.peer("tuned", server, size),
            PEER_SPLIT: lambda: sides.peers_split(server, size),
        }
    if pgbench.is_there():
        started[pgbench.NAME] = lambda: pgbench.alone(server, size)
    playing = []
    for start in started.values():
        side = stack.enter_context(start())
        loading.rest(side.everybody())
        stack.callback(loading.wake, side.everybody())
        playing.append(side)
    everybody = {PEER.format("usual"), PEER.format("tuned"), PEER_SPLIT, pgbench.NAME}
    return playing, sorted(everybody - started.keys())


def _rounds(playing: Sequence[Side], options: argparse.Namespace) -> dict[str, Rounds]:
    """Return by scene what each side did in each round but the first."""
    told: dict[str, list[dict[str, Round]]] = {scene: [] for scene in SCENES}
    for number in range(options.rounds + 1):
        for scene, rounds in told.items():
            count = options.asked if scene == "spread" else options.hot
            which = slice(number * count, (number + 1) * count)
            rounds.append(
                {side.name: measured(side, scene, which, options.clients) for side in playing if scene in side.scenes}
            )
    return {scene: rounds[1:] for scene, rounds in told.items()}


def measured(side: Side, scene: str, which: slice, clients: int) -> Round:
    """Wake a side, ask it for something, and let it rest again."""
    everybody = side.everybody()
    loading.wake(everybody)
    meter = loading.Meter(lambda: {**side.pids(), DATABASE: loading.backends(side.databases)})
    own = loading.cpu([os.getpid()])
    with meter.looking():
        asked = side.ask(scene, which, clients)
    by_part = {part: seconds / asked.count * 1e6 for part, seconds in meter.seconds().items()}
    own = loading.cpu([os.getpid()]) - own
    loading.rest(side.everybody())
    database = by_part.pop(DATABASE)
    return Round(
        asked.count / asked.seconds, by_part, database, own / asked.count * 1e6, asked.p50 * 1e3, asked.p99 * 1e3
    )


def _record(rounds: dict[str, Rounds], wrong: dict[str, int], missing: list[str]) -> Record:
    figures = {scene: _summed(some) for scene, some in rounds.items()}
    tables = [_table(scene, figures[scene], missing) for scene in figures]
    tables.append(_parts(figures["spread"]))
    return Record(
        "enroll", __doc__, {**figures, "left_out": missing}, _targets(rounds), wrong, tables, list(_plots(figures))
    )


def _summed(rounds: Rounds) -> dict[str, Any]:
    """Return medians over the rounds; of what was compared, medians of the rounds' ratios to ours in one process."""
    return {
        name: {
            "per_second": _median(rounds, name, lambda one: one.rate),
            "server_us": _median(rounds, name, lambda one: one.server),
            "database_us": _median(rounds, name, lambda one: one.database),
            "generator_us": _median(rounds, name, lambda one: one.generator),
            "p50_ms": _median(rounds, name, lambda one: one.p50),
            "p99_ms": _median(rounds, name, lambda one: one.p99),
            "rate_to_ours": _ratio(rounds, name, OURS, lambda one: one.rate),
            "cpu_to_ours": _ratio(rounds, name, OURS, lambda one: one.all),
            "by_part_us": {
                part: _median(rounds, name, lambda one, part=part: one.by_part[part])  # type: ignore[misc] # mypy knows no default of a lambda
                for part in rounds[0][name].by_part
            },
        }
        for name in rounds[0]
    }


def _median(rounds: Rounds, name: str, of: Callable[[Round], float]) -> float:
    return statistics.median(of(one[name]) for one in rounds)


def _ratio(rounds: Rounds, name: str, other: str, of: Callable[[Round], float]) -> float:
    return statistics.median(of(one[name]) / of(one[other]) for one in rounds)


def _targets(rounds: dict[str, Rounds]) -> dict[str, float]:
    spread = rounds["spread"]
    rates = {
        "1": (OURS, PEER.format("usual")),
        "1 tuned": (OURS, PEER.format("tuned")),
        "2": (OURS, pgbench.NAME),
        "4 one process": (SPLIT, OURS),
        "4 peer": (SPLIT, PEER_SPLIT),
    }
    told = {
        key: _ratio(spread, one, other, lambda side: side.rate)
        for key, (one, other) in rates.items()
        if other in spread[0]
    }
    if PEER.format("usual") in spread[0]:
        told["3"] = _ratio(spread, OURS, PEER.format("usual"), lambda side: side.all)
    told["5"] = statistics.median(one[SPLIT].by_part["gateway"] / one[OURS].server for one in spread)
    told["6"] = statistics.median(
        refused[OURS].database / claimed[OURS].database
        for refused, claimed in zip(rounds["full"], rounds["hot"], strict=True)
    )
    return told


def _table(scene: str, sides_: dict[str, Any], missing: Sequence[str]) -> Table:
    what = {
        "spread": "Enrollments spread over many sections",
        "hot": "Enrollments in one section",
        "full": "Refusals for a full section",
    }[scene]
    if missing and scene != "full":
        what += f" (not installed, so left out: {', '.join(missing)})"
    told = ("per_second", "server_us", "database_us", "generator_us", "p50_ms", "p99_ms")
    columns = ("side", *(name.replace("_", " ").replace(" us", " µs") for name in told), "rate / ours", "CPU / ours")
    rows = [
        [name, *(round(one[key], 1 if key.endswith("ms") else None) for key in told), *_to_ours(one)]
        for name, one in sides_.items()
    ]
    return Table(what, columns, rows)


def _to_ours(one: dict[str, float]) -> Iterator[float]:
    return (round(one[key], 2) for key in ("rate_to_ours", "cpu_to_ours"))


def _parts(sides_: dict[str, Any]) -> Table:
    """Return who takes the processor's time of a spread enrollment."""
    rows = [[side, part, round(us)] for side, one in sides_.items() for part, us in one["by_part_us"].items()]
    return Table("Processor time of each process for one enrollment, spread", ("side", "process", "µs"), rows)


def _plots(figures: dict[str, Any]) -> Iterator[Plot]:
    names = list(figures["spread"])
    played = [scene for scene in SCENES if scene != "full"]
    rates = {scene: [figures[scene][name]["per_second"] for name in names] for scene in played}
    yield Plot("enroll-rates", "Enrollments a second", "", "a second", rates, names, "bars")
    costs = {kind: [figures["spread"][name][f"{kind}_us"] for name in names] for kind in ("server", "database")}
    yield Plot("enroll-costs", "Processor time of one enrollment, spread", "", "µs", costs, names, "bars")
    ours = dict(chain.from_iterable(figures["spread"][name]["by_part_us"].items() for name in (OURS, SPLIT)))
    parts = {"µs": list(ours.values())}
    yield Plot("enroll-parts", "Who takes it in ours, in one process and split", "", "µs", parts, list(ours), "bars")


if __name__ == "__main__":
    main()
