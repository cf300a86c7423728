"""Where a benchmark leaves its figures: JSON with all that one must know to believe or to repeat them.

    parser = results.options(__doc__)
    parser.add_argument(...)
    options = results.begun(parser, results.POSTGRES)
    ...
    results.leave(Record("catalog", __doc__, figures, measured={"8 cached": 0.4}, wrong={}, tables=[...]), options)

`make report` makes docs/performance.md of what is left there.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pika
import psycopg

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "performance"
POSTGRES, RABBITMQ = "UNIVERSITY_TEST_POSTGRES", "UNIVERSITY_TEST_RABBITMQ"
LIBRARIES = (
    *("flask", "flask-smorest", "sqlalchemy", "psycopg", "gunicorn", "msgspec", "marshmallow", "dramatiq", "pika"),
    *("urllib3", "fastapi", "pydantic", "uvicorn", "uvloop", "asyncpg", "httpx", "orjson"),
)
"""What ours and the peers are written with."""
Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """A table for people."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Plot:
    """A picture: lines over numbers, or groups of bars over names."""

    name: str
    title: str
    x: str
    y: str
    series: Mapping[str, Sequence[float]]
    at: Sequence[Cell]
    """Where the values stand: numbers for lines, names for bars."""
    kind: Literal["lines", "bars"] = "lines"


@dataclass(frozen=True)
class Record:
    """All that one run of a benchmark found."""

    benchmark: str
    method: str | None
    figures: Mapping[str, Any]
    measured: Mapping[str, float] = field(default_factory=dict)
    """By the key of a target in bench/targets.py."""
    wrong: Mapping[str, int] = field(default_factory=dict)
    """Counts that must be 0: oversold, lost, doubled, stale and the like."""
    tables: Sequence[Table] = ()
    plots: Sequence[Plot] = ()


def options(about: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows what all benchmarks can be told."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes: shows that it runs, no more")
    parser.add_argument("--json", action="store_true", help="print the record as JSON")
    parser.add_argument("--out", type=Path, help="the folder for the record; docs/performance, and none when quick")
    return parser


def begun(parser: argparse.ArgumentParser, *needed: str, given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what a benchmark was told, once it has all it needs; let SIGTERM end it as Ctrl-C does."""
    told = parser.parse_args(given)
    if missing := [name for name in needed if not os.environ.get(name)]:
        parser.exit(2, f"This needs {' and '.join(missing)}; `export $(scripts/services start)` sets what it starts.\n")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    return told


def leave(record: Record, told: argparse.Namespace) -> None:
    """Keep and print a record; end the program with 1 when something is wrong, with 0 otherwise."""
    whole = {
        **asdict(record),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "options": {name: _plain(value) for name, value in vars(told).items() if name not in {"json", "out"}},
        "surroundings": surroundings(),
    }
    text = json.dumps(whole, indent=1, default=str)
    folder = told.out or (None if told.quick else FOLDER)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{record.benchmark}.json").write_text(f"{text}\n", encoding="utf-8")
    print(text if told.json else "\n".join(shown(record)))
    sys.exit(1 if any(record.wrong.values()) else 0)


def shown(record: Record) -> list[str]:
    """Return the tables, what the targets ask for, and the counts that must be 0, for a terminal."""
    lines = []
    for table in record.tables:
        rows = [[str(cell) for cell in row] for row in [table.columns, *table.rows]]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [table.title, *("  " + _aligned(row, widths) for row in rows), ""]
    lines += [f"target {key}: {value}" for key, value in record.measured.items()]
    lines.append("wrong: " + ", ".join(f"{name} {count}" for name, count in record.wrong.items()))
    return lines


def surroundings() -> dict[str, Any]:
    """Return what it all ran on."""
    return {
        "python": platform.python_version(),
        "postgresql": _postgresql(),
        "rabbitmq": _rabbitmq(),
        "libraries": {name: version for name in LIBRARIES if (version := _version(name))},
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _first("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])


def _plain(value: Any) -> Any:
    """Return an option as it may be told: of a file its name, because its folder is only this machine's."""
    return value.name if isinstance(value, Path) else value


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _postgresql() -> str:
    if not (server := os.environ.get(POSTGRES)):
        return "not used"
    with psycopg.connect(server) as connection:
        row = connection.execute("SELECT current_setting('server_version')").fetchone()
        return str(row[0]) if row else "unknown"


def _rabbitmq() -> str:
    if not (server := os.environ.get(RABBITMQ)):
        return "not used"
    connection = pika.BlockingConnection(pika.URLParameters(server))
    try:
        # The greeting names the version, and pika keeps it where only its own code is meant to look.
        told: Any = connection._impl.server_properties  # noqa: SLF001 - see above
        return str(told["version"])
    finally:
        connection.close()


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _first(file: str, name: str) -> str:
    lines = Path(file).read_text(encoding="utf-8").splitlines() if Path(file).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")
