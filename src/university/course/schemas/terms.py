"""Terms as JSON."""

from enum import StrEnum
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields

from university.course.models import CODE, TITLE
from university.course.schemas.examples import ID, Example
from university.platform.web.fields import (
    Choice,
    Clock,
    Code,
    Day,
    Flag,
    In,
    Number,
    Out,
    Text,
    Whole,
    list_of,
    patch_of,
)

DEADLINE = {"description": "The last day, in the university's time zone; the term's last day where it is not set."}


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Parity(StrEnum):
    """Odd or even, as weeks of the term are counted."""

    ODD = "odd"
    EVEN = "even"


class SubstitutionIn(In):
    """A day that is off, or that runs as another weekday."""

    date = Day(required=True)
    off = Flag(metadata={"description": "True: nothing takes place."})
    runs_as = Choice(Weekday, metadata={"description": "The day runs as this weekday."})
    parity = Choice(Parity, metadata={"description": "... of an odd or even week."})
    since = Clock(data_key="from", metadata={"description": "... from this hour on."})
    example: ClassVar[Example] = {"date": "2027-01-28", "runs_as": "mon", "parity": "odd"}

    @ma.post_load
    def _plain(self, data: dict[str, Any], **_: Any) -> Any:
        return self.dump(data)


class SubstitutionOut(Out):
    """A day that is off, or that runs as another weekday."""

    date = fields.String(required=True, metadata={"format": "date"})
    off = Flag()
    runs_as = fields.String()
    parity = fields.String()
    since = fields.String(data_key="from", attribute="from")
    example: ClassVar[Example] = SubstitutionIn.example


class TermIn(In):
    """A semester or quarter."""

    code = Code(CODE, required=True)
    title = Text(TITLE, required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    add_until = Day(allow_none=True, metadata=DEADLINE)
    drop_until = Day(allow_none=True, metadata=DEADLINE)
    withdraw_until = Day(allow_none=True, metadata=DEADLINE)
    max_ects = Number(0, 1_000, allow_none=True, metadata={"description": "The most credits a student may take."})
    calendar = fields.List(
        fields.Nested(SubstitutionIn),
        validate=ma.validate.Length(max=400),
        metadata={"description": "Days off, and days that run as others."},
    )
    example: ClassVar[Example] = {
        "code": "2026Z",
        "title": "Semestr zimowy 2026/2027",
        "starts_on": "2026-10-01",
        "ends_on": "2027-02-14",
        "add_until": "2026-10-14",
        "calendar": [{"date": "2026-11-11", "off": True}, SubstitutionIn.example],
    }


class TermOut(Out):
    """A semester or quarter."""

    id = fields.String(required=True)
    version = Whole(1, 2**31, required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    add_until = fields.Date(required=True, metadata=DEADLINE)
    drop_until = fields.Date(required=True, metadata=DEADLINE)
    withdraw_until = fields.Date(required=True, metadata=DEADLINE)
    max_ects = Number(0, 1_000, required=True, allow_none=True)
    calendar = fields.List(fields.Nested(SubstitutionOut), required=True)
    example: ClassVar[Example] = {
        **TermIn.example,
        "id": ID,
        "version": 1,
        "drop_until": "2027-02-14",
        "withdraw_until": "2027-02-14",
        "max_ects": None,
    }


TermPatch = patch_of(TermIn)
TermList = list_of(TermOut)
