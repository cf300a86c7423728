"""Where actors are declared: Dramatiq, whose actors hear events as lists of CloudEvents."""

from collections.abc import Callable
from typing import Any

from dramatiq import Broker, actor
from dramatiq.brokers.stub import StubBroker

Hearer = Callable[..., None]


def open_broker() -> Broker:
    """Return a broker for one process: nothing is queued, the relay calls the actors itself."""
    return StubBroker(middleware=[])


def listen(broker: Broker, subscription: str, hearer: Hearer) -> None:
    """Declare an actor named as its subscription; it is called with `events`, a list of CloudEvents."""

    def hear(events: list[dict[str, Any]], **_unknown: Any) -> None:
        hearer(events)

    hear.__doc__ = hearer.__doc__
    actor(actor_name=subscription, queue_name=subscription, broker=broker)(hear)
