"""A process that delivers the library's events and is killed on the way: `python -m tests.platform.dying POINT URL`."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.platform.library import shelve
from university.platform.database import open_database
from university.platform.messaging import inbox
from university.platform.messaging.delivery import ByHand
from university.platform.messaging.relay import Relay

SUBSCRIPTION = "course.availability"


def die() -> None:
    """End as if the power went: no handler runs, nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, url: str) -> None:
    """Deliver, and die before or after the hearer's commit."""
    primary, _ = open_database("library", url)

    def apply(session: Session, fresh: Sequence[Any]) -> None:
        shelve(SUBSCRIPTION, session, fresh)
        session.flush()
        if point == "before":
            die()

    def hear(events: list[Any]) -> None:
        inbox.hear(primary, SUBSCRIPTION, events, apply)
        die()

    Relay(primary, ByHand({SUBSCRIPTION: hear})).deliver()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(*sys.argv[1:])
