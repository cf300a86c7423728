"""What stands around the pods: routes from outside, and names."""

import re
from collections.abc import Iterator

from tests.deploy.manifests import NAMESPACE, Document, Manifests

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_CLUSTER_WIDE = {"Namespace", "PriorityClass"}


def routes_lead_to_services(manifests: Manifests, _: str) -> Iterator[str]:
    """Every route of the edge leads to a Service and a port of it, by a Gateway and a listener that are there."""
    for route in manifests.of("HTTPRoute"):
        name = f"HTTPRoute/{route['metadata']['name']}"
        for parent in route["spec"]["parentRefs"]:
            if not _listens(manifests, parent):
                yield f"{name}: nothing listens as {parent}"
        for rule in route["spec"]["rules"]:
            for backend in rule.get("backendRefs", []):
                if not _serves(manifests, backend["name"], backend["port"]):
                    yield f"{name}: {backend} is no Service"


def only_the_frontend_is_public(manifests: Manifests, _: str) -> Iterator[str]:
    """Whoever comes from outside comes by the frontend: it cuts overload, caches, and says what browsers may do."""
    for route in manifests.of("HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for backend in rule.get("backendRefs", []):
                if backend["name"] != "frontend":
                    yield f"HTTPRoute/{route['metadata']['name']} leads to {backend['name']}"
    for service in manifests.of("Service"):
        if service["spec"].get("type", "ClusterIP") != "ClusterIP" or service["spec"].get("externalIPs"):
            yield f"Service/{service['metadata']['name']} is of type {service['spec'].get('type')}"
    yield from (f"Ingress/{name}" for name in sorted(manifests.names("Ingress")))


def everything_has_its_place_and_name(manifests: Manifests, _: str) -> Iterator[str]:
    """Every object is in the one namespace, by a name and labels that the API takes, and is there once."""
    seen = set()
    for document in manifests.documents:
        metadata, who = document["metadata"], f"{document['kind']}/{document['metadata']['name']}"
        if document["kind"] not in _CLUSTER_WIDE and metadata.get("namespace") != NAMESPACE:
            yield f"{who} is in {metadata.get('namespace')}"
        if not _NAME.fullmatch(metadata["name"]) or len(metadata["name"]) > 63:
            yield f"{who}: no name"
        for value in metadata.get("labels", {}).values():
            if not _LABEL.fullmatch(value):
                yield f"{who}: label {value!r}"
        key = (document["apiVersion"], who)
        if key in seen:
            yield f"{who} is there twice"
        seen.add(key)


def _listens(manifests: Manifests, parent: Document) -> bool:
    if not manifests.has("Gateway", parent["name"]):
        return False
    listeners = manifests.named("Gateway", parent["name"])["spec"]["listeners"]
    return parent.get("sectionName") in {None, *(listener["name"] for listener in listeners)}


def _serves(manifests: Manifests, name: str, port: int) -> bool:
    return manifests.has("Service", name) and port in {
        one["port"] for one in manifests.named("Service", name)["spec"]["ports"]
    }
