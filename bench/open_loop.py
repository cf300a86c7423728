"""Requests that come when they come: so many a second, whether or not those before were answered.

A client that waits for its answer before it asks again slows down with the server, and so never sees an overload.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle
from typing import cast

TIMEOUT = 10.0
"""Seconds after which a client has given up."""
MOST = 8_000
"""Connections at once; what finds none is counted as unsent, and the figures are then worth nothing."""
Told = Callable[[bytes, int, bytes], None]
_TICK, _LOOK = 0.002, 0.02
_END = b"\r\n\r\n"


def is_good(status: int) -> bool:
    """Tell whether an answer was what the client wanted."""
    return status < HTTPStatus.MULTIPLE_CHOICES


@dataclass
class Outcome:
    """What became of the requests of one attack: statuses, and latencies in seconds by status."""

    seconds: float
    offered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: dict[int, list[float]] = field(default_factory=dict)
    timeouts: int = 0
    broken: int = 0
    unsent: int = 0
    opened: int = 0
    """Connections made."""

    @property
    def goodput(self) -> float:
        """Successful answers a second."""
        return sum(count for status, count in self.statuses.items() if is_good(status)) / self.seconds

    def percentile(self, share: float, *, of: Callable[[int], bool]) -> float:
        """Return the latency that a share of the answers with some statuses came within, in seconds."""
        known = sorted(one for status, latencies in self.latencies.items() if of(status) for one in latencies)
        return known[min(len(known) - 1, int(share * len(known)))] if known else 0.0

    def answered(self, status: int, seconds: float) -> None:
        """Note an answer."""
        self.statuses[status] += 1
        self.latencies.setdefault(status, []).append(seconds)


class _Connection(asyncio.Protocol):
    """A kept connection on which one request is under way at most."""

    def __init__(self, attack: "_Attack") -> None:
        self._attack = attack
        self._transport: asyncio.Transport | None = None
        self._began, self._request = 0.0, b""
        self._received = bytearray()
        self.is_busy = False
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = cast("asyncio.Transport", transport), True

    def send(self, request: bytes, began: float) -> None:
        """Send a request that was due at a moment."""
        self._began, self._request, self.is_busy = began, request, True
        self._received.clear()
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(_END)
        if head < 0 or not self.is_busy:
            return
        headers = bytes(self._received[:head]).lower()
        if not _is_whole(headers, self._received, head):
            return
        status = int(headers[9:12])
        self._attack.outcome.answered(status, time.monotonic() - self._began)
        if self._attack.told is not None:
            self._attack.told(self._request, status, bytes(self._received[head + len(_END) :]))
        self.is_busy = False
        if b"connection: close" in headers:
            self.close()
        else:
            self._attack.free.append(self)
        self._attack.freed()

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False
        if self.is_busy:
            self.is_busy = False
            self._attack.outcome.broken += 1
            self._attack.freed()
        self._attack.connections.discard(self)

    def is_late(self, now: float) -> bool:
        """Tell whether the client has given up by now."""
        return self.is_busy and now - self._began > TIMEOUT

    def close(self) -> None:
        """Hang up."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()


def _is_whole(headers: bytes, received: bytearray, head: int) -> bool:
    if b"transfer-encoding: chunked" in headers:
        return received.endswith(b"0\r\n\r\n")
    _, found, rest = headers.partition(b"content-length:")
    length = int(rest.split(b"\r\n", 1)[0]) if found else 0
    return len(received) - head - len(_END) >= length


