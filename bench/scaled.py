"""The split university with several processes of a kind, on prepared databases that can be put back as they were."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from entrypoints import split as layout
from entrypoints.processes import Part, Parts
from entrypoints.split import Ground
from tests import split
from tests.process import PATIENCE, free_ports
from tests.split import Split
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

_SET = 4 * layout.STEP
"""Ports of one set of processes."""


@dataclass(frozen=True)
class Snapshot:
    """Databases as they were at some moment; made, and put back, while nobody uses them."""

    server: str
    names: tuple[str, ...]

    def make(self) -> None:
        """Copy the databases."""
        for name in self.names:
            self._do("CREATE DATABASE {} TEMPLATE {}", f"{name}_before", name)

    def put_back(self) -> None:
        """Make the databases what they were; who may enter them has to be said anew."""
        for name in self.names:
            self._do("DROP DATABASE {} WITH (FORCE)", name)
            self._do("CREATE DATABASE {} TEMPLATE {}", name, f"{name}_before")

    def remove(self) -> None:
        """Forget the copies."""
        for name in self.names:
            self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{name}_before")

    def _do(self, command: str, *names: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as admin:
            admin.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


@contextmanager
def grounded(folder: Path) -> Iterator[tuple[Ground, Snapshot]]:
    """Prepare databases and a virtual host; yield them and what puts them back; remove all at the end."""
    with split.grounded(folder) as ground:
        names = tuple(urlsplit(access.app).path.removeprefix("/") for access in ground.databases.values())
        snapshot = Snapshot(split.servers().postgresql, names)
        try:
            yield ground, snapshot
        finally:
            snapshot.remove()


@contextmanager
def running(ground: Ground, counts: Mapping[str, int], **variables: str) -> Iterator[Split]:
    """Run so many processes of each kind, one of those that are not named; `variables` are told to all."""
    sets = max([1, *counts.values()])
    settings = Settings(port=free_ports(sets * _SET), data_dir=ground.folder)
    parts = [
        replace(part, name=f"{part.name}-{number + 1}" if number else part.name)
        for number in reversed(range(sets))
        for part in layout.laid_out(ground, settings.model_copy(update={"port": settings.port + number * _SET})).parts
        if number < counts.get(part.name, 1)
    ]
    urls = {f"UNIVERSITY_NEIGHBOR_URL__{name.upper()}": _addresses(parts, name) for name in SERVICES}
    for part in parts:
        threads = split.FEW if "-worker" in part.name else split.MORE
        told = {"UNIVERSITY_THREADS": threads, "UNIVERSITY_NEIGHBOR_TIMEOUT": PATIENCE}
        split.told(part, {**urls, **told, "UNIVERSITY_LOG_LEVEL": "error", **variables})
    university = Split(Parts(parts), ground, settings)
    try:
        university.parts.start(patience=180)
        yield university
    finally:
        for part in parts:
            part.signal(signal.SIGKILL)
            if part.process is not None:
                part.process.wait()


def entered_anew(ground: Ground, snapshot: Snapshot) -> None:
    """Put the databases back, and say who may enter them."""
    snapshot.put_back()
    prefix = snapshot.names[0].removesuffix(next(iter(ground.databases)))
    layout.prepare(split.servers(), ground.folder, prefix=prefix, vhost=prefix)


def _addresses(parts: list[Part], name: str) -> str:
    return " ".join(f"http://127.0.0.1:{part.port}" for part in parts if _kind(part) == name)


def _kind(part: Part) -> str:
    """Return what a process is, whichever of its kind."""
    return part.name.rstrip("0123456789").removesuffix("-")
