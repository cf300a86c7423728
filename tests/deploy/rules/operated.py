"""What operators are told fits: addresses of what they make, the version of a release, what monitoring reads."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from tests.deploy.flows import ends
from tests.deploy.manifests import NAMESPACE, ROOT, Document, Manifests
from tests.deploy.reachability import matches
from tests.deploy.rules.pods import component

_ADDRESS = re.compile(r"://(?:[^@\s]*@)?([a-z0-9.-]+):(\d+)")
_METRIC = re.compile(r"\b(university_[a-z_]+?)(?:_count|_sum|_bucket|_total)?\b(?![a-z_])")
_DATABASES, _BROKER = {5432}, {5672, 15672}


def addresses_lead_to_what_is_made(manifests: Manifests, _: str) -> Iterator[str]:
    """Every address in a secret is a Service of an operator's, or of ours, and a port of it."""
    known = _services(manifests)
    for secret, key, told in _templates(manifests):
        if key.endswith("-url"):
            addresses = _ADDRESS.findall(re.sub(r"{{.*?}}", "", told))
            if not addresses:
                yield f"{secret}/{key} is no address: {told}"
            for host, port in addresses:
                if int(port) not in known.get(host.removesuffix(f".{NAMESPACE}.svc"), set()):
                    yield f"{secret}/{key}: nothing serves {host}:{port}"


def databases_are_their_own(manifests: Manifests, _: str) -> Iterator[str]:
    """A module's secrets name its own database alone, and its role there."""
    for secret, key, told in _templates(manifests):
        module = secret.removesuffix("-migrate")
        if key in {"database-url", "replica-url", "migrator-url"}:
            role = "migrator" if key == "migrator-url" else "app"
            end = "ro" if key == "replica-url" else "rw"
            wanted = rf"postgresql://university_{module}_{role}:.*@{module}-db-{end}:5432/university_{module}\b.*"
            if not re.fullmatch(wanted, told):
                yield f"{secret}/{key} is {told}"


def scalers_ask_by_a_name_that_is_known_everywhere(manifests: Manifests, _: str) -> Iterator[str]:
    """KEDA asks from its own namespace, where a Service is known by its namespace only."""
    told = {f"{secret}/{key}": value for secret, key, value in _templates(manifests)}
    for authentication in manifests.of("TriggerAuthentication"):
        for said in authentication["spec"]["secretTargetRef"]:
            value = told.get(f"{said['name']}/{said['key']}")
            if value is None or f".{NAMESPACE}.svc:" not in value:
                yield f"TriggerAuthentication/{authentication['metadata']['name']} uses {value}"


def a_release_tells_one_version(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Images, labels and the names of jobs tell one version: a job that was made cannot be changed any more."""
    for workload in manifests.workloads:
        tag = workload.spec["containers"][0]["image"].rpartition(":")[2]
        label = workload.labels.get("app.kubernetes.io/version")
        if overlay != "dev" and label != tag:
            yield f"{workload} is {tag} and says {label}"
        if overlay != "dev" and workload.kind == "Job" and not workload.name.endswith(f"-{tag.replace('.', '-')}"):
            yield f"{workload} prepares {tag}"


def monitoring_finds_every_process(manifests: Manifests, _: str) -> Iterator[str]:
    """Every process of the program is read by one monitor, and every monitor finds pods with its port."""
    monitors = manifests.of("PodMonitor")
    for monitor in monitors:
        ports = [endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]]
        found = [pod for pod in ends(manifests).values() if _reads(monitor, pod.labels) and pod.namespace == NAMESPACE]
        if not found or any(port not in pod.ports for port in ports for pod in found):
            yield f"PodMonitor/{monitor['metadata']['name']} finds no {ports} at {[pod.name for pod in found]}"
    for workload in manifests.workloads:
        readers = [one for one in monitors if _reads(one, workload.labels)]
        serves = "management" in workload.ports and component(workload) in {"api", "worker"}
        if monitors and len(readers) != serves:
            yield f"{workload} is read by {len(readers)}"


def alerts_know_their_metrics(manifests: Manifests, _: str) -> Iterator[str]:
    """Every metric of ours that an alert asks for is one that the program tells."""
    for rules in manifests.of("PrometheusRule"):
        for rule in (rule for group in rules["spec"]["groups"] for rule in group["rules"]):
            for name in sorted(set(_METRIC.findall(rule["expr"])) - _metrics()):
                yield f"{rule['alert']}: nobody tells {name}"


@cache
def _metrics() -> frozenset[str]:
    """Return the names of metrics as the program declares them."""
    sources = (
        (ROOT / "src" / "university" / "platform").rglob("*.py"),
        (ROOT / "src" / "university").rglob("proxy/*.py"),
    )
    told = [file.read_text(encoding="utf-8") for files in sources for file in files]
    return frozenset(name for text in told for name in re.findall(r'"(university_[a-z_]+?)(?:_total)?"', text))


def _reads(monitor: Document, labels: Mapping[str, str]) -> bool:
    return matches(monitor["spec"]["selector"], labels)


def _templates(manifests: Manifests) -> Iterator[tuple[str, str, str]]:
    """Yield what external secrets are made into: secret, key, template."""
    for external in manifests.of("ExternalSecret"):
        target = external["spec"]["target"]
        for key, told in target.get("template", {}).get("data", {}).items():
            yield target["name"], key, told


def _services(manifests: Manifests) -> dict[str, set[int]]:
    """Return the ports of all Services, those that operators make, too."""
    found = {
        service["metadata"]["name"]: {port["port"] for port in service["spec"]["ports"]}
        for service in manifests.of("Service")
    }
    for cluster in manifests.of("Cluster"):
        found.update({f"{cluster['metadata']['name']}-{end}": _DATABASES for end in ("rw", "ro", "r")})
    found.update({cluster["metadata"]["name"]: _BROKER for cluster in manifests.of("RabbitmqCluster")})
    return found
