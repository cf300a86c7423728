"""May this student register? What the university knows of it, and which of it counts on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StandingHold:
    """A hold that has not ended yet."""

    id: str
    reason: str
    contact: str
    effects: list[str]
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class StandingCredit:
    """A course completed elsewhere."""

    course: str
    grade: str | None
    ects: float
    term: str | None


@dataclass(frozen=True, slots=True)
class StandingTest:
    """The score of a test."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The student module's answer to "may this student register?"."""

    student_id: str
    version: int
    status: str
    program: str | None
    stage: int | None
    level: str | None
    groups: list[str]
    holds: list[StandingHold]
    max_ects: float | None
    recognized: list[StandingCredit]
    tests: list[StandingTest]


def has_ended(hold: StandingHold, today: date) -> bool:
    """Tell whether the last day is over."""
    return hold.ends_on is not None and hold.ends_on < today


def in_force(hold: StandingHold, today: date) -> bool:
    """Tell whether today is one of the days, the first and the last included."""
    return hold.starts_on <= today and not has_ended(hold, today)


def blocking(holds: Iterable[StandingHold], effect: str, today: date) -> list[StandingHold]:
    """Return the holds in force today that have the effect."""
    return [hold for hold in holds if effect in hold.effects and in_force(hold, today)]
