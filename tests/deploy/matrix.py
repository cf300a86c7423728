"""Who reaches whom in an overlay, and how that differs from who must."""

from collections.abc import Iterable
from itertools import product

from tests.deploy.flows import AROUND, NAMES, Ends, ends, flows
from tests.deploy.manifests import Document, overlay
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
