"""The frontend as its image runs it: its start script, its configuration and a real nginx, in a folder of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.process import free_ports
from tests.system.client import System

SOURCE = Path(__file__).parents[2] / "deploy/images/frontend"
OURS = Path(__file__).parents[2] / "src/university/gateway/site"
"""The pages that the gateway shows, too."""
ACCOUNT = 10_001
"""Whom the image runs as."""
PATIENCE = 60.0
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
"""Where programs are; Debian's nginx is where only root looks."""


@dataclass
class Frontend(System):
    """A frontend that answers; what is asked of it goes out exactly as told."""

    process: "subprocess.Popen[bytes] | None" = None
    folder: Path = Path()

    def lines(self) -> list[dict[str, object]]:
        """Return what it has logged, a JSON object a line."""
        return [
            msgspec.json.decode(line)
            for name in ("out", "err")
            for line in (self.folder / name).read_bytes().splitlines()
        ]

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to its first process, as whoever runs containers does."""
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end and return its exit code."""
        assert self.process is not None
        return self.process.wait(PATIENCE)


def needed() -> None:
    """Skip on a laptop without nginx; fail in CI."""
    if shutil.which("nginx", path=PATH) is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing, and CI must have it")
        pytest.skip("no nginx: `scripts/services frontend` installs it")


@contextmanager
def running(gateway: str, pages: Path | None = None, without: str = "", **settings: str) -> Iterator[Frontend]:
    """Run a frontend before a gateway (`host:port`), with other pages than the plain one where they are named.

    `without` leaves some words of its configuration out, for a test that shows what they are there for.
    """
    needed()
    folder = Path(tempfile.mkdtemp(prefix="university-frontend-"))
    folder.chmod(0o755)
    port = free_ports()
    try:
        build(folder / "frontend", pages)
        configuration = folder / "frontend/nginx.conf"
        configuration.write_text(configuration.read_text(encoding="utf-8").replace(without, ""))
        frontend = Frontend(f"http://127.0.0.1:{port}", "", {}, folder=folder)
        environment = {
            "PATH": PATH, "SCRATCH": str(folder / "scratch"), "PORT": str(port), "GATEWAY": gateway, **settings,
        }  # fmt: skip
        frontend.process = _started(folder, environment)
        try:
            _await(frontend)
            yield frontend
        finally:
            _kill(frontend.process)
    finally:
        shutil.rmtree(folder)


def build(folder: Path, pages: Path | None = None) -> None:
    """Do what the Containerfile does: bring everything to one place, and compress what is served."""
    shutil.copytree(SOURCE, folder)
    shutil.copytree(OURS / "own", folder / "own")
    shutil.copytree(pages or OURS / "page", folder / "page")
    for served in (folder / "page", folder / "own"):
        files = [file for file in served.rglob("*") if file.suffix in {".html", ".css", ".js"}]
        subprocess.run(["gzip", "-9", "-k", "-n", *files], check=True)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.name == "start" else 0o644)


def _started(folder: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    is_root = os.geteuid() == 0
    (folder / "scratch").mkdir()
    for name in ("out", "err"):
        (folder / name).touch()
    if is_root:
        for name in ("scratch", "out", "err"):
            os.chown(folder / name, ACCOUNT, ACCOUNT)
    who: dict[str, Any] = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if is_root else {}
    with (folder / "out").open("ab") as out, (folder / "err").open("ab") as err:
        # A shell cannot hear what it was told to ignore at its start, as whatever runs in the background of another is.
        command = ["env", "--default-signal=INT,QUIT", str(folder / "frontend/start")]
        return subprocess.Popen(
            command, env=environment, cwd="/", stdout=out, stderr=err, start_new_session=True, **who
        )


def _await(frontend: Frontend) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and frontend.process and frontend.process.poll() is None:
        try:
            if frontend.ask("GET", "/health/live").status == 200:
                return
        except OSError:
            time.sleep(0.02)
    pytest.fail("the frontend did not start: " + (frontend.folder / "err").read_text())


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
