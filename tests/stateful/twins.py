"""Registration with one protection taken out, and the shortest story that shows its loss.

Were a story to end well, the runs of the whole machine would prove nothing about that protection.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.house import House
from tests.stateful.machine import Registration
from university.enrollment.models import Section
from university.enrollment.repository import claims, waiting
from university.enrollment.rules.facts import Seats, Standing
from university.enrollment.service.promoting import Promoting


@dataclass(frozen=True)
class Twin:
    """What is taken out, what is done then, and what the invariants must say of it."""

    name: str
    unprotect: Callable[[pytest.MonkeyPatch], None]
    story: Callable[[Registration], None]
    found: str


def _claim(session: Session, section_id: str, seats: Seats, standing: Standing, **_how: bool) -> tuple[bool, None]:
    """Take a seat, whether there is one or not."""
    del seats, standing
    more = {"taken": Section.taken + 1, "overfull": Section.overfull + 1}
    session.execute(update(Section).where(Section.id == section_id).values(more))
    return True, None


def _without_condition(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "claim", _claim)
    patch.setattr(Seats, "room_for", lambda _seats, _standing: True)


def _without_mark(patch: pytest.MonkeyPatch) -> None:
    def only_turn(session: Session, section_ids: Collection[str]) -> None:
        waiting.turn_for_sections(session, section_ids)

    patch.setattr(waiting, "hold_for_queue", only_turn)


def without_promotion(patch: pytest.MonkeyPatch) -> None:
    """Let nobody come from a queue."""
    patch.setattr(Promoting, "_try", lambda *_: None)


def _without_hearing(patch: pytest.MonkeyPatch) -> None:
    hearers = House.hearers

    def deaf(house: House) -> dict[str, Any]:
        return {name: hearer for name, hearer in hearers(house).items() if name != "student.study-record"}

    patch.setattr(House, "hearers", deaf)


def _two_come(run: Registration) -> None:
    run.begin(focus=["lone seat"], crowd=[0, 0])


def _a_seat_is_left(run: Registration) -> None:
    _two_come(run)
    run.drop(which=0)
    run.teardown()


def _a_newcomer_is_faster(run: Registration) -> None:
    _two_come(run)
    run.doom(commits=1)
    run.drop(which=0)
    run.check()
    run.enroll(who=2, wish=0)
    run.check()


ALL = (
    Twin("the condition of a claim", _without_condition, _two_come, "A is over-full by 0, not 1"),
    Twin("the mark on a held seat", _without_mark, _a_newcomer_is_faster, "A: a newcomer came first"),
    Twin("going through queues", without_promotion, _a_seat_is_left, "it never comes to rest"),
    Twin("hearing in one view", _without_hearing, _a_seat_is_left, "views differ"),
)
