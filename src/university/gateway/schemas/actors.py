"""The JSON of those who act: accounts, and systems that call by themselves."""

from typing import ClassVar

from marshmallow import fields, validate

from university.platform.web.fields import In, Key, Out, list_of

_ID = "01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10"


class ActorsIn(In):
    """Whom to name."""

    ids = fields.List(Key(), required=True, validate=validate.Length(1, 200))
    example: ClassVar = {"ids": [_ID]}


class ActorOut(Out):
    """Somebody who acts."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    username = fields.String(required=True, allow_none=True, metadata={"description": "None: a system."})
    example: ClassVar = {"id": _ID, "name": "Jan Kowalski", "username": "j.kowalski"}


ActorList = list_of(ActorOut)
