"""Kill the leader of a three-node RabbitMQ under load: `python -m tests.faults.chaos.cluster --kills 5`.

A relay publishes events as fast as they are confirmed, a hearer takes them, and every few seconds the node that leads
the queue is killed and started again. Whatever was confirmed must be heard, once.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.platform.conftest import furnish
from tests.platform.library import hearers
from tests.platform.test_events import kept, primary_of, statuses, tell
from tests.servers.postgresql import Server, folder_of_servers
from tests.servers.rabbitmq_cluster import NODES, Cluster
from university.platform.assembly import declare_tables
from university.platform.messaging import broker, rabbitmq
from university.platform.messaging.publishing import ByBroker
from university.platform.messaging.relay import Relay
from university.platform.messaging.topology import SERVICES
from university.platform.messaging.worker import EventWorker
from university.platform.settings import Settings

VHOST, QUEUE = "university", "course.availability"


def main() -> None:
    """Run it and print the figures; the exit code tells whether anything was lost."""
    asked = argparse.ArgumentParser(prog="cluster", description=__doc__)
    asked.add_argument("--kills", type=int, default=5)
    kills = asked.parse_args().kills
    with tempfile.TemporaryDirectory(prefix="university-cluster-") as folder, folder_of_servers() as servers:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            passwords = dict.fromkeys(SERVICES, "secret")
            definitions = msgspec.json.encode(rabbitmq.definitions(passwords, VHOST))
            assert cluster.control(1, ["import_definitions"], definitions).returncode == 0
            cluster.control(1, ["set_permissions", "-p", VHOST, "guest", ".*", ".*", ".*"])
            postgresql = Server.primary(servers)
            postgresql.sql("CREATE SCHEMA library")
            sys.exit(1 if _lost(cluster, postgresql.url(), kills) else 0)
        finally:
            cluster.stop()


def _lost(cluster: Cluster, postgresql: str, kills: int) -> int:
    """Kill leaders under load; print what happened and return how many confirmed events nobody heard."""
    declare_tables("library")
    house = furnish(Settings(database_url={"library": postgresql}, threads=4))
    relay = Relay(primary_of(house), ByBroker(cluster.url(VHOST)))
    station = broker.open_broker(cluster.url(VHOST))
    broker.listen(station, QUEUE, hearers(primary_of(house))[QUEUE])
    worker = EventWorker(station, threads=2)
    relay.start()
    worker.start()
    ended = threading.Event()

    def talk() -> None:
        number = 0
        while not ended.wait(0.1):
            tell(house, *((f"thing-{number + more}", 1, "x") for more in range(5)))
            number += 5

    talking = threading.Thread(target=talk, daemon=True)
    talking.start()
    for kill in range(kills):
        time.sleep(5)
        leader = cluster.leader_of(VHOST, QUEUE, asked=kill % len(NODES) + 1)
        cluster.kill(leader)
        time.sleep(5)
        cluster.up(leader)
        cluster.await_all(leader)
    ended.set()
    talking.join()
    told = len(statuses(house))
    _wait_while_more_comes(lambda: len(kept(house)), told)
    relay.stop()
    worker.stop()
    heard = kept(house)
    twice = sum(applied > 1 for _, _, applied in heard.values())
    lost = told - len(heard)
    sys.stdout.write(
        f"leaders killed {kills}, events told {told}, confirmed {statuses(house).count(('sent', 0))},"
        f" heard {len(heard)}, lost {lost}, applied twice {twice}\n"
    )
    house.close()
    return lost + twice


def _wait_while_more_comes(count: Callable[[], int], most: int) -> None:
    """Wait until all is there, or nothing more has come for a minute."""
    seen, until = count(), time.monotonic() + 60
    while seen < most and time.monotonic() < until:
        time.sleep(1)
        if (now := count()) > seen:
            seen, until = now, time.monotonic() + 60


if __name__ == "__main__":
    main()
