"""What every module must offer to be put together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import injector

from university.platform.messaging.broker import Hearer
from university.platform.messaging.reconciliation import Kept
from university.platform.schedule import Chore
from university.platform.web.app import Operations


def _no_chores() -> Sequence[Chore]:
    return ()


class Wiring(injector.Module):
    """A module's whole public face inside the code: its name, its neighbors, its routes, its ears, its parts."""

    name: ClassVar[str]
    neighbors: ClassVar[tuple[str, ...]] = ()
    """The modules it asks; each is bound as a `Neighbor` in the dictionary of neighbors."""
    announces: ClassVar[Mapping[str, Any]] = {}
    """The events it may announce, by type: the shape of their data."""
    reads: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """What it takes from the news it hears, by subscription and type: its own view of the data; it ignores others."""
    routes: ClassVar[Callable[..., Sequence[Operations]]]
    """Called with injection; returns the operations to serve."""
    hearers: ClassVar[Callable[..., dict[str, Hearer]]]
    """Called with injection; returns the functions that hear its subscriptions, by subscription name."""
    kept: ClassVar[Callable[..., Kept]] = staticmethod(Kept)
    """Called with injection; returns what the module keeps of others, to be renewed from them and compared."""
    chores: ClassVar[Callable[..., Sequence[Chore]]] = staticmethod(_no_chores)
    """Called with injection; returns what is to be done again and again, beside what the platform does for all."""
