"""What the rules know of sections, students and their neighbors' answers: plain values in the neighbors' shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

Occurrence = tuple[str, str, str]
"""Date, start and end as `YYYY-MM-DD`, `HH:MM`, `HH:MM`: zero-padded text sorts as time does."""


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a section."""

    id: str
    code: str
    title: str
    starts_on: date
    ends_on: date
    max_ects: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a section; `equivalents` are ids of courses that count as the same."""

    id: str
    code: str
    title: str
    title_en: str | None = None
    department: str | None = None
    level: str | None = None
    equivalents: tuple[str, ...] = ()
    max_attempts: int | None = None
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Offering:
    """The offering of a section; a bundle has one section of each required component."""

    id: str
    ects: float
    grading_scale: str = "pl"
    required_components: tuple[str, ...] = ()
    waitlist_policy: str = "auto"
    queue_id: str | None = None

    @property
    def queue(self) -> str:
        """The id of the queue in which its students wait."""
        return self.queue_id or self.id


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Last local dates on which a section may be added, dropped and withdrawn from."""

    add_until: date
    drop_until: date
    withdraw_until: date


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom something is for; an empty list does not limit."""

    program: tuple[str, ...] = ()
    stage: tuple[int, ...] = ()
    group: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """Seats of a section kept for an audience until a moment."""

    seats: int
    program: tuple[str, ...] = ()
    stage: tuple[int, ...] = ()
    group: tuple[str, ...] = ()
    until: datetime | None = None

    @property
    def audience(self) -> Audience:
        """Whom the seats are for."""
        return Audience(self.program, self.stage, self.group)


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What the course module tells of a section at a version."""

    id: str
    version: int
    term: Term
    course: Course
    offering: Offering
    number: str
    component: str
    status: str
    deadlines: Deadlines
    capacity: int | None = None
    waitlist_capacity: int | None = None
    parent_id: str | None = None
    restrictions: tuple[Audience, ...] = ()
    reserved: tuple[Reserved, ...] = ()
    instructor_ids: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    external_key: str | None = None
    seats_of: str | None = None
    move_students: bool = False

    @property
    def row(self) -> str:
        """The section whose row of the ledger counts: its own, or that of the one whose seats it shares."""
        return self.seats_of or self.id


@dataclass(frozen=True, slots=True)
class Hold:
    """A block on a student, in force from `starts_on` through `ends_on`."""

    id: str
    reason: str
    contact: str
    effects: tuple[str, ...]
    starts_on: date | None = None
    ends_on: date | None = None

    def blocks(self, effect: str, today: date) -> bool:
        """Tell whether the hold has this effect today."""
        started = self.starts_on is None or self.starts_on <= today
        return effect in self.effects and started and (self.ends_on is None or today <= self.ends_on)


@dataclass(frozen=True, slots=True)
class RecognizedCourse:
    """A course completed elsewhere that counts here."""

    course: str
    grade: str | None = None
    ects: float | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The student module's answer to "may this student register?"."""

    student_id: str
    version: int
    status: str
    program: str | None = None
    stage: int | None = None
    level: str | None = None
    groups: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    max_ects: float | None = None
    recognized: tuple[RecognizedCourse, ...] = ()
    tests: tuple[Mapping[str, Any], ...] = ()

    def fits(self, audience: Audience) -> bool:
        """Tell whether the student belongs to an audience; consent is asked for elsewhere."""
        return (
            (not audience.program or self.program in audience.program)
            and (not audience.stage or self.stage in audience.stage)
            and (not audience.group or not set(self.groups).isdisjoint(audience.group))
            and (not audience.level or self.level in audience.level)
        )


