"""How a module asks another: the same HTTP in one process as across a cluster."""

import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from prometheus_client import Counter, Gauge

from university.platform import deadline, language, telemetry
from university.platform.database import in_transaction
from university.platform.errors import Unavailable
from university.platform.language import Words
from university.platform.security import SERVICE, Keyring, Principal
from university.platform.transport import exchange
from university.platform.transport.breaker import Breaker
from university.platform.transport.exchange import Answer, Flow, Request
from university.platform.transport.near import WsgiApp, open_wsgi
from university.platform.transport.pool import Pool

Learned = TypeVar("Learned")
_log = telemetry.log("neighbors")
_ASKED = Counter(
    "university_neighbor_requests", "What was sent to a neighbor by the network, and its end.", ("neighbor", "outcome")
)
_AWAY = Gauge("university_neighbor_away", "1 while a neighbor is not asked because it does not answer.", ("neighbor",))


class NeighborUnavailable(Unavailable):
    """A neighbor did not answer in time, or not sensibly; nothing was written here.

    People are told one code, whatever the kind: only the gateway tells the kinds apart.
    """

    title = Words(
        "A part of the university does not answer right now; nothing was changed.",
        "Część systemu chwilowo nie odpowiada; nic nie zmieniono.",
    )

    @property
    def code(self) -> str:
        """The code that people see."""
        return "neighbor-unavailable"


class NeighborUnreached(NeighborUnavailable):
    """Nothing was sent: nobody takes a connection, or the neighbor has not answered for a while and is left alone."""


class NeighborBroken(NeighborUnavailable):
    """What came back is no answer, or broke off; what was asked may have been done."""


class NeighborLate(NeighborUnavailable):
    """No answer came in time; what was asked may have been done."""


class NeighborRefused(NeighborUnavailable):
    """A neighbor turned the request down; `said` is its code.

    An asker catches the codes it expects. One that it does not expect means that the two do not understand each other,
    which is for people the same as a neighbor that does not answer.
    """

    def __init__(self, name: str, status: int, said: str) -> None:
        super().__init__(f"{name} answered {status}: {said}")
        self.said = said


_KINDS: dict[type[exchange.Fault], tuple[str, type[NeighborUnavailable]]] = {
    exchange.NotReached: ("unreached", NeighborUnreached),
    exchange.NoAnswer: ("broken", NeighborBroken),
    exchange.BrokenOff: ("broken", NeighborBroken),
    exchange.Garbage: ("broken", NeighborBroken),
    exchange.TooLate: ("late", NeighborLate),
}


class _Problem(msgspec.Struct):
    """What an asker needs to know of a problem document."""

    code: str


@dataclass(slots=True)
class _Far:
    """A neighbor across the network: the way to it, and whether it answers."""

    name: str
    pool: Pool
    breaker: Breaker = field(default_factory=Breaker)

    def ask(self, request: Request, seconds: float, *, telling: bool) -> Answer | Flow:
        """Return the answer; one that takes too long tells about the neighbor only when `telling`."""
        began = time.monotonic()
        if wait := self.breaker.wait(began):
            _ASKED.labels(self.name, "spared").inc()
            raise NeighborUnreached(f"{self.name} has not answered for a while", retry_after=math.ceil(wait))
        try:
            answer = self.pool.ask(request, seconds)
        except exchange.Fault as fault:
            outcome, kind = _KINDS[type(fault)]
            _ASKED.labels(self.name, outcome).inc()
            if (telling or outcome != "late") and self.breaker.failed(began, time.monotonic()):
                _AWAY.labels(self.name).set(1)
                _log.warning("neighbor given up", neighbor=self.name, fault=repr(fault))
            raise kind(f"{self.name} did not answer") from fault
        _ASKED.labels(self.name, "answered").inc()
        if self.breaker.succeeded(began):
            _AWAY.labels(self.name).set(0)
            _log.warning("neighbor back", neighbor=self.name)
        return answer


