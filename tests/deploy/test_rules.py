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


def test_every_folder_renders_by_itself_or_is_a_component() -> None:
    for kustomization in sorted(DEPLOY.rglob("kustomization.yaml")):
        if "kind: Component" not in kustomization.read_text(encoding="utf-8"):
            render(kustomization.parent)
