"""A worker: takes the messages of a module's subscriptions from RabbitMQ until it is told to stop."""

from queue import Empty
from typing import Any

from dramatiq import Broker, Worker
from dramatiq.worker import WorkerThread

from university.platform import telemetry

PATIENCE = 50.0
"""Seconds that a stop gives to the messages in hand; what is not finished then comes again.

A consumer that is looking for a silent RabbitMQ needs up to 15 s more, and all of it must fit into a worker's grace.
"""
_LOOK = 200
"""Milliseconds between two looks at the clock, at what waits aside and at the wish to stop."""


BATCH = 20
"""Messages that are heard at once at most; twice as many are taken from a queue before.

More would hardly be cheaper, and all that was taken counts as delivered once more when a worker is killed.
"""
_log = telemetry.log("worker")


class EventWorker:
    """The threads that hear; they do not keep the process alive."""

    def __init__(self, broker: Broker, *, threads: int) -> None:
        self._threads = _Threads(broker, worker_threads=threads, worker_timeout=_LOOK)

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


class _Threads(Worker):
    """Dramatiq's threads, that hear at once what waits together."""

    def __init__(self, broker: Broker, **options: Any) -> None:
        super().__init__(broker, **options)
        self.queue_prefetch = max(self.queue_prefetch, 2 * BATCH)

    def _add_worker(self) -> None:
        thread = _Hearing(
            broker=self.broker,
            consumers=self.consumers,
            work_queue=self.work_queue,
            worker_timeout=self.worker_timeout,
        )
        thread.start()
        self.workers.append(thread)


class _Hearing(WorkerThread):
    """A thread that hears: a transaction costs the same for one event as for many."""

    def process_message(self, message: Any) -> None:
        """Hear a message with those that wait behind it; when they fail together, each is tried by itself."""
        batch = [message, *self._others_like(message)]
        if len(batch) > 1 and self._hears(batch):
            return
        for one in batch:
            super().process_message(one)

    def _others_like(self, message: Any) -> list[Any]:
        others: list[Any] = []
        while _may_be_joined(message) and len(others) < BATCH - 1:
            try:
                item = self.work_queue.get_nowait()
            except Empty:
                break
            if item.message.queue_name != message.queue_name or not _may_be_joined(item.message):
                self.work_queue.put(item)
                self.work_queue.task_done()
                break
            others.append(item.message)
        return others

    def _hears(self, batch: list[Any]) -> bool:
        """Hear all messages in one go and tell whether that went well; if not, nothing was changed."""
        events = [event for one in batch for event in one.kwargs["events"]]
        try:
            self.broker.get_actor(batch[0].actor_name)(events=events)
        except Exception as error:  # noqa: BLE001 - a hearer may fail in any way; whose fault it is shows one by one
            _log.warning("events not applied together", subscription=batch[0].actor_name, fault=repr(error))
            return False
        for one in batch:
            self.broker.emit_after("process_message", one, result=None)
            self.consumers[one.queue_name].post_process_message(one)
            self.work_queue.task_done()
        return True


def _may_be_joined(message: Any) -> bool:
    """Tell whether a message is tried for the first time: one that has failed before holds up nobody else."""
    return not message.options and not message.failed


def _is_open(consumer: object) -> bool:
    connection = getattr(consumer, "connection", None)
    return connection is not None and connection.is_open
