"""Sections as JSON, with meetings, instructors and availability inside."""

from enum import StrEnum
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields

from university.course.models import CODE, COMPONENT
from university.course.schemas.examples import ID, OTHER_ID, Example
from university.course.schemas.terms import Weekday
from university.platform.web.fields import (
    Choice,
    Clock,
    Code,
    Day,
    Flag,
    In,
    Instant,
    Key,
    Out,
    PageQuery,
    Text,
    Whole,
    list_of,
    patch_of,
)

MOST_SEATS = 100_000
_WEEKS = {"description": "`all`, `odd`, `even`, or weeks of the term such as `1-7,9`."}
_SHARED = {
    "description": "The section of the primary offering whose seats it shares: their number, the queue's and the "
    "reserved ones are that one's. Meetings and instructors that are not given are that one's, too."
}
_DATES = {"description": "Listed dates, instead of days and weeks."}


class Consent(StrEnum):
    """Whose consent a student needs."""

    INSTRUCTOR = "instructor"
    DEPARTMENT = "department"


class SectionStatus(StrEnum):
    """Whether the section takes registrations; it is canceled by its own operation."""

    OPEN = "open"
    CLOSED = "closed"


def _codes() -> fields.List[str]:
    return fields.List(Text(120), load_default=list, validate=ma.validate.Length(max=100))


def _stages() -> fields.List[int]:
    return fields.List(Whole(1, 20), load_default=list, validate=ma.validate.Length(max=20))


class PlainIn(In):
    """Something kept as JSON."""

    @ma.post_load
    def _plain(self, data: dict[str, Any], **_: Any) -> Any:
        return self.dump(data)


class MeetingIn(PlainIn):
    """When and where a section meets: days in weeks, or listed dates; without hours it meets at no fixed time."""

    component = Text(COMPONENT, metadata={"description": "The section's where it is not given."})
    days = fields.List(Choice(Weekday), validate=ma.validate.Length(max=7))
    start = Clock(allow_none=True)
    end = Clock(allow_none=True)
    room = Text(200, least=0, allow_none=True)
    weeks = Text(200, metadata=_WEEKS)
    dates = fields.List(Day(), validate=ma.validate.Length(max=400), metadata=_DATES)
    example: ClassVar[Example] = {
        "component": "lecture",
        "days": ["tue", "thu"],
        "start": "14:00",
        "end": "15:20",
        "room": "A-150",
        "weeks": "all",
    }


class MeetingOut(Out):
    """When and where a section meets."""

    component = fields.String(required=True)
    days = fields.List(fields.String())
    weeks = fields.String(metadata=_WEEKS)
    dates = fields.List(fields.String(metadata={"format": "date"}), metadata=_DATES)
    start = fields.String(required=True, allow_none=True)
    end = fields.String(required=True, allow_none=True)
    room = fields.String(required=True)
    example: ClassVar[Example] = MeetingIn.example


class ReservedIn(PlainIn):
    """Seats kept for students of programs, stages and groups; an empty list does not limit."""

    seats = Whole(1, MOST_SEATS, required=True)
    program = _codes()
    stage = _stages()
    group = _codes()
    until = Instant(allow_none=True, load_default=None, metadata={"description": "When the seats become everybody's."})
    example: ClassVar[Example] = {"seats": 10, "program": ["INF"], "stage": [1], "until": "2026-10-05T00:00:00Z"}


class ReservedOut(Out):
    """Seats kept for some students."""

    seats = fields.Integer(required=True)
    program = fields.List(fields.String(), required=True)
    stage = fields.List(fields.Integer(), required=True)
    group = fields.List(fields.String(), required=True)
    until = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    example: ClassVar[Example] = {**ReservedIn.example, "group": []}


class RestrictionIn(PlainIn):
    """Who may register; an empty list does not limit."""

    program = _codes()
    stage = _stages()
    group = _codes()
    level = _codes()
    consent = Choice(Consent, allow_none=True, load_default=None)
    example: ClassVar[Example] = {"program": ["INF", "MATH"]}


class RestrictionOut(Out):
    """Who may register."""

    program = fields.List(fields.String(), required=True)
    stage = fields.List(fields.Integer(), required=True)
    group = fields.List(fields.String(), required=True)
    level = fields.List(fields.String(), required=True)
    consent = fields.String(required=True, allow_none=True)
    example: ClassVar[Example] = {"program": ["INF", "MATH"], "stage": [], "group": [], "level": [], "consent": None}


