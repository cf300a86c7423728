"""The development overlay comes up by itself: nothing is needed beside it, and what it is told fits together."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from entrypoints.keys import ISSUERS
from tests.deploy.manifests import Manifests
from tests.deploy.rules.knowing import MODULES
from tests.deploy.schemas import is_core
from university.platform.keys import DEVELOPMENT
from university.platform.messaging.topology import SERVICES

Secrets = dict[str, dict[str, str]]


def development_needs_nothing_but_a_cluster(manifests: Manifests, overlay: str) -> Iterator[str]:
    """The development overlay has only built-in kinds, only images built here, and no class of storage."""
    if overlay != "dev":
        return
    for document in manifests.documents:
        who = f"{document['kind']}/{document['metadata']['name']}"
        if not is_core(document):
            yield f"{who} needs an operator"
        if "storageClassName" in str(document):
            yield f"{who} names a class of storage"
    for workload in manifests.workloads:
        for container in workload.containers:
            if not container["image"].startswith("localhost/university-"):
                yield f"{workload}: {container['image']}"


def development_addresses_lead_to_services(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Every address among the secrets is a Service of the overlay and a port of it."""
    for name, told in _secrets(manifests, overlay).items():
        for key, value in told.items():
            if key.endswith("-url"):
                address = urlsplit(value)
                ports = _ports(manifests, address.hostname or "")
                if address.port not in ports:
                    yield f"{name}/{key}: {address.hostname} has ports {sorted(ports)}"


def development_passwords_agree(manifests: Manifests, overlay: str) -> Iterator[str]:
    """What a process signs in with is what was set when its role, user or server was made."""
    secrets = _secrets(manifests, overlay)
    for signing_in, setting in _pairs(secrets):
        if signing_in[1] != setting[1]:
            yield f"{signing_in[0]} is not {setting[0]}"


def development_keys_are_known_as_such(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Each module signs with a key of its own, which everybody trusts and production refuses by its name."""
    secrets = _secrets(manifests, overlay)
    if not secrets:
        return
    trusted = _keys(secrets, "trusted-keys", "trusted.json")
    for module in MODULES:
        signing = _keys(secrets, module, "signing-keys.json")
        if [key["kid"] for key in signing] != [f"{DEVELOPMENT}{issuer}" for issuer in ISSUERS[module]]:
            yield f"{module} signs as {[key['kid'] for key in signing]}"
        yield from (f"nobody trusts {key['kid']}" for key in signing if {**key, "d": None} not in _public(trusted))
    yield from (f"{key['kid']} is told with its secret" for key in trusted if "d" in key)


def _pairs(secrets: Secrets) -> Iterator[tuple[tuple[str, str | None], tuple[str, str | None]]]:
    """Yield what must be the same: where it is used, where it is set."""
    if not secrets:
        return
    for module in MODULES:
        made = json.loads(secrets[f"{module}-migrate"]["passwords.json"])
        for role, secret, key in (("app", module, "database-url"), ("migrator", f"{module}-migrate", "migrator-url")):
            used = urlsplit(secrets[secret][key])
            yield (f"{secret}/{key} password", used.password), (f"{module}_{role}", made[f"{module}_{role}"])
            yield (f"{secret}/{key} user", used.username), ("its role", f"university_{module}_{role}")
            yield (f"{secret}/{key} database", used.path), ("its own", f"/university_{module}")
        admin = urlsplit(secrets[f"{module}-migrate"]["admin-url"])
        yield (f"{module}-migrate/admin-url", admin.password), ("the server's", secrets["stores"]["postgres-password"])
    users = json.loads(secrets["broker-provision"]["passwords.json"])
    for module in SERVICES:
        used = urlsplit(secrets[module]["broker-url"])
        yield (f"{module}/broker-url password", used.password), ("its user's", users[module])
        yield (f"{module}/broker-url user", used.username), ("its own", f"university-{module}")
        yield (f"{module}/broker-url host", used.path), ("the virtual host", "/university")
    manager = urlsplit(secrets["broker-provision"]["management-url"])
    yield (
        ("broker-provision/management-url", manager.password),
        ("the server's", secrets["stores"]["rabbitmq-admin-password"]),
    )


def _secrets(manifests: Manifests, overlay: str) -> Secrets:
    """Return the values of the development overlay's secrets, and nothing for others."""
    if overlay != "dev":
        return {}
    return {
        secret["metadata"]["name"]: {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}
        for secret in manifests.of("Secret")
    }


def _ports(manifests: Manifests, host: str) -> set[int]:
    if not manifests.has("Service", host):
        return set()
    return {port["port"] for port in manifests.named("Service", host)["spec"]["ports"]}


def _keys(secrets: Secrets, secret: str, key: str) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = json.loads(secrets[secret][key])["keys"]
    return keys


def _public(keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**key, "d": None} for key in keys]
