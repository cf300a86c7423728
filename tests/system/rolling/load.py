"""Clients that never stop: each keeps a connection, reads, enrolls and drops, and remembers every answer."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tests.system.office import API, Office, Student

CLIENTS = 3
PAUSE = 0.03
"""Seconds between an answer and the next question."""


@dataclass
class Client(threading.Thread):
    """One client of one connection: its student wishes for sections, gives them back, and looks around between."""

    url: str
    student: Student
    token: str
    sections: list[str]
    dice: random.Random
    pause: float = PAUSE
    statuses: "Counter[int]" = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    """Status by enrollment, as it was acknowledged."""
    slowest: float = 0.0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        address = urlsplit(self.url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        self._enough = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Ask until it is enough."""
        with closing(self._connection):
            while not self._enough.is_set():
                self._write()
                for path in self.dice.sample(self._places(), 2):
                    self._ask("GET", path)

    def stop(self) -> None:
        """Let it end after the question in hand."""
        self._enough.set()

    def _places(self) -> list[str]:
        section = self.dice.choice(self.sections)
        return [
            "/students/me",
            "/enrollments?student_id=me",
            f"/sections/{section}",
            "/offerings?limit=5",
            "/students/me/timetable",
            "/availability",
            "/auth/me",
        ]

    def _write(self) -> None:
        enrolled = [enrollment for enrollment, status in self.held.items() if status == "enrolled"]
        if len(enrolled) == len(self.sections) or (enrolled and self.dice.random() < 0.5):
            told = self._ask("POST", f"/enrollments/{self.dice.choice(enrolled)}/drop")
        else:
            wish = {"student_id": "me", "section_ids": [self.dice.choice(self.sections)]}
            told = self._ask("POST", "/enrollments", wish)
        if told and "section_ids" in told:
            self.held[told["id"]] = told["status"]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content, began = None if body is None else msgspec.json.encode(body), time.monotonic()
        try:
            self._connection.request(method, API + path, content, headers)
            answer = self._connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self.failures.append(f"{datetime.now(UTC):%H:%M:%S.%f} {method} {path}: {error!r}")
            return None
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            self.failures.append(f"{datetime.now(UTC):%H:%M:%S.%f} {method} {path}: {answer.status} {told.decode()}")
        time.sleep(self.pause)
        return msgspec.json.decode(told)


@contextmanager
def crowd(office: Office, sections: Sequence[str], pause: float = PAUSE) -> Iterator[list[Client]]:
    """Let clients go on asking as long as the block lasts."""
    students = [office.student() for _ in range(CLIENTS)]
    clients = [
        Client(office.system.url, one, office.token(one.number) or "", list(sections), random.Random(number), pause)
        for number, one in enumerate(students)
    ]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.stop()
        for client in clients:
            client.join(90)


def failures_of(clients: Sequence[Client]) -> list[str]:
    """Return what went wrong."""
    return [failure for client in clients for failure in client.failures]
