"""Offerings as JSON, with their course, term and sections inside."""

from enum import StrEnum
from typing import ClassVar

import marshmallow as ma
from marshmallow import fields

from university.course.models import COMPONENT, NAME
from university.course.schemas.courses import MOST_ECTS, CourseBriefOut
from university.course.schemas.examples import ID, OTHER_ID, Example
from university.course.schemas.sections import RestrictionIn, RestrictionOut, SectionOut
from university.course.schemas.terms import Weekday
from university.platform.web.fields import (
    Choice,
    Clock,
    Code,
    Day,
    Flag,
    In,
    Key,
    Number,
    Out,
    PageQuery,
    Text,
    Whole,
    list_of,
    patch_of,
)

_WEEKS = {"description": "The last day, as weeks after the section's first meeting; instead of the date."}
_DEADLINE = {"description": "The last day; the term's where neither it nor the weeks are given."}

_CROSS_LISTED = {"description": "The primary offering of the same term: the same class under another course's code."}


class GradingScale(StrEnum):
    """How grades are given: Polish or American, with marks or only passed and failed."""

    PL = "pl"
    PL_PASS = "pl-pass"  # noqa: S105 - a scale
    US = "us"
    US_PASS = "us-pass"  # noqa: S105 - a scale


class WaitlistPolicy(StrEnum):
    """Whether a free seat enrolls who waits first, or is offered to them."""

    AUTO = "auto"
    OFFER = "offer"


class OfferingStatus(StrEnum):
    """Whether the offering takes registrations."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELED = "canceled"


class OfferingIn(In):
    """A course taught in a term."""

    course_id = Key(required=True, metadata={"description": "Id or code of the course."})
    term_id = Key(required=True, metadata={"description": "Id or code of the term."})
    ects = Number(0, MOST_ECTS, allow_none=True, metadata={"description": "Null: the course's."})
    grading_scale = Choice(GradingScale)
    waitlist_policy = Choice(WaitlistPolicy)
    required_components = fields.List(
        Code(COMPONENT),
        validate=ma.validate.Length(max=20),
        metadata={"description": "A student takes one section of each; empty: one section is all."},
    )
    restrictions = fields.List(fields.Nested(RestrictionIn), validate=ma.validate.Length(max=20))
    add_until = Day(allow_none=True, metadata=_DEADLINE)
    drop_until = Day(allow_none=True, metadata=_DEADLINE)
    withdraw_until = Day(allow_none=True, metadata=_DEADLINE)
    add_weeks = Whole(0, 60, allow_none=True, metadata=_WEEKS)
    drop_weeks = Whole(0, 60, allow_none=True, metadata=_WEEKS)
    withdraw_weeks = Whole(0, 60, allow_none=True, metadata=_WEEKS)
    status = Choice(OfferingStatus)
    cross_listed_with = Key(allow_none=True, metadata=_CROSS_LISTED)
    example: ClassVar[Example] = {
        "course_id": "MATH-201",
        "term_id": "2026Z",
        "required_components": ["lecture", "exercise"],
        "add_weeks": 2,
    }


class OfferedCourseOut(CourseBriefOut):
    """The course that is offered."""

    ects = Number(0, MOST_ECTS, required=True)
    department = fields.String(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    requisites = fields.String(required=True, allow_none=True)
    example: ClassVar[Example] = {
        **CourseBriefOut.example,
        "ects": 6,
        "department": "MATH",
        "level": "bachelor",
        "requisites": "MATH-101",
    }


class OfferedTermOut(Out):
    """The term in which it is offered."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)


class OfferingOut(Out):
    """A course taught in a term, with its sections."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    course_id = fields.String(required=True)
    term_id = fields.String(required=True)
    course = fields.Nested(OfferedCourseOut, required=True)
    term = fields.Nested(OfferedTermOut, required=True)
    ects = Number(0, MOST_ECTS, required=True)
    grading_scale = fields.String(required=True)
    waitlist_policy = fields.String(required=True)
    required_components = fields.List(fields.String(), required=True)
    restrictions = fields.List(fields.Nested(RestrictionOut), required=True)
    add_until = fields.Date(required=True, allow_none=True)
    drop_until = fields.Date(required=True, allow_none=True)
    withdraw_until = fields.Date(required=True, allow_none=True)
    add_weeks = fields.Integer(required=True, allow_none=True)
    drop_weeks = fields.Integer(required=True, allow_none=True)
    withdraw_weeks = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True)
    cross_listed_with = fields.String(required=True, allow_none=True, metadata=_CROSS_LISTED)
    sections = fields.List(fields.Nested(SectionOut), required=True)
    example: ClassVar[Example] = {
        "id": OTHER_ID,
        "version": 1,
        "course_id": ID,
        "term_id": ID,
        "course": OfferedCourseOut.example,
        "term": {"id": ID, "code": "2026Z", "title": "Semestr zimowy 2026/2027"},
        "ects": 6,
        "grading_scale": "pl",
        "waitlist_policy": "auto",
        "required_components": ["lecture", "exercise"],
        "restrictions": [],
        "add_until": None,
        "drop_until": None,
        "withdraw_until": None,
        "add_weeks": 2,
        "drop_weeks": None,
        "withdraw_weeks": None,
        "status": "open",
        "cross_listed_with": None,
        "sections": [SectionOut.example],
    }


class OfferingQuery(PageQuery):
    """What is looked for; what is said of a section must be true of one and the same."""

    term = Key(metadata={"description": "Id or code of the term."})
    course = Key(metadata={"description": "Id or code of the course."})
    q = Text(
        200,
        least=0,
        metadata={
            "description": "Words, or their beginnings, of the course's code and titles and the instructors' names; "
            "case and diacritics do not matter."
        },
    )
    department = Text(NAME)
    component = Text(COMPONENT)
    day = Choice(Weekday, metadata={"description": "A section meets on this day."})
    since = Clock(data_key="from", metadata={"description": "It meets at or after this hour."})
    until = Clock(data_key="to", metadata={"description": "It ends at or before this hour."})
    open = Flag(metadata={"description": "A section has, or has not, a free seat."})
    ects = Number(0, MOST_ECTS)
    language = Text(COMPONENT)


OfferingPatch = patch_of(OfferingIn, without=("course_id", "term_id"))
OfferingList = list_of(OfferingOut)
