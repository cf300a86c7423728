"""The table of subscriptions as RabbitMQ holds it: exchanges, queues, bindings, and who may use which of them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pika
from dramatiq.common import dq_name, xq_name
from pika.exceptions import AMQPChannelError, ChannelClosedByBroker

from university.platform.messaging.topology import SUBSCRIPTIONS

EVENTS = "university.events"
"""The exchange that news goes to, by type."""
RETURNS = "university.returns"
"""The exchange by which a message comes back to one queue, by its name: to be tried again, now or later."""
CLOUD_EVENT = "application/cloudevents+json"
_NOT_FOUND = 404
_SALT = 4
"""Bytes before the digest in what RabbitMQ keeps of a password."""
_DELIVERIES = 20
"""How often a message may be taken and not be done with, as by a worker that it kills, before it is a dead letter."""


class TopologyMissing(Exception):
    """Exchanges or queues are missing, and this user may not declare them."""


def parameters(url: str) -> list[pika.URLParameters]:
    """Return the connection parameters of a URL, or of each node of a cluster when `;` stands between several.

    A dead connection is noticed within seconds, on either side.
    """
    found = [pika.URLParameters(one.strip()) for one in url.split(";")]
    for one in found:
        one.heartbeat = 10
        one.blocked_connection_timeout = 20
        one.socket_timeout = 5
        one.stack_timeout = 10
    return found


def connect(url: str) -> pika.BlockingConnection:
    """Return a connection to the first node that answers; raise pika's `AMQPConnectionError`."""
    return pika.BlockingConnection(parameters(url))


def ensure(url: str) -> None:
    """Declare whatever is missing; raise `TopologyMissing` when this user may not.

    An event published before its hearer ever started waits for it, because all is declared before anything is sent.
    """
    with closing(connect(url)) as connection:
        if missing := _missing(connection):
            try:
                declare(connection.channel())
            except AMQPChannelError as error:
                raise TopologyMissing(f"{missing} is missing, and this user may not declare it") from error


def declare(channel: Any) -> None:
    """Declare everything; what is there already stays as it is."""
    for exchange in (EVENTS, RETURNS):
        channel.exchange_declare(exchange, "topic", durable=True)
    for queue, arguments in _queues():
        channel.queue_declare(queue, durable=True, arguments=arguments)
    for exchange, queue, key in _bindings():
        channel.queue_bind(queue, exchange, routing_key=key)


def definitions(
    passwords: Mapping[str, str], vhost: str = "university", *, prefix: str = "university-"
) -> dict[str, Any]:
    """Return everything as RabbitMQ imports it: a virtual host, and a user a module with least rights.

    A module's user declares nothing, sends only news that begins with the module's name, and reads only the module's
    own queues.
    """
    here: dict[str, Any] = {"vhost": vhost}
    lasting = {**here, "durable": True, "auto_delete": False}
    to_queue = {**here, "destination_type": "queue", "arguments": {}}
    exchange = {**lasting, "type": "topic", "internal": False, "arguments": {}}
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(prefix + name, password) for name, password in passwords.items()],
        "permissions": [{**here, "user": prefix + name, **_rights(name)} for name in passwords],
        "topic_permissions": [
            {**here, "user": prefix + name, **rights} for name in passwords for rights in _topics(name)
        ],
        "exchanges": [{**exchange, "name": name} for name in (EVENTS, RETURNS)],
        "queues": [{**lasting, "name": name, "arguments": arguments} for name, arguments in _queues()],
        "bindings": [
            {**to_queue, "source": source, "destination": queue, "routing_key": key}
            for source, queue, key in _bindings()
        ],
    }


def policies(vhost: str, major: int) -> list[dict[str, Any]]:
    """Return what a RabbitMQ of a major version must be told beside: from 4 on it limits deliveries of every queue.

    A worker takes all that waits again whenever it starts, so that queues that only wait have no limit.
    """
    unlimited = {"name": "waiting", "pattern": r"\.(DQ|XQ)$", "apply-to": "quorum_queues", "priority": 0}
    return [{"vhost": vhost, **unlimited, "definition": {"delivery-limit": -1}}] if major >= 4 else []


def is_digest_of(digest: str, password: str) -> bool:
    """Tell whether a user's `password_hash` was made from a password."""
    try:
        kept = base64.b64decode(digest, validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(kept[_SALT:], hashlib.sha256(kept[:_SALT] + password.encode()).digest())


def _rights(module: str) -> dict[str, str]:
    return {
        "configure": "^$",
        "write": r"^university\.(events|returns)$",
        "read": rf"^{module}\.",
    }


def _topics(module: str) -> Iterator[dict[str, str]]:
    """Yield which routing keys a module may send by which exchange."""
    for exchange, keys in ((EVENTS, rf"^(import\.)?{module}\."), (RETURNS, rf"^{module}\.")):
        yield {"exchange": exchange, "write": keys, "read": "^$"}


def waiting(url: str, subscription: str) -> int:
    """Return how many messages wait for a subscription, now or to be tried again later; not those being heard.

    Raises pika's `AMQPError` when RabbitMQ does not answer.
    """
    with closing(connect(url)) as connection:
        channel: Any = connection.channel()
        queues = (subscription, dq_name(subscription))
        return sum(channel.queue_declare(name, passive=True).method.message_count for name in queues)


def _missing(connection: pika.BlockingConnection) -> str | None:
    """Return the name of something that does not exist yet; asking needs no right to declare."""
    channel: Any = connection.channel()
    name = ""
    try:
        for name in (EVENTS, RETURNS):
            channel.exchange_declare(name, passive=True)
        for name, _ in _queues():
            channel.queue_declare(name, passive=True)
    except ChannelClosedByBroker as error:
        if error.reply_code == _NOT_FOUND:
            return name
        raise
    return None


def _queues() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and arguments of each subscription's three queues."""
    quorum = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
    for name in SUBSCRIPTIONS:
        dead = {
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": xq_name(name),
            "x-dead-letter-strategy": "at-least-once",
        }
        yield xq_name(name), quorum
        yield name, {**quorum, **dead, "x-delivery-limit": _DELIVERIES}
        # No limit here: every restart of a worker takes again all that waits.
        yield dq_name(name), {**quorum, **dead}


def _bindings() -> Iterator[tuple[str, str, str]]:
    """Yield exchange, queue and routing key."""
    for name, patterns in SUBSCRIPTIONS.items():
        yield RETURNS, name, name
        yield RETURNS, dq_name(name), dq_name(name)
        for pattern in patterns:
            yield EVENTS, name, pattern


def _user(name: str, password: str) -> dict[str, Any]:
    salt = secrets.token_bytes(_SALT)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    return {
        "name": name,
        "password_hash": hashed,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }
