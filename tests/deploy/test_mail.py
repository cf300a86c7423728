"""Mails are an overlay's choice: one more way out, to the mail server, for whoever sends and nobody else."""

import pytest

from tests.deploy.flows import ends
from tests.deploy.manifests import overlay
from tests.deploy.matrix import Way, reached
from tests.deploy.reachability import Pod, Policies
from tests.deploy.rules.table import broken
from tests.deploy.test_scenarios import with_component

OPERATED = ("staging", "production")
SERVER, ELSEWHERE = Pod.outside("mail server", "192.0.2.25"), Pod.outside("mail server's neighbor", "192.0.2.26")


def ways(name: str, *, mail: bool) -> set[Way]:
    """Return who reaches whom in an overlay, with and without mails, a mail server being around."""
    manifests = with_component(f"overlays/{name}", "mail") if mail else overlay(name)
    found = ends(manifests) | {pod.name: pod for pod in (SERVER, ELSEWHERE)}
    ports = [(587, "TCP"), (25, "TCP"), (443, "TCP"), (587, "UDP")]
    policies = Policies.among(manifests.of("NetworkPolicy"))
    return reached(ends(manifests), policies) | {
        (source, target, *way)
        for source, pod in found.items()
        for target in (SERVER.name, ELSEWHERE.name)
        for way in policies.opened(pod, found[target], ports)
        if source not in (SERVER.name, ELSEWHERE.name) and pod.namespace == "university"
    }


@pytest.mark.parametrize("name", OPERATED)
def test_only_the_worker_reaches_only_the_mail_server(name: str) -> None:
    assert ways(name, mail=True) - ways(name, mail=False) == {("student worker", "mail server", 587, "TCP")}


@pytest.mark.parametrize("name", OPERATED)
def test_only_the_worker_knows_the_mail_servers_password(name: str) -> None:
    manifests = with_component(f"overlays/{name}", "mail")
    knowing = {workload.name for workload in manifests.workloads if "student-mail" in str(workload.document)}

    assert knowing == {"student-worker"}


@pytest.mark.parametrize("name", OPERATED)
def test_an_overlay_with_mails_keeps_every_rule_but_that_all_is_inside(name: str) -> None:
    outside = "student-mail/smtp-url: nothing serves mail.example.edu:587"

    assert broken(with_component(f"overlays/{name}", "mail"), name) == {"addresses_lead_to_what_is_made": [outside]}
