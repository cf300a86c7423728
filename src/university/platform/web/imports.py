"""The two operations by which every module takes in a file and tells how that goes."""

from enum import StrEnum
from typing import Any

from marshmallow import fields

from university.platform.idempotency import Once
from university.platform.imports import ImportNotFound, Imports, Job
from university.platform.security import Principal
from university.platform.web.fields import Choice, Flag, Instant, Key, Out, Query, Whole
from university.platform.web.routes import Routes

_MOST = 2_000_000_000
_ID = "0192b6a0-7c3e-7d4a-9b1e-2f4c5d6e7f80"


class ImportState(StrEnum):
    """How far an import is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ImportQuery(Query):
    """How to take a file in."""

    dry_run = Flag(load_default=False, metadata={"description": "Only judge the file; write nothing."})


class ImportStarted(Out):
    """Where to ask how an import goes."""

    id = Key(required=True)
    example = {"id": _ID}  # noqa: RUF012 - as every schema


class ImportFault(Out):
    """One thing wrong in a file; line 1 is the header, 0 the file itself."""

    file = fields.String(required=True)
    line = Whole(0, _MOST, required=True)
    column = fields.String(required=True)
    message = fields.String(required=True)


class ImportOut(Out):
    """How an import goes. It is atomic: `failed` means that nothing was written."""

    id = Key(required=True)
    state = Choice(ImportState, required=True)
    dry_run = Flag(required=True)
    done = Whole(0, _MOST, required=True, metadata={"description": "Rows read."})
    total = Whole(0, _MOST, required=True, metadata={"description": "Rows to read, estimated until the end."})
    created = Whole(0, _MOST, required=True)
    updated = Whole(0, _MOST, required=True)
    removed = Whole(0, _MOST, required=True)
    error_count = Whole(0, _MOST, required=True)
    errors = fields.List(
        fields.Nested(ImportFault), required=True, metadata={"description": "At most the first 1,000 faults."}
    )
    created_at = Instant(required=True)
    finished_at = Instant(required=True, allow_none=True)
    example = {  # noqa: RUF012
        "id": _ID,
        "state": "failed",
        "dry_run": False,
        "done": 0,
        "total": 8372,
        "created": 0,
        "updated": 0,
        "removed": 0,
        "error_count": 1,
        "errors": [{"file": "classes.csv", "line": 17, "column": "courseSourcedId", "message": "A value is missing."}],
        "created_at": "2026-09-01T08:00:00Z",
        "finished_at": "2026-09-01T08:00:07Z",
    }


def declare(routes: Routes, imports: Imports[Any], thing: str) -> None:
    """Declare both operations for a thing, such as `course`: the file is taken in at `/courses/imports`."""

    def start(upload: bytes, query: dict[str, Any], who: Principal, once: Once) -> Job:
        return imports.start(upload, dry_run=query["dry_run"], who=who, once=once)

    def get(job_id: str) -> Job:
        return imports.get(job_id)

    start.__name__, get.__name__ = f"import_{thing}s", f"get_{thing}_import"
    start.__doc__ = f"Import the {thing}s of a OneRoster 1.2 zip: all of them or, when anything is wrong, none."
    get.__doc__ = f"Tell how an import of {thing}s goes, with every fault of its files."
    path = f"/{thing}s/imports"
    routes.post(
        path, roles=("registrar",), query=ImportQuery, gives=ImportStarted, status=202, location=f"{path}/{{id}}"
    )(start)
    routes.get(f"{path}/<job_id>", roles=("registrar",), gives=ImportOut, refuses=(ImportNotFound,))(get)
