"""What people do with the pages, in a real browser against the real process: one test a file of `ui/e2e`."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import process
from tests.process import Running
from tests.ui import npm

SPECS = sorted(file.name for file in (npm.UI / "e2e").glob("*.spec.ts") if file.name != "screenshots.spec.ts")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory, built: None) -> Iterator[Running]:  # noqa: ARG001 - it is served
    """A university as `make run` starts it, once the made-up students have moved in."""
    if not any(shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *BROWSERS)):
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and CI must have it: scripts/services browser")
        pytest.skip("no Chromium: scripts/services browser")
    folder: Path = tmp_path_factory.mktemp("university")
    with process.university(folder, demo=True, UNIVERSITY_LOG_LEVEL="error") as running:
        yield running


@pytest.mark.parametrize("spec", SPECS)
def test_a_journey_ends_well(spec: str, university: Running) -> None:
    address = f"http://127.0.0.1:{university.port}"

    said = npm.run("npx", "playwright", "test", f"e2e/{spec}", minutes=14, UNIVERSITY_UI_URL=address)

    # `flaky` passed when Playwright ran it once more, as playwright.config.ts says why; a file of one test has nothing else.
    assert re.search(r"^ +[1-9]\d* (passed|flaky)", said, re.MULTILINE), said
    assert " skipped" not in said, said
