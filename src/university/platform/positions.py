"""How far one's own writes have come: a signed place in a database's log, brought along by who wants to read them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "X-Read-After"
LONGEST = 1000
"""Characters of the header that are looked at; whoever sends more sends none."""
_POSITION = re.compile(r"([a-z]{1,40})=([0-9A-F]{1,8}/[0-9A-F]{1,8})\.([0-9a-f]{32})")
Seal = Callable[[str, str], str]
"""Returns the mark that a module puts on a text."""
IsSealed = Callable[[str, str, str], bool]
"""Tells whether a text bears a mark of the module."""


@dataclass(slots=True)
class _Visit:
    """One request to one module: what it brought, and what it will take away."""

    module: str
    brought: str | None
    seal: Seal
    is_sealed: IsSealed
    locate: Callable[[], str | None] | None = None


_visit: ContextVar[_Visit | None] = ContextVar("visit", default=None)


@contextmanager
def following(module: str, brought: str | None, seal: Seal, is_sealed: IsSealed) -> Iterator[None]:
    """Remember, for one request to a module, which positions it brought: `course=0/16B3748.<mark>, student=...`."""
    token = _visit.set(_Visit(module, brought, seal, is_sealed))
    try:
        yield
    finally:
        _visit.reset(token)


def wanted(module: str) -> str | None:
    """Return the place in the module's log that a reader must have reached, or None when any will do.

    What the module has not signed is not there: a forged position, a garbled one and those of other modules.
    """
    visit = _visit.get()
    if visit is None or visit.module != module or not visit.brought or len(visit.brought) > LONGEST:
        return None
    found = [
        place for name, place, mark in _parts(visit.brought) if name == module and visit.is_sealed(module, place, mark)
    ]
    return max(found, key=_distance, default=None)


def changed(module: str, locate: Callable[[], str | None]) -> None:
    """Note that the request changed something; `locate` tells the place in the log when the answer is ready."""
    visit = _visit.get()
    if visit is not None and visit.module == module:
        visit.locate = locate


def has_changed(module: str) -> bool:
    """Tell whether the request has changed something by now, so that only the primary knows all of it."""
    visit = _visit.get()
    return visit is not None and visit.module == module and visit.locate is not None


def taken_away() -> str | None:
    """Return the position that the answer carries, or None after a request that changed nothing."""
    visit = _visit.get()
    place = visit.locate() if visit and visit.locate else None
    return f"{visit.module}={place}.{visit.seal(visit.module, place)}" if visit and place else None


def _parts(header: str) -> Iterator[tuple[str, str, str]]:
    for part in header.split(","):
        if match := _POSITION.fullmatch(part.strip()):
            name, place, mark = match.groups()
            yield name, place, mark


def _distance(place: str) -> int:
    high, low = place.split("/")
    return (int(high, 16) << 32) + int(low, 16)
