"""A process that looks after one chore of the library: `python -m tests.platform.chores URL DOING LEASE [HOW]`.

The chore notes its beginning, works so many seconds the first time, and notes its end. `unconditional` lets every
process that sees the chore due carry it out, as if no row decided: two of them must then do it twice, or the tests
would prove nothing.
"""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from university.platform import schedule
from university.platform.database import Primary, new_id, open_database
from university.platform.schedule import Chore, Scheduler, Turns

EVERY = timedelta(hours=1)
LOOK = 0.1


def note(primary: Primary, subject: str, state: str) -> None:
    """Write down, in a table of the library, that something happened to a round of a chore."""
    with primary.begin() as session:
        session.execute(
            text("INSERT INTO library.shelf (name, subject, version, state, applied) VALUES ('chore', :s, 1, :t, 1)"),
            {"s": subject, "t": state},
        )


def noted(primary: Primary, state: str) -> int:
    """Return how many rounds have come so far."""
    with primary.read() as session:
        counted = session.execute(text("SELECT count(*) FROM library.shelf WHERE state = :state"), {"state": state})
        return int(counted.scalar_one())


def sweeping(primary: Primary, doing: float, *, every: timedelta = EVERY) -> Chore:
    """Return a chore that takes some seconds the first time, and leaves a row for its beginning and one for its end."""

    def sweep() -> None:
        round_ = new_id()
        note(primary, f"{round_} began", "began")
        if not noted(primary, "ended"):
            time.sleep(doing)
        note(primary, f"{round_} ended", "ended")

    return Chore("sweep", every, sweep)


def take_without_condition(_turns: Turns, _chore: Chore) -> bool:
    """Carry out what looked due a moment ago."""
    return True


def main(url: str, doing: str, lease: str, how: str = "") -> None:
    """Look after the chore until killed."""
    if how == "unconditional":
        schedule.Turns.take = take_without_condition  # type: ignore[assignment, method-assign]  # taken out on purpose
    primary, _ = open_database("library", url)
    Scheduler(primary, [sweeping(primary, float(doing))], look=LOOK, lease=float(lease)).start()
    print("looking", flush=True)  # noqa: T201 - tells the test
    threading.Event().wait()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(*sys.argv[1:])
