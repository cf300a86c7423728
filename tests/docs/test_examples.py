"""What the documents tell a reader to paste works, and prints what they say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Page, page
from tests.process import Running

PORT = "8000"
PAGES = ["README.md", "docs/api.md"]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
_MARK = "~~~ end of a block ~~~"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl"),
    pytest.mark.skipif(not shutil.which("bash"), reason="no bash"),
]


@pytest.fixture(params=PAGES)
def shown(request: pytest.FixtureRequest, demo: Running) -> list[tuple[str, str]]:
    """What a page says that its commands print, and what they print."""
    document = page(request.param)
    printed = printed_by(document, demo)
    pairs, at = [], -1
    for kind, code in document.blocks("sh", "text"):
        at += kind == "sh"
        if kind == "text":
            pairs.append((code, printed[at]))
    return pairs


def test_a_page_prints_what_it_says(shown: list[tuple[str, str]]) -> None:
    said, printed = ([lasting(text) for text in texts] for texts in zip(*shown, strict=True))

    assert printed == said


def printed_by(document: Page, running: Running) -> list[str]:
    """Run all of a page's commands in one shell, as a reader pastes them; return what each block prints."""
    blocks = [code.replace(f":{PORT}/", f":{running.port}/") for kind, code in document.blocks("sh") if kind == "sh"]
    script = f"\necho '{_MARK}'\n".join(blocks)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        env={**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return done.stdout.split(f"{_MARK}\n")


def lasting(text: str) -> str:
    """Return a text without what is different every time: ids and digits."""
    return re.sub(r"\d", "9", _ID.sub("ID", text)).strip()
