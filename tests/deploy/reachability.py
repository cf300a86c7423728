"""Who may speak with whom under NetworkPolicies, judged as the API of Kubernetes defines them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from tests.deploy.manifests import NAMESPACE, Document, Workload

Direction = Literal["Ingress", "Egress"]
Port = tuple[int, str]
"""A number and a protocol."""
NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that every namespace has by itself."""


@dataclass(frozen=True)
class Pod:
    """One end of a conversation; what is outside of the cluster is a pod without namespace.

    `address` is what an ipBlock is held against: most networks hold it against pods, too.
    """

    name: str
    namespace: str = NAMESPACE
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    namespace_labels: Mapping[str, str] = field(default_factory=dict)
    address: str = "10.244.0.10"

    @classmethod
    def of(cls, workload: Workload, namespace: str = NAMESPACE, address: str = "10.244.0.10") -> "Pod":
        """Return a pod as a workload makes it."""
        return cls(workload.name, namespace, workload.labels, workload.ports, address=address)

    @classmethod
    def outside(cls, name: str, address: str = "203.0.113.10") -> "Pod":
        """Return somebody who is in no cluster."""
        return cls(name, namespace="", address=address)

    @property
    def around(self) -> dict[str, str]:
        """The labels of its namespace."""
        return {NAMESPACE_NAME: self.namespace, **self.namespace_labels}


@dataclass(frozen=True)
class Policies:
    """The NetworkPolicies of a cluster."""

    documents: tuple[Document, ...]
    _selected: dict[tuple[str, str, frozenset[tuple[str, str]]], list[Document]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def among(cls, documents: Iterable[Document]) -> "Policies":
        """Return the policies among these objects."""
        return cls(tuple(document for document in documents if document["kind"] == "NetworkPolicy"))

    def allowed(self, source: Pod, target: Pod, port: int, protocol: str = "TCP") -> bool:
        """Tell whether a connection to this port of the target's is let out of its source and into its target.

        Source and target are two pods, even when they are of one workload: a pod always reaches itself. What the
        node of a pod asks it, such as its probes, is always allowed, and is no question for policies.
        """
        return bool(self.opened(source, target, [(port, protocol)]))

    def opened(self, source: Pod, target: Pod, ports: Iterable[Port]) -> list[Port]:
        """Return those of the ports by which one reaches the other."""
        ways = (self._rules("Egress", source, target), self._rules("Ingress", target, source))
        return [
            (port, protocol)
            for port, protocol in ports
            if all(any(_opens(rule.get("ports") or [], target, port, protocol) for rule in rules) for rules in ways)
        ]

    def _rules(self, way: Direction, of: Pod, peer: Pod) -> list[Document]:
        """Return the rules for one pod that are about its peer; a pod that no policy selects is open."""
        selecting = self._selecting(way, of)
        if not selecting:
            return [{}]
        return [
            rule
            for policy in selecting
            for rule in policy["spec"].get(way.lower()) or []
            if _admits(rule, way, policy, peer)
        ]

    def _selecting(self, way: Direction, pod: Pod) -> list[Document]:
        key = (way, pod.namespace, frozenset(pod.labels.items()))
        if key not in self._selected:
            about = [policy for policy in self.documents if way in _directions(policy)]
            self._selected[key] = [policy for policy in about if _selects(policy, pod)]
        return self._selected[key]


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Tell whether a selector takes these labels; an empty one takes all."""
    wanted: Mapping[str, str] = selector.get("matchLabels") or {}
    return wanted.items() <= labels.items() and all(
        _expressed(expression, labels) for expression in selector.get("matchExpressions") or []
    )


def _expressed(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator, values = expression["key"], expression["operator"], expression.get("values") or []
    answers = {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }
    return answers[operator]


def _directions(policy: Document) -> list[str]:
    """Return what a policy is about: without a word incoming, and outgoing where it has a rule for it."""
    spec = policy["spec"]
    said: list[str] = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
    return said


def _selects(policy: Document, pod: Pod) -> bool:
    return pod.namespace == _home(policy) and matches(policy["spec"].get("podSelector") or {}, pod.labels)


def _home(policy: Document) -> str:
    return str(policy["metadata"].get("namespace", NAMESPACE))


def _admits(rule: Document, way: Direction, policy: Document, peer: Pod) -> bool:
    """Tell whether a rule is about this peer; one that names nobody is about everybody."""
    named = rule.get("from" if way == "Ingress" else "to") or []
    return not named or any(_is(said, policy, peer) for said in named)


def _is(said: Document, policy: Document, peer: Pod) -> bool:
    """Tell whether a peer is meant; selectors of one entry must both take it, and an entry that is empty means none."""
    if block := said.get("ipBlock"):
        return _within(block, peer.address)
    pods, spaces = said.get("podSelector"), said.get("namespaceSelector")
    if not peer.namespace or (pods is None and spaces is None):
        return False
    near = peer.namespace == _home(policy) if spaces is None else matches(spaces, peer.around)
    return near and (pods is None or matches(pods, peer.labels))


def _within(block: Document, address: str) -> bool:
    place = ip_address(address)
    return place in ip_network(block["cidr"]) and not any(
        place in ip_network(hole) for hole in block.get("except") or []
    )


def _opens(ports: list[Document], target: Pod, port: int, protocol: str) -> bool:
    """Tell whether a rule is about this port; one that lists none is about all."""
    return not ports or any(said.get("protocol", "TCP") == protocol and _covers(said, target, port) for said in ports)


def _covers(said: Document, target: Pod, port: int) -> bool:
    """Tell whether an entry covers a port; a name means what the target calls so, and nothing where it does not."""
    named: int | str | None = said.get("port")
    if named is None:
        return True
    if isinstance(named, str):
        return target.ports.get(named) == port
    last: int = said.get("endPort", named)
    return named <= port <= last
