"""The JSON of the systems that call by themselves."""

from typing import ClassVar

from marshmallow import fields, validate

from university.gateway.rules import Scope, SystemRole
from university.platform.web.fields import Choice, Flag, In, Instant, Out, Text, Whole, list_of, patch_of

_ID = "01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10"


class ClientCredentialsIn(In):
    """A system's id and one of its secrets."""

    client_id = Text(36, required=True, metadata={"description": "The integration's id."})
    client_secret = Text(200, required=True, metadata={"format": "password"})
    example: ClassVar = {"client_id": _ID, "client_secret": "university-secret_9c1…"}


class IntegrationIn(In):
    """A system that is to call by itself."""

    name = Text(120, required=True)
    roles = fields.List(
        Choice(SystemRole),
        load_default=[SystemRole.REGISTRAR],
        validate=validate.Length(0, 1),
        metadata={"description": "What it acts as."},
    )
    scopes = fields.List(
        Choice(Scope),
        required=True,
        validate=validate.Length(1, len(Scope)),
        metadata={"description": "How far its roles reach: the `x-scope` of operations."},
    )
    disabled = Flag(load_default=False, metadata={"description": "Whether it is given no tokens."})
    example: ClassVar = {"name": "Timetable boards", "scopes": ["course:read"]}


IntegrationPatch = patch_of(IntegrationIn)


class IntegrationOut(Out):
    """A system that calls by itself; `id` is its `client_id`."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(Choice(SystemRole), required=True)
    scopes = fields.List(Choice(Scope), required=True)
    disabled = fields.Boolean(required=True)
    created_at = Instant(required=True)
    used_at = Instant(required=True, allow_none=True, metadata={"description": "When it last got a token."})
    version = Whole(1, 2**31, required=True)
    example: ClassVar = {
        "id": _ID,
        "name": "Timetable boards",
        "roles": ["registrar"],
        "scopes": ["course:read"],
        "disabled": False,
        "created_at": "2026-09-01T08:00:00Z",
        "used_at": None,
        "version": 1,
    }


IntegrationList = list_of(IntegrationOut)


class IntegrationSecretIn(In):
    """A secret to be made."""

    name = Text(120, required=True, metadata={"description": "Where it will be kept."})
    expires_at = Instant(metadata={"description": "At most two years from now; a year from now without."})
    example: ClassVar = {"name": "boards, autumn 2026"}


class IntegrationSecretOut(Out):
    """A secret, without its text."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True)
    used_at = Instant(required=True, allow_none=True, metadata={"description": "When a token was last given for it."})
    example: ClassVar = {
        "id": _ID,
        "name": "boards, autumn 2026",
        "created_at": "2026-09-01T08:00:00Z",
        "expires_at": "2027-09-01T08:00:00Z",
        "used_at": None,
    }


IntegrationSecretList = list_of(IntegrationSecretOut)


class NewIntegrationSecretOut(IntegrationSecretOut):
    """A secret just made; it is shown this once."""

    client_id = fields.String(required=True)
    client_secret = fields.String(required=True)
    example: ClassVar = {
        **IntegrationSecretOut.example,
        "client_id": _ID,
        "client_secret": "university-secret_9c1…",
    }
