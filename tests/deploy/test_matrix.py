"""Who reaches whom under the policies of each overlay is exactly who must, and docs/reachability.md tells it."""

import copy

import pytest

from tests.deploy import page
from tests.deploy.flows import ends
from tests.deploy.manifests import NAMESPACE, OVERLAYS, Document, overlay
from tests.deploy.matrix import difference, reached
from tests.deploy.reachability import Policies

TWINS = ("dev", "production")


def test_the_page_tells_it() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(), "`python -m tests.deploy.page` writes it anew"


@pytest.mark.parametrize("name", OVERLAYS)
def test_exactly_those_who_must_reach_one_another_do(name: str) -> None:
    assert difference(name, overlay(name).documents) == {}


def test_staging_rehearses_the_policies_of_production() -> None:
    assert overlay("staging").of("NetworkPolicy") == overlay("production").of("NetworkPolicy")


@pytest.mark.parametrize("name", TWINS)
def test_no_policy_can_be_taken_away_unseen(name: str) -> None:
    documents = overlay(name).documents
    unseen = [
        gone["metadata"]["name"]
        for gone in overlay(name).of("NetworkPolicy")
        if not difference(name, [document for document in documents if document is not gone])
    ]

    assert unseen == []


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("way", ["Ingress", "Egress"])
def test_a_policy_that_allows_all_is_seen(name: str, way: str) -> None:
    spec = {"podSelector": {}, "policyTypes": [way], way.lower(): [{}]}
    generous = {"kind": "NetworkPolicy", "metadata": {"name": "all", "namespace": NAMESPACE}, "spec": spec}

    assert "open" in difference(name, [*overlay(name).documents, generous])


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("way", ["ingress", "egress"])
def test_a_port_more_is_seen(name: str, way: str) -> None:
    """Each policy in turn is about all ports, where all policies of the other end are."""
    documents = copy.deepcopy(overlay(name).of("NetworkPolicy"))
    _widen(documents, "egress" if way == "ingress" else "ingress")
    found = ends(overlay(name))
    before = reached(found, Policies.among(documents))
    unseen = [
        policy["metadata"]["name"]
        for policy in documents
        if policy["spec"].get(way)
        and not before < reached(found, Policies.among(_with_one_wider(documents, policy, way)))
    ]

    assert unseen == []


def _with_one_wider(policies: list[Document], one: Document, way: str) -> list[Document]:
    wider = copy.deepcopy(one)
    _widen([wider], way)
    return [wider if policy is one else policy for policy in policies]


def _widen(policies: list[Document], way: str) -> None:
    for policy in policies:
        for rule in policy["spec"].get(way, []):
            rule.pop("ports", None)
