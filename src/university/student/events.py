"""What the student module tells the others: facts of a student, never names or addresses."""

from dataclasses import asdict, dataclass
from datetime import date

from university.platform.messaging.outbox import Event


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold as others need it: what it blocks and when."""

    id: str
    effects: list[str]
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """A student's whole state as others may know it."""

    id: str
    version: int
    external_key: str | None
    status: str
    program: str | None
    stage: int | None
    level: str | None
    groups: list[str]
    max_ects: float | None
    holds: list[HoldFacts]


def student_created(facts: StudentFacts) -> Event:
    """Return the news of a new student."""
    return Event("student.created.v1", facts.id, facts.version, asdict(facts))


def student_updated(facts: StudentFacts) -> Event:
    """Return the news of a changed student."""
    return Event("student.updated.v1", facts.id, facts.version, asdict(facts))


def student_deleted(facts: StudentFacts) -> Event:
    """Return the news of a student who is no longer recorded; the facts are the last ones, with their own version."""
    return Event("student.deleted.v1", facts.id, facts.version, asdict(facts))
