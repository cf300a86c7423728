"""The images of PostgreSQL and RabbitMQ alone: without rights, ending when told, and finding their data again."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import msgspec
import psycopg
import pytest

from entrypoints import provision_rabbitmq
from tests import images
from tests.compose.project import wait_for
from tests.containers import needed, podman

NAME = f"university-test-stores-{os.getpid()}"
HARDENED = (
    "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "10001:10001",
    "--tmpfs", "/tmp:size=64m,mode=1777",  # noqa: S108 - the container's own
)  # fmt: skip
GRACE = 45.0
"""Seconds that compose gives them to end."""
SUPERUSER, REPLICATOR = "it's a:secret\\", "another's"
pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(1800)]
Store = Callable[..., str]


@pytest.fixture
def store() -> Iterator[Store]:
    """Start stores by name, each with data of its own, on a network of their own."""
    needed()
    with ExitStack() as stack:
        podman("network", "create", NAME)
        stack.callback(podman, "network", "rm", "--force", "--time", "0", NAME)

        def start(part: str, kind: str = "one", **told: str) -> str:
            return stack.enter_context(running(part, f"{NAME}-{part}-{kind}", told))

        yield start


@contextmanager
def running(part: str, name: str, told: dict[str, str]) -> Iterator[str]:
    image = images.built(part)[part]
    environment = [word for key, value in told.items() for word in ("--env", f"{key}={value}")]
    volume = ("--volume", f"{name}:/data")
    try:
        podman("run", "--detach", "--name", name, "--network", NAME, *HARDENED, *volume, *environment, image)
        yield name
    finally:
        podman("rm", "--force", "--time", "0", name)
        podman("volume", "rm", "--force", name)


def address(name: str) -> str:
    (found,) = msgspec.json.decode(podman("inspect", name))
    return str(found["NetworkSettings"]["Networks"][NAME]["IPAddress"])


def connected(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=address(name), user="postgres", password=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=2
    )


def serves(name: str) -> bool:
    with suppress(psycopg.OperationalError), connected(name):
        return True
    return False


def rows(name: str, statement: str) -> list[tuple[object, ...]]:
    with connected(name) as connection:
        return connection.execute(statement.encode()).fetchall()


def ended(name: str) -> int:
    """Send SIGTERM and return the exit code; compose would kill it after its grace."""
    began = time.monotonic()
    podman("kill", "--signal", "TERM", name)
    podman("wait", name)
    assert time.monotonic() - began < GRACE
    (found,) = msgspec.json.decode(podman("inspect", name))
    return int(found["State"]["ExitCode"])


def test_a_replica_that_comes_first_waits_follows_and_finds_its_primary_again(store: Store) -> None:
    replica = store(
        "postgresql", "replica", POSTGRES_PRIMARY=f"{NAME}-postgresql-primary", REPLICATION_PASSWORD=REPLICATOR
    )
    primary = store("postgresql", "primary", POSTGRES_PASSWORD=SUPERUSER, REPLICATION_PASSWORD=REPLICATOR)
    wait_for(lambda: serves(primary) and serves(replica), seconds=120)

    with connected(primary) as connection:
        connection.execute("CREATE TABLE kept (a int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        assert ended(primary) == 0
    podman("start", primary)
    wait_for(lambda: serves(primary))
    with connected(primary) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")

    wait_for(lambda: rows(replica, "SELECT count(*) FROM kept") == [(2,)])
    assert rows(replica, "SELECT pg_is_in_recovery(), current_setting('hot_standby_feedback')") == [(True, "on")]
    assert ended(replica) == 0


def test_a_replica_that_waits_ends_when_told(store: Store) -> None:
    replica = store("postgresql", POSTGRES_PRIMARY="nowhere", REPLICATION_PASSWORD=REPLICATOR)
    wait_for(lambda: "cannot be copied yet" in logs(replica))

    assert ended(replica) == 0


def test_rabbitmq_ends_when_told_and_keeps_what_it_was_told(store: Store) -> None:
    broker = store("rabbitmq", RABBITMQ_ADMIN_PASSWORD="admin-password")
    words = {"course": "a", "student": "b", "enrollment": "c"}

    def prepared() -> dict[str, int]:
        told: dict[str, int] = {}

        def attempt() -> bool:
            with suppress(provision_rabbitmq.Unreached):
                told.update(provision_rabbitmq.prepare(f"http://admin:admin-password@{address(broker)}:15672", words))
                return True
            return False

        wait_for(attempt, seconds=120)
        return told

    assert prepared()["queues"] == 27
    assert ended(broker) == 0
    podman("start", broker)
    assert prepared() == {}


@pytest.mark.parametrize(
    ("part", "told", "said"),
    [
        ("postgresql", {}, "POSTGRES_PASSWORD is not set."),
        ("postgresql", {"POSTGRES_PRIMARY": "one"}, "REPLICATION_PASSWORD is not set."),
        ("rabbitmq", {}, "RABBITMQ_ADMIN_PASSWORD is not set."),
        ("rabbitmq", {"RABBITMQ_ADMIN_PASSWORD": "a # b"}, "RABBITMQ_ADMIN_PASSWORD has other characters"),
    ],
)
def test_what_a_store_lacks_is_one_sentence(store: Store, part: str, told: dict[str, str], said: str) -> None:
    name = store(part, **told)
    podman("wait", name)

    (found,) = msgspec.json.decode(podman("inspect", name))
    assert found["State"]["ExitCode"] == 1
    assert said in logs(name)


def logs(name: str) -> str:
    """Return what a container has said on standard error."""
    return subprocess.run(["podman", "logs", name], capture_output=True, text=True, check=True, timeout=30).stderr
