"""What the tests of the pages stand on: the tools, and the pages as they are built."""

import pytest

from tests.ui import npm


@pytest.fixture(scope="session")
def tools() -> None:
    """The npm packages that `ui/package-lock.json` names."""
    npm.need(npm.UI / "node_modules/.installed", "make ui")


@pytest.fixture(scope="session")
def built(tools: None) -> None:  # noqa: ARG001 - what is built was built with them
    """The built pages."""
    npm.need(npm.DIST / "index.html", "make ui")
