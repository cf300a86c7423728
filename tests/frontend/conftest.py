"""A frontend with something to say behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frontend import behind, serving
from tests.frontend.behind import Behind
from tests.frontend.serving import Frontend


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages as a user interface builds them: an index, and assets whose names tell their content."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>UI</title>" + "<p>word</p>" * 500)
    (folder / "routes.json").write_text(
        '["/", "/registration", "/courses/:code", "/students/:number",\n "/plans/:plan/weeks/:week?", "/a.b"]\n'
    )
    (folder / "manifest.json").write_text("{}")
    (folder / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "assets/entry-Bx81aQ.js").write_text("export const words = 1;\n" * 500)
    (folder / "assets/entry-Cc02zz.css").write_text("p { color: red }\n" * 200)
    return folder


@pytest.fixture(scope="session")
def standing() -> Iterator[Behind]:
    with behind.standing() as server:
        yield server


@pytest.fixture(scope="session")
def shown(standing: Behind, pages: Path) -> Iterator[Frontend]:
    """A frontend for the whole session, whose tests leave nothing behind."""
    with serving.running(standing.address, pages) as frontend:
        yield frontend


@pytest.fixture
def gateway(standing: Behind) -> Iterator[Behind]:
    """What is behind the session's frontend, with nothing to say but the usual."""
    standing.answers.clear()
    standing.visits.clear()
    yield standing
    standing.answers.clear()
