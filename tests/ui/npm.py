"""The tools that the pages are built and checked with, as `ui/package.json` names them."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UI = ROOT / "ui"
DIST = UI / "dist"
WITH_NODE = ROOT / "scripts/with-node"


def run(*command: str, minutes: float = 5, **variables: str) -> str:
    """Run a command in `ui`; fail with all that it said unless it agrees."""
    done = subprocess.run(
        [str(WITH_NODE), *command],
        cwd=UI,
        env={**os.environ, "NO_COLOR": "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=minutes * 60,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout


def need(present: Path, how: str) -> None:
    """Skip a test on a laptop that lacks something, and fail in CI, which must have it."""
    if present.exists():
        return
    if os.environ.get("CI"):
        pytest.fail(f"{present.relative_to(ROOT)} is missing, and CI must have it: {how}")
    pytest.skip(f"no {present.relative_to(ROOT)}: {how}")
