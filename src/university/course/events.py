"""What the course module tells the others: each fact whole, named by what it is about and what became of it.

The shapes cost nothing at run time: they are checked where the facts are written, and make the documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, NotRequired, TypedDict, TypeVar

from msgspec import Meta

from university.platform.messaging.outbox import Event

Facts = TypeVar("Facts", bound=Mapping[str, Any])
Date = Annotated[str, Meta(extra_json_schema={"format": "date"})]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Status = Annotated[str, Meta(extra_json_schema={"enum": ["open", "closed", "canceled"]})]
Occurrence = Annotated[list[str], Meta(min_length=3, max_length=3, description="Date, start and end.")]

Substitution = TypedDict(
    "Substitution",
    {
        "date": Date,
        "off": NotRequired[bool],
        "runs_as": NotRequired[str],
        "parity": NotRequired[str],
        "from": NotRequired[str],
    },
)
Substitution.__doc__ = "A day that is off, or that runs as another weekday, of a parity or from an hour on."


class TermFacts(TypedDict):
    """A term; deadlines that were not set are its last day."""

    id: str
    version: int
    code: str
    title: str
    starts_on: Date
    ends_on: Date
    add_until: Date
    drop_until: Date
    withdraw_until: Date
    max_ects: float | None
    calendar: list[Substitution]
    external_key: str | None


class CourseFacts(TypedDict):
    """A course of the catalog; `equivalents` are ids of the courses that count for it."""

    id: str
    version: int
    code: str
    title: str
    title_en: str | None
    ects: float
    department: str | None
    level: str | None
    max_attempts: int | None
    repeatable: bool
    requisites: str | None
    equivalents: list[str]
    external_key: str | None


class Restriction(TypedDict):
    """Whom something is for; an empty list does not limit."""

    program: list[str]
    stage: list[int]
    group: list[str]
    level: list[str]
    consent: str | None


class OfferingFacts(TypedDict):
    """A course taught in a term."""

    id: str
    version: int
    course_id: str
    term_id: str
    ects: float
    grading_scale: str
    waitlist_policy: str
    required_components: list[str]
    restrictions: list[Restriction]
    status: Status
    cross_listed_with: str | None


class SectionTerm(TypedDict):
    """What a section tells of its term."""

    id: str
    code: str
    title: str
    starts_on: Date
    ends_on: Date
    max_ects: float | None


class SectionCourse(TypedDict):
    """What a section tells of its course."""

    id: str
    code: str
    title: str
    title_en: str | None
    department: str | None
    level: str | None
    equivalents: list[str]
    max_attempts: int | None
    repeatable: bool


class SectionOffering(TypedDict):
    """What a section tells of its offering; cross-listed ones have one `queue_id`, the primary one's id."""

    id: str
    queue_id: str
    ects: float
    grading_scale: str
    required_components: list[str]
    waitlist_policy: str


class Deadlines(TypedDict):
    """The last local days to add, to drop and to withdraw."""

    add_until: Date
    drop_until: Date
    withdraw_until: Date


class Reserved(TypedDict):
    """Seats kept for some students until a moment; an empty list does not limit."""

    seats: int
    program: list[str]
    stage: list[int]
    group: list[str]
    until: Moment | None


class Meeting(TypedDict):
    """When and where a section meets: days in weeks, or listed dates."""

    component: str
    days: NotRequired[list[str]]
    weeks: NotRequired[str]
    dates: NotRequired[list[Date]]
    start: str | None
    end: str | None
    room: str


class SectionFacts(TypedDict):
    """A section with what it has of its offering, course and term; restrictions are the offering's and its own.

    `seats_of` is the section whose seats it shares: capacity, waitlist capacity and pools are that one's. When it is
    canceled, `move_students` tells whether the students wish for another section.
    """

    id: str
    version: int
    external_key: str | None
    term: SectionTerm
    course: SectionCourse
    offering: SectionOffering
    number: str
    component: str
    parent_id: str | None
    seats_of: str | None
    status: Status
    move_students: bool
    capacity: int | None
    waitlist_capacity: int | None
    language: str | None
    deadlines: Deadlines
    restrictions: list[Restriction]
    reserved: list[Reserved]
    instructor_ids: list[str]
    meetings: list[Meeting]
    occurrences: list[Occurrence]


class InstructorFacts(TypedDict):
    """An instructor, without names."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Kind(Generic[Facts]):
    """What a fact is about: how the types of its events begin, the shape of what they tell, and what may become."""

    name: str
    shape: type[Facts]
    fates: tuple[str, ...] = ("created", "updated")


TERM, OFFERING = Kind("course.term", TermFacts), Kind("course.offering", OfferingFacts)
INSTRUCTOR = Kind("course.instructor", InstructorFacts)
COURSE = Kind("course", CourseFacts, ("created", "updated", "deleted"))
SECTION = Kind("course.section", SectionFacts, ("created", "updated", "deleted"))
KINDS: tuple[Kind[Any], ...] = (TERM, COURSE, OFFERING, SECTION, INSTRUCTOR)
ANNOUNCED: dict[str, Any] = {f"{kind.name}.{fate}.v1": kind.shape for kind in KINDS for fate in kind.fates}
"""The shape of the data of every event, by type."""


def created(kind: Kind[Facts], facts: Facts) -> Event:
    """Return the news that something exists."""
    return _event(kind, "created", facts)


def updated(kind: Kind[Facts], facts: Facts) -> Event:
    """Return the news that something is different now."""
    return _event(kind, "updated", facts)


def deleted(kind: Kind[Facts], facts: Facts) -> Event:
    """Return the news that something is no more; the facts are the last ones, with a version of their own."""
    return _event(kind, "deleted", facts)


def _event(kind: Kind[Facts], fate: str, facts: Facts) -> Event:
    return Event(f"{kind.name}.{fate}.v1", facts["id"], facts["version"], dict(facts))
