"""What every pod must have: bounds, probes, nothing to write, an image of this release, and time to end."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tests.deploy.manifests import Document, Manifests, Workload

SERVING, ENDING = {"api"}, 25.0
"""The components that serve, and the seconds that they finish requests for after they have drained."""
FINISHING = 65.0
"""The seconds that a worker may need to finish what it has in hand."""
SLACK = 5.0
_WRITABLE = {"/tmp", "/dev/shm"}  # noqa: S108 - where the pods may write, not we
_UNITS: dict[str, int | Fraction] = {
    "": 1,
    "m": Fraction(1, 1000),
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
}
_QUANTITY = re.compile(r"([0-9.]+)([a-zA-Z]*)")
_FINDING_OUT = ("readinessProbe", "livenessProbe")


def component(workload: Workload) -> str:
    """Return which part of a module this is: api, worker, migrate, provision, store or demo."""
    return workload.labels.get("app.kubernetes.io/component", "")


def memory_is_bounded(manifests: Manifests, _: str) -> Iterator[str]:
    """Every container says what it needs of processor and memory, and has a limit of memory not below that."""
    for workload, container in _containers(manifests):
        asked = container.get("resources", {}).get("requests", {})
        limits = container.get("resources", {}).get("limits", {})
        if not {"cpu", "memory"} <= asked.keys() or "memory" not in limits:
            yield f"{workload} {container['name']}: requests {asked}, limits {limits}"
        elif quantity(limits["memory"]) < quantity(asked["memory"]):
            yield f"{workload} {container['name']}: asks for more memory than it may take"


def processors_are_not_capped(manifests: Manifests, _: str) -> Iterator[str]:
    """No container has a limit of processor time: throttled is late, and shares keep the order under pressure."""
    for workload, container in _containers(manifests):
        if "cpu" in container.get("resources", {}).get("limits", {}):
            yield f"{workload} {container['name']}"


def probes_ask_the_right_port(manifests: Manifests, _: str) -> Iterator[str]:
    """What runs on is asked whether it lives and is ready, on the port that nobody else reaches."""
    for workload in manifests.workloads:
        for container in workload.spec["containers"]:
            if workload.kind != "Job":
                yield from (f"{workload} {container['name']}: {said}" for said in _unprobed(workload, container))
            elif any(probe in container for probe in ("startupProbe", *_FINDING_OUT)):
                yield f"{workload} {container['name']}: a job is not asked, it ends"


def no_token_is_mounted(manifests: Manifests, _: str) -> Iterator[str]:
    """No pod gets a token for the API of Kubernetes, or the addresses of all services in its environment."""
    for workload in manifests.workloads:
        yield from (
            f"{workload}: {key}"
            for key in ("automountServiceAccountToken", "enableServiceLinks")
            if workload.spec.get(key) is not False
        )
    for account in manifests.of("ServiceAccount"):
        if account.get("automountServiceAccountToken") is not False:
            yield f"ServiceAccount/{account['metadata']['name']}"


def only_tmp_is_written(manifests: Manifests, _: str) -> Iterator[str]:
    """The root of every container is read-only; /tmp and /dev/shm have a size, stores have /data."""
    for workload, container in _containers(manifests):
        if container.get("securityContext", {}).get("readOnlyRootFilesystem") is not True:
            yield f"{workload} {container['name']}: the root can be written"
        for mount in container.get("volumeMounts", []):
            if (said := _writable(workload, mount)) is not None:
                yield f"{workload} {container['name']} {mount['mountPath']}: {said}"


def images_are_of_one_release(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Every image has the one tag of its overlay, which is a name that stays; it is pulled only where it is missing."""
    images = sorted({container["image"] for _, container in _containers(manifests)})
    tags = {image.rpartition(":")[2] for image in images}
    yield from (f"{overlay}: {image} has no tag" for image in images if ":" not in image.rpartition("/")[2])
    if len(tags) > 1 or "latest" in tags:
        yield f"{overlay}: tags {sorted(tags)}"
    for workload, container in _containers(manifests):
        if container.get("imagePullPolicy") not in {"IfNotPresent", "Never"}:
            yield f"{workload} {container['name']}: pulled {container.get('imagePullPolicy')}"


def modules_run_their_own_image(manifests: Manifests, _: str) -> Iterator[str]:
    """Every process of a module runs the module's image, its migrations and its worker too."""
    for workload, container in _containers(manifests):
        part = workload.labels.get("app.kubernetes.io/name", "")
        wanted = {"rabbitmq": "enrollment"}.get(part, part) if component(workload) == "provision" else part
        if not re.search(rf"(^|[-/]){wanted}(:|$)", container["image"]):
            yield f"{workload} {container['name']}: {container['image']}"


