"""Containers as a cluster runs them: no root, no capability, a root that cannot be written to, and here no network."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.containers import podman

HARDENED = ("--pull=never", "--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "--network=none")


def said(image: str, *command: str, status: int = 0) -> str:
    """Run a command in a container to its end, and return what it said; it must end with this status."""
    program, *words = command
    line = ["podman", "run", "--rm", *HARDENED, f"--entrypoint={program}", image, *words]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, f"{' '.join(command)} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def looked(image: str, program: str) -> Any:
    """Run a Python program in a container, and return the JSON that it printed."""
    return json.loads(said(image, "python3", "-c", program))


class Container:
    """One that runs, by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def python(self, program: str) -> Any:
        """Run a Python program in it, and return the JSON that it printed."""
        return json.loads(podman("exec", self.name, "python3", "-c", program))

    def asked(self, path: str) -> int:
        """Return the status that its management port answers with; 0 when it does not answer."""
        status: int = self.python(
            "import urllib.request, urllib.error\n"
            f"try: print(urllib.request.urlopen('http://127.0.0.1:8001{path}', timeout=5).status)\n"
            "except urllib.error.HTTPError as answer: print(answer.code)\n"
            "except OSError: print(0)"
        )
        return status

    def answers(self, path: str, status: int, seconds: float = 30) -> bool:
        """Tell whether it comes to answer with this status."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.asked(path) == status:
                return True
            time.sleep(0.2)
        return False

    def ended(self, seconds: int = 40) -> int:
        """Send SIGTERM, and return the status that it ends with; 137 when it had to be killed."""
        podman("stop", f"--time={seconds}", self.name, timeout=seconds + 30)
        return int(podman("inspect", "--format={{.State.ExitCode}}", self.name))

    def log(self) -> str:
        """Return what it wrote."""
        done = subprocess.run(["podman", "logs", self.name], capture_output=True, text=True, timeout=30, check=True)
        return done.stdout + done.stderr


@contextmanager
def running(
    image: str, *words: str, told: Mapping[str, str] | None = None, keys: Path | None = None, program: str | None = None
) -> Iterator[Container]:
    """Run an image's own program, or another, until the end of the block."""
    name = f"images-{os.getpid()}-{time.monotonic_ns()}"
    options = [f"--env={key}={value}" for key, value in (told or {}).items()]
    options += [f"--volume={keys}:/etc/university/keys:ro"] if keys else []
    options += [f"--entrypoint={program}"] if program else []
    podman("run", "--detach", f"--name={name}", *HARDENED, *options, image, *words)
    try:
        yield Container(name)
    finally:
        podman("rm", "--force", "--time=0", name)
