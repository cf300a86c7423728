"""A client that comes again when it is told to, as the pages do."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.house import Reply
from tests.system import client
from tests.system.client import AGAIN, System

AWAY = {502, 503, 504}
"""What is answered while somebody is away or takes too long; by the same key, asking again does nothing twice."""


@dataclass
class Patient(System):
    """A client of a university that has just been started, or was killed in part, on a machine that has much to do."""

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request, again by the same key while nobody can say more than to come again."""
        told = dict(headers or {})
        if method == "POST":
            told.setdefault("Idempotency-Key", uuid.uuid4().hex)
        until = time.monotonic() + client.PATIENCE
        while True:
            reply = super().ask(method, path, body, role=role, token=token, headers=told)
            if reply.status not in AWAY or time.monotonic() > until:
                return reply
            time.sleep(AGAIN)
