"""Policies are judged as the API defines them, the tricky cases included."""

from typing import Any

import pytest

from tests.deploy.manifests import Document
from tests.deploy.reachability import Pod, Policies

WEB = Pod("web", labels={"app": "web", "tier": "front"}, ports={"http": 8000, "management": 8001})
WORKER = Pod("worker", labels={"app": "worker"}, ports={"management": 8001})
STRANGER = Pod("stranger", namespace="elsewhere", labels={"app": "worker"}, namespace_labels={"team": "other"})
CLIENT = Pod.outside("client", "203.0.113.10")


def policy(selector: Document, *, namespace: str | None = None, **spec: Any) -> Document:
    """Return a NetworkPolicy."""
    metadata = {"name": "policy"} | ({"namespace": namespace} if namespace else {})
    return {"kind": "NetworkPolicy", "metadata": metadata, "spec": {"podSelector": selector, **spec}}


def coming(*rules: Document) -> Policies:
    """Return a policy for what comes to every pod here."""
    return Policies((policy({}, policyTypes=["Ingress"], ingress=list(rules)),))


def going(*rules: Document) -> Policies:
    """Return a policy for what leaves every pod here."""
    return Policies((policy({}, policyTypes=["Egress"], egress=list(rules)),))


def reaches(policies: Policies, source: Pod, port: int = 8000, protocol: str = "TCP") -> bool:
    """Tell whether somebody reaches the web pod."""
    return policies.allowed(source, WEB, port, protocol)


def test_without_a_policy_everybody_reaches_everybody() -> None:
    assert reaches(Policies(()), WORKER)
    assert reaches(Policies(()), CLIENT, 1, "UDP")


def test_a_pod_that_no_policy_selects_stays_open() -> None:
    other = Policies((policy({"matchLabels": {"app": "worker"}}, policyTypes=["Ingress", "Egress"]),))

    assert reaches(other, CLIENT)
    assert not other.allowed(WORKER, WEB, 8000)


def test_a_policy_of_another_namespace_says_nothing_here() -> None:
    there = Policies((policy({}, namespace="elsewhere", policyTypes=["Ingress"]),))

    assert reaches(there, WORKER)
    assert not there.allowed(WORKER, STRANGER, 8000)


def test_an_empty_selector_takes_every_pod_and_no_rule_lets_nobody_in() -> None:
    assert not reaches(coming(), WORKER)
    assert not reaches(coming(), CLIENT)


def test_an_empty_rule_lets_everybody_in_by_every_port() -> None:
    assert reaches(coming({}), CLIENT, 9, "UDP")


@pytest.mark.parametrize("nobody", [{"from": []}, {"from": None}, {}], ids=["empty", "null", "absent"])
def test_a_rule_that_names_nobody_means_everybody(nobody: Document) -> None:
    assert reaches(coming({**nobody, "ports": [{"port": 8000}]}), CLIENT)
    assert not reaches(coming({**nobody, "ports": [{"port": 8000}]}), CLIENT, 8001)


@pytest.mark.parametrize("ports", [{"ports": []}, {"ports": None}, {}], ids=["empty", "null", "absent"])
def test_a_rule_without_ports_means_all_ports_and_protocols(ports: Document) -> None:
    rules = coming({"from": [{"podSelector": {"matchLabels": {"app": "worker"}}}], **ports})

    assert reaches(rules, WORKER, 1, "UDP")
    assert not reaches(rules, STRANGER)


def test_a_port_without_a_number_means_every_port_of_its_protocol() -> None:
    assert reaches(coming({"ports": [{"protocol": "UDP"}]}), WORKER, 53, "UDP")
    assert not reaches(coming({"ports": [{"protocol": "UDP"}]}), WORKER, 53)


def test_a_port_without_a_protocol_is_tcp() -> None:
    assert reaches(coming({"ports": [{"port": 8000}]}), WORKER)
    assert not reaches(coming({"ports": [{"port": 8000}]}), WORKER, protocol="UDP")


def test_a_range_of_ports_has_both_its_ends() -> None:
    rules = coming({"ports": [{"port": 7999, "endPort": 8000}]})

    assert [port for port in (7998, 7999, 8000, 8001) if reaches(rules, WORKER, port)] == [7999, 8000]


def test_a_named_port_is_what_the_target_calls_so_in_both_directions() -> None:
    assert reaches(coming({"ports": [{"port": "http"}]}), WORKER)
    assert not reaches(coming({"ports": [{"port": "http"}]}), WORKER, 8001)
    assert reaches(going({"ports": [{"port": "http"}]}), WORKER)
    assert not going({"ports": [{"port": "http"}]}).allowed(WEB, WORKER, 8000)
    assert not going({"ports": [{"port": "http"}]}).allowed(WEB, CLIENT, 8000)


