"""The rules of deploy/compose.yaml wherever it is read: hardened, bounded, and to each service its own secrets."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from entrypoints.hand_out import hand_out
from tests.compose.project import FILE, LASTING
from tests.docs.test_names import is_command
from university.platform.messaging.topology import SERVICES as MODULES

TOLD: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = TOLD["services"]
PREPARING = ("databases", "queues", "gateway-migrate", "course-migrate", "student-migrate", "enrollment-migrate")
every_service = pytest.mark.parametrize("service", list(SERVICES))


def mounts(service: str) -> dict[str, tuple[str, bool]]:
    """Return of each volume of a service where it is, and whether it may be written to."""
    told = (mount.split(":") for mount in SERVICES[service].get("volumes", []))
    return {volume: (where, how != ["ro"]) for volume, where, *how in told}


def test_every_service_is_one_that_lasts_or_one_that_prepares() -> None:
    assert sorted(SERVICES) == sorted([*LASTING, *PREPARING, "secrets", "demo"])


@every_service
def test_a_service_is_hardened_and_bounded(service: str) -> None:
    told = SERVICES[service]

    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert "cap_add" not in told
    assert "privileged" not in told
    assert told["security_opt"] == ["no-new-privileges"]
    assert told["tmpfs"] == ["/tmp:size=64m,mode=1777"]  # noqa: S108 - the container's own
    assert told["pids_limit"] == 200
    assert re.fullmatch(r"\d+m", told["mem_limit"])
    assert told["logging"]["options"] == {"max-size": "10m"}
    assert told["user"] == ("0:10001" if service == "secrets" else "10001:10001")


@every_service
def test_who_lasts_is_started_again_and_who_prepares_is_not(service: str) -> None:
    told = SERVICES[service]

    assert told["restart"] == ("unless-stopped" if service in LASTING else "no")
    if service in LASTING:
        assert "depends_on" not in told, "podman could not restart it alone"
        assert told["stop_grace_period"] == ("75s" if service.endswith("-worker") else "45s")


@every_service
def test_an_image_is_named_by_variables(service: str) -> None:
    part = re.fullmatch(
        r"\$\{UNIVERSITY_IMAGES:-localhost/university-\}([a-z]+):\$\{UNIVERSITY_TAG:-dev\}", SERVICES[service]["image"]
    )

    assert part is not None
    assert part[1] in {*(name for name in SERVICES if name in LASTING), "enrollment", "gateway"}
    if service in LASTING or service.endswith("-migrate"):
        assert part[1] == re.sub("-(worker|replica|migrate)$", "", service)


@every_service
def test_a_service_sees_its_own_secrets_and_changes_none(service: str) -> None:
    if service == "secrets":
        assert {where for where, _ in mounts(service).values()} == {f"/secrets/{name}" for name in mounts(service)}
        assert SERVICES[service]["network_mode"] == "none"
        return
    own = "preparing" if service in PREPARING else service.removesuffix("-worker")
    for volume, (where, writable) in mounts(service).items():
        assert (volume, where, writable) in {(own, "/etc/university/own", False), (f"{own}-data", "/data", True)}


@every_service
def test_no_password_stands_in_the_file(service: str) -> None:
    told = SERVICES[service].get("environment", {})

    assert {name for name in told if "PASSWORD" in name and not name.endswith("_FILE")} == set()
    assert [value for value in told.values() if "@" in value.lstrip("@")] == []


def test_only_the_frontend_is_open_and_only_on_this_machine() -> None:
    opened = {name: told["ports"] for name, told in SERVICES.items() if "ports" in told}

    assert opened == {"frontend": ["127.0.0.1:${UNIVERSITY_COMPOSE_PORT:-8080}:8080"]}
    assert members("outside") == {"frontend"}
    assert members("door") == {"frontend", "gateway"}
    assert TOLD["networks"] == {"outside": {}, **{name: {"internal": True} for name in ("door", "modules", "stores")}}


def test_only_those_who_keep_something_reach_the_stores_and_only_modules_reach_modules() -> None:
    assert members("stores") == set(SERVICES) - {"frontend", "secrets", "demo"}
    assert members("modules") == {"gateway", "demo", *(f"{name}{kind}" for name in MODULES for kind in ("", "-worker"))}


def members(network: str) -> set[str]:
    return {name for name, told in SERVICES.items() if network in told.get("networks", [])}


def test_every_volume_that_is_named_is_used() -> None:
    assert {volume for service in SERVICES for volume in mounts(service)} == set(TOLD["volumes"])


@pytest.mark.parametrize("service", [name for name, told in SERVICES.items() if "entrypoint" in told])
def test_a_command_exists_with_its_options(service: str) -> None:
    program, *words = SERVICES[service]["entrypoint"]

    assert program == "university"
    assert is_command(words)


def test_what_is_handed_out_is_all_that_the_services_read(tmp_path: Path) -> None:
    for volume in mounts("secrets"):
        (tmp_path / volume).mkdir()
    for _ in range(2):
        hand_out.main([str(tmp_path)], standalone_mode=False)

    for service, told in SERVICES.items():
        for value in told.get("environment", {}).values():
            if "/etc/university/own/" in value:
                (own,) = (name for name, (where, _) in mounts(service).items() if where == "/etc/university/own")
                assert (tmp_path / own / value.rpartition("/")[2]).is_file(), (service, value)
    assert {oct(file.stat().st_mode & 0o777) for file in tmp_path.rglob("*") if file.is_file()} == {"0o640"}
