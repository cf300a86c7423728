"""The three parts of an exchange driven in order: every part is judged before any is written."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entrypoints.calling import Api, Tell
from university.platform import oneroster, sheets

PARTS = ("courses", "students", "enrollments")
_TABLES = {
    "courses": ("academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments"),
    "students": ("users", "roles"),
    "enrollments": ("enrollments",),
}
_HEAD = ("sourcedId", "status", "dateLastModified")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    oneroster.SESSIONS: (*_HEAD, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    oneroster.ORGS: (*_HEAD, "name", "type", "identifier", "parentSourcedId"),
    oneroster.COURSES: (
        *(*_HEAD, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
        *("metadata.credits", "metadata.description", "metadata.requisites"),
    ),
    oneroster.CLASSES: (
        *(*_HEAD, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"),
        *("termSourcedIds", "subjects", "subjectCodes", "periods", "metadata.capacity", "metadata.meetings"),
    ),
    oneroster.USERS: (
        *(*_HEAD, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier"),
        *("email", "sms", "phone", "agentSourcedIds", "grades", "password", "metadata.program", "metadata.year"),
    ),
    oneroster.ROLES: (
        *(*_HEAD, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"),
    ),
    oneroster.ENROLLMENTS: (
        *(*_HEAD, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
    ),
}
"""The standard's columns, and those of our own without which nothing is read; others follow as they are told."""
Rows = dict[str, dict[str, str]]


@dataclass(slots=True)
class Outcome:
    """What became of an import: the counts of each part that ended well, and every fault of any part once."""

    dry_run: bool
    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    untold: int = 0
    """Faults beyond those that a part tells."""

    def add(self, part: str, job: Mapping[str, Any]) -> None:
        """Take note of a part that has ended."""
        if job["state"] == "done":
            self.parts[part] = {name: job[name] for name in ("created", "updated", "removed")}
        known = {tuple(fault.values()) for fault in self.faults}
        self.faults += [fault for fault in job["errors"] if tuple(fault.values()) not in known]
        self.faults.sort(key=lambda fault: (fault["file"], fault["line"]))
        self.untold += job["error_count"] - len(job["errors"])


def bring_in(api: Api, content: bytes, tell: Tell, *, dry_run: bool = False, judge_first: bool = True) -> Outcome:
    """Import a zip; `tell` hears of each part how many rows of how many are done."""
    judged = Outcome(dry_run=True)
    for part in PARTS if judge_first or dry_run else ():
        judged.add(part, _job(api, part, content, tell, dry_run=True))
    if dry_run or judged.faults:
        return judged
    written = Outcome(dry_run=False)
    for part in PARTS:
        written.add(part, _job(api, part, content, tell, dry_run=False))
        if written.faults:
            break
    return written


def take_out(api: Api, tell: Tell) -> bytes:
    """Return everything as a zip."""
    tables: dict[str, Rows] = {file: {} for file in COLUMNS}
    for part in PARTS:
        for table in _TABLES[part]:
            rows = tables[f"{table}.csv"]
            for row in _rows(api, part, table, tell):
                rows.setdefault(row["sourcedId"], {}).update({name: cell for name, cell in row.items() if cell})
    return sheets.write({**{file: _table(file, rows) for file, rows in tables.items()}, **_manifest()})


def _job(api: Api, part: str, content: bytes, tell: Tell, *, dry_run: bool) -> dict[str, Any]:
    started = api.upload(f"/{part}/imports?dry_run={str(dry_run).lower()}", content)
    name = f"{'Checking' if dry_run else 'Writing'} {part}"
    while True:
        job: dict[str, Any] = api.get(f"/{part}/imports/{started['id']}")
        tell(name, job["done"], job["total"])
        if job["state"] in {"done", "failed"}:
            return job
        time.sleep(0.1)


def _rows(api: Api, part: str, table: str, tell: Tell) -> Iterator[dict[str, str]]:
    page = api.get(f"/{part}/exports/{table}", limit=200, total="true")
    done, total = 0, page["total"]
    while True:
        for item in page["items"]:
            yield item["cells"]
        done += len(page["items"])
        tell(f"Reading {part}: {table}", done, max(done, total))
        if page["next"] is None:
            return
        page = api.get(f"/{part}/exports/{table}", limit=200, cursor=page["next"])


def _table(file: str, rows: Rows) -> Iterator[Sequence[str]]:
    """Yield the header and the rows; cells that no row has are empty."""
    extra = {name: None for row in rows.values() for name in row if name not in COLUMNS[file]}
    columns = (*COLUMNS[file], *sorted(extra))
    yield columns
    for row in rows.values():
        yield [row.get(column, "") for column in columns]


def _manifest() -> dict[str, list[tuple[str, str]]]:
    rows = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", "1.2")]
    rows += [(f"file.{file.removesuffix('.csv')}", "bulk") for file in COLUMNS]
    return {oneroster.MANIFEST: [*rows, ("source.systemName", "University"), ("source.systemCode", "university")]}