@dataclass(frozen=True, slots=True)
class RequisiteAnswer:
    """The course module's judgement on one course for this student; `equivalents` are codes that count for it.

    `rests_on_consent` tells that only a consent lets the student in.
    """

    course_id: str
    course: str
    result: str
    text: str | None = None
    tree: Mapping[str, Any] | None = None
    apart_from_corequisites: str = "MET"
    missing_corequisites: tuple[str, ...] = ()
    remedies: tuple[tuple[Mapping[str, Any], ...], ...] = ()
    equivalents: tuple[str, ...] = ()
    rests_on_consent: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A course the student has taken to the end; one recognized from elsewhere has a code but no id."""

    course_id: str
    course: str
    passed: bool
    grade: str | None = None
    ects: float | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An enrollment the student has in the term, or would have by an `item` of the request, counted from 0."""

    enrollment_id: str
    offering_id: str | None
    course_id: str
    course: str
    status: str
    ects: float
    sections: tuple[SectionFacts, ...] = ()
    item: int | None = None

    @property
    def queue(self) -> str | None:
        """The id of the queue of its offering, which is that of all offerings listed with it: they are one class."""
        return self.sections[0].offering.queue if self.sections else self.offering_id

    @property
    def meeting(self) -> tuple[SectionFacts, ...]:
        """The sections that take place."""
        return tuple(section for section in self.sections if section.status != "canceled")


@dataclass(frozen=True, slots=True)
class Window:
    """When an audience may register, and up to how many credits."""

    id: str
    name: str
    opens_at: datetime
    closes_at: datetime
    audience: Audience = field(default_factory=Audience)
    min_ects: float = 0
    max_ects: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the registrar decided for a term: how severe rules are, how much one may wait for, how long offers last."""

    severities: Mapping[str, str] = field(default_factory=dict)
    max_waiting_ects: float | None = None
    offer_hours: int = 24


@dataclass(frozen=True, slots=True)
class PoolSeats:
    """The seats of one reserved pool now."""

    position: int
    seats: int
    taken: int
    audience: Audience

    @property
    def free(self) -> int:
        """Seats of the pool that nobody has."""
        return max(0, self.seats - self.taken)


@dataclass(frozen=True, slots=True)
class Seats:
    """The ledger of one section now; `reserved` counts free seats kept in pools.

    `waiting` counts the queue's entries that want a seat here; while `queue_first`, the free seats are held for them.
    `row` is the section in whose row of the ledger all this is counted, for whoever shares its seats.
    """

    capacity: int | None
    taken: int = 0
    held: int = 0
    reserved: int = 0
    pools: tuple[PoolSeats, ...] = ()
    waiting: int = 0
    queue_first: bool = False
    row: str = field(default="", compare=False)

    @property
    def open(self) -> int | None:
        """Seats anybody may take, or None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken - self.held - self.reserved)

    def given_back(self, pool: int | None, *, held: bool = False, accepted: bool = False) -> "Seats":
        """Return the ledger after one seat was given back: to its pool while that is kept, else to the open seats.

        It was `held` for an offer or taken, and is held for those who wait now;
        one that is `accepted` is for whom it was offered to.
        """
        pools = tuple(
            replace(one, taken=one.taken - 1) if one.position == pool and one.taken else one for one in self.pools
        )
        freed = sum(one.free for one in pools) - sum(one.free for one in self.pools)
        left: dict[str, Any] = {"held": self.held - 1} if held else {"taken": self.taken - 1}
        turned = self.queue_first or (not accepted and self.waiting > 0)
        return replace(self, **left, reserved=self.reserved + freed, pools=pools, queue_first=turned)

    def pools_for(self, standing: Standing) -> tuple[PoolSeats, ...]:
        """Return the pools with room that fit the student, the narrowest first."""
        if self.capacity is not None and self.taken + self.held >= self.capacity:
            return ()
        fitting = [pool for pool in self.pools if pool.free and standing.fits(pool.audience)]
        return tuple(sorted(fitting, key=lambda pool: (_breadth(pool.audience), pool.seats, pool.position)))

    def room_for(self, standing: Standing) -> bool:
        """Tell whether the student could take a seat now."""
        if self.queue_first and self.waiting:
            return False
        return self.open is None or self.open > 0 or bool(self.pools_for(standing))

    @property
    def any_free(self) -> bool:
        """Tell whether there is a free seat at all, whoever it is kept for."""
        return self.capacity is None or self.taken + self.held < self.capacity

    def in_queue(self) -> "Seats":
        """Return the ledger as it is to those who wait: what is held for the queue is theirs."""
        return replace(self, queue_first=False)


def _breadth(audience: Audience) -> tuple[int, int]:
    named = [audience.program, audience.stage, audience.group]
    return -sum(1 for names in named if names), sum(len(names) for names in named)
