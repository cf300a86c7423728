"""The three scenarios of the design are exactly what an overlay renders to with their component."""

import os
from pathlib import Path

import pytest

from tests.deploy.manifests import DEPLOY, OVERLAYS, Manifests, parse, render
from tests.deploy.rules.scaling import count

PARTS = ("frontend", "course", "student", "enrollment", "gateway")
SCENARIOS = {
    "scale-normal": (1, 1, 1, 1, 2),
    "scale-high-course-access": (2, 4, 1, 1, 2),
    "scale-enrollment-peak": (2, 2, 2, 4, 2),
}


def with_component(folder: Path, component: str, around: Path) -> Manifests:
    """Return what a folder of deploy/ renders to with a component laid over it, or none; `around` is empty."""
    (around / "kustomization.yaml").write_text(
        f"resources: [{os.path.relpath(folder, around)}]\n"
        f"components: [{os.path.relpath(DEPLOY / 'components' / component, around)}]\n",
        encoding="utf-8",
    )
    return parse(render(around))


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("folder", ["base", *(f"overlays/{name}" for name in OVERLAYS)])
def test_a_scenario_has_as_many_of_each_as_the_table_says(folder: str, scenario: str, tmp_path: Path) -> None:
    manifests = with_component(DEPLOY / folder, scenario, tmp_path)

    assert {part: count(manifests, part) for part in PARTS} == dict(zip(PARTS, SCENARIOS[scenario], strict=True))


@pytest.mark.parametrize("folder", ["base", *(f"overlays/{name}" for name in OVERLAYS)])
def test_a_scenario_changes_nothing_but_numbers(folder: str, tmp_path: Path) -> None:
    told = []
    for scenario in SCENARIOS:
        (tmp_path / scenario).mkdir()
        manifests = with_component(DEPLOY / folder, scenario, tmp_path / scenario)
        for scaler in manifests.of("HorizontalPodAutoscaler"):
            del scaler["spec"]["minReplicas"]
        told.append(manifests)

    assert told[0] == told[1] == told[2]


def test_every_scenario_of_the_folder_is_in_the_table() -> None:
    assert {folder.name for folder in (DEPLOY / "components").glob("scale-*")} == set(SCENARIOS)
