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
