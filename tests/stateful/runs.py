"""Runs of the machine: a few hundred in the test suite, as many as wanted by `make property`.

`make property PROPERTY_ARGS="--runs 200 --steps 20 --seed 7"` repeats what a seed gave; each failing run also prints
its shortest form, and a blob that repeats it.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import SystemRandom

from hypothesis import HealthCheck, Phase, seed as seeded, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.stateful.machine import Registration
from tests.stateful.world import World

IN_TESTS, STEPS = 200, 20
ON_DEMAND, LONG = 2_000, 50


def machine_in(world: World) -> type[Registration]:
    """Return the machine in a world, with a count of what became of enrollments."""
    facts = {"world": world, "__module__": __name__, "became": Counter[str]()}
    return type("Registration", (Registration,), facts)


def run(
    machine: type[RuleBasedStateMachine], runs: int, steps: int, *, seed: int | None = None, shrinks: bool = True
) -> None:
    """Let the machine run; raise what goes wrong, in its shortest form if it `shrinks`."""
    drawn = seeded(seed if seed is not None else SystemRandom().randrange(2**32))(machine)
    how = settings(
        max_examples=runs,
        stateful_step_count=steps,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(drawn, settings=how)


def main() -> None:
    """Run as often as the command line says, and tell what happened meanwhile."""
    parser = argparse.ArgumentParser(prog="make property", description="Search for a run in which registration errs.")
    parser.add_argument("--runs", type=int, default=ON_DEMAND)
    parser.add_argument("--steps", type=int, default=LONG)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    wanted = parser.parse_args()
    _say(f"{wanted.runs} runs of up to {wanted.steps} steps, seed {wanted.seed}")
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        machine = machine_in(world)
        run(machine, wanted.runs, wanted.steps, seed=wanted.seed)
        world.house.close()
    _say(f"nothing went wrong; {machine.told()}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
