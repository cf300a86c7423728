"""The JSON of what students are told, and of how they want to be told."""

from typing import Any, ClassVar

from marshmallow import fields

from university.platform import language
from university.platform.web.fields import Choice, Flag, In, Instant, Out, PageQuery, list_of
from university.student.rules.words import Language, in_language
from university.student.schemas.values import ID

_KINDS = {
    "description": "What it is about, such as `promoted`, `offered`, `section-canceled` or `grade-posted`; others may "
    "come."
}
_PARAMS = {"description": "Ids and values to act on, by kind.", "additionalProperties": True}


class Said(fields.String):
    """Words kept in both languages, in the one that is asked for."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return super()._serialize(in_language(value, language.chosen()), attr, obj, **kwargs)


class NotificationQuery(PageQuery):
    """Which notifications to list."""

    unread = Flag(metadata={"description": "Only those that are unread, or only those that are not."})


class NotificationOut(Out):
    """What a student was told; the words are in the language of the request."""

    id = fields.String(required=True)
    student_id = fields.String(required=True)
    term_id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, metadata=_KINDS)
    at = Instant(required=True)
    params = fields.Dict(required=True, metadata=_PARAMS)
    title = Said(required=True)
    body = Said(required=True)
    read_at = Instant(required=True, allow_none=True, metadata={"description": "None while it is unread."})

    example: ClassVar = {
        "id": ID,
        "student_id": ID,
        "term_id": ID,
        "kind": "promoted",
        "at": "2026-09-20T08:00:00Z",
        "params": {"enrollment_id": ID, "course": "MATH-101"},
        "title": "You have a place in MATH-101",
        "body": "A place in MATH-101 became free, and it is yours.",
        "read_at": None,
    }


class UnreadOut(Out):
    """How many notifications are unread."""

    unread = fields.Integer(required=True)

    example: ClassVar = {"unread": 0}


class NotificationList(list_of(NotificationOut)):  # type: ignore[misc] # a list's schema is made when it is asked for
    """One page of notifications, and how many of all are unread."""

    unread = fields.Integer(required=True, metadata={"description": "Of all, not of this page."})

    example: ClassVar = {"items": [NotificationOut.example], "next": None, "unread": 1}


class NotificationSettingIn(In):
    """How to be told."""

    email = Flag(required=True, metadata={"description": "By e-mail, too."})
    language = Choice(Language, required=True, metadata={"description": "Of e-mails."})

    example: ClassVar = {"email": True, "language": "pl"}


class NotificationSettingOut(Out):
    """How a student is told."""

    email = fields.Boolean(required=True)
    language = Choice(Language, required=True)

    example: ClassVar = NotificationSettingIn.example
