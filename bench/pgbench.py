"""The database alone: the peers' statements, sent by pgbench, which does nothing else."""

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sides import PEERS, PEERS_PLAY, Asked, Side, Size, database, peer_counters

NAME = "pgbench"
LEAST = 8_000
"""Transactions of a round at least: it is so fast that as many as the others are asked for are over at once."""


def is_there() -> bool:
    """Tell whether it is installed; it comes with PostgreSQL."""
    return shutil.which("pgbench") is not None


@contextmanager
def alone(server: str, size: Size) -> Iterator[Side]:
    """Offer the database alone as a side."""
    done = Counter[str]()
    with database(server, size) as url, tempfile.TemporaryDirectory(prefix="university-pgbench-") as folder:

        def ask(scene: str, which: slice, clients: int) -> Asked:
            count = max(LEAST, which.stop - which.start) // clients
            done["places"] += count * clients
            sections = size.sections if scene == "spread" else 1
            return _run(url, Path(folder), clients, count, {"students": size.students, "sections": sections})

        name = url.rpartition("/")[2]
        yield Side(NAME, PEERS_PLAY, ask, dict, [name], lambda: peer_counters(url, done["places"]))


def _run(url: str, folder: Path, clients: int, count: int, told: dict[str, int]) -> Asked:
    """Let each client do so many transactions."""
    log = folder / "log"
    command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--transactions={count}"]
    command += ["--log", f"--log-prefix={log}", f"--file={PEERS / 'enroll.pgbench'}"]
    command += [f"--define={name}={value}" for name, value in told.items()]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    logs = list(folder.glob("log.*"))
    took = sorted(int(line.split()[2]) / 1e6 for one in logs for line in one.read_text().splitlines())
    for one in logs:
        one.unlink()
    if done.returncode or len(took) != clients * count:
        raise SystemExit(f"pgbench: {done.stderr}")
    (rate,) = [float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps")]
    return Asked(len(took), len(took) / rate, took[len(took) // 2], took[int(len(took) * 0.99)])