def test_a_selector_of_pods_means_this_namespace_only() -> None:
    rules = coming({"from": [{"podSelector": {"matchLabels": {"app": "worker"}}}]})

    assert reaches(rules, WORKER)
    assert not reaches(rules, STRANGER)


def test_an_empty_selector_of_pods_means_all_of_this_namespace() -> None:
    assert reaches(coming({"from": [{"podSelector": {}}]}), WORKER)
    assert not reaches(coming({"from": [{"podSelector": {}}]}), STRANGER)
    assert not reaches(coming({"from": [{"podSelector": {}}]}), CLIENT)


def test_an_empty_selector_of_namespaces_means_all_pods_and_nobody_outside() -> None:
    assert reaches(coming({"from": [{"namespaceSelector": {}}]}), STRANGER)
    assert not reaches(coming({"from": [{"namespaceSelector": {}}]}), CLIENT)


def test_two_selectors_of_one_entry_must_both_hold() -> None:
    spaces, pods = {"matchLabels": {"team": "other"}}, {"matchLabels": {"app": "worker"}}
    both = coming({"from": [{"namespaceSelector": spaces, "podSelector": pods}]})
    either = coming({"from": [{"namespaceSelector": spaces}, {"podSelector": pods}]})

    assert [reaches(both, who) for who in (STRANGER, WORKER, WEB)] == [True, False, False]
    assert [reaches(either, who) for who in (STRANGER, WORKER, WEB)] == [True, True, False]


def test_a_namespace_has_its_name_as_a_label() -> None:
    named = {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}

    assert reaches(coming({"from": [{"namespaceSelector": named}]}), STRANGER)
    assert not reaches(coming({"from": [{"namespaceSelector": named}]}), WORKER)


def test_an_entry_that_says_nothing_means_nobody() -> None:
    assert not reaches(coming({"from": [{}]}), WORKER)


def test_a_block_of_addresses_has_holes() -> None:
    block = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}

    assert reaches(coming({"from": [block]}), CLIENT)
    assert not reaches(coming({"from": [block]}), WORKER)
    assert reaches(coming({"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}), WORKER)


@pytest.mark.parametrize(
    ("expression", "taken"),
    [
        ({"key": "app", "operator": "In", "values": ["web", "worker"]}, True),
        ({"key": "app", "operator": "In", "values": ["web"]}, False),
        ({"key": "app", "operator": "NotIn", "values": ["web"]}, True),
        ({"key": "app", "operator": "NotIn", "values": ["worker"]}, False),
        ({"key": "tier", "operator": "NotIn", "values": ["front"]}, True),
        ({"key": "app", "operator": "Exists"}, True),
        ({"key": "tier", "operator": "Exists"}, False),
        ({"key": "tier", "operator": "DoesNotExist"}, True),
        ({"key": "app", "operator": "DoesNotExist"}, False),
    ],
)
def test_expressions_are_held_against_the_labels(expression: Document, taken: bool) -> None:
    rules = coming({"from": [{"podSelector": {"matchExpressions": [expression]}}]})

    assert reaches(rules, WORKER) is taken


def test_labels_and_expressions_must_all_hold() -> None:
    selector = {"matchLabels": {"app": "worker"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}]}

    assert not reaches(coming({"from": [{"podSelector": selector}]}), WORKER)


def test_a_policy_without_types_is_about_what_comes_and_about_what_goes_only_with_rules_for_it() -> None:
    silent = Policies((policy({}),))
    with_rules = Policies((policy({}, egress=[{"ports": [{"port": 53}]}]),))
    with_an_empty_list = Policies((policy({}, egress=[]),))

    assert not reaches(silent, WORKER)
    assert silent.allowed(WORKER, CLIENT, 443)
    assert with_an_empty_list.allowed(WORKER, CLIENT, 443)
    assert not with_rules.allowed(WORKER, CLIENT, 443)
    assert with_rules.allowed(WORKER, CLIENT, 53)


def test_both_ends_must_allow() -> None:
    pods: Document = {"podSelector": {}}
    comes = coming({"from": [pods]}).documents
    goes = going({"to": [pods]}).documents
    nothing = policy({}, policyTypes=["Ingress", "Egress"])

    assert not reaches(Policies((nothing, *comes)), WORKER)
    assert not reaches(Policies((nothing, *goes)), WORKER)
    assert reaches(Policies((nothing, *comes, *goes)), WORKER)


def test_policies_only_ever_add() -> None:
    shut = policy({}, policyTypes=["Ingress", "Egress"])
    opened = policy({}, policyTypes=["Ingress", "Egress"], ingress=[{}], egress=[{}])

    assert reaches(Policies((opened, shut)), CLIENT)
    assert reaches(Policies((shut, opened)), CLIENT)
