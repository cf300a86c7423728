"""Who reaches whom under the policies of each overlay is exactly who must, and docs/reachability.md tells it."""

import copy

import pytest

from tests.deploy import page
from tests.deploy.flows import ends
from tests.deploy.manifests import NAMESPACE, OVERLAYS, Document, Manifests, overlay
from tests.deploy.matrix import difference, reached
from tests.deploy.reachability import Policies


def test_the_page_tells_it() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(), "`python -m tests.deploy.page` writes it anew"


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
