"""Where actors are declared: Dramatiq on RabbitMQ, or inside one process. Actors hear lists of CloudEvents."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pika
from dramatiq import Broker, actor
from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer, _RabbitmqMessage
from dramatiq.brokers.stub import StubBroker
from dramatiq.common import current_millis, dq_name, q_name
from dramatiq.errors import ConnectionClosed
from dramatiq.message import Message
from dramatiq.middleware import Retries
from pika.exceptions import AMQPChannelError, AMQPConnectionError, AMQPError
from sqlalchemy.exc import DBAPIError, TimeoutError  # noqa: A004 - the pool's own

from university.platform import database, telemetry
from university.platform.errors import Unavailable
from university.platform.messaging import rabbitmq

Hearer = Callable[..., None]
_FIRST, _LAST = 100, 60_000
"""Milliseconds before the second and before the last attempt; each wait is about twice the one before."""
_NOT_FOUND = 404
_AGAIN = 1.0
"""Seconds before a message is put back on its queue that could not be put aside."""


def open_broker(url: str = "", *, attempts: int = 20) -> Broker:
    """Return the broker of a process: RabbitMQ, or one without queues, whose actors the relay calls itself."""
    return EventBroker(url, attempts) if url else StubBroker(middleware=[])


def listen(broker: Broker, subscription: str, hearer: Hearer) -> None:
    """Declare an actor named as its subscription; it is called with `events`, a list of CloudEvents."""

    def hear(events: list[dict[str, Any]], **_unknown: Any) -> None:
        with telemetry.tracing(events[0].get("traceparent") if len(events) == 1 else None):
            hearer(events)

    hear.__doc__ = hearer.__doc__
    actor(actor_name=subscription, queue_name=subscription, broker=broker)(hear)


class EventBroker(RabbitmqBroker):
    """RabbitMQ with our topology: queues are looked for, and what comes back goes by an exchange of its own."""

    def __init__(self, url: str, attempts: int) -> None:
        super().__init__(
            confirm_delivery=True,
            middleware=[SafeRetries(max_retries=attempts - 1, min_backoff=_FIRST, max_backoff=_LAST)],
        )
        self.url = url
        self.parameters = rabbitmq.parameters(url)

    @property
    def consumer_class(self) -> type[_RabbitmqConsumer]:
        """The consumer that understands events."""
        return EventConsumer

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Put a message on its queue, or aside for so many milliseconds; return when RabbitMQ has it for certain.

        Raises `ConnectionClosed`.
        """
        queue = message.queue_name
        if delay is not None:
            queue = dq_name(queue)
            message = message.copy(queue_name=queue, options={"eta": current_millis() + delay})
        try:
            self._publish(queue, message)
        except AMQPError:
            # A connection that was idle for long may be gone; a second one is not.
            del self.connection
            try:
                self._publish(queue, message)
            except AMQPError as error:
                del self.connection
                raise ConnectionClosed(error) from None
        return message

    def _publish(self, queue: str, message: Message[Any]) -> None:
        properties = pika.BasicProperties(delivery_mode=2, message_id=message.message_id)
        self.channel.basic_publish(rabbitmq.RETURNS, queue, message.encode(), properties, mandatory=True)

    def _declare_queue(self, queue_name: str) -> None:
        del queue_name
        rabbitmq.ensure(self.url)

    def _declare_dq_queue(self, queue_name: str) -> None:
        """All of a subscription's queues are declared together."""

    def _declare_xq_queue(self, queue_name: str) -> None:
        """All of a subscription's queues are declared together."""


class Taken(_RabbitmqMessage):
    """A message, and who brought it."""

    def __init__(self, brought_by: "EventConsumer", redelivered: bool, tag: int, message: Message[Any]) -> None:  # noqa: FBT001 - as RabbitMQ tells it
        super().__init__(redelivered, tag, message)
        self.brought_by = brought_by


class EventConsumer(_RabbitmqConsumer):
    """Takes CloudEvents beside Dramatiq's own messages, and never acknowledges one in the name of another.

    Delivery tags begin anew with every connection. A message that was taken before the connection broke would be
    acknowledged by a tag that means another message now, one that nobody has worked on yet; so each message remembers
    who brought it, and one from an earlier connection is let go: it comes again by itself.
    """

    def __next__(self) -> _RabbitmqMessage | None:
        """Return the next message, or None when none came for a while; raise `ConnectionClosed`."""
        try:
            method, properties, body = next(self.iterator)
        except (AssertionError, AMQPConnectionError, AMQPChannelError) as error:
            if getattr(error, "reply_code", None) == _NOT_FOUND:
                self.broker.queues_pending.add(q_name(self.queue_name))
            raise ConnectionClosed(error) from None
        if method is None:
            return None
        try:
            message = self._understood(properties, body or b"")
        except Exception:
            # Whatever is wrong with the bytes, nobody will ever understand them.
            self.logger.warning("A message that nobody understands is set aside.", exc_info=True)
            self._nack(method.delivery_tag)
            return None
        self.known_tags.add(method.delivery_tag)
        return Taken(self, method.redelivered, method.delivery_tag, message)

    def ack(self, message: Any) -> None:
        """Tell RabbitMQ that a message is done with, unless it could be neither applied nor put aside."""
        if message.brought_by is not self:
            return
        if getattr(message, "must_come_back", False):
            self._put_back(message._tag)  # noqa: SLF001 - as Dramatiq's own consumer does
        else:
            super().ack(message)

    def nack(self, message: Any) -> None:
        """Tell RabbitMQ that a message is a dead letter."""
        if message.brought_by is self:
            super().nack(message)

    def _put_back(self, tag: int) -> None:
        self.known_tags.discard(tag)
        try:
            self.connection.add_callback_threadsafe(partial(self.channel.basic_nack, tag, requeue=True))
        except (AMQPConnectionError, AMQPChannelError) as error:
            raise ConnectionClosed(error) from None

    def _understood(self, properties: Any, body: bytes) -> Message[Any]:
        if properties.content_type != rabbitmq.CLOUD_EVENT:
            message: Message[Any] = Message.decode(body)
            return message
        event = msgspec.json.decode(body, type=dict[str, Any])
        name = q_name(self.queue_name)
        return Message(
            queue_name=self.queue_name,
            actor_name=name,
            args=(),
            kwargs={"events": [event]},
            options={},
            message_id=event["id"],
            message_timestamp=current_millis(),
        )


class SafeRetries(Retries):
    """Retries that lose nothing.

    Dramatiq's own drop a failed message when it cannot be put aside for later: the error is swallowed and the message
    acknowledged. Here it goes back to its queue. What fails because something is away for now is tried for ever.
    """

    def after_process_message(
        self, broker: Broker, message: Any, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        """Put a failed message aside, or, after its last attempt, among the dead letters."""
        if exception is not None and _may_pass(exception):
            message.options["retries"] = min(message.options.get("retries", 0), self.max_retries - 1)
        try:
            super().after_process_message(broker, message, result=result, exception=exception)
        except Exception:
            self.logger.warning("A message could not be put aside and goes back to its queue.", exc_info=True)
            time.sleep(_AGAIN)
            message.must_come_back = True


def _may_pass(error: BaseException) -> bool:
    """Tell whether something is only away for now: a database, a connection to it, a neighbor."""
    return isinstance(error, Unavailable | TimeoutError) or (isinstance(error, DBAPIError) and database.may_pass(error))
