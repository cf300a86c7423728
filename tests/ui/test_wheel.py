"""Whoever installs the program without its repository has the pages, too."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.ui import npm

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("built")]


def test_the_wheel_carries_the_built_pages(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("src", "entrypoints", "requirements"):
        shutil.copytree(npm.ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(npm.ROOT / name, source)

    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), "."]
    subprocess.run([sys.executable, *build], cwd=source, check=True)

    (wheel,) = tmp_path.glob("*.whl")
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if "/gateway/static/" in name}
    pages = {file.relative_to(npm.DIST).as_posix() for file in npm.DIST.rglob("*") if file.is_file()}
    assert carried == {f"university/gateway/static/{file}" for file in pages}
