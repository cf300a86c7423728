"""The images of this checkout for tests that run containers: built once for whatever goes into them."""

import fcntl
import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

from tests import containers

ROOT = Path(__file__).parents[2]
PYTHON_PARTS = ("course", "student", "enrollment", "gateway")
OTHER_PARTS = ("frontend", "postgresql", "rabbitmq")
PREFIX = "localhost/test/"
_SCRIPTS = ("entrypoints/build-images.sh", "deploy/images/make-base.sh")
_PYTHON = (
    ".dockerignore", "LICENSE", "NOTICE", "deploy/images/Containerfile", "deploy/images/assemble.py", "pyproject.toml",
    "requirements/runtime.txt", "src/university/__init__.py", "src/university/py.typed",
)  # fmt: skip
_PAGES = ROOT / "src/university/gateway/static"
_PYTHON_FOLDERS = ("entrypoints", "src/university/platform", "src/university/demo")
_PATIENCE = 600.0
"""Seconds given to a build, and to the build of another process."""
_AGE = 3600
"""Seconds after which the image of another content is of no test that still runs."""


def built(*parts: str) -> dict[str, str]:
    """Return the name of each part's image, which is there now; skip where no container runs.

    Raises `AssertionError` with what the build complained of.
    """
    containers.needed()
    return {part: _built(part) for part in parts}


def content_of(part: str) -> list[Path]:
    """Return the files that a part's image is made of, and those that make it."""
    files = [ROOT / name for name in _SCRIPTS]
    folders = [ROOT / "deploy/images" / part]
    if part in PYTHON_PARTS:
        files += [ROOT / name for name in _PYTHON]
        folders = [ROOT / name for name in (*_PYTHON_FOLDERS, f"src/university/{part}")]
    if part == "frontend":
        files.append(ROOT / ".dockerignore")
        folders += [ROOT / "src/university/gateway/site", _PAGES]
    files += [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    if part == "gateway":
        files = [file for file in files if not file.is_relative_to(_PAGES)]
    return sorted(file for file in set(files) if "__pycache__" not in file.parts)


@cache
def _built(part: str) -> str:
    if part == "frontend":
        with _alone():
            subprocess.run(["make", "--silent", "ui"], cwd=ROOT, check=True, timeout=_PATIENCE)
    image = f"{PREFIX}university-{part}:{_digest(part)}"
    if not _exists(image):
        with _alone():
            if not _exists(image):
                _build(part, image.rpartition(":")[2])
                _forget_older(image)
    return image


def _digest(part: str) -> str:
    told = hashlib.sha256()
    for file in content_of(part):
        content = file.read_bytes()
        told.update(f"{file.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return told.hexdigest()[:12]


def _exists(image: str) -> bool:
    return subprocess.run(["podman", "image", "exists", image], check=False, timeout=60).returncode == 0


def _build(part: str, tag: str) -> None:
    command = ["entrypoints/build-images.sh", "--engine", "podman", "--offline", "--prefix", PREFIX, "--tag", tag, part]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.decode()[-4000:]}"


def _forget_older(image: str) -> None:
    """Remove images of other contents that nobody has made lately; one that a container still has stays."""
    name = image.rpartition(":")[0]
    for one in msgspec.json.decode(containers.podman("image", "list", "--format", "json", name)):
        if time.time() - one["Created"] > _AGE:
            for tagged in one.get("Names") or ():
                subprocess.run(["podman", "image", "rm", tagged], check=False, capture_output=True, timeout=60)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep every other test process of this account, of whichever checkout, from building meanwhile."""
    until = time.monotonic() + _PATIENCE
    with (Path(tempfile.gettempdir()) / f"university-test-images-{os.getuid()}.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                assert time.monotonic() < until, f"{lock.name} is held by a build that does not end"
                time.sleep(0.2)
        yield
