"""Publishing to RabbitMQ: a batch at once, and the broker's word on every message of it."""

import itertools
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
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

    shares = True
    attempts = None

    def __init__(self, url: str) -> None:
        self._url = url
        self._nodes = itertools.cycle(rabbitmq.parameters(url))
        self._link: _Link | None = None

    def carry(self, rows: Sequence[Row[Any]]) -> Mapping[str, str]:
        """Return which events were not confirmed and why, by id; raise `LinkLost`, `TopologyMissing`."""
        faults = self._publish([Parcel(row.id, row.type, row.body.encode()) for row in rows])
        heard = {row.id for row in rows if topology.hearers(row.type)}
        return {name: fault for name, fault in faults.items() if name in heard or fault != UNROUTABLE}

    def close(self) -> None:
        """Leave the broker."""
        link, self._link = self._link, None
        if link:
            link.close()

    def _publish(self, parcels: Sequence[Parcel]) -> Mapping[str, str]:
        if self._link is None:
            try:
                rabbitmq.ensure(self._url)
            except AMQPError as error:
                raise LinkLost(f"RabbitMQ does not answer: {error!r}") from error
            self._link = _Link(next(self._nodes))
        try:
            return self._link.send(parcels)
        except LinkLost:
            self.close()
            raise


@dataclass(slots=True)
class _Batch:
    """What is known of a batch so far."""

    faults: dict[str, str] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)


class _Link:
    """One connection and its thread; batches are sent one after the other, the messages of a batch all at once."""

    def __init__(self, node: pika.URLParameters) -> None:
        self._unconfirmed: dict[int, str] = {}
        self._tag = 0
        self._batch = _Batch()
        self._open = threading.Event()
        self._lost = ""
        self._channel: Any = None
        self._connection = pika.SelectConnection(
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

    def send(self, parcels: Sequence[Parcel]) -> Mapping[str, str]:
        """Return what went wrong by message id; raise `LinkLost`."""
        batch = self._batch = _Batch()
        self._connection.ioloop.add_callback_threadsafe(lambda: self._send(parcels))
        ended = batch.ended.wait(PATIENCE)
        if lost := self._lost or ("" if ended else "RabbitMQ did not confirm in time"):
            raise LinkLost(lost)
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

    def _send(self, parcels: Sequence[Parcel]) -> None:
        try:
            for parcel in parcels:
                self._tag += 1
                self._unconfirmed[self._tag] = parcel.id
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
        self._batch.faults[properties.message_id] = UNROUTABLE

    def _confirmed(self, frame: Any) -> None:
        told = frame.method
        tags = [tag for tag in self._unconfirmed if tag <= told.delivery_tag] if told.multiple else [told.delivery_tag]
        for tag in tags:
            name = self._unconfirmed.pop(tag, None)
            if name and isinstance(told, pika.spec.Basic.Nack):
                self._batch.faults[name] = "RabbitMQ did not take it"
        if not self._unconfirmed:
            self._batch.ended.set()

    def _down(self, error: Any) -> None:
        self._lost = self._lost or repr(error)
        self._open.set()
        self._batch.ended.set()
        self._leave()
