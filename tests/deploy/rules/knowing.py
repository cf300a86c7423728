"""Nobody is told more than is theirs: settings, secrets, accounts."""

import re
from collections.abc import Iterator

from pydantic import ValidationError

from entrypoints.provision import provision
from tests.deploy.manifests import Document, Manifests, Workload
from tests.deploy.rules.pods import component, environment
from university.platform.settings import Settings

MODULES = ("course", "student", "enrollment", "gateway")
_PASSWORD = re.compile(r"://[^/@\s:]*:[^/@\s]+@|PRIVATE KEY|\"d\":", re.IGNORECASE)
_GUARDED = ("staging", "production")
Wanted = tuple[set[str], set[str]]
"""Keys of secrets that a pod must have, and those that it may have beside them, as `secret/key`."""


def allowed(workload: Workload) -> Wanted:
    """Return what a pod needs to know, and nothing else is its business."""
    part, role = workload.labels.get("app.kubernetes.io/name", ""), component(workload)
    serving = {f"{part}/database-url", f"{part}/signing-keys.json", "trusted-keys/trusted.json"}
    copied = {f"{part}/replica-url"} if part in {"course", "student"} else set[str]()
    mailing = {"student-mail/smtp-url"} if part == "student" else set[str]()
    signing_in = {"gateway-oidc/client-secret"} if part == "gateway" else set[str]()
    migrating = {f"{part}-migrate/{key}" for key in ("admin-url", "migrator-url", "passwords.json")}
    table: dict[tuple[str, str], Wanted] = {
        ("rabbitmq", "provision"): ({"broker-provision/management-url", "broker-provision/passwords.json"}, set()),
        ("postgresql", "store"): ({"stores/postgres-password"}, {"stores/replication-password"}),
        ("rabbitmq", "store"): ({"stores/rabbitmq-admin-password"}, {"stores/erlang-cookie"}),
        ("frontend", "api"): (set(), set()),
        ("gateway", "demo"): (set(), set()),
    }
    for module in MODULES:
        table.setdefault((module, "api"), (serving, copied | signing_in))
        table[module, "migrate"] = (migrating, set())
        table[module, "worker"] = (serving | {f"{part}/broker-url"}, copied | mailing)
    return table.get(("rabbitmq" if role == "provision" else part, role), (set(), set()))


def secrets_reach_whom_they_concern(manifests: Manifests, _: str) -> Iterator[str]:
    """Each process gets its own module's database and keys, a migration what it prepares by, and nobody else either."""
    for workload in manifests.workloads:
        told, (must, may) = {key for key, _ in secrets_of(workload)}, allowed(workload)
        if too_much := told - must - may:
            yield f"{workload} knows {sorted(too_much)}"
        if missing := must - told:
            yield f"{workload} does not know {sorted(missing)}"


def only_preparing_knows_the_administrator(manifests: Manifests, _: str) -> Iterator[str]:
    """The container that migrates does not know what the one that provisions knows."""
    for workload in manifests.workloads:
        for container in workload.spec["containers"]:
            known = {key for key, _ in _secrets_of(container, workload.spec)}
            if component(workload) == "migrate" and any(key.endswith("/admin-url") for key in known):
                yield f"{workload} {container['name']} knows {sorted(known)}"


def settings_exist(manifests: Manifests, _: str) -> Iterator[str]:
    """Every variable called `UNIVERSITY_` is a setting, of a module that there is, or an argument of preparing."""
    arguments = {argument.envvar for command in provision.commands.values() for argument in command.params}
    for workload in manifests.workloads:
        for container in workload.containers:
            for name in environment(manifests, container):
                if name.startswith("UNIVERSITY_") and name not in arguments and not _is_setting(name):
                    yield f"{workload} {container['name']}: {name}"


def settings_are_understood(manifests: Manifests, _: str) -> Iterator[str]:
    """Every value of a setting is one that the program takes, so that no pod ends by it."""
    for workload in manifests.workloads:
        for container in workload.containers:
            told = {
                name.removeprefix("UNIVERSITY_").lower(): value
                for name, value in environment(manifests, container).items()
                if name.startswith("UNIVERSITY_") and "__" not in name and value is not None
            }
            known = {name: value for name, value in told.items() if name in Settings.model_fields}
            try:
                Settings.model_validate(known)
            except ValidationError as error:
                yield f"{workload} {container['name']}: {error}"


