"""A virtual host of a test's own on a real RabbitMQ, with a user a module as an installation has them."""

import os
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.process import free_ports
from tests.servers.postgresql import wait_for
from university.platform.messaging import rabbitmq
from university.platform.messaging.topology import SERVICES, SUBSCRIPTIONS

URL = os.environ.get("UNIVERSITY_TEST_RABBITMQ")
QUEUES = [f"{name}{kind}" for name in SUBSCRIPTIONS for kind in ("", ".DQ", ".XQ")]
SERVICES_SCRIPT = Path(__file__).parents[2] / "scripts" / "services"


@dataclass(frozen=True)
class Station:
    """A virtual host: `url` may do everything, `urls` are those of the modules."""

    vhost: str
    url: str
    urls: dict[str, str]

    def control(self, *arguments: str) -> str:
        """Administer the broker; raise when that fails."""
        return control(*arguments)

    def depths(self) -> dict[str, int]:
        """Return how many messages wait in each queue that is not empty."""
        with closing(rabbitmq.connect(self.url)) as connection:
            channel = connection.channel()
            told = {name: channel.queue_declare(name, passive=True).method.message_count for name in QUEUES}
            return {name: count for name, count in told.items() if count}

    def purge(self) -> None:
        """Throw away every message."""
        with closing(rabbitmq.connect(self.url)) as connection:
            channel = connection.channel()
            for name in QUEUES:
                channel.queue_purge(name)


class Node:
    """A RabbitMQ of a test's own, to be killed; the project's script starts it, as on a laptop without one."""

    def __init__(self, folder: Path) -> None:
        self.port = free_ports(3)
        self._folder = folder
        self._environment = {
            **os.environ,
            "UNIVERSITY_TEST_SERVICES": str(folder),
            "UNIVERSITY_TEST_RABBITMQ_PORTS": str(self.port),
        }

    @property
    def url(self) -> str:
        """Its administrator's address."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def managed(self) -> str:
        """Let it have the management plugin from its next start on; return that API's address."""
        port, home = free_ports(1), self._folder / "rabbitmq"
        home.mkdir(parents=True, exist_ok=True)
        (home / "enabled_plugins").write_text("[rabbitmq_management].\n")
        (home / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\ndistribution.listener.interface = 127.0.0.1\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {port}\n"
        )
        return f"http://guest:guest@127.0.0.1:{port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        done = subprocess.run(
            [SERVICES_SCRIPT, "start"], env=self._environment, capture_output=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr.decode()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        with suppress(ProcessLookupError, FileNotFoundError, ValueError):
            os.kill(int((self._folder / "rabbitmq" / "pid").read_text()), signal.SIGKILL)
        wait_for(lambda: not self.answers())

    def stop(self) -> None:
        """End it and its port mapper."""
        self.kill()
        told = {**self._environment, "ERL_EPMD_PORT": str(self.port + 1)}
        subprocess.run(["epmd", "-kill"], env=told, capture_output=True, check=False)

    def answers(self) -> bool:
        """Tell whether somebody listens."""
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def control(self, arguments: Sequence[str], told: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        """Administer it, as `rabbitmqctl` does."""
        command = [str(SERVICES_SCRIPT), "rabbitmqctl", "--quiet", *arguments]
        return subprocess.run(command, env=self._environment, input=told, capture_output=True, check=False)


def control(*arguments: str, told: bytes = b"") -> str:
    """Run `rabbitmqctl`."""
    done = subprocess.run(
        [SERVICES_SCRIPT, "rabbitmqctl", "--quiet", *arguments], input=told, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode()


@contextmanager
def station() -> Iterator[Station]:
    """Open a virtual host, or skip on a laptop without RabbitMQ."""
    if not URL:
        if os.environ.get("CI"):
            pytest.fail("RabbitMQ is missing, and CI must have it")
        pytest.skip("no RabbitMQ: set UNIVERSITY_TEST_RABBITMQ")
    address = urlsplit(URL)
    vhost = f"university-test-{uuid.uuid4().hex[:12]}"
    prefix = f"{vhost}-"
    told = rabbitmq.definitions(dict.fromkeys(SERVICES, "secret"), vhost, prefix=prefix)
    everything = {"user": address.username or "guest", "configure": ".*", "write": ".*", "read": ".*"}
    told["permissions"].append({"vhost": vhost, **everything})
    control("import_definitions", told=msgspec.json.encode(told))
    where = f"{address.hostname}:{address.port or 5672}/{vhost}"
    urls = {name: f"amqp://{prefix}{name}:secret@{where}" for name in SERVICES}
    try:
        yield Station(vhost, f"amqp://{address.username}:{address.password}@{where}", urls)
    finally:
        control("delete_vhost", vhost)
        for name in SERVICES:
            control("delete_user", f"{prefix}{name}")
