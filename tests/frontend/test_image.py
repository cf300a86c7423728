"""The image runs with nothing but its pages and a folder in memory, and finds the gateway wherever it goes."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest

from tests import images
from tests.containers import needed, podman
from tests.frontend.behind import problem_of
from tests.system.client import System

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(900)]

NAME = f"frontend-test-{os.getpid()}"
LOCKED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--tmpfs", "/tmp")  # noqa: S108 - a folder of the container
PATIENCE = 30.0


@dataclass(frozen=True)
class Container:
    """A started container."""

    name: str

    @property
    def system(self) -> System:
        """How to ask it from here."""
        return System("http://" + podman("port", self.name, "8080/tcp").strip(), "", {})


@pytest.fixture(scope="module")
def image() -> str:
    needed()
    return images.built("frontend")["frontend"]


@pytest.fixture
def network() -> Iterator[str]:
    podman("network", "create", NAME)
    try:
        yield NAME
    finally:
        podman("rm", "--force", "--ignore", "--time", "0", f"{NAME}-front", f"{NAME}-one", f"{NAME}-two")
        podman("network", "rm", "--force", NAME)


def started(image: str, network: str, part: str, *options: str) -> Container:
    """Start a frontend under a name of the test's own."""
    container = Container(f"{NAME}-{part}")
    podman("run", "--detach", "--name", container.name, "--network", network, *LOCKED, *options, image)
    return container


def answering(container: Container) -> System:
    """Return how to ask a container, which answers by now."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if container.system.ask("GET", "/health/ready").status == 200:
                return container.system
        except OSError:
            time.sleep(0.1)
    pytest.fail(podman("logs", container.name))


def test_it_runs_without_rights_and_ends_when_told(image: str, network: str) -> None:
    container = started(image, network, "front", "--publish", "127.0.0.1::8080", "--env", "GATEWAY=127.0.0.1:9")
    system = answering(container)

    page = system.ask("GET", "/", headers={"Accept-Encoding": "gzip"})
    away = system.ask("GET", "/api/v1/terms")
    podman("kill", "--signal", "TERM", container.name)

    assert (page.status, page.headers["Content-Encoding"]) == (200, "gzip")
    assert (away.status, problem_of(away.body)["code"]) == (503, "service-unavailable")
    assert podman("wait", container.name).strip() == "0"
    assert {msgspec.json.decode(line)["module"] for line in podman("logs", container.name).splitlines()} == {"frontend"}


def test_it_says_who_it_is_and_how_it_ends(image: str) -> None:
    told = msgspec.json.decode(podman("image", "inspect", image))[0]["Config"]

    assert (told["User"], told["StopSignal"]) == ("10001:10001", "SIGQUIT")
    assert list(told["ExposedPorts"]) == ["8080/tcp"]
    assert "Healthcheck" not in told


def test_nothing_of_it_can_be_changed_by_whom_it_runs_as(image: str) -> None:
    loose = ("-not", "-user", "root", "-o", "-perm", "/022", "-not", "-type", "l")

    found = podman("run", "--rm", *LOCKED, "--entrypoint", "find", image, "/frontend", *loose)

    assert found == ""


def test_the_gateway_is_found_when_it_comes_and_when_it_moves(image: str, network: str) -> None:
    """Other frontends play the gateway: their log tells that they were asked."""
    front = started(image, network, "front", "--publish", "127.0.0.1::8080", "--env", "GATEWAY=gateway:8080")
    system = answering(front)
    nobody = system.ask("GET", "/api/v1/nobody")

    one = started(image, network, "one", "--network-alias", "gateway")
    asked_one = _asked_until_there(system, one, "/api/v1/first")
    podman("rm", "--force", "--time", "0", one.name)
    two = started(image, network, "two", "--network-alias", "gateway", "--ip", _another_address(network))
    asked_two = _asked_until_there(system, two, "/api/v1/second")

    assert (nobody.status, problem_of(nobody.body)["code"]) == (503, "service-unavailable")
    assert asked_one
    assert asked_two


def _asked_until_there(system: System, behind: Container, path: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        system.ask("GET", path)
        if path in podman("logs", behind.name):
            return True
        time.sleep(0.2)
    return False


def _another_address(network: str) -> str:
    """Return an address of the network that no container had."""
    subnet: str = msgspec.json.decode(podman("network", "inspect", network))[0]["subnets"][0]["subnet"]
    return subnet.rpartition(".")[0] + ".77"