class _Attack:
    """One attack on one address."""

    def __init__(
        self,
        host: str,
        port: int,
        requests: Sequence[bytes],
        seconds: float,
        most: int | None = None,
        clients: int = 0,
    ) -> None:
        self._clients = clients
        self._host, self._port, self._seconds, self._left = host, port, seconds, most
        self._requests = cycle(requests)
        self._until = self._answered_at = 0.0
        self.told: Told | None = None
        self.outcome = Outcome(seconds)
        self.free: deque[_Connection] = deque()
        self.connections: set[_Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()

    async def open_loop(self, rate: float) -> Outcome:
        """Offer so many requests a second."""
        began, due = time.monotonic(), 0
        while (now := time.monotonic()) - began < self._seconds:
            while due <= (now - began) * rate:
                self._offer(began + due / rate)
                due += 1
            self._give_up(now)
            await asyncio.sleep(_TICK)
        return await self._last()

    async def closed_loop(self, clients: int) -> Outcome:
        """Ask with so many clients, each again as soon as it was answered, as long as there is time and a question."""
        began = time.monotonic()
        self._until = began + self._seconds
        for _ in range(clients):
            self.freed()
        while time.monotonic() < self._until and (self._under_way() or self._more()):
            self._give_up(time.monotonic())
            await asyncio.sleep(_LOOK)
        self._until = 0.0
        outcome = await self._last()
        outcome.seconds = self._answered_at - began
        return outcome

    def freed(self) -> None:
        """Ask the next question of a closed loop, whose client was just answered."""
        self._answered_at = time.monotonic()
        if self._answered_at < self._until and self._more():
            self._offer(self._answered_at)

    def _more(self) -> bool:
        return self._left is None or self.outcome.offered < self._left

    def _under_way(self) -> int:
        return len(self._opening) + sum(one.is_busy for one in self.connections)

    def _offer(self, moment: float) -> None:
        self.outcome.offered += 1
        request = next(self._requests)
        while self.free and self.outcome.opened + len(self._opening) >= self._clients:
            connection = self.free.popleft()
            if connection.is_open:
                connection.send(request, moment)
                return
        if len(self.connections) + len(self._opening) >= MOST:
            self.outcome.unsent += 1
            return
        task = asyncio.ensure_future(self._open(request, moment))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, request: bytes, moment: float) -> None:
        connect = asyncio.get_running_loop().create_connection(lambda: _Connection(self), self._host, self._port)
        try:
            _, connection = await asyncio.wait_for(connect, TIMEOUT)
        except TimeoutError:
            self.outcome.timeouts += 1
            self.freed()
        except OSError:
            self.outcome.broken += 1
            self.freed()
        else:
            self.outcome.opened += 1
            self.connections.add(connection)
            connection.send(request, moment)

    def _give_up(self, now: float) -> None:
        for connection in [one for one in self.connections if one.is_late(now)]:
            connection.is_busy = False
            self.outcome.timeouts += 1
            connection.close()
            self.freed()

    async def _last(self) -> Outcome:
        """Wait for what is still under way, as its clients would."""
        until = time.monotonic() + TIMEOUT + 1
        while time.monotonic() < until and self._under_way():
            self._give_up(time.monotonic())
            await asyncio.sleep(0.05)
        for connection in list(self.connections):
            connection.close()
        return self.outcome


def attack(
    host: str,
    port: int,
    requests: Sequence[bytes],
    *,
    rate: float,
    seconds: float,
    clients: int = 0,
    told: Told | None = None,
) -> Outcome:
    """Offer requests (whole, as bytes) in turn, so many a second; return what became of them.

    There are as many clients as it takes, or more where told, who come one after the other and then ask in turn.
    `told` is called with each request that was answered, the status and the body.
    """
    attacking = _Attack(host, port, requests, seconds, clients=clients)
    attacking.told = told
    return asyncio.run(attacking.open_loop(rate))


def capacity(host: str, port: int, requests: Sequence[bytes], *, clients: int, seconds: float) -> Outcome:
    """Ask with as many clients as keep a server busy; its goodput is what the server can do."""
    return asyncio.run(_Attack(host, port, requests, seconds).closed_loop(clients))


def through(host: str, port: int, requests: Sequence[bytes], *, clients: int, seconds: float = 600.0) -> Outcome:
    """Ask everything once with so many clients, and for so many seconds at most; tell how long that took."""
    asked = _Attack(host, port, requests, seconds, len(requests))
    return asyncio.run(asked.closed_loop(clients))
