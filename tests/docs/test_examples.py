"""What the documents tell a reader to paste works, and prints what they say."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import Page, page
from tests.process import Running

PAGES = ["README.md", "docs/api.md", "docs/oneroster.md", "docs/operations.md"]
_CHANGING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # an id
    r"|\b[0-9a-f]{32}\b"  # the id of a trace
    r"|\b\d{4}-\d{2}-\d{2}\b"  # a date of the generated terms
    r"|\b\d{1,3}(?:,\d{3})+\b"  # a number of bytes
)
_MARK = "~~~ end of a block ~~~"
_SLEEP = 'sleep() { python -m tests.faults.heard "$DATA"; }'

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl"),
    pytest.mark.skipif(not shutil.which("bash"), reason="no bash"),
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_what_it_says(name: str, demo: Running, tmp_path: Path) -> None:
    document = page(name)

    printed = printed_by(document, demo, tmp_path)

    said = dict(said_by(document))
    assert {block: lasting(printed[block]) for block in said} == {block: lasting(text) for block, text in said.items()}


def said_by(document: Page) -> Iterator[tuple[int, str]]:
    """Yield what a page says that its commands print, each with the number of the block of commands before it."""
    at = -1
    for kind, code in document.blocks("sh", "text"):
        at += kind == "sh"
        if kind == "text" and at >= 0:
            yield at, code


def printed_by(document: Page, running: Running, folder: Path) -> list[str]:
    """Run all of a page's commands in one shell, as a reader pastes them; return what each block prints.

    Where a reader sleeps for a moment, the news have reached everybody: a busy machine takes longer than a moment.
    """
    script = f"\necho '{_MARK}'\n".join(code for _, code in document.blocks("sh"))
    for said, meant in ((":8000/", f":{running.port}/"), (":8001/", f":{running.port + 1}/"), (".venv/bin/", "")):
        script = script.replace(said, meant)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", f"{_SLEEP}\n{script}"],
        cwd=folder,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "UNIVERSITY_PORT": str(running.port),
            "DATA": str(running.log.parent),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return done.stdout.split(f"{_MARK}\n")


def lasting(text: str) -> str:
    """Return a text without what is different every time."""
    return _CHANGING.sub("…", text).strip()