def processes_are_in_production_mode(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Staging and production refuse what is made for development, and say how long they drain."""
    for workload in manifests.workloads:
        if component(workload) in {"api", "worker"} and workload.labels["app.kubernetes.io/name"] in MODULES:
            told = environment(manifests, workload.spec["containers"][0])
            if overlay in _GUARDED and told.get("UNIVERSITY_MODE") != "production":
                yield f"{workload} is in mode {told.get('UNIVERSITY_MODE')}"
            if "UNIVERSITY_DRAIN_SECONDS" not in told:
                yield f"{workload} does not drain"


def neighbors_are_services(manifests: Manifests, _: str) -> Iterator[str]:
    """Every neighbor's address is a Service and a port of it."""
    for workload in manifests.workloads:
        for container in workload.containers:
            for name, value in environment(manifests, container).items():
                if name.startswith("UNIVERSITY_NEIGHBOR_URL__") or name == "GATEWAY":
                    host, _, port = (value or "").removeprefix("http://").rpartition(":")
                    if not _serves(manifests, host, port):
                        yield f"{workload}: {name} is {value}"


def secrets_stay_outside(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Only the development overlay brings values of secrets; nowhere else stands anything like a password."""
    if overlay == "dev":
        return
    yield from (f"Secret/{name}" for name in sorted(manifests.names("Secret")))
    for document in manifests.documents:
        if document["kind"] != "ExternalSecret" and _PASSWORD.search(str(document)):
            yield f"{document['kind']}/{document['metadata']['name']} holds something like a password"


def references_lead_somewhere(manifests: Manifests, _: str) -> Iterator[str]:
    """Every Secret, ConfigMap and ServiceAccount that a pod names is there, with the key that it names."""
    for workload in manifests.workloads:
        yield from (
            f"{workload}: no secret {key}" for key, must in secrets_of(workload) if must and not _kept(manifests, key)
        )
        yield from (
            f"{workload}: no ConfigMap {name}" for name in _maps_of(workload) if not manifests.has("ConfigMap", name)
        )
        account = workload.spec.get("serviceAccountName", "default")
        if not manifests.has("ServiceAccount", account):
            yield f"{workload}: no ServiceAccount {account}"


def secrets_of(workload: Workload) -> set[tuple[str, bool]]:
    """Return the keys of secrets that a pod is told, as `secret/key`, and whether it cannot be without."""
    return {told for container in workload.containers for told in _secrets_of(container, workload.spec)}


def _secrets_of(container: Document, spec: Document) -> Iterator[tuple[str, bool]]:
    for source in container.get("envFrom", []):
        if "secretRef" in source:
            yield f"{source['secretRef']['name']}/*", True
    for entry in container.get("env", []):
        if said := entry.get("valueFrom", {}).get("secretKeyRef"):
            yield f"{said['name']}/{said['key']}", not said.get("optional")
    mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
    for volume in spec.get("volumes", []):
        if volume["name"] in mounted:
            for name, source in _secret_sources(volume):
                keys = [item["key"] for item in source.get("items", [{"key": "*"}])]
                yield from ((f"{name}/{key}", not source.get("optional")) for key in keys)


def _secret_sources(volume: Document) -> Iterator[tuple[str, Document]]:
    if "secret" in volume:
        yield volume["secret"]["secretName"], volume["secret"]
    for source in volume.get("projected", {}).get("sources", []):
        if "secret" in source:
            yield source["secret"]["name"], source["secret"]


def _maps_of(workload: Workload) -> Iterator[str]:
    for container in workload.containers:
        yield from (
            source["configMapRef"]["name"] for source in container.get("envFrom", []) if "configMapRef" in source
        )
        for entry in container.get("env", []):
            if said := entry.get("valueFrom", {}).get("configMapKeyRef"):
                yield said["name"]
    yield from (volume["configMap"]["name"] for volume in workload.spec.get("volumes", []) if "configMap" in volume)


def _kept(manifests: Manifests, key: str) -> bool:
    """Tell whether somebody brings this key of this secret."""
    name, _, wanted = key.partition("/")
    found: set[str] = set()
    if manifests.has("Secret", name):
        secret = manifests.named("Secret", name)
        found |= {*secret.get("data", {}), *secret.get("stringData", {})}
    for external in manifests.of("ExternalSecret"):
        target = external["spec"].get("target", {})
        if target.get("name", external["metadata"]["name"]) == name:
            templated = target.get("template", {}).get("data")
            found |= set(templated or {data["secretKey"] for data in external["spec"].get("data", [])})
    return bool(found) if wanted == "*" else wanted in found


def _is_setting(variable: str) -> bool:
    name, _, module = variable.removeprefix("UNIVERSITY_").partition("__")
    field = Settings.model_fields.get(name.lower())
    nested = field is not None and str(field.annotation).startswith("dict")
    return field is not None and (module.lower() in MODULES if nested else not module)


def _serves(manifests: Manifests, host: str, port: str) -> bool:
    if not manifests.has("Service", host):
        return False
    return port in {str(one["port"]) for one in manifests.named("Service", host)["spec"]["ports"]}
