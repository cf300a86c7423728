"""The split university for tests: real processes, PostgreSQL, RabbitMQ; databases and a virtual host of its own."""

import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from entrypoints import split
from entrypoints.processes import Part, Parts
from entrypoints.split import Ground, Servers
from tests.process import PATIENCE, free_ports
from tests.servers import rabbitmq
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

POSTGRES, RABBITMQ = os.environ.get("UNIVERSITY_TEST_POSTGRES"), os.environ.get("UNIVERSITY_TEST_RABBITMQ")

FEW, MORE = "2", "4"
"""Threads of a worker and of whoever serves: the tests' PostgreSQL has connections for several universities at once."""


@dataclass(frozen=True)
class Split:
    """A split university that runs: its processes, and the ground they stand on."""

    parts: Parts
    ground: Ground
    settings: Settings

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def management_url(self) -> str:
        """Where the gateway tells how it is."""
        return f"http://127.0.0.1:{self.settings.port + 1}"

    def database(self, module: str) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection to a module's database, to be closed, as a role that may change rows."""
        return psycopg.connect(self.ground.databases[module].app, autocommit=True)


def servers() -> Servers:
    """Return the servers that tests may use; skip on a laptop without them."""
    if not (POSTGRES and RABBITMQ):
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL or RabbitMQ is missing, and CI must have them")
        pytest.skip("no PostgreSQL or no RabbitMQ: set UNIVERSITY_TEST_POSTGRES and UNIVERSITY_TEST_RABBITMQ")
    return Servers(POSTGRES, RABBITMQ, split.rabbitmqctl)


@contextmanager
def grounded(folder: Path, found: Servers | None = None) -> Iterator[Ground]:
    """Prepare databases and a virtual host of a test's own; remove them at the end."""
    found = found or servers()
    name = f"university_test_{uuid.uuid4().hex[:10]}_"
    try:
        yield split.prepare(found, folder, prefix=name, vhost=name)
    finally:
        forget(found, name, name)


@contextmanager
def university(folder: Path, **variables: str) -> Iterator[Split]:
    """Run the split university with its machinery and no data; `variables` are told to every process."""
    with grounded(folder) as ground:
        settings = Settings(port=free_ports(4 * split.STEP), data_dir=folder)
        parts = split.laid_out(ground, settings)
        for part in parts.parts:
            threads = FEW if part.name.endswith("-worker") else MORE
            told(part, {"UNIVERSITY_THREADS": threads, "UNIVERSITY_NEIGHBOR_TIMEOUT": PATIENCE, **variables})
        try:
            parts.start(patience=180)
            yield Split(parts, ground, settings)
        finally:
            for part in parts.parts:
                part.signal(signal.SIGKILL)
                if part.process is not None:
                    part.process.wait()


def told(part: Part, variables: dict[str, str]) -> None:
    """Tell a process more before it starts."""
    part.environment = {**part.environment, **variables}


def forget(found: Servers, prefix: str, vhost: str) -> None:
    """Remove what was prepared."""
    with psycopg.connect(found.postgresql, autocommit=True) as admin:
        for module in (*SERVICES, "gateway"):
            admin.execute(f"DROP DATABASE IF EXISTS {prefix}{module} WITH (FORCE)")
            for role in ("app", "migrator", "reader"):
                admin.execute(f"DROP ROLE IF EXISTS {prefix}{module}_{role}")
    rabbitmq.control("delete_vhost", vhost)
    for module in SERVICES:
        rabbitmq.control("delete_user", f"{prefix}{module}")
