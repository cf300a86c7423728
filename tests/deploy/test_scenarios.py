"""The three scenarios of the design are exactly what an overlay renders to with their component."""

import copy
import os
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.deploy.manifests import DEPLOY, OVERLAYS, Manifests, parse, render, rendered
from tests.deploy.rules.scaling import count
from tests.docs.pages import page, words

PARTS = ("frontend", "course", "student", "enrollment", "gateway")
FOLDERS = ("base", *(f"overlays/{name}" for name in OVERLAYS))
SCENARIOS = {
    "scale-normal": (1, 1, 1, 1, 2),
    "scale-high-course-access": (2, 4, 1, 1, 2),
    "scale-enrollment-peak": (2, 2, 2, 4, 2),
}


@cache
def with_component(folder: str, component: str) -> Manifests:
    """Return what a folder of deploy/ renders to with a component laid over it; change nothing in it."""
    with tempfile.TemporaryDirectory() as name:
        around = Path(name).resolve()
        (around / "kustomization.yaml").write_text(
            f"resources: [{os.path.relpath(DEPLOY / folder, around)}]\n"
            f"components: [{os.path.relpath(DEPLOY / 'components' / component, around)}]\n",
            encoding="utf-8",
        )
        return parse(render(around))


def counts(manifests: Manifests) -> dict[str, int]:
    """Return how many there are of each part before load makes more."""
    return {part: count(manifests, part) for part in PARTS}


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_scenario_has_as_many_of_each_as_the_table_says(folder: str, scenario: str) -> None:
    told = counts(with_component(folder, scenario))

    assert told == dict(zip(PARTS, SCENARIOS[scenario], strict=True))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_of_production_is_a_folder_of_its_own(scenario: str) -> None:
    folder = f"scenarios/{scenario.removeprefix('scale-')}"

    assert rendered(folder) == with_component("overlays/production", scenario)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_scenario_changes_nothing_but_numbers(folder: str) -> None:
    told = []
    for scenario in SCENARIOS:
        documents = copy.deepcopy(with_component(folder, scenario).documents)
        for scaler in Manifests(documents).of("HorizontalPodAutoscaler"):
            del scaler["spec"]["minReplicas"]
        told.append(documents)

    assert told[0] == told[1] == told[2]


def test_the_table_of_the_documentation_is_what_is_rendered() -> None:
    parts = ("frontend", "gateway", "course", "student", "enrollment")
    told = {
        words(folder)[0]: numbers for folder, *numbers in page("deploy/README.md").table("`kubectl apply -k`", *parts)
    }
    seen = {name: counts(rendered(name.removeprefix("deploy/"))) for name in told}

    assert told == {name: [str(number[part]) for part in parts] for name, number in seen.items()}
    assert told.keys() >= {f"deploy/scenarios/{name.removeprefix('scale-')}" for name in SCENARIOS}


def test_registration_day_has_at_least_what_the_peak_has() -> None:
    day, peak = counts(rendered("scenarios/registration-day")), counts(rendered("scenarios/enrollment-peak"))

    assert {part: day[part] - peak[part] for part in PARTS if day[part] < peak[part]} == {}


def test_every_scenario_of_the_folder_is_in_the_table() -> None:
    assert {folder.name for folder in (DEPLOY / "components").glob("scale-*")} == set(SCENARIOS)
