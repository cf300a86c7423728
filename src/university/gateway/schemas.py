"""The JSON that the gateway itself speaks: signing in, accounts."""

from typing import ClassVar

from marshmallow import fields, validate

from university.gateway.rules import Role
from university.platform.web.fields import (
    Choice,
    Flag,
    In,
    Instant,
    Key,
    Out,
    PageQuery,
    Shape,
    Text,
    Whole,
    list_of,
    patch_of,
)

_ID = "01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10"


class CredentialsIn(In):
    """A name and its password."""

    username = Text(200, required=True)
    password = Text(200, required=True, metadata={"format": "password"})
    example: ClassVar = {"username": "registrar", "password": "demo"}


class TokenOut(Out):
    """A bearer token."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"description": "Always `Bearer`."})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds until the token expires."})
    example: ClassVar = {"access_token": "university_2b6…", "token_type": "Bearer", "expires_in": 28800}


class MeOut(Out):
    """The caller."""

    username = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(Choice(Role), required=True)
    student_id = fields.String(required=True, allow_none=True, metadata={"description": "Whose student record it is."})
    instructor_id = fields.String(required=True, allow_none=True)
    example: ClassVar = {
        "username": "registrar",
        "name": "Jan Kowalski",
        "roles": ["registrar"],
        "student_id": None,
        "instructor_id": None,
    }


class AboutOut(Out):
    """The university's clock, and what runs it."""

    now = Instant(required=True, metadata={"description": "The clock that decides, whatever the reader's own says."})
    timezone = fields.String(required=True, metadata={"description": "Where its dates and times of day are local."})
    version = fields.String(required=True, metadata={"description": "The release that answers."})
    example: ClassVar = {"now": "2026-10-01T08:00:00.000000Z", "timezone": "Europe/Warsaw", "version": "0.1.0"}


class AccountIn(In):
    """Somebody who is to sign in."""

    username = Text(
        120,
        required=True,
        validate=Shape("[a-zA-Z0-9][a-zA-Z0-9._@+-]*", "Letters, digits and . _ @ + - only."),
        metadata={"description": "Not told apart by case."},
    )
    password = Text(200, least=8, required=True, metadata={"format": "password"})
    name = Text(200, required=True)
    roles = fields.List(Choice(Role), required=True, validate=validate.Length(1, 4))
    student_id = Key(allow_none=True, metadata={"description": "Id or number; the role `student` needs it."})
    instructor_id = Key(allow_none=True, metadata={"description": "Id or number; the role `instructor` needs it."})
    disabled = Flag(load_default=False, metadata={"description": "Whether signing in is refused."})
    example: ClassVar = {
        "username": "j.kowalski",
        "password": "a long sentence",
        "name": "Jan Kowalski",
        "roles": ["registrar"],
    }


AccountPatch = patch_of(AccountIn, without=("username",))
AccountPatch.example = {"name": "Jan Nowak"}


class AccountOut(Out):
    """Somebody who signs in."""

    id = fields.String(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(Choice(Role), required=True)
    student_id = fields.String(required=True, allow_none=True)
    instructor_id = fields.String(required=True, allow_none=True)
    disabled = fields.Boolean(required=True)
    created_at = Instant(required=True)
    version = Whole(1, 2**31, required=True)
    example: ClassVar = {
        "id": _ID,
        "username": "j.kowalski",
        "name": "Jan Kowalski",
        "roles": ["registrar"],
        "student_id": None,
        "instructor_id": None,
        "disabled": False,
        "created_at": "2026-09-01T08:00:00Z",
        "version": 1,
    }


AccountList = list_of(AccountOut)


class AccountQuery(PageQuery):
    """Which accounts to list."""

    q = Text(100, metadata={"description": "Part of the username or the name."})
