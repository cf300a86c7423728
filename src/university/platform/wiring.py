"""What every module must offer to be put together."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import injector
from flask import Blueprint

from university.platform.broker import Hearer


class Wiring(injector.Module):
    """A module's whole public face inside the code: its name, its neighbors, its routes, its ears, its parts."""

    name: ClassVar[str]
    neighbors: ClassVar[tuple[str, ...]] = ()
    """The modules it asks; each is bound as a `Neighbor` in the dictionary of neighbors."""
    routes: ClassVar[Callable[..., Sequence[Blueprint]]]
    """Called with injection; returns the blueprints to serve."""
    hearers: ClassVar[Callable[..., dict[str, Hearer]]]
    """Called with injection; returns the functions that hear its subscriptions, by subscription name."""
