"""Events that could not be applied, however often they were tried: looked at, sent again, or thrown away."""

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import msgspec
import pika
from dramatiq.common import xq_name
from sqlalchemy import delete, select, update

from university.platform.database import Primary
from university.platform.messaging import rabbitmq, topology
from university.platform.messaging.outbox import outbox_of

MOST = 10_000
"""Dead letters looked at in one go."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was set aside: `place` is the queue or the module's outbox, `id` the event's, or the message's."""

    place: str
    id: str
    type: str
    subject: str
    attempts: int
    fault: str
    body: str


class InOutbox:
    """The dead letters of one module in one process: rows of its outbox."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary
        self._outbox = outbox_of(primary.schema)
        self.place = f"{primary.schema}.outbox"

    def letters(self) -> list[DeadLetter]:
        """Return what was set aside, the oldest first."""
        outbox = self._outbox
        with self._primary.read() as session:
            rows = session.execute(select(outbox).where(outbox.c.status == "dead").order_by(outbox.c.id).limit(MOST))
            return [
                DeadLetter(self.place, row.id, row.type, row.subject, row.attempts, row.fault or "", row.body)
                for row in rows
            ]

    def replay(self, ids: Collection[str]) -> int:
        """Let events be delivered again; return how many."""
        again = {"status": "pending", "attempts": 0, "retry_at": None, "fault": None}
        with self._primary.begin() as session:
            wanted = (self._outbox.c.status == "dead", self._outbox.c.id.in_(ids))
            woken = update(self._outbox).where(*wanted).values(**again).returning(self._outbox.c.id)
            return len(session.scalars(woken).all())

    def discard(self, ids: Collection[str]) -> int:
        """Throw events away; return how many."""
        with self._primary.begin() as session:
            wanted = (self._outbox.c.status == "dead", self._outbox.c.id.in_(ids))
            return len(session.scalars(delete(self._outbox).where(*wanted).returning(self._outbox.c.id)).all())


class InQueue:
    """The dead letters of one subscription in RabbitMQ: its `.XQ` queue."""

    def __init__(self, url: str, subscription: str) -> None:
        self._url, self._subscription = url, subscription
        self.place = xq_name(subscription)

    def letters(self) -> list[DeadLetter]:
        """Return what was set aside, the oldest first; looking leaves it there."""
        with closing(rabbitmq.connect(self._url)) as connection:
            return [self._letter(*taken) for taken in self._taken(connection.channel())]

    def replay(self, ids: Collection[str]) -> int:
        """Put messages back on their queue; each leaves here only when RabbitMQ has it there for certain."""
        return self._end(ids, again=True)

    def discard(self, ids: Collection[str]) -> int:
        """Throw messages away; return how many."""
        return self._end(ids, again=False)

    def _end(self, ids: Collection[str], *, again: bool) -> int:
        count = 0
        with closing(rabbitmq.connect(self._url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for method, properties, body in self._taken(channel):
                if self._letter(method, properties, body).id not in ids:
                    continue
                if again:
                    self._send_back(channel, properties, body)
                channel.basic_ack(method.delivery_tag)
                count += 1
        return count

    def _taken(self, channel: Any) -> Iterator[tuple[Any, pika.BasicProperties, bytes]]:
        """Yield every message there is; those not acknowledged return when the channel closes."""
        for _ in range(MOST):
            method, properties, body = channel.basic_get(self.place)
            if method is None:
                return
            yield method, properties, body

    def _send_back(self, channel: Any, properties: pika.BasicProperties, body: bytes) -> None:
        """Send the event as it first came, without what earlier attempts noted about it."""
        event = _event_in(body)
        if event is not None:
            body = msgspec.json.encode(event)
            properties = pika.BasicProperties(
                content_type=rabbitmq.CLOUD_EVENT, delivery_mode=2, message_id=str(event.get("id"))
            )
        else:
            properties.headers = None
        channel.basic_publish(rabbitmq.RETURNS, self._subscription, body, properties, mandatory=True)

    def _letter(self, method: Any, properties: pika.BasicProperties, body: bytes) -> DeadLetter:
        event = _event_in(body) or {}
        options = _options_in(body)
        # Bytes that nobody understands may have come without any name.
        name = event.get("id") or properties.message_id or f"message-{method.delivery_tag}"
        died = (properties.headers or {}).get("x-death", [{}])[0].get("reason") or _first_reason(properties)
        fault = str(options.get("traceback") or died or "not understood")
        kind = str(event.get("type", "")).removeprefix("university.")
        attempts = int(options.get("retries", -1)) + 1
        return DeadLetter(
            self.place, str(name), kind, str(event.get("subject", "")), attempts, fault, body.decode(errors="replace")
        )


def places(primaries: Collection[Primary], broker_url: str) -> list[InOutbox | InQueue]:
    """Return where dead letters of modules may lie: in RabbitMQ when there is one, else in their outboxes."""
    if not broker_url:
        return [InOutbox(primary) for primary in primaries]
    names = [name for primary in primaries for name in topology.subscriptions_of(primary.schema)]
    return [InQueue(broker_url, name) for name in names]


def _event_in(body: bytes) -> dict[str, Any] | None:
    """Return the CloudEvent that a message is, or holds."""
    told = _decoded(body)
    if told is None or "specversion" in told:
        return told
    events = told.get("kwargs", {}).get("events")
    return events[0] if isinstance(events, list) and events and isinstance(events[0], dict) else None


def _options_in(body: bytes) -> dict[str, Any]:
    options = (_decoded(body) or {}).get("options")
    return options if isinstance(options, dict) else {}


def _decoded(body: bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (ValueError, RecursionError):
        return None


def _first_reason(properties: pika.BasicProperties) -> str:
    return str((properties.headers or {}).get("x-first-death-reason", ""))
