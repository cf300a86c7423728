"""Who must reach whom, and why: what modules ask one another is read from their code, the rest is told here."""

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass

from tests.deploy.manifests import Manifests, Workload
from tests.deploy.reachability import Pod
from university.platform.messaging.topology import SERVICES
from university.platform.wiring import Wiring

MODULES = ("gateway", *SERVICES)
DATABASE, BROKER, BROKER_MANAGEMENT, NAMES = 5432, 5672, 15672, 53
DEV, OPERATED = frozenset({"dev"}), frozenset({"staging", "production"})
EVERYWHERE = DEV | OPERATED
API, API_PORTS = "cluster's API", (443, 6443)
Ends = dict[str, Pod]


@dataclass(frozen=True, order=True)
class Flow:
    """One part opens connections to a port of another."""

    source: str
    target: str
    port: int
    why: str
    overlays: frozenset[str] = EVERYWHERE

    @property
    def key(self) -> tuple[str, str, int]:
        """What a network knows of it."""
        return self.source, self.target, self.port


def called(workload: Workload) -> str:
    """Return what a workload is called here, whatever release its name tells: `course`, `course worker`."""
    part, role = (workload.labels[f"app.kubernetes.io/{key}"] for key in ("name", "component"))
    return part if role in {"api", "store"} else f"{part} {role}"


def ends(manifests: Manifests) -> Ends:
    """Return a pod of everything that may speak or be spoken to: workloads, what operators make, and who is around."""
    found = {called(workload): Pod.of(workload) for workload in manifests.workloads}
    for cluster in manifests.of("Cluster"):
        name = cluster["metadata"]["name"]
        # The one label that an operator's jobs have, too, which make a replica.
        found[name] = Pod(name, labels={"cnpg.io/cluster": name}, ports=_DATABASE_PORTS)
    for cluster in manifests.of("RabbitmqCluster"):
        name = cluster["metadata"]["name"]
        found[name] = Pod(name, labels={"app.kubernetes.io/name": name, **_BROKER_LABELS}, ports=_BROKER_PORTS)
    return found | {pod.name: pod for pod in AROUND}


_DATABASE_PORTS = {"postgresql": DATABASE, "metrics": 9187, "status": 8000}
_BROKER_LABELS = {"app.kubernetes.io/component": "rabbitmq", "app.kubernetes.io/part-of": "rabbitmq"}
_BROKER_PORTS = {
    "amqp": BROKER,
    "management": BROKER_MANAGEMENT,
    "prometheus": 15692,
    "epmd": 4369,
    "clustering": 25672,
    "administering": 35672,
}
AROUND = (
    Pod("edge", namespace="edge", labels={"app": "envoy"}, namespace_labels={"university/role": "edge"}),
    Pod("monitoring", namespace="monitoring", labels={"app.kubernetes.io/name": "prometheus"}),
    Pod("names", namespace="kube-system", labels={"k8s-app": "kube-dns"}, ports={"dns": NAMES}),
    Pod("keda", namespace="keda", labels={"app": "keda-operator"}),
    Pod("database operator", namespace="cnpg-system", labels={"app.kubernetes.io/name": "cloudnative-pg"}),
    Pod("broker operator", namespace="rabbitmq-system", labels={"app.kubernetes.io/name": "rabbitmq-cluster-operator"}),
    Pod("another team", namespace="another-team", labels={"app.kubernetes.io/name": "gateway"}),
    Pod.outside(API, "10.96.0.1"),
    Pod.outside("internet"),
)


def asked() -> Iterator[tuple[str, str]]:
    """Yield who asks whom, by the code: (pods, module).

    A module's workers, where operators renew copies and imports are carried out, ask all neighbors that its wiring
    names. While it serves, a module asks only by what `clients.py` says.
    """
    for name in SERVICES:
        for neighbor in _wiring(name).neighbors:
            yield f"{name} worker", neighbor
            if importlib.util.find_spec(f"university.{name}.clients"):
                yield name, neighbor


def _wiring(name: str) -> type[Wiring]:
    found: type[Wiring] = getattr(importlib.import_module(f"university.{name}.wiring"), f"{name.capitalize()}Wiring")
    return found


def flows() -> list[Flow]:
    """Return everything that must be possible; nothing else may be."""
    return sorted([*_requests(), *_databases(), *_broker(), *_around()])


def _requests() -> Iterator[Flow]:
    yield Flow("edge", "frontend", 8080, "everybody's requests")
    yield Flow("frontend", "gateway", 8000, "`/api`")
    yield Flow("gateway demo", "gateway", 8000, "the generated university moves in", DEV)
    for name in SERVICES:
        yield Flow("gateway", name, 8000, "the API, documents, who somebody is")
    for source, target in asked():
        imports = ", imports carried out" if source == "enrollment worker" else ""
        why = f"views compared, copies renewed{imports}" if source.endswith("worker") else "what a decision rests on"
        yield Flow(source, target, 8000, why)


def _databases() -> Iterator[Flow]:
    for name in MODULES:
        database = f"{name}-db"
        for role in ("", " worker", " migrate"):
            if (name, role) != ("gateway", " worker"):
                yield Flow(f"{name}{role}", "postgresql", DATABASE, "its own database", DEV)
                yield Flow(f"{name}{role}", database, DATABASE, "its own database", OPERATED)
        yield Flow(database, database, DATABASE, "a replica follows its primary", OPERATED)
        yield Flow(database, database, 8000, "whether an instance is cut off from the others", OPERATED)
        yield Flow("database operator", database, DATABASE, "roles and failover", OPERATED)
        yield Flow("database operator", database, 8000, "how an instance is", OPERATED)
        yield from (Flow(database, API, port, "an instance tells how it is", OPERATED) for port in API_PORTS)
        yield Flow("monitoring", database, 9187, "metrics", OPERATED)


def _broker() -> Iterator[Flow]:
    for name in SERVICES:
        yield Flow(f"{name} worker", "rabbitmq", BROKER, "events told and heard")
    yield Flow("enrollment provision", "rabbitmq", BROKER_MANAGEMENT, "users, queues and rights")
    yield Flow("keda", "rabbitmq", BROKER_MANAGEMENT, "the length of queues", OPERATED)
    yield Flow("broker operator", "rabbitmq", BROKER_MANAGEMENT, "its administration", OPERATED)
    yield Flow("monitoring", "rabbitmq", 15692, "metrics", OPERATED)
    for port, why in ((4369, "where nodes are"), (25672, "what nodes tell one another"), (35672, "its administration")):
        yield Flow("rabbitmq", "rabbitmq", port, why, OPERATED)
    yield from (Flow("rabbitmq", API, port, "a node looks for the others", OPERATED) for port in API_PORTS)


def _around() -> Iterator[Flow]:
    for name in MODULES:
        yield Flow("monitoring", name, 8001, "metrics", OPERATED)
        if name in SERVICES:
            yield Flow("monitoring", f"{name} worker", 8001, "metrics", OPERATED)
