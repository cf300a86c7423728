"""What selects pods selects the right ones: Services, budgets, spreading, owners, policies."""

from collections.abc import Iterator
from typing import Any

from tests.deploy.manifests import Document, Manifests, Workload
from tests.deploy.reachability import matches
from tests.deploy.rules.pods import component

_OWNERS = {"Deployment", "StatefulSet"}


def labels_say_what_a_pod_is(manifests: Manifests, _: str) -> Iterator[str]:
    """Every pod says its name, its component, and that it is part of the university."""
    wanted = {"app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/part-of"}
    for workload in manifests.workloads:
        if missing := wanted - workload.labels.keys():
            yield f"{workload} lacks {sorted(missing)}"


def owners_select_their_own(manifests: Manifests, _: str) -> Iterator[str]:
    """A Deployment selects the pods it makes and nobody else's."""
    for workload in manifests.workloads:
        if workload.kind in _OWNERS:
            yield from _exactly(workload.document["spec"]["selector"], workload, manifests, str(workload))


def services_lead_to_their_pods(manifests: Manifests, _: str) -> Iterator[str]:
    """A Service selects exactly the pods of its name, which serve, and its ports exist there."""
    for service in manifests.of("Service"):
        name, spec = service["metadata"]["name"], service["spec"]
        if not spec.get("selector"):
            continue
        taken = manifests.selected(spec["selector"])
        if len(taken) != 1 or component(taken[0]) not in {"api", "store"}:
            yield f"Service/{name} leads to {[str(each) for each in taken]}"
        for each in taken:
            yield from (f"Service/{name}: {said}" for said in _unknown_ports(spec["ports"], each))


def what_serves_has_a_service(manifests: Manifests, _: str) -> Iterator[str]:
    """Every Deployment that serves has a Service of its name."""
    for workload in manifests.workloads:
        if component(workload) == "api" and not manifests.has("Service", workload.name):
            yield f"{workload}"


def budgets_let_one_pod_go(manifests: Manifests, _: str) -> Iterator[str]:
    """Every Deployment has one budget, which lets one pod go, and those that are unwell at any time."""
    for workload in manifests.workloads:
        if workload.kind == "Deployment":
            found = [one for one in manifests.of("PodDisruptionBudget") if _takes(one, workload)]
            if len(found) != 1:
                yield f"{workload} has {len(found)} budgets"
    for budget in manifests.of("PodDisruptionBudget"):
        name, spec = f"PodDisruptionBudget/{budget['metadata']['name']}", budget["spec"]
        if spec.get("maxUnavailable") != 1 or "minAvailable" in spec:
            yield f"{name} lets none or several go"
        if spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield f"{name} holds back pods that are unwell"
        taken = [one for one in manifests.workloads if _takes(budget, one)]
        if len(taken) != 1 and not _made_by_operators(spec["selector"]):
            yield f"{name} is not about one workload"


def pods_spread_over_nodes_and_zones(manifests: Manifests, _: str) -> Iterator[str]:
    """What serves is spread over nodes and zones where it can be, counting its own pods of this version only."""
    for workload in manifests.workloads:
        constraints = workload.spec.get("topologySpreadConstraints", [])
        if component(workload) in {"api", "worker"}:
            keys = {constraint["topologyKey"] for constraint in constraints}
            if not {"topology.kubernetes.io/zone", "kubernetes.io/hostname"} <= keys:
                yield f"{workload} is spread over {sorted(keys)}"
        for constraint in constraints:
            yield from _exactly(constraint["labelSelector"], workload, manifests, f"{workload} spreading")
            if constraint.get("matchLabelKeys") != ["pod-template-hash"]:
                yield f"{workload} counts pods of other versions"
            if constraint["whenUnsatisfiable"] != "ScheduleAnyway":
                yield f"{workload} does not run where it cannot be spread"


def no_policy_is_idle(manifests: Manifests, _: str) -> Iterator[str]:
    """Every NetworkPolicy, and every selector of pods in it, is about somebody; a named port exists there."""
    for policy in manifests.of("NetworkPolicy"):
        name, spec = f"NetworkPolicy/{policy['metadata']['name']}", policy["spec"]
        about = [one for one in manifests.workloads if matches(spec["podSelector"], one.labels)]
        if not about and not _made_by_operators(spec["podSelector"]):
            yield f"{name} is about nobody"
        for rule in [*spec.get("ingress", []), *spec.get("egress", [])]:
            for peer in [*rule.get("from", []), *rule.get("to", [])]:
                if not _anybody(peer, manifests):
                    yield f"{name} names nobody by {peer}"
        for rule in spec.get("ingress", []):
            yield from (
                f"{name}: {one} has no port {port['port']}"
                for port in rule.get("ports", [])
                for one in about
                if isinstance(port.get("port"), str) and port["port"] not in one.ports
            )


def _anybody(peer: Document, manifests: Manifests) -> bool:
    """Tell whether a peer of this namespace exists; of what is elsewhere we know nothing."""
    selector = peer.get("podSelector")
    if selector is None or "namespaceSelector" in peer or "ipBlock" in peer:
        return True
    return _made_by_operators(selector) or any(matches(selector, one.labels) for one in manifests.workloads)


def _made_by_operators(selector: Document) -> bool:
    """Tell whether pods are meant that an operator makes; its labels are checked by the matrix."""
    keys = {*selector.get("matchLabels", {}), *(said["key"] for said in selector.get("matchExpressions", []))}
    return any("cnpg.io" in key for key in keys) or "rabbitmq" in selector.get("matchLabels", {}).values()


def _takes(budget: Document, workload: Workload) -> bool:
    return matches(budget["spec"]["selector"], workload.labels)


def _exactly(selector: Document, workload: Workload, manifests: Manifests, who: str) -> Iterator[str]:
    taken = [other for other in manifests.workloads if matches(selector, other.labels)]
    if [other.name for other in taken] != [workload.name]:
        yield f"{who} selects {[str(other) for other in taken]}"


def _unknown_ports(ports: list[dict[str, Any]], workload: Workload) -> Iterator[str]:
    for port in ports:
        target = port.get("targetPort", port["port"])
        known = workload.ports.values() if isinstance(target, int) else workload.ports
        if target not in known:
            yield f"{workload} has no port {target}"
