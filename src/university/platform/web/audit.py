"""The operation by which every module tells what staff did and saw in it."""

import json
from enum import StrEnum
from typing import Any, ClassVar

from marshmallow import fields

from university.platform import auditing, paging
from university.platform.database import Primary
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import Choice, Instant, Key, Out, PageQuery, list_of
from university.platform.web.routes import Routes

READERS = ("registrar", "admin")
SCOPE = "audit:read"
"""What a system needs beside the role: reading what a module keeps is not reading who looked at it."""


class DeedKind(StrEnum):
    """Whether something was changed, or somebody only looked at."""

    CHANGE = auditing.CHANGE
    READ = auditing.READ


class DeedOut(Out):
    """What a member of the staff did."""

    id = fields.String(required=True)
    at = Instant(required=True)
    actor = fields.String(required=True, metadata={"description": "Whose deed it was: the id of the account."})
    roles = fields.List(fields.String(), required=True, metadata={"description": "The roles they had then."})
    operation = fields.String(required=True, metadata={"description": "The `operationId`."})
    kind = Choice(DeedKind, required=True)
    target = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What the address named, by the names of its parts."},
    )
    students = fields.List(fields.String(), required=True, metadata={"description": "Whom it concerned, by their ids."})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why, as they said it."})
    terms = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "Which rules were put aside, or what a hold or an account may do."},
    )
    trace_id = fields.String(required=True, allow_none=True)
    example: ClassVar = {
        "id": "01990c44-8f6e-7d5a-9c1e-0f5a3b6c7d8e",
        "at": "2026-10-01T08:00:00Z",
        "actor": "01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10",
        "roles": ["registrar"],
        "operation": "place_hold",
        "kind": "change",
        "target": {"key": "01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10"},
        "students": ["01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10"],
        "reason": "Tuition is unpaid.",
        "terms": {"effects": ["block-add"]},
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }


DeedList = list_of(DeedOut)


class DeedQuery(PageQuery):
    """Which deeds to list."""

    actor = Key(metadata={"description": "The id of an account."})
    student_id = Key(metadata={"description": "The id of a student whom they concerned."})
    operation = Key(metadata={"description": "An `operationId`."})
    kind = Choice(DeedKind)
    since = Instant(metadata={"description": "The first moment."})
    until = Instant(metadata={"description": "The first moment that is too late."})


def declare(routes: Routes, primary: Primary, module: str) -> None:
    """Declare the operation for a module, read at `/audit/<module>`."""

    def audit(query: dict[str, Any]) -> Page:
        wanted = PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
        return page(primary, query, wanted)

    audit.__name__ = f"list_{module}_audit"
    audit.__doc__ = f"List what staff changed and whom they looked at in the {module} module, the newest first."
    routes.get(f"/audit/{module}", roles=READERS, scope=SCOPE, query=DeedQuery, gives=DeedList)(audit)


def page(primary: Primary, filters: dict[str, Any], wanted: PageRequest) -> Page:
    """Return a page of deeds, the newest first."""
    with primary.read() as session:
        deeds, _ = auditing.audit_of(session.info["schema"])
        found = paging.fetch(
            session, auditing.deeds(session.info["schema"], filters), [deeds.c.id], wanted, scalars=False, falling=True
        )
        students = auditing.students_of(session, [row.id for row in found.items])
    return Page([_told(row, students.get(row.id, [])) for row in found.items], found.next, found.total)


def _told(row: Any, students: list[str]) -> dict[str, Any]:
    return {
        **row._mapping,  # noqa: SLF001 - SQLAlchemy's public name for it
        "roles": row.roles.split(),
        "target": json.loads(row.target),
        "terms": json.loads(row.terms),
        "students": students,
    }
