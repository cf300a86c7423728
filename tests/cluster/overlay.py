"""The university of the development overlay, as it is rendered, in the stand-in for a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from tests import images
from tests.cluster import cluster
from tests.cluster.cluster import Cluster
from tests.deploy.manifests import Document, Manifests, overlay

PARTS = ("course", "student", "enrollment", "gateway", "frontend", "postgresql", "rabbitmq")
MODULES = ("course", "student", "enrollment")
WEB = ("frontend", "gateway", *MODULES)
PATIENCE, _LONGER = 20, 4
"""Seconds for a pod to tell how it is on a machine that has more to do, and how many times as long it may take."""
WORKERS = tuple(f"{module}-worker" for module in MODULES)


def told(*, demo: bool = True, replicas: int = 0, patience: int = 0, **variables: str) -> Manifests:
    """Return the overlay as rendered; if asked without its made-up data, with so many pods of each kind, told more.

    `patience` are the seconds that a pod may take to tell how it is, instead of those that its manifest gives it; then
    it may also take so much longer to come up and to end as a small machine needs that starts many.
    """
    documents = []
    for rendered in overlay("dev").documents:
        document = deepcopy(rendered)
        match document:
            case {"kind": "Job", "metadata": {"labels": {"app.kubernetes.io/component": "demo"}}} if not demo:
                continue
            case {"kind": "ConfigMap", "metadata": {"name": str(name)}} if name.startswith("university-config"):
                document["data"] |= variables
            case {"kind": "HorizontalPodAutoscaler"} if replicas:
                document["spec"]["minReplicas"] = replicas
            case {"kind": "Deployment"}:
                document["spec"]["replicas"] = replicas or document["spec"].get("replicas", 1)
                _give(document, patience)
            case _:
                pass
        documents.append(document)
    return Manifests(tuple(documents))


def _give(deployment: Document, patience: int) -> None:
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        container[probe]["timeoutSeconds"] = patience or container[probe].get("timeoutSeconds", 1)
    if patience:
        for probe in ("livenessProbe", "startupProbe"):
            container[probe]["failureThreshold"] *= _LONGER
        pod["terminationGracePeriodSeconds"] *= _LONGER


@contextmanager
def university(folder: Path, manifests: Manifests) -> Iterator[Cluster]:
    """Apply these manifests to an empty cluster, with the images of this checkout, and wait until everything runs."""
    named = {f"university-{part}": image for part, image in images.built(*PARTS).items()}
    with cluster.running(manifests, named, folder) as started:
        started.settle()
        yield started
