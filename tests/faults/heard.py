"""Wait until every event of a university in one process was heard: `python -m tests.faults.heard FOLDER`."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

PATIENCE, LOOKS = 120.0, 2
"""Seconds, and how often in a row nothing must be on its way: what was heard may have been told on."""


def wait_until_heard(folder: Path) -> None:
    """Wait until no event is on its way; raise `AssertionError` when that never happens."""
    until, quiet = time.monotonic() + PATIENCE, 0
    while quiet < LOOKS:
        quiet = quiet + 1 if sum(map(_waiting, sorted(folder.glob("*.db")))) == 0 else 0
        assert time.monotonic() < until, "not all events are heard"
        time.sleep(0.05)


def _waiting(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=15)) as database:
        found: tuple[int] = database.execute("SELECT count(*) FROM outbox WHERE status = 'pending'").fetchone()
        return found[0]


if __name__ == "__main__":
    wait_until_heard(Path(sys.argv[1]))
