"""Imports as jobs: a file is taken in with an event, judged whole, and written in one transaction or not at all."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypedDict, TypeVar

import msgspec
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from university.platform import database, telemetry
from university.platform.database import Id, Moment, Primary, metadata_of
from university.platform.errors import NotFound
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import outbox
from university.platform.messaging.inbox import CloudEvent
from university.platform.messaging.outbox import Event
from university.platform.security import Principal
from university.platform.sheets import Fault, Faults, Sheets

ATTEMPTS = 10
"""How often a job is begun: each crash or silent neighbor costs one."""
_ID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_TOLD_EVERY = 0.5
"""Seconds between two notes of progress."""
_GAVE_UP = Words(
    "The import was interrupted too often and nothing was written; please report this.",
    "Import przerwano zbyt wiele razy i nic nie zapisano; prosimy o zgłoszenie.",
)
_log = telemetry.log("imports")
Data = TypeVar("Data")


class ImportNotFound(NotFound):
    """There is no import of this id."""

    title = Words("There is no such import.", "Nie ma takiego importu.")


class ImportRequested(TypedDict):
    """There is an import to carry out; the job waits in the module's own table."""

    id: str


def requested(schema: str) -> str:
    """Return the type of the event by which a module tells itself that there is an import to carry out."""
    return f"import.{schema}.requested.v1"


@lru_cache
def jobs_of(schema: str) -> Table:
    """Return the module's table of import jobs; a job keeps its file until it is finished."""
    return Table(
        "import_job",
        metadata_of(schema),
        Column("id", Id, primary_key=True),
        Column("state", String(8), nullable=False),
        Column("dry_run", Boolean, nullable=False),
        Column("requested_by", String(120), nullable=False),
        Column("content", LargeBinary),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("done", Integer, nullable=False, server_default=text("0")),
        Column("total", Integer, nullable=False, server_default=text("0")),
        Column("created", Integer, nullable=False, server_default=text("0")),
        Column("updated", Integer, nullable=False, server_default=text("0")),
        Column("removed", Integer, nullable=False, server_default=text("0")),
        Column("fault_count", Integer, nullable=False, server_default=text("0")),
        Column("faults", Text, nullable=False, server_default="[]"),
        Column("created_at", Moment, nullable=False),
        Column("finished_at", Moment),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="import_job_state_is_known"),
    )


@dataclass(frozen=True, slots=True)
class Job:
    """An import as its caller follows it; `errors` are the first thousand faults, in the caller's language."""

    id: str
    state: str
    dry_run: bool
    done: int
    total: int
    created: int
    updated: int
    removed: int
    error_count: int
    errors: list[dict[str, Any]]
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """How an import is to be done: a trial run writes nothing; `by` is who asked."""

    trial: bool
    by: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How many things an import creates, updates and removes."""

    created: int = 0
    updated: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do, and the doing of it in the transaction in which it was planned."""

    changes: Changes
    write: Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Part(Generic[Data]):
    """What a module knows of an import: how to read its files, and how to plan the writing of what was read.

    `read` notes every fault of the files and may ask neighbors; it is called outside of any transaction. In a trial run
    a reference into the same files is enough, whether or not the neighbors know the thing already. `plan` compares
    with what is there; it may note faults too, and nothing is written when it does.
    """

    files: Sequence[str]
    read: Callable[[Sheets, Order], Data]
    plan: Callable[[Session, Data, Faults, Order], Plan]


