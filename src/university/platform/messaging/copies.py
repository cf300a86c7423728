"""What a module keeps of its neighbors' things, renewed from them after a database was emptied or news got lost."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from university.platform.database import Primary
from university.platform.deadline import DeadlineExceeded
from university.platform.messaging.inbox import CloudEvent
from university.platform.messaging.outbox import Event
from university.platform.messaging.states import States
from university.platform.neighbors import Neighbor, NeighborRefused, NeighborUnavailable

PAGE = 200
AGAIN, PAUSE = 5, 0.2
"""How often a silent neighbor is asked again, and the seconds before the first time; then twice as long each time."""
_LEAST = 25
"""A neighbor that does not answer in time is asked for less, but never for less than this."""
Answered = TypeVar("Answered")
Tell = Callable[[str, int, int], None]
"""Hears of a copy how many things have been looked at, of how many as far as it is known."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a subscription keeps of one kind of a neighbor's things, a row each with the version heard last."""

    subscription: str
    kind: str
    truth: Neighbor
    apply: Callable[[Session, list[CloudEvent]], None]
    """Hears the news: the same function that applies events."""
    table: type[Any]
    """Has the thing's id as its primary key, and its `version`."""
    reads: Sequence[str] | None = None
    """The fields that it needs; without it all are told."""
    forget: Callable[[Session, Mapping[str, int]], int] | None = None
    """Drops what the neighbor no longer has, given as versions by id, and returns how much that was.

    Without it everything is kept for good."""
    settle: Callable[[Session], object] | None = None
    """Brings in order, at the end, what is counted from the rows."""

    @property
    def key(self) -> Column[Any]:
        """The column of the thing's id."""
        (key,) = self.table.__table__.primary_key
        return key  # type: ignore[no-any-return]  # a table does not type its columns

    @property
    def question(self) -> dict[str, Any]:
        """What every question for states says."""
        return {"kind": self.kind} if self.reads is None else {"kind": self.kind, "reads": list(self.reads)}

    def of(self, ids: Collection[str]) -> dict[str, Event]:
        """Ask the neighbor for things by id; what it does not have is left out."""
        found: dict[str, Event] = {}
        for some in chunks(sorted(ids)):
            told = ask(self.truth, "/internal/states", States, {**self.question, "ids": some})
            found |= {state.subject: state for state in told.states}
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """All that the neighbor has after one id and, unless it is the last page, up to another."""

    states: list[Event]
    after: str | None
    until: str | None

    def within(self, key: Column[Any]) -> list[Any]:
        """Return the conditions by which a copy finds its part of the page."""
        lower = [] if self.after is None else [key > self.after]
        return lower if self.until is None else [*lower, key <= self.until]


@dataclass(slots=True)
class Renewed:
    """What came of a renewal: how many things the neighbor has, how many were newer there, how many it has no more."""

    subscription: str
    kind: str
    told: int = 0
    renewed: int = 0
    forgotten: int = 0


def resynchronize(primary: Primary, copies: Sequence[Copy], tell: Tell) -> Iterator[Renewed]:
    """Renew copies from their neighbors, one after another, a transaction a page; yield what came of each.

    What is newer here stays. Raises `NeighborUnavailable` when a neighbor keeps silent; what was renewed stays so.
    """
    for copy in copies:
        outcome = Renewed(copy.subscription, copy.kind)
        for page in pages(copy, PAGE):
            _renew(primary, copy, page, outcome)
            tell(f"{copy.subscription}, {copy.kind}", outcome.told, outcome.told)
        if copy.settle is not None:
            with primary.begin() as session:
                copy.settle(session)
        yield outcome


def pages(copy: Copy, size: int) -> Iterator[Page]:
    """Ask the neighbor for everything, page by page in order of ids; each is as the neighbor has it when asked."""
    after: str | None = None
    while True:
        told = _page(copy, after, size)
        yield Page(told.states, after, told.next)
        if told.next is None:
            return
        after = told.next


def as_heard(state: Event) -> CloudEvent:
    """Return a state as a hearer takes it."""
    return {
        "type": f"university.{state.type}",
        "subject": state.subject,
        "aggregateversion": state.version,
        "data": state.data,
    }


def ask(truth: Neighbor, path: str, kind: type[Answered], content: dict[str, Any]) -> Answered:
    """Ask until the neighbor answers, for some seconds; raise `NeighborUnavailable` when it never does."""
    attempt = 0
    while True:
        try:
            return truth.learn(kind, "POST", path, content)
        except NeighborRefused:
            raise
        except (NeighborUnavailable, DeadlineExceeded):
            if attempt == AGAIN:
                raise
            if "limit" in content:
                content = {**content, "limit": max(_LEAST, content["limit"] // 2)}
            time.sleep(PAUSE * 2**attempt)
            attempt += 1


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ids in parts that one question names."""
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]


def _page(copy: Copy, after: str | None, size: int) -> States:
    return ask(copy.truth, "/internal/states", States, {**copy.question, "after": after, "limit": size})


def _renew(primary: Primary, copy: Copy, page: Page, outcome: Renewed) -> None:
    with primary.read() as session:
        columns = copy.table.__table__.c
        rows = session.execute(select(copy.key, columns.version).where(*page.within(copy.key)))
        held: dict[str, int] = {row[0]: row[1] for row in rows}
    states = {state.subject: state for state in page.states}
    # What is here and was not told may have come into being since the page was: only a later no counts.
    unknown = [key for key in held if key not in states] if copy.forget is not None else []
    states |= copy.of(unknown)
    news = [state for state in states.values() if held.get(state.subject, -1) < state.version]
    gone = {key: held[key] for key in unknown if key not in states}
    if news or gone:
        with primary.begin() as session:
            copy.apply(session, [as_heard(state) for state in news])
            if gone and copy.forget is not None:
                outcome.forgotten += copy.forget(session, gone)
    outcome.told += len(states)
    outcome.renewed += len(news)
