"""The table in docs/failures.md as its tests read it: each row is what its test has to see."""

from collections.abc import Callable
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import ProtocolError

from tests.docs.pages import page, words
from tests.faults.town import Town
from tests.faults.wire import Fault
from tests.servers.postgresql import wait_for

HEADER = ("way", "it", "the user sees", "is written", "how it heals", "test")
NOTHING, ALL, ONCE = "nothing", "all", "all, once"
Asking = Callable[[], urllib3.BaseHTTPResponse]


@dataclass(frozen=True)
class Row:
    """One way that fails in one manner."""

    way: str
    it: str
    sees: str
    written: str
    heals: str
    test: str

    @classmethod
    def all(cls) -> "list[Row]":
        """Return the rows in order; `test` is the test's name in its file."""
        told = page("docs/failures.md").table(*HEADER)
        return [cls(way, it, sees, written, heals, words(test)[0]) for way, it, sees, written, heals, test in told]


def endure(opened: Town, wire: str, fault: Fault, ask: Asking, row: Row) -> None:
    """Ask while a wire is spoiled and after it was mended; all must be as the row tells, and done once in the end."""
    before = opened.written()

    with opened.wires[wire].spoiled(fault):
        assert (told := seen(ask)) == row.sees, told
    after = opened.written()
    differ = sorted(name for name in after if after[name] != before.get(name))
    assert (not differ) == (row.written == NOTHING), f"written otherwise than told: {differ}"

    wait_for(lambda: ask().status in {200, 201})
    healed = opened.written()
    if row.written == ONCE:
        assert healed == after, "done once more"
    assert ask().status in {200, 201}


def seen(ask: Asking) -> str:
    """Return what a user sees, in the words of the table."""
    try:
        reply = ask()
    except ProtocolError:
        return "a connection that breaks off"
    if reply.status < 400:
        return f"{reply.status}"
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert ("Retry-After" in reply.headers) == (reply.status > 500)
    return f"{reply.status} `{reply.json()['code']}`"
