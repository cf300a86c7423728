"""A running university with the generated data, for the commands that the documents tell readers to run."""

from collections.abc import Iterator

import pytest

from tests import process
from tests.faults.heard import wait_until_heard
from tests.process import Running
from tests.system import command


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A university as `make run` starts it, once the made-up students have moved in and everybody has heard of it."""
    with process.university(tmp_path_factory.mktemp("demo"), UNIVERSITY_LOG_LEVEL="error") as running:
        filled = command.university("demo", "--students", "300", "--json", UNIVERSITY_PORT=str(running.port))
        assert filled.returncode == 0, filled.stderr
        wait_until_heard(running.log.parent)
        yield running
