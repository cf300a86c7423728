"""Services: an address each, whose connections go to a pod that is ready and may be reached by whoever asks."""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tests.cluster.node import Node
from tests.cluster.pods import Pod
from tests.deploy.manifests import Document
from tests.deploy.reachability import Policies

_PIECE = 65_536


@dataclass
class Services:
    """The proxies of a cluster. Who comes from the node itself, as tests and probes do, is no question for policies."""

    node: Node
    documents: Iterable[Document]
    pods: Callable[[], Iterable[Pod]]
    policies: Policies
    refused: set[tuple[str, str, int]] = field(default_factory=set)
    """Who was refused whom by the policies: two pods and a port."""
    _servers: list[asyncio.Server] = field(default_factory=list)
    _ways: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> None:
        """Listen at every port of every Service."""
        for document in self.documents:
            address = self.node.network.name_service(document["metadata"]["name"])
            for port in document["spec"]["ports"]:
                service = _Port(self, document["spec"]["selector"], port.get("targetPort", port["port"]))
                self._servers.append(await asyncio.start_server(service.carry, address, port["port"], backlog=512))

    def close(self) -> None:
        """End every connection."""
        for server in self._servers:
            server.close()
        for way in self._ways:
            way.transport.abort()

    def chosen(self, selector: Mapping[str, str], target: str | int, source: str) -> tuple[str, int] | None:
        """Return where a connection from an address goes."""
        everybody = list(self.pods())
        able = [pod for pod in everybody if pod.is_listed and selector.items() <= pod.labels.items()]
        if not able:
            return None
        pod = random.choice(able)
        asker = next((one for one in everybody if one.address == source), None)
        port = pod.port(target)
        if asker and not self.policies.allowed(asker.end, pod.end, port):
            self.refused.add((asker.name, pod.name, port))
            return None
        return pod.address, port

    async def join(self, one: asyncio.StreamWriter, other: asyncio.StreamWriter, *pumps: "asyncio.Task[None]") -> None:
        """Carry both directions to their ends; when one breaks, both do."""
        ways = {one, other}
        self._ways |= ways
        try:
            await asyncio.gather(*pumps)
        except OSError:
            for way in ways:
                way.transport.abort()
        finally:
            self._ways -= ways
            for pump in pumps:
                pump.cancel()
            for way in ways:
                way.close()


@dataclass
class _Port:
    services: Services
    selector: Mapping[str, str]
    target: str | int

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        source = writer.get_extra_info("peername")[0]
        chosen = self.services.chosen(self.selector, self.target, source)
        try:
            if chosen is None:
                raise ConnectionRefusedError
            answers, asks = await asyncio.open_connection(*chosen)
        except OSError:
            writer.transport.abort()
            return
        pumps = (asyncio.create_task(_pump(reader, asks)), asyncio.create_task(_pump(answers, writer)))
        await self.services.join(asks, writer, *pumps)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(_PIECE):
        target.write(piece)
        await target.drain()
    if target.can_write_eof() and not target.is_closing():
        target.write_eof()
