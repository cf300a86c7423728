"""Availability as JSON."""

from typing import ClassVar

from marshmallow import fields

from university.course.schemas.examples import ID, Example
from university.platform.web.fields import Key, Out, Query, Whole


class AvailabilityQuery(Query):
    """Which sections, and what the caller knows already."""

    term = Key(metadata={"description": "Id or code of the term."})
    after = Whole(0, 2**31 - 1, load_default=0, metadata={"description": "The version that the caller knows."})


class SectionAvailabilityOut(Out):
    """How full a section is."""

    id = fields.String(required=True)
    capacity = fields.Integer(required=True, allow_none=True, metadata={"description": "Null: no limit."})
    taken = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    open = fields.Integer(required=True, allow_none=True, metadata={"description": "Free seats; null: no limit."})


class AvailabilityFeedOut(Out):
    """The sections whose availability changed; `version` is what to ask after next."""

    version = fields.Integer(required=True)
    sections = fields.List(fields.Nested(SectionAvailabilityOut), required=True)
    example: ClassVar[Example] = {
        "version": 42,
        "sections": [{"id": ID, "capacity": 120, "taken": 87, "waiting": 0, "open": 32}],
    }
