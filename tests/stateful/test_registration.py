"""Registration as a whole: whatever is done in whatever order, nothing is oversold, lost, idle or overtaken."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import emptied
from tests.stateful import twins
from tests.stateful.runs import IN_TESTS, STEPS, machine_in, run
from tests.stateful.twins import Twin
from tests.stateful.world import World

HAPPENS = {"enrolled", "waitlisted", "promoted", "dropped", "section-canceled", "graded", "standing-changed"}
"""What a few hundred runs cannot but come to; else they would show little."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all runs."""
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.house.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_happens_registration_stays_right(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    machine = machine_in(world)

    run(machine, IN_TESTS, STEPS)

    record_property("figures", machine.told())
    assert machine.became.keys() >= HAPPENS


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_so_it_does_on_postgresql(tmp_path: Path, postgresql: dict[str, str]) -> None:
    world = World(tmp_path, emptied(postgresql))

    run(machine_in(world), IN_TESTS // 20, STEPS)

    world.house.close()


@pytest.mark.parametrize("twin", twins.ALL, ids=lambda twin: twin.name)
def test_a_story_ends_badly_only_without_a_protection(
    world: World, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = machine_in(world)
    twin.story(machine())

    twin.unprotect(monkeypatch)
    with pytest.raises(AssertionError, match=twin.found):
        twin.story(machine())


def test_a_run_is_found_that_goes_wrong_without_promotion(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    twins.without_promotion(monkeypatch)

    with pytest.raises(AssertionError, match="it never comes to rest"):
        run(machine_in(world), 100, 15, shrinks=False)
