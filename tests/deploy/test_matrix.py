"""Who reaches whom under the policies of each overlay is exactly who must, and docs/reachability.md tells it."""

import copy
from collections.abc import Iterable
from itertools import product

import pytest

from tests.deploy.flows import AROUND, NAMES, Ends, ends, flows
from tests.deploy.manifests import NAMESPACE, OVERLAYS, Document, Manifests, overlay
from tests.deploy.reachability import Policies

Way = tuple[str, str, int, str]
"""From whom to whom, by which port and protocol."""
STRAY = (9999, "SCTP")
"""A port that nobody listens on: whoever is let in there is let in everywhere."""


def reached(found: Ends, policies: Policies) -> set[Way]:
    """Return who is let through to whom, by every port that anybody has; what is around concerns us only with us."""
    numbers = {port for pod in found.values() for port in pod.ports.values()} | {22, 443, 6443}
    ports = [STRAY, *product(sorted(numbers), ("TCP", "UDP"))]
    around = {pod.name for pod in AROUND}
    return {
        (source, target, *port)
        for (source, a), (target, b) in product(found.items(), found.items())
        if not {source, target} <= around
        for port in policies.opened(a, b, ports)
    }


def wanted(name: str) -> set[Way]:
    """Return who must be let through in an overlay: its flows, and the names of everything."""
    told = {(*flow.key, "TCP") for flow in flows() if name in flow.overlays}
    ours = set(ends(overlay(name))) - {pod.name for pod in AROUND}
    return told | {(source, "names", NAMES, protocol) for source in ours for protocol in ("TCP", "UDP")}


def difference(name: str, documents: Iterable[Document]) -> dict[str, list[Way]]:
    """Return what is closed and must not be, and what is open and must not be, under an overlay's other policies."""
    seen, must = reached(ends(overlay(name)), Policies.among(documents)), wanted(name)
    found = {"closed": sorted(must - seen), "open": sorted(seen - must)}
    return {what: ways for what, ways in found.items() if ways}


@pytest.mark.parametrize("name", OVERLAYS)
def test_exactly_those_who_must_reach_one_another_do(name: str) -> None:
    assert difference(name, overlay(name).documents) == {}


@pytest.mark.parametrize("name", OVERLAYS)
def test_no_policy_can_be_taken_away_unseen(name: str) -> None:
    documents = overlay(name).documents
    unseen = [
        gone["metadata"]["name"]
        for gone in overlay(name).of("NetworkPolicy")
        if not difference(name, [document for document in documents if document is not gone])
    ]

    assert unseen == []


@pytest.mark.parametrize("name", OVERLAYS)
@pytest.mark.parametrize("way", ["Ingress", "Egress"])
def test_a_policy_that_allows_all_is_seen(name: str, way: str) -> None:
    spec = {"podSelector": {}, "policyTypes": [way], way.lower(): [{}]}
    generous = {"kind": "NetworkPolicy", "metadata": {"name": "all", "namespace": NAMESPACE}, "spec": spec}

    assert "open" in difference(name, [*overlay(name).documents, generous])


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_port_more_is_seen(name: str) -> None:
    unseen = [
        f"{policy['metadata']['name']} {way}"
        for policy in overlay(name).of("NetworkPolicy")
        for way in ("ingress", "egress")
        if policy["spec"].get(way) and not _opened_wider(name, policy, way)
    ]

    assert unseen == []


def _opened_wider(name: str, policy: Document, way: str) -> bool:
    """Tell whether it is seen that one policy is about all ports, where all of the other end are."""
    documents = copy.deepcopy(overlay(name).documents)
    policies = Manifests(documents).of("NetworkPolicy")
    _widen(policies, "egress" if way == "ingress" else "ingress")
    before = reached(ends(overlay(name)), Policies.among(documents))
    _widen([twin for twin in policies if twin["metadata"] == policy["metadata"]], way)
    return before < reached(ends(overlay(name)), Policies.among(documents))


def _widen(policies: list[Document], way: str) -> None:
    for policy in policies:
        for rule in policy["spec"].get(way, []):
            rule.pop("ports", None)
