"""The locked requirements are exact, carry hashes, agree with one another and name no address."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
LOCKS = ["bootstrap", "runtime", "dev", "bench", "node"]


def pins(lock: str) -> dict[str, list[str]]:
    """Map each locked requirement, as written, to its hashes."""
    text = (REQUIREMENTS / f"{lock}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(" --hash=") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line[0].strip(): [found.strip() for found in line[1:]] for line in lines}


def wanted(lock: str) -> list[Requirement]:
    """Read what a person asked for, without its includes."""
    lines = (REQUIREMENTS / f"{lock}.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_exact_and_hashed(lock: str) -> None:
    loose = [
        pin
        for pin, hashes in pins(lock).items()
        if "==" not in pin or not hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", found) for found in hashes)
    ]

    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_up_to_date_with_what_was_asked_for(lock: str) -> None:
    locked = {pin.name: pin.specifier for pin in map(Requirement, pins(lock))}

    missing = [
        str(wish)
        for wish in wanted(lock)
        if wish.name not in locked or not wish.specifier.contains(next(iter(locked[wish.name])).version)
    ]

    assert missing == []


def test_development_runs_on_exactly_what_production_runs_on() -> None:
    assert pins("runtime").items() <= pins("dev").items()
    assert pins("bootstrap").items() <= pins("dev").items()


@pytest.mark.parametrize("file", sorted(REQUIREMENTS.iterdir()), ids=lambda file: file.name)
def test_a_requirements_file_names_no_address(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert not re.search(r"://|--(extra-)?index|--find-links|@\s*file", text)
