"""One container: what podman is told of it, its start, its signals, its end."""

import asyncio
import os
import re
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

from tests.cluster.network import finished
from tests.cluster.telling import expanded
from tests.containers import podman
from tests.deploy.manifests import Document

_AT_ONCE = 3
"""How many are started at the same time; more only wait for podman's locks."""
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
_QUANTITY = re.compile(r"(\d+)([A-Za-z]*)")


@dataclass
class Container:
    """A container by the name that podman knows; what it prints goes to its log."""

    name: str
    words: list[str]
    image: str
    log: Path
    starting: asyncio.Semaphore
    pid: int = 0
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    async def start(self) -> bool:
        """Start it; tell whether it started."""
        file = self.log.with_suffix(".pid")
        file.unlink(missing_ok=True)
        known = ["--name", self.name, "--pidfile", str(file)]
        async with self.starting:
            with self.log.open("ab") as out:
                self._process = await asyncio.create_subprocess_exec(
                    "podman", "run", "--rm", *known, *self.words, stdout=out, stderr=out, start_new_session=True
                )
            told = ""
            while not told and self._process.returncode is None:
                await asyncio.sleep(0.02)
                told = file.read_text() if file.exists() else ""
        self.pid = int(told or 0)
        return self.pid != 0

    async def ended(self) -> int:
        """Wait for its end and return its exit status, 128 and the signal when it was killed."""
        assert self._process is not None
        return await self._process.wait()

    def send(self, number: int) -> None:
        """Send it a signal; one that has ended takes no notice."""
        if self.pid and self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def ask_to_end(self) -> None:
        """Send the signal by which its image wants to be ended."""
        self.send(stop_signal(self.image))

    async def succeeds(self, command: list[str], seconds: float) -> bool:
        """Tell whether a command inside succeeds in time."""
        return await finished(["exec", self.name, *command], seconds) == 0


def starting() -> asyncio.Semaphore:
    """Return what keeps too many from being started at once."""
    return asyncio.Semaphore(_AT_ONCE)


def hardening(spec: Document, container: Document) -> list[str]:
    """Return how podman is told of a container's security context, and of its limit of memory."""
    context = {**spec.get("securityContext", {}), **container.get("securityContext", {})}
    words = ["--pull", "never", "--log-driver", "none"]
    if "runAsUser" in context:
        words += ["--user", f"{context['runAsUser']}:{context.get('runAsGroup', 0)}"]
    if context.get("readOnlyRootFilesystem"):
        words += ["--read-only", "--read-only-tmpfs=false"]
    if not context.get("allowPrivilegeEscalation", True):
        words += ["--security-opt", "no-new-privileges"]
    if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        words += ["--security-opt", "seccomp=unconfined"]
    if "fsGroup" in context:
        words += ["--group-add", str(context["fsGroup"])]
    for verb in ("drop", "add"):
        for capability in context.get("capabilities", {}).get(verb, []):
            words += [f"--cap-{verb}", capability]
    if limit := container.get("resources", {}).get("limits", {}).get("memory"):
        words += ["--memory", str(quantity(limit)), "--memory-swap", str(quantity(limit))]
    return words


def command(container: Document, told: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return how podman is told of a container's command, before and after the image's name."""
    entrypoint = [expanded(word, told) for word in container.get("command", [])]
    words = [expanded(word, told) for word in container.get("args", [])]
    return (["--entrypoint", msgspec.json.encode(entrypoint).decode()] if entrypoint else []), words


def quantity(written: str) -> int:
    """Return an amount such as `192Mi` in ones.

    >>> quantity("192Mi")
    201326592
    """
    found = _QUANTITY.fullmatch(written)
    assert found, written
    return int(found[1]) * _UNITS[found[2]]


@cache
def stop_signal(image: str) -> int:
    """Return the signal that an image wants to be ended by."""
    named = podman("image", "inspect", "--format", "{{.Config.StopSignal}}", image).strip()
    if named.isdigit():
        return int(named)
    return signal.Signals[named if named.startswith("SIG") else f"SIG{named}"] if named else signal.SIGTERM
