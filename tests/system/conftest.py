"""One running university a session: in one process and split, or the one that the environment names."""

import os
from collections.abc import Iterator

import msgspec
import pytest

from tests import process, split
from tests.system.client import System

URL = "UNIVERSITY_TEST_SYSTEM_URL"
MANAGEMENT_URL = "UNIVERSITY_TEST_SYSTEM_MANAGEMENT_URL"
ACCOUNTS = "UNIVERSITY_TEST_SYSTEM_ACCOUNTS"
"""JSON: `{"registrar": ["username", "password"], "admin": [...]}`."""
PATIENCE = "8"
"""Seconds between modules: what is asked here is what is answered; a busy machine must not answer in its place."""
DEMO = {role: (role, "demo") for role in ("registrar", "admin", "instructor", "student")}


@pytest.fixture(
    scope="session",
    params=["one-process", pytest.param("split", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])],
)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A university with its machinery and no data, in one process and split."""
    if url := os.environ.get(URL):
        yield System(url, os.environ[MANAGEMENT_URL], msgspec.json.decode(os.environ.get(ACCOUNTS, "{}")) or DEMO)
        return
    if request.param == "split":
        with split.university(tmp_path_factory.mktemp("split"), UNIVERSITY_NEIGHBOR_TIMEOUT=PATIENCE) as running:
            modules = {part.name: part.management_url for part in running.parts.parts}
            yield System(running.url, running.management_url, DEMO, modules)
        return
    with process.university(tmp_path_factory.mktemp("university"), UNIVERSITY_NEIGHBOR_TIMEOUT=PATIENCE) as alone:
        yield of(alone)


def of(running: process.Running) -> System:
    """Return the client of a process started by a test."""
    return System(f"http://127.0.0.1:{running.port}", f"http://127.0.0.1:{running.port + 1}", DEMO)
