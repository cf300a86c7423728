"""What a folder of deploy/ renders to, as small typed objects: kubectl alone, no cluster and no network."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OVERLAYS = ("dev", "staging", "production")
NAMESPACE = "university"
Document = dict[str, Any]
"""An object of Kubernetes as it was rendered."""

_TEMPLATES = {"Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"}


class NotRendered(Exception):
    """kubectl refused a folder; its words are the message."""


@dataclass(frozen=True)
class Workload:
    """Something that makes pods: a Deployment, StatefulSet, Job or bare Pod."""

    kind: str
    name: str
    document: Document

    @cached_property
    def template(self) -> Document:
        """The pods' metadata and spec."""
        if self.kind == "Pod":
            return self.document
        spec = self.document["spec"]
        template: Document = (spec["jobTemplate"]["spec"] if self.kind == "CronJob" else spec)["template"]
        return template

    @property
    def labels(self) -> dict[str, str]:
        """The pods' labels."""
        return dict(self.template.get("metadata", {}).get("labels", {}))

    @property
    def spec(self) -> Document:
        """The pods' spec."""
        spec: Document = self.template["spec"]
        return spec

    @property
    def containers(self) -> list[Document]:
        """Every container of a pod, those that only prepare it first."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def ports(self) -> dict[str, int]:
        """The numbers of the ports by name; one without a name is called by its number."""
        listed = [port for container in self.spec["containers"] for port in container.get("ports", [])]
        return {port.get("name", str(port["containerPort"])): port["containerPort"] for port in listed}

    @property
    def replicas(self) -> int:
        """How many pods it asks for by itself."""
        spec = self.document.get("spec", {})
        return int(spec.get("completions" if self.kind == "Job" else "replicas", 1))

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True)
class Manifests:
    """What one folder renders to, in the order in which it would be applied."""

    documents: tuple[Document, ...]

    def of(self, *kinds: str) -> list[Document]:
        """Return the objects of these kinds."""
        return [document for document in self.documents if document["kind"] in kinds]

    def named(self, kind: str, name: str) -> Document:
        """Return one object; raises `KeyError` where there is none."""
        for document in self.of(kind):
            if document["metadata"]["name"] == name:
                return document
        raise KeyError(f"{kind}/{name}")

    def has(self, kind: str, name: str) -> bool:
        """Tell whether there is such an object."""
        return name in self.names(kind)

    def names(self, kind: str) -> set[str]:
        """Return the names of all objects of a kind."""
        return {document["metadata"]["name"] for document in self.of(kind)}

    @property
    def workloads(self) -> list[Workload]:
        """Return everything that makes pods by itself."""
        makers = self.of(*_TEMPLATES, "Pod", "CronJob")
        return [Workload(document["kind"], document["metadata"]["name"], document) for document in makers]

    def selected(self, labels: Mapping[str, str]) -> list[Workload]:
        """Return the workloads whose pods have all these labels."""
        return [workload for workload in self.workloads if labels.items() <= workload.labels.items()]


def render(folder: Path) -> str:
    """Return what a folder with a kustomization renders to, as YAML; raises `NotRendered`."""
    command = [kubectl(), "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise NotRendered(done.stderr.strip())
    return done.stdout


def parse(text: str) -> Manifests:
    """Return the objects in a text of YAML."""
    return Manifests(tuple(_objects(text)))


@cache
def rendered(name: str) -> Manifests:
    """Return what a folder of deploy/ renders to, such as `overlays/dev`; once a process, so change nothing in it."""
    return parse(render(DEPLOY / name))


def overlay(name: str) -> Manifests:
    """Return what an overlay renders to; once a process, so change nothing in it."""
    return rendered(f"overlays/{name}")


def kubectl() -> str:
    """Return the kubectl beside this Python, which is new enough for components, or else the one on the path."""
    beside = Path(sys.executable).parent / "kubectl"
    found = str(beside) if beside.exists() else shutil.which("kubectl")
    if not found:
        raise NotRendered("kubectl is missing: `make setup` brings it")
    return found


def _objects(text: str) -> Iterator[Document]:
    for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
        if document and document["kind"].endswith("List") and "items" in document:
            yield from document["items"]
        elif document:
            yield document
