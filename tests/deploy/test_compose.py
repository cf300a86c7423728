"""The laptop's compose file, as podman-compose reads it, is the development overlay with a replica."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.flows import MODULES, called, flows
from tests.deploy.manifests import DEPLOY, overlay
from tests.deploy.rules.pods import ENDING, FINISHING, SLACK
from university.platform.messaging.topology import SERVICES

SERVING, WORKING = {"frontend", *MODULES}, {f"{name}-worker" for name in SERVICES}


@cache
def services() -> dict[str, dict[str, Any]]:
    """Return the services as podman-compose reads them."""
    command = [str(Path(sys.executable).parent / "podman-compose"), "-f", str(DEPLOY / "compose.yaml"), "config"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found: dict[str, dict[str, Any]] = yaml.load(told, Loader=yaml.CSafeLoader)["services"]
    return found


def networks(name: str) -> set[str]:
    return set(services()[name].get("networks", []))


def test_it_has_the_parts_of_the_development_overlay() -> None:
    parts = {called(one).replace(" ", "-") for one in overlay("dev").workloads if one.kind != "Job"}
    jobs = {f"{name}-migrate" for name in MODULES} | {"secrets", "databases", "queues", "demo"}

    assert services().keys() == parts | jobs | {"postgresql-replica"}
    assert parts >= SERVING | WORKING


def test_whoever_must_reach_somebody_shares_a_network_with_them() -> None:
    wanted = {
        (flow.source.replace(" ", "-"), flow.target)
        for flow in flows()
        if "dev" in flow.overlays and {flow.source.split(" ")[0], flow.target} <= SERVING | {"postgresql", "rabbitmq"}
    }
    apart = {(a, b) for a, b in wanted if a in services() and not networks(a) & networks(b)}

    assert apart == set()
    assert ("frontend", "gateway") in wanted


def test_the_frontend_shares_no_network_with_anybody_but_the_gateway() -> None:
    near = {name for name in services() if name != "frontend" and networks(name) & networks("frontend")}

    assert near == {"gateway"}


@pytest.mark.parametrize("name", sorted(SERVING | WORKING))
def test_a_part_has_time_to_end(name: str) -> None:
    drains = float(services()[name].get("environment", {}).get("UNIVERSITY_DRAIN_SECONDS", 0))
    grace = float(services()[name]["stop_grace_period"].removesuffix("s"))

    assert grace >= drains + (FINISHING if name in WORKING else ENDING) + SLACK
