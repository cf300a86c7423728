"""The JSON of timetable feeds."""

from typing import ClassVar

from marshmallow import fields

from university.platform.web.fields import Choice, In, Instant, Out, Query, Text, list_of
from university.student.rules.words import Language
from university.student.schemas.values import ID

_TOKEN = "2dX0mZ6vQm1jH0c1m9r0Wc3yq3d0u1r9s5gB7kE4tXo"  # noqa: S105 - an example


class TimetableFileQuery(Query):
    """By which feed the timetable is read."""

    token = Text(200, metadata={"description": "The token of a feed; nobody needs to sign in with it."})


class TimetableFeedIn(In):
    """A feed to be made."""

    name = Text(100, required=True, metadata={"description": "What it is for, such as the device that reads it."})
    language = Choice(Language, metadata={"description": "Of the calendar; that of the request without."})

    example: ClassVar = {"name": "Phone", "language": "en"}


class TimetableFeedOut(Out):
    """An address by which a calendar follows the timetable; its token is not shown again."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    language = Choice(Language, required=True)
    created_at = Instant(required=True)
    last_used_on = fields.Date(required=True, allow_none=True)

    example: ClassVar = {
        "id": ID,
        "name": "Phone",
        "language": "en",
        "created_at": "2026-10-01T08:00:00Z",
        "last_used_on": "2026-10-02",
    }


class NewTimetableFeedOut(TimetableFeedOut):
    """A feed just made; its token and address are shown this once."""

    token = fields.String(required=True)
    address = fields.String(required=True, metadata={"description": "To be given to the calendar, after our origin."})

    example: ClassVar = {
        **TimetableFeedOut.example,
        "last_used_on": None,
        "token": _TOKEN,
        "address": f"/api/v1/students/{ID}/timetable.ics?token={_TOKEN}",
    }


TimetableFeedList = list_of(TimetableFeedOut)
