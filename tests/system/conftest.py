"""One running university a session: started here in one process, or, when the environment names one, a split one."""

import os
from collections.abc import Iterator

import msgspec
import pytest

from tests import process
from tests.system.client import System

URL = "UNIVERSITY_TEST_SYSTEM_URL"
MANAGEMENT_URL = "UNIVERSITY_TEST_SYSTEM_MANAGEMENT_URL"
ACCOUNTS = "UNIVERSITY_TEST_SYSTEM_ACCOUNTS"
"""JSON: `{"registrar": ["username", "password"], "admin": [...]}`."""
DEMO = {role: (role, "demo") for role in ("registrar", "admin", "instructor", "student")}


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A university with its machinery and no data."""
    if url := os.environ.get(URL):
        yield System(url, os.environ[MANAGEMENT_URL], msgspec.json.decode(os.environ.get(ACCOUNTS, "{}")) or DEMO)
        return
    with process.university(tmp_path_factory.mktemp("university")) as running:
        yield of(running)


def of(running: process.Running) -> System:
    """Return the client of a process started by a test."""
    return System(f"http://127.0.0.1:{running.port}", f"http://127.0.0.1:{running.port + 1}", DEMO)