def pods_have_time_to_end(manifests: Manifests, _: str) -> Iterator[str]:
    """Nothing is killed that still serves: preStop, draining and finishing fit into the time of grace."""
    for workload in manifests.workloads:
        if workload.kind != "Deployment":
            continue
        container = workload.spec["containers"][0]
        waits = float(container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0))
        drains = float(environment(manifests, container).get("UNIVERSITY_DRAIN_SECONDS") or 0)
        needs = waits + drains + (ENDING if component(workload) in SERVING else FINISHING) + SLACK
        grace = workload.spec.get("terminationGracePeriodSeconds", 30)
        if needs > grace:
            yield f"{workload}: needs {needs} s to end and has {grace} s"
        if component(workload) in SERVING and waits < SLACK:
            yield f"{workload}: no time for others to look elsewhere"


def updates_take_nobody_away(manifests: Manifests, _: str) -> Iterator[str]:
    """A Deployment is updated by bringing a pod before it takes one away."""
    for document in manifests.of("Deployment"):
        rolling = document["spec"].get("strategy", {}).get("rollingUpdate", {})
        if rolling.get("maxUnavailable") != 0 or rolling.get("maxSurge", 0) == 0:
            yield f"Deployment/{document['metadata']['name']}: {rolling}"


def jobs_try_again_and_end(manifests: Manifests, _: str) -> Iterator[str]:
    """A job is tried again while what it needs is missing, by a new pod, but not for ever."""
    for workload in manifests.workloads:
        if workload.kind == "Job":
            spec = workload.document["spec"]
            if not spec.get("activeDeadlineSeconds") or spec.get("backoffLimit", 6) < 3:
                yield f"{workload}: deadline {spec.get('activeDeadlineSeconds')}, tries {spec.get('backoffLimit')}"
            if workload.spec["restartPolicy"] not in {"Never", "OnFailure"}:
                yield f"{workload} is restarted {workload.spec['restartPolicy']}"


def environment(manifests: Manifests, container: Document) -> dict[str, str | None]:
    """Return the variables of a container; a value from a secret is nothing."""
    found: dict[str, str | None] = {}
    for source in container.get("envFrom", []):
        name = source.get("configMapRef", {}).get("name", "")
        if manifests.has("ConfigMap", name):
            found.update(manifests.named("ConfigMap", name).get("data", {}))
    found.update({entry["name"]: entry.get("value") for entry in container.get("env", [])})
    return found


def quantity(said: str | int) -> Fraction:
    """Return how much a quantity such as `192Mi` is."""
    match = _QUANTITY.fullmatch(str(said))
    assert match, said
    return Fraction(match[1]) * _UNITS[match[2]]


def _containers(manifests: Manifests) -> Iterator[tuple[Workload, Document]]:
    for workload in manifests.workloads:
        yield from ((workload, container) for container in workload.containers)


def _unprobed(workload: Workload, container: Document) -> Iterator[str]:
    ports = {port.get("name") for port in container.get("ports", [])}
    for probe in _FINDING_OUT:
        if probe not in container:
            yield f"no {probe}"
    if component(workload) == "store":
        return
    port = "management" if "management" in ports else "http"
    paths = {"readinessProbe": "/health/ready", "livenessProbe": "/health/live", "startupProbe": "/health/live"}
    for probe, path in paths.items():
        asked = container.get(probe, {}).get("httpGet")
        if probe in container and (not asked or (asked["path"], asked["port"]) != (path, port)):
            yield f"{probe} asks {asked}"
    if port == "http" and workload.labels.get("app.kubernetes.io/name") != "frontend":
        yield "no port for management"


def _writable(workload: Workload, mount: Document) -> str | None:
    """Return what is wrong with a mount, if anything is."""
    volumes = {volume["name"]: volume for volume in workload.spec.get("volumes", [])}
    claimed = {claim["metadata"]["name"] for claim in workload.document["spec"].get("volumeClaimTemplates", [])}
    volume = volumes.get(mount["name"], {"persistentVolumeClaim": {}} if mount["name"] in claimed else {})
    path = mount["mountPath"]
    if "secret" in volume or "configMap" in volume or "projected" in volume:
        return None if mount.get("readOnly") else "is not read-only"
    if component(workload) == "store" and path == "/data":
        return None
    if "emptyDir" in volume and path in _WRITABLE:
        return None if "sizeLimit" in (volume["emptyDir"] or {}) else "has no size"
    return f"is {sorted(volume.keys() - {'name'})}"
