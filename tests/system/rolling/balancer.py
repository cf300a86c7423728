"""A balancer as in front of a Deployment: new connections go to backends that are ready, existing ones stay."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

LOOK = 1.0
"""Seconds between two looks at who is ready."""
_PIECE = 65_536


@dataclass
class Backend:
    """A process behind the balancer; its health is told on the next port."""

    port: int
    is_ready: bool = True


@dataclass
class Balancer:
    """One address for several processes; runs in a thread of its own until closed."""

    port: int
    backends: Sequence[Backend]
    looks: bool = True
    """Whether it asks who is ready; one that does not sends connections to everybody."""
    _ways: set[asyncio.StreamWriter] = field(default_factory=set)
    _turns: "count[int]" = field(default_factory=count)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _listening: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._run()], daemon=True)
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        """Where clients and neighbors come."""
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Listen, and look at the backends from now on."""
        self._thread.start()
        assert self._listening.wait(10), "the balancer does not listen"

    def takes(self, port: int) -> bool:
        """Tell whether it sends connections to a backend."""
        return not self.looks or any(backend.is_ready for backend in self.backends if backend.port == port)

    def close(self) -> None:
        """End every connection."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)
        self._loop.close()

    async def _run(self) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", self.port, backlog=512)
        looking = [asyncio.create_task(self._look_at(backend)) for backend in self.backends]
        self._listening.set()
        await self._closing.wait()
        server.close()
        for task in looking:
            task.cancel()
        for way in self._ways:
            way.transport.abort()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=5)

    async def _look_at(self, backend: Backend) -> None:
        while True:
            if self.looks:
                with suppress(TimeoutError):
                    backend.is_ready = await asyncio.wait_for(_is_ready(backend.port + 1), LOOK * 5)
            await asyncio.sleep(LOOK)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes between a client and the backend whose turn it is, until both have said goodbye."""
        chosen = self._chosen()
        try:
            if chosen is None:
                raise ConnectionRefusedError
            answers, asks = await asyncio.open_connection("127.0.0.1", chosen.port)
        except OSError:
            writer.transport.abort()
            return
        ways = {asks, writer}
        self._ways |= ways
        try:
            await asyncio.gather(_pump(reader, asks), _pump(answers, writer))
        except OSError:
            for way in ways:
                way.transport.abort()
        finally:
            self._ways -= ways
            for way in ways:
                way.close()

    def _chosen(self) -> Backend | None:
        able = [backend for backend in self.backends if backend.is_ready or not self.looks]
        return able[next(self._turns) % len(able)] if able else None


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET /health/ready HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n")
        return (await reader.readline()).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False
    finally:
        writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(_PIECE):
        target.write(piece)
        await target.drain()
    if target.can_write_eof() and not target.is_closing():
        target.write_eof()
