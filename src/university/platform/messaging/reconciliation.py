"""Views compared with the truth they follow: what is wrong in them is told from what is only late, and repaired."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.messaging import copies
from university.platform.messaging.copies import Copy, Tell
from university.platform.messaging.inbox import CloudEvent, inbox_of
from university.platform.messaging.outbox import Announced, Event
from university.platform.messaging.states import Announcements
from university.platform.neighbors import NeighborUnavailable

PAGE = 1_000
PATIENCE = 10.0
"""Seconds given to news that is on its way."""
PAUSE = 0.2
_LOOKS_AFTER = 3
"""How often repaired rows are looked at again when patience is over: the truth may have moved meanwhile."""
Kind = Literal["altered", "missing", "surplus", "miscounted"]
"""A row that says something else than the truth, is not there, should not be there; a count that does not add up."""
Row = Mapping[str, Any]
_log = telemetry.log("reconciliation")


@dataclass(frozen=True, slots=True)
class Counters:
    """Counts kept beside the rows they are made of."""

    name: str
    wrong: Callable[[Session], Sequence[str]]
    """Finds, as of one moment, the counts that do not add up."""
    recount: Callable[[Session, Collection[str]], Sequence[str]]
    """Counts anew under lock, and returns what was wrong."""
    touched: Callable[[Row], Iterable[str]] = field(default=lambda _row: ())
    """Tells in which counts a row takes part."""


@dataclass(frozen=True, slots=True)
class View:
    """A copy each of whose rows follows from the thing's state alone."""

    copy: Copy
    row: Callable[[CloudEvent], dict[str, Any]]
    """Returns the whole row that hearing a state makes."""
    counters: Counters | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a module keeps that somebody else, or another table, knows better."""

    copies: Sequence[Copy] = ()
    views: Sequence[View] = ()
    counters: Sequence[Counters] = ()
    """Counts that are no view's."""


@dataclass(slots=True)
class Found:
    """What one cycle found of a view: `wrong` tells the kind of each by id, `left` what is wrong still."""

    name: str
    compared: int = 0
    wrong: dict[str, Kind] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    late: int = 0
    """Rows whose news still waits to be delivered; no mistake."""

    def note(self, wrong: Mapping[str, Kind]) -> None:
        """Take down what is wrong, as what it was first found."""
        self.wrong = {**wrong, **self.wrong}


@dataclass(frozen=True, slots=True)
class Way:
    """How a cycle goes about it."""

    repair: bool = True
    patience: float = PATIENCE
    queued: Callable[[str], bool] = field(default=lambda _subscription: False)
    """Tells whether a subscription's news still waits at the broker."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """Rows found wrong, as they were and as they should be; and rows whose news may be on its way."""

    wrong: dict[str, Kind]
    seen: dict[str, Row]
    states: dict[str, Event]
    late: set[str]


class Reconciliation:
    """One cycle over one view."""

    def __init__(self, primary: Primary, view: View, way: Way, tell: Tell) -> None:
        self._primary, self._view, self._way, self._tell = primary, view, way, tell
        self._found = Found(view.copy.subscription)
        self._touched: set[str] = set()

    def run(self) -> Found:
        """Compare everything once, look again at what is doubtful, repair what is wrong unless told not to.

        Raises `NeighborUnavailable` when the truth keeps silent.
        """
        again: set[str] = set()
        for doubtful in differing(self._primary, self._view, self._found, self._tell):
            again |= self._look(doubtful)
        until, after = time.monotonic() + self._way.patience, 0
        while again and after < _LOOKS_AFTER:
            time.sleep(PAUSE)
            over = time.monotonic() >= until
            after += over
            again = self._look(again, waited=over and not self._way.queued(self._found.name))
        self._found.left |= again & set(self._found.wrong)
        self._found.late = len(again - set(self._found.wrong))
        if self._view.counters is not None:
            _count(self._primary, self._view.counters, self._found, self._way, self._touched)
        return self._found

    def _look(self, ids: Collection[str], *, waited: bool = False) -> set[str]:
        """Judge rows, repair those that are wrong, and return those to be looked at again."""
        again: set[str] = set()
        for some in copies.chunks(sorted(ids)):
            judged = _judge(self._primary, self._view, some, waited=waited)
            self._found.note(judged.wrong)
            again |= judged.late
            if self._way.repair and judged.wrong:
                self._overwrite(judged)
                again |= set(judged.wrong)
            elif judged.wrong:
                self._found.left |= set(judged.wrong)
                self._touch(*judged.seen.values(), *self._made(judged.states.values()).values())
        return again

    def _overwrite(self, judged: _Judged) -> None:
        """Put the truth in the place of wrong rows, but only where nothing was heard since they were seen."""
        with self._primary.begin() as session:
            held = rows(session, self._view, [self._view.copy.key.in_(judged.wrong)], lock=True)
            still = [key for key in judged.wrong if held.get(key) == judged.seen.get(key)]
            made = self._made(judged.states[key] for key in still if key in judged.states)
            _write(session, self._view, held, made, [key for key in still if key not in made])
            self._recount(session, [*(held[key] for key in still if key in held), *made.values()])
        for key in still:
            _log.warning("view repaired", view=self._found.name, id=key, was=judged.wrong[key])

    def _recount(self, session: Session, changed: Iterable[Row]) -> None:
        counters = self._view.counters
        if counters is not None:
            touched = {count for row in changed for count in counters.touched(row)}
            self._found.note(dict.fromkeys(counters.recount(session, touched), "miscounted"))

    def _made(self, states: Iterable[Event]) -> dict[str, Row]:
        return {state.subject: _made(self._view, state) for state in states}

    def _touch(self, *changed: Row) -> None:
        if self._view.counters is not None:
            self._touched.update(count for row in changed for count in self._view.counters.touched(row))


def differing(primary: Primary, view: View, found: Found, tell: Tell) -> Iterator[set[str]]:
    """Compare everything as it is read, page by page; yield the ids whose rows differ, be it only for a moment."""
    for page in copies.pages(view.copy, PAGE):
        with primary.read() as session:
            held = rows(session, view, page.within(view.copy.key))
        made = {state.subject: _made(view, state) for state in page.states}
        both = held.keys() | made.keys()
        found.compared += len(both)
        tell(found.name, found.compared, found.compared)
        yield {key for key in both if held.get(key) != made.get(key)}


def check(primary: Primary, counters: Counters, way: Way) -> Found:
    """Compare counts that are no view's, and count anew those that do not add up unless told not to."""
    found = Found(counters.name)
    _count(primary, counters, found, way, ())
    return found


