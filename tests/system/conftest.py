"""One running university a session: in one process, split, from its images, or the one that the environment names."""

import os
from collections.abc import Iterator

import msgspec
import pytest

from tests import process, split
from tests.cluster import overlay
from tests.cluster.cluster import Cluster
from tests.system.client import System

URL = "UNIVERSITY_TEST_SYSTEM_URL"
MANAGEMENT_URL = "UNIVERSITY_TEST_SYSTEM_MANAGEMENT_URL"
ACCOUNTS = "UNIVERSITY_TEST_SYSTEM_ACCOUNTS"
"""JSON: `{"registrar": ["username", "password"], "admin": [...]}`."""
DEMO = {role: (role, "demo") for role in ("registrar", "admin", "instructor", "student")}


SYSTEMS = [
    "one-process",
    pytest.param("split", marks=[pytest.mark.postgres, pytest.mark.rabbitmq]),
    pytest.param("containers", marks=[pytest.mark.containers, pytest.mark.timeout(1800)]),
]


@pytest.fixture(scope="session")
def contained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The development overlay in the stand-in for a cluster, with its machinery and no data; kept, for it is slow."""
    empty = overlay.told(demo=False, patience=overlay.PATIENCE, UNIVERSITY_NEIGHBOR_TIMEOUT=process.PATIENCE)
    with overlay.university(tmp_path_factory.mktemp("cluster"), empty) as running:
        yield running


@pytest.fixture(scope="session", params=["named"] if URL in os.environ else SYSTEMS)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A university with its machinery and no data, in one process, split, and from its images behind nginx."""
    if url := os.environ.get(URL):
        yield System(url, os.environ[MANAGEMENT_URL], msgspec.json.decode(os.environ.get(ACCOUNTS, "{}")) or DEMO)
        return
    if request.param == "split":
        with split.university(tmp_path_factory.mktemp("split")) as running:
            modules = {part.name: part.management_url for part in running.parts.parts}
            yield System(running.url, running.management_url, DEMO, modules)
        return
    if request.param == "containers":
        yield behind_the_frontend(request.getfixturevalue("contained"))
        return
    with process.university(tmp_path_factory.mktemp("university")) as alone:
        yield of(alone)


def behind_the_frontend(running: Cluster) -> System:
    """Return the client of a cluster: what it asks goes through the frontend, and management to one pod of a kind."""
    pods = {name: running.pods(name)[0].address for name in (*overlay.WEB, *overlay.WORKERS)}
    modules = {name: f"http://{address}:8001" for name, address in pods.items()}
    gateway = f"http://{pods['gateway']}:8000"
    return System(running.url("frontend"), modules["gateway"], DEMO, modules, gateway, unread=frozenset({400}))


def of(running: process.Running) -> System:
    """Return the client of a process started by a test."""
    return System(f"http://127.0.0.1:{running.port}", f"http://127.0.0.1:{running.port + 1}", DEMO)