class Imports(Generic[Data]):
    """The imports of one module: taken in by a request, carried out when their event is heard."""

    def __init__(self, primary: Primary, part: Part[Data]) -> None:
        self._primary = primary
        self._part = part
        self._jobs = jobs_of(primary.schema)

    def start(self, content: bytes, *, dry_run: bool, who: Principal, once: Once) -> Job:
        """Take in a file; its id tells how the import goes."""
        with once.begin(self._primary) as session:
            job_id = database.new_id()
            session.execute(
                insert(self._jobs).values(
                    id=job_id,
                    state="queued",
                    dry_run=dry_run,
                    requested_by=who.subject,
                    content=content,
                    created_at=database.now(session),
                )
            )
            outbox.announce(session, Event(requested(self._primary.schema), job_id, 1, {"id": job_id}))
            return once.keep(session, _job(self._row(session, job_id)))

    def get(self, job_id: str) -> Job:
        """Return how an import goes; raise `ImportNotFound`."""
        with self._primary.read() as session:
            return _job(self._row(session, job_id))

    def hear(self, events: Sequence[CloudEvent]) -> None:
        """Carry out the imports asked for; one that a crash interrupted simply runs again, a finished one does not."""
        for event in events:
            self._carry_out(event["data"]["id"])

    def _carry_out(self, job_id: str) -> None:
        job = self._begin(job_id)
        if job is None:
            return
        if job.attempts > ATTEMPTS:
            _log.error("import given up", job_id=job_id)
            self._fail(job_id, _only(Fault("", 0, "", _GAVE_UP)))
            return
        faults = Faults()
        progress = _Progress(self._primary, job_id)
        sheets = Sheets(job.content, faults, progress.tell)
        progress.total = sheets.estimate(self._part.files)
        data = self._part.read(sheets, Order(job.dry_run, job.requested_by))
        if not faults:
            self._finish(job, data, faults, sheets.rows_read)
        if faults:
            self._fail(job_id, faults)

    def _begin(self, job_id: str) -> Row[Any] | None:
        """Mark the job running and return it, or None when there is nothing left to do."""
        with self._primary.begin() as session:
            return session.execute(
                update(self._jobs)
                .where(self._jobs.c.id == job_id, self._jobs.c.finished_at.is_(None))
                .values(state="running", attempts=self._jobs.c.attempts + 1)
                .returning(self._jobs)
            ).one_or_none()

    def _finish(self, job: Row[Any], data: Data, faults: Faults, rows: int) -> None:
        """Write the data and the job's end together; write neither when planning finds faults."""
        with self._primary.begin() as session:
            if not self._lock(session, job.id):
                return
            plan = self._part.plan(session, data, faults, Order(job.dry_run, job.requested_by))
            if faults:
                return
            if not job.dry_run:
                plan.write(session)
            counts = {"created": plan.changes.created, "updated": plan.changes.updated, "removed": plan.changes.removed}
            self._end(session, job.id, state="done", done=rows, total=rows, **counts)

    def _lock(self, session: Session, job_id: str) -> bool:
        """Tell whether the job still waits for its end, and keep others from ending it."""
        jobs = self._jobs
        unfinished = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.finished_at.is_(None)).with_for_update()
        return session.execute(unfinished).one_or_none() is not None

    def _fail(self, job_id: str, faults: Faults) -> None:
        told = msgspec.json.encode([[fault.file, fault.line, fault.column, *fault.message] for fault in faults.found])
        with self._primary.begin() as session:
            if self._lock(session, job_id):
                self._end(session, job_id, state="failed", fault_count=faults.count, faults=told.decode())

    def _end(self, session: Session, job_id: str, **values: object) -> None:
        ended = {"content": None, "finished_at": database.now(session), **values}
        session.execute(update(self._jobs).where(self._jobs.c.id == job_id).values(**ended))

    def _row(self, session: Session, job_id: str) -> Row[Any]:
        if not _ID.fullmatch(job_id):
            raise ImportNotFound
        told = [column for column in self._jobs.c if column.name != "content"]
        found = session.execute(select(*told).where(self._jobs.c.id == job_id)).one_or_none()
        if found is None:
            raise ImportNotFound
        return found


class _Progress:
    """Notes now and then how many rows were read, each time in a transaction of its own."""

    def __init__(self, primary: Primary, job_id: str) -> None:
        self._primary, self._job_id = primary, job_id
        self._told_at = time.monotonic()
        self.total = 0

    def tell(self, done: int) -> None:
        """Note the number of rows read, unless that was done a moment ago."""
        if done % 500 or time.monotonic() - self._told_at < _TOLD_EVERY:
            return
        jobs = jobs_of(self._primary.schema)
        with self._primary.begin() as session:
            session.execute(
                update(jobs).where(jobs.c.id == self._job_id).values(done=done, total=max(done, self.total))
            )
        self._told_at = time.monotonic()


def _job(row: Row[Any]) -> Job:
    told = row._asdict()
    faults = [
        {"file": file, "line": line, "column": column, "message": Words(en, pl).say()}
        for file, line, column, en, pl in msgspec.json.decode(row.faults)
    ]
    same = {name: told[name] for name in Job.__slots__ if name in told}
    return Job(**same, error_count=row.fault_count, errors=faults)


def _only(fault: Fault) -> Faults:
    faults = Faults()
    faults.add(fault.file, fault.line, fault.column, fault.message)
    return faults
