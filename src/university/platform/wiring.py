"""What every module must offer to be put together."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import injector

from university.platform.messaging.broker import Hearer
from university.platform.web.app import Operations


class Wiring(injector.Module):
    """A module's whole public face inside the code: its name, its neighbors, its routes, its ears, its parts."""

    name: ClassVar[str]
    neighbors: ClassVar[tuple[str, ...]] = ()
    """The modules it asks; each is bound as a `Neighbor` in the dictionary of neighbors."""
    routes: ClassVar[Callable[..., Sequence[Operations]]]
    """Called with injection; returns the operations to serve."""
    hearers: ClassVar[Callable[..., dict[str, Hearer]]]
    """Called with injection; returns the functions that hear its subscriptions, by subscription name."""
