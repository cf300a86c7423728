"""PostgreSQL servers of their own, put up once for the tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgresql import folder_of_servers


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the servers of a file of tests live."""
    with folder_of_servers() as made:
        yield made
