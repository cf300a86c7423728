"""What the pods of a cluster share: its network, its folder, what they are told, who may reach whom."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.cluster.containers import starting
from tests.cluster.network import Network
from tests.cluster.telling import Store

LAG = 1.0
"""Seconds until the proxies know what has become of a pod; in a cluster the news travels too."""


@dataclass
class Node:
    """The one node of the cluster."""

    network: Network
    folder: Path
    namespace: str
    store: Store
    images: Mapping[str, str]
    """This machine's images by the names that the manifests call them."""
    starting: asyncio.Semaphore = field(default_factory=starting)
    events: list[str] = field(default_factory=list)

    def image(self, named: str) -> str:
        """Return this machine's image."""
        plain = named.rpartition("/")[2].partition(":")[0].partition("@")[0]
        return self.images[plain]

    def note(self, sentence: str) -> None:
        """Remember what happened, for whoever looks for a fault."""
        told = f"{datetime.now(UTC):%H:%M:%S.%f} {sentence}"
        self.events.append(told)
        with (self.folder / "events.log").open("a") as log:
            log.write(f"{told}\n")

    def later(self, call: Callable[[], None]) -> None:
        """Do what follows from news when they have travelled."""
        asyncio.get_running_loop().call_later(LAG, call)

    def hosts(self, pod: str, address: str) -> str:
        """Return a pod's file of names: itself and the Services, as short or as long as they may be called."""
        lines = ["127.0.0.1 localhost", f"{address} {pod}"]
        for service, at in self.network.services.items():
            long = f"{service}.{self.namespace}"
            lines.append(f"{at} {service} {long} {long}.svc {long}.svc.cluster.local")
        return "\n".join([*lines, ""])
