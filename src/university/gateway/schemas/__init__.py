"""The JSON that the gateway itself speaks: signing in, accounts."""

from typing import ClassVar

from marshmallow import EXCLUDE, fields, validate

from university.gateway.rules import Role
from university.gateway.service.granting import Kind
from university.gateway.service.provisioning import Whom
from university.platform.web.fields import (
    Choice,
    Flag,
    In,
    Instant,
    Key,
    Out,
    Query,
    SearchIn,
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


class TokensOut(TokenOut):
    """A bearer token, and another one to refresh it with."""

    refresh_token = fields.String(required=True, metadata={"description": "Good once, for `create_refreshed_token`."})
    refresh_expires_in = fields.Integer(
        required=True, metadata={"description": "Seconds until the refresh token expires."}
    )
    example: ClassVar = {
        "access_token": "university_2b6…",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "university-refresh_9XQ…",
        "refresh_expires_in": 1209600,
    }


class RefreshIn(In):
    """A refresh token, which is used up by this."""

    refresh_token = Text(200, required=True)
    example: ClassVar = {"refresh_token": "university-refresh_9XQ…"}


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
    sign_in_with = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What the university's own sign-in is called, begun at `/auth/oidc/login`, if any."},
    )
    example: ClassVar = {
        "now": "2026-10-01T08:00:00.000000Z",
        "timezone": "Europe/Warsaw",
        "version": "0.1.0",
        "sign_in_with": None,
    }


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


class OidcLoginQuery(Query):
    """Where a browser wants to be once it is signed in."""

    next = Text(2000, least=0, metadata={"description": "A page here, as a path; anything else means the first page."})


class OidcCallbackQuery(Query):
    """What the provider tells by way of the browser; what else it tells means nothing to us."""

    class Meta:
        """Tolerant."""

        unknown = EXCLUDE

    state = Text(200, least=0)
    code = Text(4000, least=0)
    iss = Text(1000, least=0)
    error = Text(200, least=0)


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


class AccountSearchIn(SearchIn):
    """Which accounts to find."""

    q = Text(100, metadata={"description": "Part of the username or the name."})
    example: ClassVar = {"q": "kowal"}


class PersonalDataOut(Out):
    """Everything that is kept about a student."""

    student_id = fields.String(required=True)
    made_at = Instant(required=True)
    modules = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "Rows by module and table."},
    )
    example: ClassVar = {
        "student_id": _ID,
        "made_at": "2026-10-01T08:00:00Z",
        "modules": {"student": {"student": [{"id": _ID, "number": "123456", "family_name": "Kowalska"}]}},
    }


class ErasureIn(In):
    """Why a student is erased."""

    reason = Text(1000, required=True, metadata={"description": "Is audited; name nobody in it."})
    example: ClassVar = {"reason": "Request of 2026-10-01."}


class ErasureOut(Out):
    """What an erasure took."""

    student_id = fields.String(required=True)
    erased_at = Instant(required=True)
    rows = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many rows of each module were changed or taken away."},
    )
    example: ClassVar = {
        "student_id": _ID,
        "erased_at": "2026-10-01T08:00:00Z",
        "rows": {"course": 0, "enrollment": 2, "gateway": 3, "student": 12},
    }


class PasswordIn(In):
    """The caller's present password, and the one from now on."""

    current = Text(200, required=True, metadata={"format": "password"})
    new = Text(200, least=8, required=True, metadata={"format": "password"})
    example: ClassVar = {"current": "a long sentence", "new": "another long sentence"}


class PasswordOut(Out):
    """What the caller goes on with."""

    tokens = fields.Nested(
        TokensOut,
        required=True,
        allow_none=True,
        metadata={"description": "For who asked with a token; a browser gets another cookie."},
    )
    example: ClassVar = {"tokens": None}


class ActivationIn(In):
    """A code by which an account gets its password."""

    username = Text(200, required=True)
    code = Text(40, required=True)
    password = Text(200, least=8, required=True, metadata={"format": "password"})
    example: ClassVar = {"username": "100001", "code": "7K2QM-9XWDF-HT3VB", "password": "a long sentence"}


class SignInOut(Out):
    """One sign-in of the caller's."""

    id = fields.String(required=True)
    kind = Choice(Kind, required=True)
    begun_at = Instant(required=True)
    seen_at = Instant(required=True, metadata={"description": "A browser's is noted once a minute."})
    ends_at = Instant(required=True, metadata={"description": "When it ends at the latest."})
    current = fields.Boolean(required=True, metadata={"description": "Whether this request came by it."})
    example: ClassVar = {
        "id": _ID,
        "kind": "browser",
        "begun_at": "2026-10-01T08:00:00Z",
        "seen_at": "2026-10-01T08:05:00Z",
        "ends_at": "2026-10-01T20:00:00Z",
        "current": True,
    }


SignInList = list_of(SignInOut)


class ProvisioningIn(In):
    """For whom accounts are made: one page of them."""

    whom = Choice(Whom, required=True)
    cursor = Text(1000, allow_none=True, load_default=None, metadata={"description": "The `next` of the page before."})
    example: ClassVar = {"whom": "students"}


class CodeOut(Out):
    """A username, and the code by which its account gets a password."""

    username = fields.String(required=True)
    code = fields.String(required=True)
    example: ClassVar = {"username": "100001", "code": "7K2QM-9XWDF-HT3VB"}


class ProvisioningOut(Out):
    """What became of one page of people."""

    items = fields.List(fields.Nested(CodeOut), required=True, metadata={"description": "Told this once."})
    present = fields.Integer(required=True, metadata={"description": "How many have an account already."})
    taken = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Numbers that are another account's username; these people got no account."},
    )
    next = fields.String(required=True, allow_none=True, metadata={"description": "Cursor of the next page."})
    total = fields.Integer(
        required=True, allow_none=True, metadata={"description": "How many people there are; on the first page only."}
    )
    example: ClassVar = {"items": [CodeOut.example], "present": 0, "taken": [], "next": None, "total": 1}
