"""Run the university with a death sentence: `kill -9` to itself, gunicorn's master included, at one named point.

`UNIVERSITY_TEST_DOOM` names it: `before` or `after` and the start of a statement, or `committed` and the start of a
statement for the moment after the commit of its transaction. Without it the university lives.
"""

import os
import signal
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from entrypoints.cli import main

MOMENT, _, STATEMENT = os.environ.get("UNIVERSITY_TEST_DOOM", "").partition(" ")


def die() -> None:
    """End everything of this process group at once; nothing gets to clean up."""
    os.killpg(0, signal.SIGKILL)


def is_named(statement: str) -> bool:
    return " ".join(statement.split()).startswith(STATEMENT)


def before(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    if MOMENT == "before" and is_named(statement):
        die()


def after(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    if is_named(statement):
        if MOMENT == "after":
            die()
        connection.info["doomed"] = "running"


def commit(connection: Connection) -> None:
    if connection.info.get("doomed"):
        connection.info["doomed"] = "committing"


def rollback(connection: Connection) -> None:
    connection.info.pop("doomed", None)


def given_back(_connection: Any, record: ConnectionPoolEntry) -> None:
    if MOMENT == "committed" and record.info.get("doomed") == "committing":
        die()


def watch() -> None:
    """Carry out the sentence when its moment comes."""
    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", commit)
    event.listen(Engine, "rollback", rollback)
    event.listen(Pool, "checkin", given_back)


if __name__ == "__main__":
    if MOMENT:
        watch()
    main()
