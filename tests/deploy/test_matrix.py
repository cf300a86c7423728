"""Who reaches whom under the policies of each overlay is exactly who must, and docs/reachability.md tells it."""

from itertools import product

import pytest

from tests.deploy.flows import AROUND, NAMES, Ends, ends, flows
from tests.deploy.manifests import OVERLAYS, Document, overlay
from tests.deploy.reachability import Policies

Triple = tuple[str, str, int]
STRAY = 9999
"""A port that nobody listens on: whoever is let in there is let in everywhere."""


def reached(found: Ends, policies: Policies) -> set[Triple]:
    """Return who is let through to whom, by every port that anybody has; what is around concerns us only with us."""
    ports = sorted({port for pod in found.values() for port in pod.ports.values()} | {22, 443, STRAY})
    around = {pod.name for pod in AROUND}
    return {
        (source, target, port)
        for (source, a), (target, b), port in product(found.items(), found.items(), ports)
        if not {source, target} <= around and policies.allowed(a, b, port)
    }


def wanted(name: str) -> set[Triple]:
    """Return who must be let through in an overlay: its flows, and the names of everything."""
    ours = set(ends(overlay(name))) - {pod.name for pod in AROUND}
    told = {flow.key for flow in flows() if name in flow.overlays}
    return told | {(source, "names", NAMES) for source in ours}


def difference(name: str, documents: list[Document]) -> dict[str, list[Triple]]:
    """Return what is closed and must not be, and what is open and must not be."""
    seen, must = reached(ends(overlay(name)), Policies.among(documents)), wanted(name)
    return {"closed": sorted(must - seen), "open": sorted(seen - must)}


@pytest.mark.parametrize("name", OVERLAYS)
def test_exactly_those_who_must_reach_one_another_do(name: str) -> None:
    assert difference(name, [*overlay(name).documents]) == {"closed": [], "open": []}
