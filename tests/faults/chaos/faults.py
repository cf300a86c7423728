"""What is done to the university: kills, restarts, an absent broker, duplicates, disorder, junk."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress

import pika
from pika.exceptions import AMQPError
from psycopg import Error as DatabaseError

from tests.faults.chaos.ground import World
from university.platform.messaging import rabbitmq
from university.platform.messaging.topology import SUBSCRIPTIONS

ABSENCE = 30.0
"""Seconds that the broker is away once."""
HEARS_ENROLLMENTS = [name for name, keys in SUBSCRIPTIONS.items() if "enrollment.#" in keys]
_AGAIN = """
UPDATE enrollment.outbox SET status = 'pending' WHERE id IN (
    SELECT id FROM enrollment.outbox WHERE status = 'sent' AND random() < {share} ORDER BY id DESC LIMIT 200)
RETURNING id
"""
_LATER = """
UPDATE enrollment.outbox SET retry_at = now() + random() * interval '2 seconds'
WHERE status = 'pending' AND retry_at IS NULL AND random() < 0.3
RETURNING id
"""


class Chaos:
    """Faults, counted by kind, in an order that the seed decides."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._dice = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.junk: set[str] = set()
        """Names of the junk that RabbitMQ took for certain."""
        self.tried: set[str] = set()
        """Names of all junk, whether it took it or not."""
        self.repeated = self.held_back = 0
        self._ended = threading.Event()
        self._beside = [
            threading.Thread(target=self._every, args=(0.3, self._revive), daemon=True),
            threading.Thread(target=self._every, args=(1.5, self._repeat), daemon=True),
            threading.Thread(target=self._every, args=(0.2, self._disorder), daemon=True),
        ]

    def run(self, seconds: float, faults: int) -> None:
        """Do at least so many faults in at least so many seconds; the rare ones once in a hundred, or once at all."""
        for thread in self._beside:
            thread.start()
        began = time.monotonic()
        rounds = max(1, faults // 100)
        span = faults // rounds
        rare = {span // 5: self._restart_broker, 2 * span // 5: self._restart_database}
        rare[3 * span // 5] = self._take_broker_away
        for number in range(faults):
            rare.get(number % span, self._kill)()
            if number % 10 == 5:
                self._throw_junk()
            left = began + seconds * (number + 1) / faults - time.monotonic()
            time.sleep(max(0.0, left))

    def calm(self) -> None:
        """Do nothing more, and let everything be there again."""
        self._ended.set()
        for thread in self._beside:
            thread.join()
        until = time.monotonic() + 180
        time.sleep(1.0)
        # Who was killed last may still be dying, and is revived when it is dead.
        while not all(part.is_ready() for part in self._world.parts.parts):
            assert time.monotonic() < until, "not everything came back"
            self._world.parts.revive()
            time.sleep(0.2)

    def _kill(self) -> None:
        """End one process as the kernel does when memory is short."""
        living = [part for part in self._world.parts.parts if part.lives()]
        if living:
            part = self._dice.choice(living)
            part.signal(9)
            self.done[f"kill -9 {part.name.rstrip('-12')}"] += 1

    def _restart_broker(self) -> None:
        self._world.rabbitmq.kill()
        self._world.rabbitmq.start()
        self.done["kill -9 RabbitMQ"] += 1

    def _take_broker_away(self) -> None:
        self._world.rabbitmq.kill()
        until = time.monotonic() + ABSENCE
        while time.monotonic() < until:
            time.sleep(2.0)
            self._kill()
        self._world.rabbitmq.start()
        self.done[f"RabbitMQ away for {ABSENCE:.0f} s"] += 1

    def _restart_database(self) -> None:
        self._world.postgresql.kill()
        self._world.postgresql.start()
        self.done["kill -9 PostgreSQL"] += 1

    def _throw_junk(self) -> None:
        """Put bytes on a queue that nobody understands."""
        with suppress(AMQPError), closing(rabbitmq.connect(self._world.broker_url())) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            queue = self._dice.choice(HEARS_ENROLLMENTS)
            kind = self._dice.choice([rabbitmq.CLOUD_EVENT, "application/octet-stream"])
            body = self._dice.randbytes(40)
            name = f"junk-{len(self.tried)}"
            self.tried.add(name)
            properties = pika.BasicProperties(content_type=kind, delivery_mode=2, message_id=name)
            channel.basic_publish("", queue, body, properties, mandatory=True)
            self.junk.add(name)

    def _revive(self) -> None:
        self._world.parts.revive()

    def _repeat(self) -> None:
        """Send some events of the past again."""
        with suppress(DatabaseError):
            self.repeated += len(self._world.sql("enrollment", _AGAIN.format(share=0.05)))

    def _disorder(self) -> None:
        """Hold some events back, so that later ones overtake them."""
        with suppress(DatabaseError):
            self.held_back += len(self._world.sql("enrollment", _LATER))

    def _every(self, seconds: float, act: Callable[[], None]) -> None:
        while not self._ended.wait(seconds):
            act()
