"""Every overlay keeps every rule, and renders to the same again."""

import pytest

from tests.deploy.manifests import DEPLOY, OVERLAYS, overlay, render
from tests.deploy.rules.table import RULES


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_keeps_the_rule(name: str, rule: str) -> None:
    assert list(RULES[rule](overlay(name), name)) == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_renders_to_the_same_again(name: str) -> None:
    folder = DEPLOY / "overlays" / name

    assert render(folder) == render(folder)


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_namespace_is_applied_before_what_is_in_it(name: str) -> None:
    assert overlay(name).documents[0]["kind"] == "Namespace"


@pytest.mark.parametrize("name", OVERLAYS)
def test_each_workload_can_be_told_from_the_others_by_its_labels(name: str) -> None:
    labels = [tuple(sorted(workload.labels.items())) for workload in overlay(name).workloads]

    assert len(set(labels)) == len(labels)
