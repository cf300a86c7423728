"""The facts this module announces; each event carries the whole state of one enrollment."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from university.platform.messaging.outbox import Event

_STATUSES = "enrolled waitlisted offered review dropped withdrawn completed failed canceled"
Status = Annotated[str, Meta(extra_json_schema={"enum": _STATUSES.split()})]


@dataclass(frozen=True, slots=True)
class EnrollmentEvent:
    """What the neighbors may know of an enrollment: ids and facts, no names."""

    type: ClassVar[str]

    id: str
    student_id: str
    offering_id: str | None
    term_id: str
    course_id: str
    section_ids: list[str]
    status: Status
    ects: float
    grade: str | None
    grading_scale: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, enrollment: object, version: int) -> Event:
        """Return the event that tells this enrollment's state at a version."""
        told = cls(**{field.name: getattr(enrollment, field.name) for field in fields(cls)})
        return Event(cls.type, told.id, version, asdict(told))


class EnrollmentCreated(EnrollmentEvent):
    """A student got a place, or one was recorded."""

    type = "enrollment.created.v1"


class EnrollmentUpdated(EnrollmentEvent):
    """An enrollment changed its status, sections or grade."""

    type = "enrollment.updated.v1"


class EnrollmentDropped(EnrollmentEvent):
    """A student gave the place back."""

    type = "enrollment.dropped.v1"


NOTICE = "enrollment.notice.v1"
_KINDS = (
    "promoted offered offer-expired passed-over section-canceled moved consent-answered permission-granted "
    "grade-posted requisite-broken window-opens put-on-review"
)
Kind = Annotated[str, Meta(extra_json_schema={"enum": _KINDS.split()})]


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """News for a student: what happened, and how it is said, by language."""

    id: str
    student_id: str
    term_id: str | None
    kind: Kind
    at: datetime
    params: dict[str, Any]
    title: dict[str, str]
    body: dict[str, str]


def notice_given(facts: NoticeFacts) -> Event:
    """Return the event by which a student is told."""
    return Event(NOTICE, facts.id, 1, asdict(facts))


WINDOW_NOTICE = "enrollment.notice.window.v1"


@dataclass(frozen=True, slots=True)
class WindowNoticeFacts:
    """News for all students whom a registration window is for; an empty list admits everybody."""

    id: str
    window_id: str
    term_id: str
    program: list[str]
    stage: list[int]
    group: list[str]
    min_ects: float
    kind: Kind
    at: datetime
    params: dict[str, Any]
    title: dict[str, str]
    body: dict[str, str]


def window_opened(facts: WindowNoticeFacts) -> Event:
    """Return the event by which all whom a window is for are told that it is open."""
    return Event(WINDOW_NOTICE, facts.id, 1, asdict(facts))


ANNOUNCED: dict[str, Any] = {
    **{kind.type: EnrollmentEvent for kind in (EnrollmentCreated, EnrollmentUpdated, EnrollmentDropped)},
    NOTICE: NoticeFacts,
    WINDOW_NOTICE: WindowNoticeFacts,
}
"""The shape of the data of every event, by type."""
