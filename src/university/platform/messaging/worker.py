"""A worker: takes the messages of a module's subscriptions from RabbitMQ until it is told to stop."""

from dramatiq import Broker, Worker as Threads

PATIENCE = 60.0
"""Seconds that a stop gives to the messages in hand; what is not finished then comes again."""
_LOOK = 200
"""Milliseconds between two looks at the clock, at what waits aside and at the wish to stop."""


class EventWorker:
    """The threads that hear; they do not keep the process alive."""

    def __init__(self, broker: Broker, *, threads: int) -> None:
        self._threads = Threads(broker, worker_threads=threads, worker_timeout=_LOOK)

    def start(self) -> None:
        """Hear from now on; while RabbitMQ is away, look for it every few seconds."""
        self._threads.start()

    def stop(self) -> None:
        """Finish what is in hand and give back the rest."""
        self._threads.stop(timeout=int(PATIENCE * 1000))

    def hears(self) -> bool:
        """Tell whether every queue has its consumer."""
        consumers = self._threads.consumers.values()
        return bool(consumers) and all(one.consumer is not None and _is_open(one.consumer) for one in consumers)


def _is_open(consumer: object) -> bool:
    connection = getattr(consumer, "connection", None)
    return connection is not None and connection.is_open
