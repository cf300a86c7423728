"""What the student module tells the others: facts of a student, never names or addresses."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from msgspec import Meta

from university.platform.messaging.outbox import Event
from university.student.rules.words import HoldEffect, StudentStatus

Status = Annotated[str, Meta(extra_json_schema={"enum": [word.value for word in StudentStatus]})]
Effect = Annotated[str, Meta(extra_json_schema={"enum": [word.value for word in HoldEffect]})]


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold as others need it: what it blocks and when."""

    id: str
    effects: list[Effect]
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """A student's whole state as others may know it."""

    id: str
    version: int
    external_key: str | None
    status: Status
    program: str | None
    stage: int | None
    level: str | None
    groups: list[str]
    max_ects: float | None
    holds: list[HoldFacts]


CREATED, UPDATED, DELETED = "student.created.v1", "student.updated.v1", "student.deleted.v1"
ANNOUNCED: dict[str, Any] = dict.fromkeys((CREATED, UPDATED, DELETED), StudentFacts)
"""The shape of the data of every event, by type."""


def student_created(facts: StudentFacts) -> Event:
    """Return the news of a new student."""
    return Event(CREATED, facts.id, facts.version, asdict(facts))


def student_updated(facts: StudentFacts) -> Event:
    """Return the news of a changed student."""
    return Event(UPDATED, facts.id, facts.version, asdict(facts))


def student_deleted(facts: StudentFacts) -> Event:
    """Return the news of a student who is no longer recorded; the facts are the last ones, with their own version."""
    return Event(DELETED, facts.id, facts.version, asdict(facts))
