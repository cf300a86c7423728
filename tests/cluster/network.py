"""The cluster's network: a bridge on which pods hear only the node, and addresses for Services that the node keeps."""

import asyncio
import errno
import os
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.containers import podman

PREFIX = "university-cluster"
_RANGE = "10.213"
_PODS, _SERVICES = range(10, 127), range(130, 254)
_NAME = re.compile(rf"{PREFIX}-(\d+)-\d+")
_GONE = {errno.ENOENT, errno.ENODEV}
"""What is said of a port whose container has ended meanwhile: the file is gone, or what it was about."""
_numbers = count(1)


@dataclass
class Network:
    """A bridge of its own without a way out; pods reach nobody on it but the node, so nothing passes by the Services.

    Pods live in the lower half of the subnet. The upper half belongs to the node itself, where Services listen.
    """

    name: str
    third: int
    bridge: str
    _taken: dict[str, str] = field(default_factory=dict)
    _turns: "cycle[int]" = field(default_factory=lambda: cycle(_PODS))
    _services: dict[str, str] = field(default_factory=dict)

    @property
    def services(self) -> dict[str, str]:
        """Addresses of Services by name."""
        return dict(self._services)

    def lend(self, pod: str) -> str:
        """Return an address for a pod that nobody has."""
        for number in self._turns:
            address = f"{_RANGE}.{self.third}.{number}"
            if address not in self._taken:
                self._taken[address] = pod
                return address
        raise AssertionError("no address is left")

    def give_back(self, address: str) -> None:
        """Let others have an address."""
        self._taken.pop(address, None)

    def name_service(self, service: str) -> str:
        """Return the address of a Service."""
        return self._services.setdefault(service, f"{_RANGE}.{self.third}.{_SERVICES[len(self._services)]}")

    def isolate(self) -> None:
        """Let nobody on the bridge hear anybody but the node, and everybody find the node where it was.

        By itself a bridge takes the hardware address of one of its ports, and another when that one leaves: whoever
        knew the node by it would speak into the void for half a minute.
        """
        lasting = f"02:00:0a:d5:{self.third:02x}:01"
        if Path(f"/sys/class/net/{self.bridge}/address").read_text().strip() != lasting:
            subprocess.run(["ip", "link", "set", "dev", self.bridge, "address", lasting], check=True)
        for port in Path(f"/sys/class/net/{self.bridge}/brif").iterdir():
            try:
                (port / "isolated").write_text("1")
            except OSError as error:
                if error.errno not in _GONE:
                    raise


def opened() -> Network:
    """Make a network; skip where this account may not."""
    if os.geteuid() != 0:
        pytest.skip("no cluster: addresses for Services need root")
    sweep()
    name = f"{PREFIX}-{os.getpid()}-{next(_numbers)}"
    for offset in range(256):
        third = (os.getpid() + offset) % 256
        subnet = ["--subnet", f"{_RANGE}.{third}.0/24", "--gateway", f"{_RANGE}.{third}.1"]
        try:
            podman("network", "create", "--internal", "--disable-dns", *subnet, name)
        except AssertionError as error:
            if "already" not in str(error):
                raise
            continue
        _route("add", third)
        return Network(name, third, _inspected(name)["network_interface"])
    raise AssertionError("no subnet is left")


def close(name: str) -> None:
    """Remove a network with everything on it."""
    left = podman("ps", "--all", "--quiet", "--filter", f"name=^{name}-").split()
    if left:
        podman("rm", "--force", "--time", "0", *left, timeout=120)
    third = int(_inspected(name)["subnets"][0]["subnet"].split(".")[2])
    _route("del", third)
    podman("network", "rm", "--force", name)


def sweep() -> None:
    """Remove what test processes left that are no more."""
    for name in podman("network", "ls", "--format", "{{.Name}}").split():
        if (found := _NAME.fullmatch(name)) and not Path(f"/proc/{found[1]}").exists():
            with suppress(AssertionError):  # Another test process is doing the same.
                close(name)


async def finished(words: Sequence[str], seconds: float) -> int:
    """Run podman to its end and return its exit status; what takes longer is killed and counts as 124."""
    process = await asyncio.create_subprocess_exec(
        "podman", *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        return await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        return 124


def _inspected(name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = msgspec.json.decode(podman("network", "inspect", name))
    return found[0]


def _route(verb: str, third: int) -> None:
    """Make the upper half of a subnet this machine's own, or no longer."""
    words = ["ip", "route", verb, "local", f"{_RANGE}.{third}.128/25", "dev", "lo"]
    subprocess.run(words, check=verb == "add", capture_output=True)