class SectionIn(In):
    """A group of an offering with its own seats."""

    offering_id = Key(required=True)
    number = Code(CODE, required=True, metadata={"description": "Unique in the offering."})
    component = Code(COMPONENT, required=True, metadata={"description": "lecture, exercise, laboratory, ..."})
    capacity = Whole(0, MOST_SEATS, allow_none=True, metadata={"description": "Null: no limit."})
    waitlist_capacity = Whole(0, MOST_SEATS, allow_none=True, metadata={"description": "Null: no limit; 0: none."})
    parent_id = Key(allow_none=True, metadata={"description": "The section of the offering that it goes with."})
    shares_seats_with = Key(allow_none=True, metadata=_SHARED)
    meetings = fields.List(fields.Nested(MeetingIn), validate=ma.validate.Length(max=50))
    instructors = fields.List(
        Key(), validate=ma.validate.Length(max=50), metadata={"description": "Ids or numbers, the first one leads."}
    )
    language = Code(COMPONENT, allow_none=True, metadata={"description": "In which it is taught, such as `pl`."})
    reserved = fields.List(fields.Nested(ReservedIn), validate=ma.validate.Length(max=50))
    restrictions = fields.List(fields.Nested(RestrictionIn), validate=ma.validate.Length(max=20))
    status = Choice(SectionStatus)
    example: ClassVar[Example] = {
        "offering_id": OTHER_ID,
        "number": "W1",
        "component": "lecture",
        "capacity": 120,
        "meetings": [MeetingIn.example],
        "instructors": ["P-1017"],
        "language": "pl",
    }


class CancelIn(In):
    """What becomes of the students of a section that is called off."""

    may_be_absent = True
    move_students = Flag(
        load_default=False,
        metadata={"description": "Move them to other sections with seats; who cannot be moved loses the place."},
    )
    example: ClassVar[Example] = {"move_students": True}


class TeacherOut(Out):
    """Who teaches."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)


class AvailabilityOut(Out):
    """How full a section is, as heard from enrollment."""

    capacity = fields.Integer(required=True, allow_none=True)
    taken = fields.Integer(required=True)
    held = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    open = fields.Integer(required=True, allow_none=True, metadata={"description": "Free seats; null: no limit."})
    example: ClassVar[Example] = {"capacity": 120, "taken": 87, "held": 1, "waiting": 0, "open": 32}


class SectionOut(Out):
    """A group of an offering with its own seats."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    offering_id = fields.String(required=True)
    number = fields.String(required=True)
    component = fields.String(required=True)
    parent_id = fields.String(required=True, allow_none=True)
    shares_seats_with = fields.String(required=True, allow_none=True, metadata=_SHARED)
    status = fields.String(required=True, metadata={"description": "`open`, `closed` or `canceled`."})
    capacity = fields.Integer(required=True, allow_none=True)
    waitlist_capacity = fields.Integer(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    meetings = fields.List(fields.Nested(MeetingOut), required=True)
    reserved = fields.List(fields.Nested(ReservedOut), required=True)
    restrictions = fields.List(fields.Nested(RestrictionOut), required=True)
    instructors = fields.List(fields.Nested(TeacherOut), required=True)
    availability = fields.Nested(AvailabilityOut, required=True)
    example: ClassVar[Example] = {
        **SectionIn.example,
        "id": ID,
        "version": 1,
        "parent_id": None,
        "shares_seats_with": None,
        "status": "open",
        "waitlist_capacity": None,
        "reserved": [],
        "restrictions": [],
        "instructors": [{"id": ID, "number": "P-1017", "given_name": "Żaneta", "family_name": "Wiśniewska"}],
        "availability": AvailabilityOut.example,
    }


class SectionQuery(PageQuery):
    """Which sections."""

    offering_id = Key()
    term = Key(metadata={"description": "Id or code of the term."})
    instructor = Key(metadata={"description": "Id or number of the instructor."})
    component = Text(COMPONENT)
    status = Text(20)


SectionPatch = patch_of(SectionIn, without=("offering_id",))
SectionList = list_of(SectionOut)
