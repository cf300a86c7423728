"""Publishing to RabbitMQ: a batch at once, and the broker's word on every message of it."""

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pika
from pika.exceptions import AMQPError
from sqlalchemy import Row

from university.platform import telemetry
from university.platform.messaging import rabbitmq, topology

PATIENCE = 10.0
"""Seconds for a connection, and for the confirmation of a batch."""
UNROUTABLE = "no queue takes it"
_log = telemetry.log("publishing")


class LinkLost(Exception):
    """The broker went away: of what was not confirmed nothing is known."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message: its id, its routing key, its body."""

    id: str
    key: str
    body: bytes


class ByBroker:
    """Carries events to RabbitMQ; any number of relays may do so at the same time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._nodes = itertools.cycle(rabbitmq.parameters(url))
        self._link: _Link | None = None

    def send(self, rows: Sequence[Row[Any]]) -> Callable[[], Mapping[str, str]]:
        """Send events; what is returned waits, and tells which were not confirmed and why, by id.

        Both raise `LinkLost`, the first one `TopologyMissing`.
        """
        parcels = [Parcel(row.id, row.type, row.body.encode()) for row in rows]
        link = self._link = self._link or self._opened()
        with self._leaving_what_is_lost():
            batch = link.send(parcels)

        def confirmed() -> Mapping[str, str]:
            with self._leaving_what_is_lost():
                faults = link.wait(batch)
            heard = {one.id for one in parcels if one.id in faults and topology.hearers(one.key)}
            return {name: fault for name, fault in faults.items() if name in heard or fault != UNROUTABLE}

        return confirmed

    def close(self) -> None:
        """Leave the broker."""
        link, self._link = self._link, None
        if link:
            link.close()

    def _opened(self) -> "_Link":
        try:
            rabbitmq.ensure(self._url)
        except AMQPError as error:
            raise LinkLost(f"RabbitMQ does not answer: {error!r}") from error
        return _Link(next(self._nodes))

    @contextmanager
    def _leaving_what_is_lost(self) -> Iterator[None]:
        try:
            yield
        except LinkLost:
            self.close()
            raise


@dataclass(slots=True, eq=False)
class _Batch:
    """What is known of a batch so far."""

    unknown: int
    """Messages without RabbitMQ's word."""
    faults: dict[str, str] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)


class _Joining(pika.SelectConnection):
    """Sends many small frames as one piece, while it is told to: each would be a packet of its own."""

    _held: list[bytes] | None = None

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Send what is published inside at the end."""
        held = self._held = []
        try:
            yield
        finally:
            self._held = None
        if held:
            super()._adapter_emit_data(b"".join(held))

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._held is None:
            super()._adapter_emit_data(data)
        else:
            self._held.append(data)


class _Link:
    """One connection and its thread; a batch may be sent while others are not confirmed yet."""

    def __init__(self, node: pika.URLParameters) -> None:
        self._unconfirmed: dict[int, tuple[_Batch, str]] = {}
        self._refused = set[str]()
        self._batches: list[_Batch] = []
        self._tag = 0
        self._open = threading.Event()
        self._lost = ""
        self._channel: Any = None
        self._connection = _Joining(
            node,
            on_open_callback=self._connected,
            on_open_error_callback=lambda _connection, error: self._down(error),
            on_close_callback=lambda _connection, error: self._down(error),
        )
        self._thread = threading.Thread(target=self._run, name="publishing", daemon=True)
        self._thread.start()
        opened = self._open.wait(PATIENCE)
        if lost := self._lost or ("" if opened else "RabbitMQ did not open a channel"):
            self.close()
            raise LinkLost(lost)

    def send(self, parcels: Sequence[Parcel]) -> _Batch:
        """Send messages and return what will be known of them; raise `LinkLost`."""
        batch = _Batch(len(parcels))
        self._batches.append(batch)
        # Whoever loses the link tells it first, and then ends the batches that there are.
        if self._lost:
            raise LinkLost(self._lost)
        self._connection.ioloop.add_callback_threadsafe(lambda: self._send(batch, parcels))
        return batch

    def wait(self, batch: _Batch) -> Mapping[str, str]:
        """Return, as soon as all is known of a batch, what went wrong by message id; raise `LinkLost`."""
        batch.ended.wait(PATIENCE)
        if batch.unknown:
            raise LinkLost(self._lost or "RabbitMQ did not confirm in time")
        return batch.faults

    def close(self) -> None:
        """Close the connection."""
        self._lost = self._lost or "closed"
        with suppress(Exception):
            self._connection.ioloop.add_callback_threadsafe(self._leave)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            self._connection.ioloop.start()
        except Exception as error:  # noqa: BLE001 - whatever ends the thread, the relay must know that the link is gone
            self._down(error)
        finally:
            self._connection.ioloop.close()

    def _leave(self) -> None:
        """Close the connection, which may be open when only its channel is lost; the thread ends after that."""
        if self._connection.is_open:
            self._connection.close()
        elif self._connection.is_closed:
            # Not at once: what closes the socket is still to be called.
            self._connection.ioloop.add_callback_threadsafe(self._connection.ioloop.stop)

    def _connected(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._opened)

    def _opened(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(lambda _channel, error: self._down(error))
        channel.add_on_return_callback(self._returned)
        channel.confirm_delivery(self._confirmed, callback=lambda _frame: self._open.set())

    def _send(self, batch: _Batch, parcels: Sequence[Parcel]) -> None:
        try:
            with self._connection.joined():
                for parcel in parcels:
                    self._tag += 1
                    self._unconfirmed[self._tag] = (batch, parcel.id)
                    self._channel.basic_publish(
                        rabbitmq.EVENTS,
                        parcel.key,
                        parcel.body,
                        pika.BasicProperties(
                            content_type=rabbitmq.CLOUD_EVENT,
                            delivery_mode=2,
                            message_id=parcel.id,
                            type=f"university.{parcel.key}",
                        ),
                        mandatory=True,
                    )
        except AMQPError as error:
            self._down(error)

    def _returned(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        """Remember who came back; it is confirmed after that."""
        self._refused.add(properties.message_id)

    def _confirmed(self, frame: Any) -> None:
        told = frame.method
        tags = [told.delivery_tag]
        if told.multiple:
            tags = list(itertools.takewhile(lambda tag: tag <= told.delivery_tag, self._unconfirmed))
        for tag in tags:
            batch, name = self._unconfirmed.pop(tag)
            if name in self._refused:
                self._refused.discard(name)
                batch.faults[name] = UNROUTABLE
            if isinstance(told, pika.spec.Basic.Nack):
                batch.faults[name] = "RabbitMQ did not take it"
            batch.unknown -= 1
            if not batch.unknown:
                self._batches.remove(batch)
                batch.ended.set()

    def _down(self, error: Any) -> None:
        self._lost = self._lost or repr(error)
        self._open.set()
        for batch in list(self._batches):
            batch.ended.set()
        self._leave()
