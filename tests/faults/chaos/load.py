"""The clients: each has students of its own, asks until it has an answer, and knows what it was promised."""

import random
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

_PATIENCE = 15.0
_PAUSE = 0.05


@dataclass
class Promises:
    """What the university has acknowledged: the enrollment that each student holds, and every one given back."""

    holds: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The enrollment and the section of each student who has a place."""
    dropped: set[str] = field(default_factory=set)
    enrolled: int = 0
    refused: int = 0
    unclear: int = 0
    """Requests that had no answer, or one of 500 and above, and were sent again with the same key."""
    wrong: list[str] = field(default_factory=list)
    """Answers that should not be."""


class Client(threading.Thread):
    """Enrolls and drops its own students, one after the other, until told to stop."""

    def __init__(self, port: int, token: str, students: Sequence[str], sections: Sequence[str], seed: int) -> None:
        super().__init__(name=f"client-{seed}", daemon=True)
        self.promises = Promises()
        self._http = urllib3.PoolManager(retries=False, timeout=_PATIENCE)
        self._url = f"http://127.0.0.1:{port}/api/v1"
        self._token = token
        self._students, self._sections = students, sections
        self._dice = random.Random(seed)
        self._ended = threading.Event()

    def stop(self) -> None:
        """Finish the request in hand and end."""
        self._ended.set()

    def run(self) -> None:
        """Ask, until told to stop."""
        while not self._ended.is_set():
            student = self._dice.choice(self._students)
            if student in self.promises.holds:
                self._drop(student)
            else:
                self._enroll(student)
            time.sleep(_PAUSE)

    def _enroll(self, student: str) -> None:
        section = self._dice.choice(self._sections)
        reply = self._asked("/enrollments", {"student_id": student, "section_ids": [section]})
        if reply.status == 201:
            self.promises.holds[student] = (reply.json()["id"], section)
            self.promises.enrolled += 1
        elif reply.status == 409 and reply.json()["code"] == "section-full":
            self.promises.refused += 1
        else:
            self.promises.wrong.append(f"enroll {student}: {reply.status} {reply.data[:300]!r}")

    def _drop(self, student: str) -> None:
        enrollment, _section = self.promises.holds[student]
        reply = self._asked(f"/enrollments/{enrollment}/drop", None)
        if reply.status == 200:
            del self.promises.holds[student]
            self.promises.dropped.add(enrollment)
        else:
            self.promises.wrong.append(f"drop {enrollment}: {reply.status} {reply.data[:300]!r}")

    def _asked(self, path: str, body: Any) -> urllib3.BaseHTTPResponse:
        """Send one wish with one key until somebody answers it."""
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(uuid.uuid4())}
        while True:
            try:
                reply = self._http.request("POST", self._url + path, json=body, headers=headers)
            except HTTPError:
                pass
            else:
                if reply.status < 500:
                    return reply
            self.promises.unclear += 1
            time.sleep(0.1)


def registrar_token(port: int) -> str:
    """Sign in as development mode's registrar."""
    told = {"username": "registrar", "password": "demo"}
    reply = urllib3.request("POST", f"http://127.0.0.1:{port}/api/v1/auth/token", json=told, retries=False)
    token: str = reply.json()["access_token"]
    return token