@dataclass(slots=True)
class Neighborhood:
    """Reaches apps living in this process directly, and every other neighbor by the network.

    `urls` are addresses by name, several of one neighbor separated by spaces; `timeout` is how many seconds a module
    waits for an answer, `size` how many connections to a neighbor are kept.
    """

    urls: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 0.8
    size: int = 16
    _apps: dict[str, WsgiApp] = field(default_factory=dict)
    _far: dict[str, _Far] = field(default_factory=dict)

    def welcome(self, name: str, app: WsgiApp) -> None:
        """Answer for a neighbor inside this process from now on."""
        self._apps[name] = app

    def is_far(self, name: str) -> bool:
        """Tell whether a neighbor is reached by the network, if at all."""
        return name not in self._apps

    def send(self, name: str, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Return a neighbor's whole answer; raise `NeighborUnavailable` when none comes before the deadline."""
        answer = self.open(name, Request(method, target, headers, body, len(body)))
        if isinstance(answer, Answer):
            return answer
        try:
            whole = answer.gathered()
        except exchange.Fault as fault:
            raise _KINDS[type(fault)][1](f"{name} did not finish its answer") from fault
        deadline.check()
        return whole

    def open(self, name: str, request: Request) -> Answer | Flow:
        """Return an answer, or the beginning of a long one; raise `NeighborUnavailable` as for `send`."""
        if in_transaction():
            raise RuntimeError(f"asked {name} inside a transaction")
        deadline.check()
        if app := self._apps.get(name):
            answer = open_wsgi(app, request)
            if isinstance(answer, Answer):
                deadline.check()
            return answer
        left = deadline.remaining()
        patience = self.timeout if left is None else left
        return self._reach(name).ask(request, patience, telling=patience >= self.timeout / 2)

    def _reach(self, name: str) -> _Far:
        far = self._far.get(name)
        if far is None:
            if name not in self.urls:
                raise NeighborUnreached(f"nobody knows where {name} lives")
            try:
                far = _Far(name, Pool(self.urls[name], self.size))
            except exchange.NotReached as fault:
                raise NeighborUnreached(str(fault)) from fault
            far = self._far.setdefault(name, far)
        return far


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One neighbor as one module sees it: signed, bounded in time, speaking JSON."""

    name: str
    asker: str
    neighborhood: Neighborhood
    keyring: Keyring

    def ask(self, method: str, path: str, content: Any = None, *, query: Mapping[str, str] | None = None) -> bytes:
        """Return the body of a successful answer.

        Raises `NeighborRefused` when the neighbor refuses by a problem, `NeighborUnavailable` for all else.
        """
        target = f"{path}?{urlencode(query)}" if query else path
        body = b"" if content is None else msgspec.json.encode(content)
        with deadline.until(time.time() + self.neighborhood.timeout):
            answer = self.neighborhood.send(self.name, method, target, self._headers(body), body)
        if 200 <= answer.status < 300:
            return answer.body
        raise _refusal(self.name, answer)

    def learn(self, kind: type[Learned], method: str, path: str, content: Any = None) -> Learned:
        """Return what a successful answer tells; one that tells something else is no answer, `NeighborUnavailable`."""
        body = self.ask(method, path, content)
        try:
            return msgspec.json.decode(body, type=kind)
        except (ValueError, RecursionError) as error:
            raise NeighborBroken(f"{self.name} answered something else") from error

    def _headers(self, body: bytes) -> dict[str, str]:
        me = Principal(self.asker, frozenset({SERVICE}))
        headers = {
            "Authorization": f"Bearer {self.keyring.sign(self.asker, self.name, me)}",
            "Accept-Language": language.chosen(),
        }
        if body:
            headers["Content-Type"] = "application/json"
        if bound := deadline.header_value():
            headers[deadline.HEADER] = bound
        if trace := telemetry.traceparent():
            headers["traceparent"] = trace
        return headers


def _refusal(name: str, answer: Answer) -> NeighborUnavailable:
    if 400 <= answer.status < 500:
        with suppress(ValueError, RecursionError):
            problem = msgspec.json.decode(answer.body, type=_Problem)
            return NeighborRefused(name, answer.status, problem.code)
    return NeighborUnavailable(f"{name} answered {answer.status}")
