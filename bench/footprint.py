"""What running costs before anybody asks much: the memory of each process, and the seconds until it serves.

Memory is what a part's processes hold after some requests of each kind and every event heard: all that is their own,
and once what they share, with one another or with other programs. Seconds of importing are processor time of a fresh
interpreter, the least of some rounds; `make run` is started on a prepared checkout and asked until it answers.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

import urllib3

from bench import loading, results, term
from bench.open_loop import through
from bench.results import Record, Table
from bench.running import Running
from bench.term import question
from tests import split
from tests.process import free_ports

ENTRYPOINTS = ("gateway", "course", "student", "enrollment", "all_in_one")
STUDENTS, SECTIONS, CLIENTS = 60, 10, 4
SETTLED, PATIENCE, LOOK = 3.0, 60.0, 0.02
_IMPORT = "import time, entrypoints.{}, university.platform.server; print(time.process_time())"
MB, KB = 1e6, 1024


def main() -> None:
    """Measure and leave the figures."""
    parser = results.options(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = results.begun(parser, results.POSTGRES, results.RABBITMQ)
    if options.quick:
        options.rounds = 1
    imports = {name: min(_importing(name) for _ in range(options.rounds)) for name in ENTRYPOINTS}
    memory = _memory()
    runs = [_running() for _ in range(options.rounds)]
    figures = {"import_s": imports, "memory_mb": memory, "run_s": runs}
    measured = {
        "12 worker": max(size for name, size in memory.items() if name.endswith("-worker")),
        "12 gateway": memory["gateway"],
        "12 import": max(seconds for name, seconds in imports.items() if name != "all_in_one"),
        "12 run": statistics.median(runs),
    }
    tables = [
        Table("Memory of each part", ("", "MB"), list(map(list, memory.items()))),
        Table("Importing what serves", ("", "seconds"), list(map(list, imports.items()))),
        Table("`make run` until it answers", ("", "seconds"), [["median", statistics.median(runs)]]),
    ]
    results.leave(Record("footprint", __doc__, figures, measured, {}, tables), options)


def _importing(entrypoint: str) -> float:
    told = {**os.environ, "PYTHONPATH": f"{results.ROOT / 'src'}:{results.ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT.format(entrypoint)], env=told, check=True, capture_output=True, text=True
    )
    return round(float(done.stdout), 2)


def _memory() -> dict[str, float]:
    """Run the split university, let students look around and enroll, and return the megabytes of each part."""
    with (
        tempfile.TemporaryDirectory(prefix="university-footprint-") as folder,
        split.university(Path(folder), UNIVERSITY_LOG_LEVEL="error") as running,
    ):
        furnished = term.furnish(Running(running.settings.port, None), SECTIONS, STUDENTS)  # type: ignore[arg-type] # nobody's process: it is not measured
        asked = [
            one
            for number, student in enumerate(furnished.students)
            for one in _day(running.url, student.token, furnished.sections[number % SECTIONS])
        ]
        through("127.0.0.1", running.settings.port, asked, clients=CLIENTS)
        time.sleep(SETTLED)
        parts = running.parts.parts
        return {part.name: _held(loading.family(part.process.pid)) for part in parts if part.process is not None}


def _day(url: str, token: str, section: str) -> Iterator[bytes]:
    """Yield what a student asks for."""
    wish = {"student_id": "me", "section_ids": [section]}
    yield question("POST", "/api/v1/enrollments", url, token, wish)
    for path in ("/students/me", "/students/me/enrollments", "/offerings?limit=50"):
        yield question("GET", f"/api/v1{path}", url, token)


def _held(pids: Iterable[int]) -> float:
    """Return the megabytes of some processes of one program."""
    rows = [_rolled_up(pid) for pid in pids]
    own = sum(row["Private_Clean"] + row["Private_Dirty"] for row in rows)
    shared = max(row["Shared_Clean"] + row["Shared_Dirty"] for row in rows)
    return round((own + shared) * KB / MB, 1)


def _rolled_up(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}


def _running() -> float:
    """Return the seconds from `make run` to its first answer, in an empty folder."""
    port = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="university-footprint-") as folder:
        told = {**os.environ, "UNIVERSITY_PORT": str(port), "UNIVERSITY_DATA_DIR": folder}
        began = time.monotonic()
        command = ["make", "run", "RUN_ARGS=--no-demo"]
        with subprocess.Popen(
            command, cwd=results.ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
        ) as process:
            try:
                _await(f"http://127.0.0.1:{port}/api/v1/about", began + PATIENCE)
                return round(time.monotonic() - began, 2)
            finally:
                os.killpg(process.pid, signal.SIGTERM)


def _await(url: str, until: float) -> None:
    http = urllib3.PoolManager(retries=False, timeout=2.0)
    while time.monotonic() < until:
        try:
            if http.request("GET", url).status == HTTPStatus.OK:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(LOOK)
    raise SystemExit("`make run` never answered.")


if __name__ == "__main__":
    main()
