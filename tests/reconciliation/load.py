"""Students who come and go all the time, and news of them that wanders: late, twice, and in any order."""

import heapq
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from tests.campus import Campus
from university.platform.messaging import topology
from university.platform.messaging.delivery import Deliver
from university.platform.messaging.relay import Relay

PEOPLE, PAUSE = 3, 0.1
"""Who comes and goes, and the seconds at most between two steps."""
LONGEST, TWICE = 0.4, 0.1
"""Seconds that news wanders at most, and the share of it that comes twice."""


@dataclass
class Wandering:
    """Carries events as a broker does: taken at once, delivered some time, perhaps twice, in any order."""

    hearers: Mapping[str, Deliver]
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    shares = True
    attempts = None

    def __post_init__(self) -> None:
        self._under_way: list[tuple[float, float, str, dict[str, Any]]] = []
        self._changing = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._deliver, daemon=True)
        self._thread.start()

    def carry(self, rows: Sequence[Any]) -> dict[str, str]:
        for row in rows:
            for name in topology.hearers(row.type):
                for _ in range(2 if self.dice.random() < TWICE else 1):
                    self._send(name, msgspec.json.decode(row.body))
        return {}

    def _send(self, name: str, event: dict[str, Any]) -> None:
        with self._changing:
            due = time.monotonic() + LONGEST * self.dice.random() ** 2
            heapq.heappush(self._under_way, (due, self.dice.random(), name, event))

    def close(self) -> None:
        """Deliver the rest."""
        self._over.set()
        self._thread.join()

    def _deliver(self) -> None:
        while not (self._over.is_set() and not self._under_way):
            with self._changing:
                ready = self._under_way and (self._over.is_set() or self._under_way[0][0] <= time.monotonic())
                arrived = heapq.heappop(self._under_way) if ready else None
            if arrived is None:
                time.sleep(0.002)
                continue
            _, _, name, event = arrived
            try:
                self.hearers[name]([event])
            except SQLAlchemyError:
                self._send(name, event)  # As a broker does whose hearer failed.


@contextmanager
def coming_and_going(campus: Campus) -> Iterator[None]:
    """Let students take and give back seats all the time; at the end everything has been delivered."""
    house = campus.house
    students = [campus.student() for _ in range(PEOPLE)]
    sections = [campus.section(f"PHYS-{one}", capacity=PEOPLE) for one in students[:2]]
    house.drain()
    over = threading.Event()
    relay = Relay(house.modules["enrollment"].primary, Wandering(house.hearers()))

    def come_and_go(student: str) -> None:
        dice = random.Random(student)
        while not over.is_set():
            reply = campus.enroll(student, dice.choice(sections))
            if reply.status == 201:
                over.wait(dice.random() * PAUSE)
                campus.drop(reply.json["id"])
            over.wait(dice.random() * PAUSE)

    relay.start()
    with ThreadPoolExecutor(PEOPLE) as people:
        working = [people.submit(come_and_go, student) for student in students]
        try:
            yield
        finally:
            over.set()
    for one in working:
        one.result()
    while relay.pending():
        time.sleep(0.05)
    relay.stop()
