"""The university's own sign-in is an overlay's choice: one way out, from the gateway to the provider alone."""

import pytest

from tests.deploy.flows import ends
from tests.deploy.manifests import overlay
from tests.deploy.matrix import Way, reached
from tests.deploy.reachability import Pod, Policies
from tests.deploy.rules.table import broken
from tests.deploy.test_scenarios import with_component

OPERATED = ("staging", "production")
PROVIDER, ELSEWHERE = Pod.outside("provider", "192.0.2.44"), Pod.outside("provider's neighbor", "192.0.2.45")


def ways(name: str, *, oidc: bool) -> set[Way]:
    """Return who reaches whom in an overlay, with and without the provider, which is around."""
    manifests = with_component(f"overlays/{name}", "oidc") if oidc else overlay(name)
    found = ends(manifests) | {pod.name: pod for pod in (PROVIDER, ELSEWHERE)}
    ports = [(443, "TCP"), (80, "TCP"), (8443, "TCP"), (443, "UDP")]
    policies = Policies.among(manifests.of("NetworkPolicy"))
    return reached(ends(manifests), policies) | {
        (source, target, *way)
        for source, pod in found.items()
        for target in (PROVIDER.name, ELSEWHERE.name)
        for way in policies.opened(pod, found[target], ports)
        if source not in (PROVIDER.name, ELSEWHERE.name) and pod.namespace == "university"
    }


@pytest.mark.parametrize("name", OPERATED)
def test_only_the_gateway_reaches_only_the_provider(name: str) -> None:
    assert ways(name, oidc=True) - ways(name, oidc=False) == {("gateway", "provider", 443, "TCP")}


@pytest.mark.parametrize("name", OPERATED)
def test_only_the_gateway_knows_the_secret(name: str) -> None:
    manifests = with_component(f"overlays/{name}", "oidc")
    knowing = {workload.name for workload in manifests.workloads if "gateway-oidc" in str(workload.document)}

    assert knowing == {"gateway"}


@pytest.mark.parametrize("name", OPERATED)
def test_an_overlay_with_the_provider_keeps_every_rule(name: str) -> None:
    assert broken(with_component(f"overlays/{name}", "oidc"), name) == {}
