"""A project of deploy/compose.yaml that runs under a name of its own, by podman-compose."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import urllib3
from urllib3.exceptions import HTTPError

from tests import images
from tests.containers import podman
from tests.process import PATIENCE, free_ports

FILE = Path(__file__).parents[2] / "deploy/compose.yaml"
COMPOSE = Path(sys.executable).with_name("podman-compose")
PARTS = ("course", "student", "enrollment", "gateway", "frontend", "postgresql", "rabbitmq")
LASTING = (
    "frontend", "gateway", "course", "course-worker", "student", "student-worker", "enrollment", "enrollment-worker",
    "postgresql", "postgresql-replica", "rabbitmq",
)  # fmt: skip
"""The services that do not end by themselves."""
ASKING = ("gateway", *(f"{name}{kind}" for name in ("course", "student", "enrollment") for kind in ("", "-worker")))
"""The services that ask others."""


@dataclass(frozen=True)
class Project:
    """Containers of one name; `url` is where the frontend is open."""

    name: str
    port: int
    patience: Path
    """What is told besides: neighbors wait longer for one another; a busy machine must not answer for them."""

    @property
    def url(self) -> str:
        """Where the frontend is open, on this machine."""
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *words: str, timeout: float = 800) -> str:
        """Run a command of compose to its end, and return what it printed."""
        told = {
            **os.environ,
            "UNIVERSITY_IMAGES": f"localhost/{self.name}/university-",
            "UNIVERSITY_COMPOSE_PORT": str(self.port),
            "PATH": f"{COMPOSE.parent}:{os.environ['PATH']}",
        }
        command = [str(COMPOSE), "-p", self.name, "-f", str(FILE), "-f", str(self.patience), *words]
        done = subprocess.run(command, env=told, capture_output=True, text=True, check=False, timeout=timeout)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def container(self, service: str) -> str:
        """Return the name of a service's container."""
        return f"{self.name}_{service}_1"

    def state(self, service: str) -> dict[str, Any]:
        """Return what podman knows of a service's container."""
        (found,) = msgspec.json.decode(podman("inspect", self.container(service)))
        state: dict[str, Any] = found["State"]
        return state

    def running(self, service: str, *words: str) -> str:
        """Run a program inside a service's container."""
        return podman("exec", self.container(service), *words)

    def sql(self, service: str, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the superuser of one of the two PostgreSQL servers, and return its rows."""
        password = self.running("postgresql", "cat", "/etc/university/own/postgres-password")
        (found,) = msgspec.json.decode(podman("inspect", self.container(service)))
        (network,) = found["NetworkSettings"]["Networks"].values()
        with psycopg.connect(
            host=network["IPAddress"], user="postgres", password=password, dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def up(self) -> None:
        """Start everything and wait until the made-up university is there and can be asked, on a busy machine too."""
        self.compose("up", "--detach")
        wait_for(lambda: self.state("demo")["Status"] == "exited", seconds=400)
        assert self.state("demo")["ExitCode"] == 0, podman("logs", self.container("demo"))
        wait_for(lambda: answers(f"{self.url}/api/v1/terms"), seconds=240)


@contextmanager
def started(folder: Path) -> Iterator[Project]:
    """Build what is missing, start everything, and leave nothing behind."""
    patience = folder / "patience.yaml"
    waits = {"environment": {"UNIVERSITY_NEIGHBOR_TIMEOUT": PATIENCE}}
    patience.write_bytes(msgspec.json.encode({"services": dict.fromkeys(ASKING, waits)}))
    project = Project(f"university-test-compose-{os.getpid()}", free_ports(1), patience)
    built = images.built(*PARTS)
    tags = {part: f"localhost/{project.name}/university-{part}:dev" for part in PARTS}
    for part, tag in tags.items():
        podman("tag", built[part], tag)
    try:
        project.up()
        yield project
    finally:
        project.compose("down", "--volumes")
        for tag in tags.values():
            podman("rmi", tag)


def wait_for(holds: Callable[[], bool], *, seconds: float = 180) -> None:
    """Wait until something holds; raise `AssertionError` when it never does."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.3)


def answers(url: str) -> bool:
    """Tell whether an address answers well."""
    try:
        return urllib3.request("GET", url, retries=False, timeout=15).status == HTTPStatus.OK
    except HTTPError:
        return False
