"""Concurrent enrolling, dropping and looking is as if one clerk did it all; without the conditional claim it is not."""

import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.campus import Campus
from tests.concurrency import unprotected
from tests.concurrency.histories import Scene
from tests.concurrency.linearizability import Operation, contradictions
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.repository import claims
from university.enrollment.wiring import EnrollmentWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

HISTORIES = int(os.environ.get("UNIVERSITY_TEST_HISTORIES", "40"))
"""How many are played on PostgreSQL; on SQLite, which has one writer, a fifth of them; without protection half."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 + 5 * HISTORIES)]


Claim = Callable[..., Any]
Tell = Callable[[str, object], None]
_PAUSE = 0.01
"""Seconds between judging and claiming, with the protection as without: here others come between."""


def dawdling(claim: Claim) -> Claim:
    """Return a claim that comes late, however fast the machine is."""

    def late(*asked: Any) -> Any:
        time.sleep(_PAUSE)
        return claim(*asked)

    return late


@pytest.fixture
def campus(house: House) -> Campus:
    made = Campus(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
    made.window()
    return made


def flagged(campus: Campus, histories: int, tell: Tell) -> list[dict[str, list[Operation]]]:
    """Play histories, say the figures, and return what contradicts itself in each that does."""
    found, calls = [], 0
    for seed in range(histories):
        scene = Scene(campus, seed)
        history = scene.played()
        calls += len(history)
        if wrong := contradictions(history, scene.capacities):
            found.append(wrong)
    tell("figures", f"{histories} histories of {calls // histories} calls: {len(found)} contradict themselves")
    return found


def test_every_history_could_be_that_of_one_clerk(
    campus: Campus, settings: Settings, monkeypatch: pytest.MonkeyPatch, record_property: Tell
) -> None:
    monkeypatch.setattr(claims, "claim", dawdling(claims.claim))
    histories = HISTORIES if "enrollment" in settings.database_url else max(HISTORIES // 5, 1)

    assert flagged(campus, histories, record_property) == []


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_without_the_condition_most_histories_contradict_themselves(
    campus: Campus, monkeypatch: pytest.MonkeyPatch, record_property: Tell
) -> None:
    monkeypatch.setattr(claims, "claim", dawdling(unprotected.claim_without_condition))
    histories = max(HISTORIES // 2, 10)

    assert len(flagged(campus, histories, record_property)) > histories / 2
