"""Who decides how many pods there are: one scaler for each Deployment, by what it really waits for."""

from collections.abc import Iterator

from tests.deploy.manifests import Document, Manifests
from university.platform.messaging.topology import SUBSCRIPTIONS, subscriptions_of


def scalers(manifests: Manifests) -> list[Document]:
    """Return everything that decides how many pods of something there are."""
    return manifests.of("HorizontalPodAutoscaler", "ScaledObject")


def target(scaler: Document) -> tuple[str, str]:
    """Return the kind and name of what a scaler scales."""
    said = scaler["spec"]["scaleTargetRef"]
    return said.get("kind", "Deployment"), said["name"]


def count(manifests: Manifests, name: str) -> int:
    """Return how many pods of a Deployment there are when nobody asks for anything."""
    for scaler in scalers(manifests):
        if target(scaler) == ("Deployment", name):
            spec = scaler["spec"]
            return int(spec.get("minReplicas", spec.get("minReplicaCount", 1)))
    return int(manifests.named("Deployment", name)["spec"].get("replicas", 1))


def one_scaler_decides(manifests: Manifests, _: str) -> Iterator[str]:
    """A scaler has something to scale, nothing has two, and what has one does not say its number itself."""
    targets = [target(scaler) for scaler in scalers(manifests)]
    for kind, name in sorted(set(targets)):
        if not manifests.has(kind, name):
            yield f"{kind}/{name} is scaled and does not exist"
        elif "replicas" in manifests.named(kind, name)["spec"]:
            yield f"{kind}/{name} says how many it is, and so does its scaler"
        if targets.count((kind, name)) > 1:
            yield f"{kind}/{name} has {targets.count((kind, name))} scalers"
    for scaler in scalers(manifests):
        spec = scaler["spec"]
        least = spec.get("minReplicas", spec.get("minReplicaCount", 0))
        if not 1 <= least <= spec.get("maxReplicas", spec.get("maxReplicaCount", 0)):
            yield f"{scaler['kind']}/{scaler['metadata']['name']} goes from {least} to less, or to none"


def web_scales_by_processor(manifests: Manifests, _: str) -> Iterator[str]:
    """HorizontalPodAutoscalers look at processor time, and keep a minute's calm before they take pods away."""
    for scaler in manifests.of("HorizontalPodAutoscaler"):
        name, spec = scaler["metadata"]["name"], scaler["spec"]
        if [metric.get("resource", {}).get("name") for metric in spec["metrics"]] != ["cpu"]:
            yield f"HorizontalPodAutoscaler/{name} looks at {spec['metrics']}"
        if spec.get("behavior", {}).get("scaleDown", {}).get("stabilizationWindowSeconds", 0) < 60:
            yield f"HorizontalPodAutoscaler/{name} takes pods away at once"


def workers_scale_by_their_queues(manifests: Manifests, _: str) -> Iterator[str]:
    """A worker's scaler looks at every queue that the worker hears, and at no other."""
    for scaler in manifests.of("ScaledObject"):
        name = scaler["metadata"]["name"]
        module = target(scaler)[1].removesuffix("-worker")
        queues = [trigger["metadata"].get("queueName", "") for trigger in scaler["spec"]["triggers"]]
        yield from (
            f"ScaledObject/{name}: nobody has a queue {queue}" for queue in queues if queue not in SUBSCRIPTIONS
        )
        if sorted(queues) != sorted(subscriptions_of(module)):
            yield f"ScaledObject/{name} looks at {queues}"


def production_survives_the_loss_of_one(manifests: Manifests, overlay: str) -> Iterator[str]:
    """Production has two of everything by a scaler, three nodes of RabbitMQ, a synchronous copy of every database."""
    if overlay != "production":
        return
    scaled = {target(scaler) for scaler in scalers(manifests)}
    for name in sorted(manifests.names("Deployment")):
        if count(manifests, name) < 2 or ("Deployment", name) not in scaled:
            yield f"one {name}"
    nodes = [cluster["spec"].get("replicas") for cluster in manifests.of("RabbitmqCluster")]
    if nodes != [3]:
        yield f"RabbitMQ has {nodes} nodes"
    clusters = manifests.of("Cluster")
    if len(clusters) != len(("course", "student", "enrollment", "gateway")):
        yield f"{len(clusters)} database clusters"
    for cluster in clusters:
        synchronous = cluster["spec"].get("postgresql", {}).get("synchronous", {})
        if cluster["spec"]["instances"] < 3 or synchronous.get("number") != 1:
            yield f"Cluster/{cluster['metadata']['name']}: {cluster['spec']['instances']} instances, {synchronous}"