def _count(primary: Primary, counters: Counters, found: Found, way: Way, but: Collection[str]) -> None:
    """Look for wrong counts, but for those of which a row was found wrong and left so."""
    with primary.read() as session:
        wrong = [count for count in counters.wrong(session) if count not in but]
    found.note(dict.fromkeys(wrong, "miscounted"))
    if not way.repair:
        found.left |= set(wrong)
    elif wrong:
        with primary.begin() as session:
            counters.recount(session, wrong)
        for count in wrong:
            _log.warning("view repaired", view=found.name, id=count, was="miscounted")


def _judge(primary: Primary, view: View, ids: Sequence[str], *, waited: bool) -> _Judged:
    """Tell wrong rows from late ones; the truth is read after the view, so that it can only be ahead of it."""
    with primary.read() as session:
        seen = rows(session, view, [view.copy.key.in_(ids)])
    states = view.copy.of(ids)
    wrong: dict[str, Kind] = {}
    behind = []
    for key in ids:
        row, state = seen.get(key), states.get(key)
        if state is not None and (row is None or row["version"] < state.version):
            behind.append(key)
        elif state is None and row is not None:
            wrong[key] = "surplus"
        elif state is not None and row != _made(view, state):
            wrong[key] = "altered"
    judged = _Judged(wrong, seen, states, set())
    if behind:
        _judge_behind(primary, view, behind, judged, waited=waited)
    return judged


def _judge_behind(primary: Primary, view: View, behind: Sequence[str], judged: _Judged, *, waited: bool) -> None:
    """Judge rows that the truth is ahead of: wrong when the news was heard or given up, or did not come in time.

    The inbox is read before the rows: what was heard then is in them.
    """
    announced = _announced(view, behind)
    with primary.read() as session:
        heard = _heard(session, view, [news.event_id for news in announced.values()])
        later = rows(session, view, [view.copy.key.in_(behind)])
    for key in behind:
        version, row = judged.states[key].version, later.get(key)
        caught_up = row is not None and row["version"] >= version
        if caught_up or _may_come(announced.get(key), version, heard, waited=waited):
            judged.late.add(key)
        else:
            judged.wrong[key] = "missing" if row is None else "altered"
        judged.seen.pop(key, None)
        if row is not None:
            judged.seen[key] = row


def _may_come(news: Announced | None, version: int, heard: Collection[str], *, waited: bool) -> bool:
    """Tell whether the news of a version is on its way still; of what is not remembered, only waiting can tell."""
    if news is None or news.version < version:
        return not waited
    if news.event_id in heard or news.status == "dead":
        return False
    return news.status == "pending" or not waited


def _announced(view: View, ids: Sequence[str]) -> dict[str, Announced]:
    """Return what became of the last news of things; nothing when the truth takes too long to look for it."""
    try:
        told = copies.ask(view.copy.truth, "/internal/announcements", Announcements, {"ids": list(ids)})
    except NeighborUnavailable:
        return {}
    return {news.subject: news for news in told.announced}


def _heard(session: Session, view: View, event_ids: Sequence[str]) -> set[str]:
    inbox = inbox_of(session.info["schema"])
    query = select(inbox.c.event_id).where(
        inbox.c.subscription == view.copy.subscription, inbox.c.event_id.in_(event_ids)
    )
    return set(session.scalars(query))


def rows(session: Session, view: View, conditions: Iterable[Any], *, lock: bool = False) -> dict[str, Row]:
    """Return rows of a view by id, locked in the order of ids when asked."""
    table, key = view.copy.table.__table__, view.copy.key
    query = select(*map(database.quickly, table.c)).where(*conditions)
    found = session.execute(query.order_by(key).with_for_update() if lock else query)
    names = list(table.c.keys())
    return {row[names.index(key.name)]: _plain(dict(zip(names, row, strict=True))) for row in found}


def _made(view: View, state: Event) -> Row:
    return _plain(view.row(copies.as_heard(state)))


def _plain(row: dict[str, Any]) -> Row:
    """Return a row whose lists are in order: in which order a thing's parts are told says nothing."""
    return {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in row.items()}


def _write(session: Session, view: View, held: Mapping[str, Row], made: Mapping[str, Row], gone: Sequence[str]) -> None:
    """Put rows in their place; one that somebody else adds at the same moment is left to the next look."""
    table = view.copy.table
    if changed := [dict(row) for key, row in made.items() if key in held]:
        session.execute(update(table), changed)
    if missing := [dict(row) for key, row in made.items() if key not in held]:
        session.execute(database.insert(session, table).on_conflict_do_nothing(), missing)
    if gone:
        session.execute(delete(table).where(view.copy.key.in_(gone)))
