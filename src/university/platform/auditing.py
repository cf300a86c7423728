"""What is written down of staff: what they changed, whom they looked at, and why, in the database that it is about.

What a student does for themself is not repeated here: enrollments, requests and grades have a history of their own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Index, Select, String, Table, Text, delete, insert, select
from sqlalchemy.orm import Session

from university.platform import append_only, database, telemetry
from university.platform.database import Id, Moment, Primary, is_id, metadata_of
from university.platform.security import Principal

KEPT = timedelta(days=366 * append_only.YEARS)
"""How long it stays written down; the database lets go of nothing younger than its years."""
CHANGE, READ = "change", "read"
REASON, LONGEST = "reason", 1000
"""The field of a body that says why, and how many characters of it are kept."""
_AROUND = timedelta(minutes=10)
"""How far the id of a deed may be from the moment when it was written down: clocks differ, and work takes its time."""
_OWN = frozenset({"student"})


@dataclass(slots=True)
class Deed:
    """Something that a member of the staff does: one operation, with what it turns out to be about."""

    who: Principal
    operation: str
    kind: str
    target: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)
    """What was asked for beside the reason, as far as it says which rule was put aside."""
    students: set[str] = field(default_factory=set)
    is_notable: bool = False
    """Whether even a read that named no student is written down."""
    id: str = field(default_factory=database.new_id)
    is_written: bool = False
    written: set[str] = field(default_factory=set)
    """Whether it is written down for good, and of whom: a deed may take several transactions."""
    is_pending: bool = False
    pending: set[str] = field(default_factory=set)
    """The same of the transaction under way."""


_deed: ContextVar[Deed | None] = ContextVar("deed", default=None)


@lru_cache
def audit_of(schema: str) -> tuple[Table, Table]:
    """Return the module's table of deeds, and the one of the students whom they are about."""
    metadata = metadata_of(schema)
    deeds = Table(
        "audit",
        metadata,
        Column("id", Id, primary_key=True),
        Column("at", Moment, nullable=False),
        Column("actor", String(120), nullable=False),
        Column("roles", String(120), nullable=False),
        Column("operation", String(80), nullable=False),
        Column("kind", String(8), nullable=False),
        Column("target", Text, nullable=False),
        Column("reason", Text),
        Column("terms", Text, nullable=False),
        Column("trace_id", String(32)),
    )
    Index("ix_audit_actor_id", deeds.c.actor, deeds.c.id)
    about = Table(
        "audit_student",
        metadata,
        Column("student_id", String(64), primary_key=True),
        Column("audit_id", Id, primary_key=True),
        Column("at", Moment, nullable=False),
        Index("ix_audit_student_audit_id", "audit_id"),
    )
    return deeds, about


def watch(primary: Primary) -> None:
    """Write a change down in the very transaction that makes it: either both are there or neither."""
    primary.on("before_commit", _write_change)
    primary.on("after_commit", _written)
    primary.on("after_rollback", _not_written)


def is_watched(who: Principal | None) -> bool:
    """Tell whether what somebody does is written down: a student's own business is not."""
    return who is not None and (who.scopes is not None or not who.roles <= _OWN)


@contextmanager
def doing(deed: Deed | None) -> Iterator[Deed | None]:
    """Remember what is being done for as long as it is."""
    token = _deed.set(deed)
    try:
        yield deed
    finally:
        _deed.reset(token)


def about(*students: str | None) -> None:
    """Tell whom the deed that is being done concerns, by the ids of students; without a deed nothing happens."""
    deed = _deed.get()
    if deed is not None:
        deed.students.update(one for one in students if one)


def notable() -> None:
    """Have what is being done written down though it names nobody: it shows very many at once."""
    deed = _deed.get()
    if deed is not None:
        deed.is_notable = True


def shown(told: Any) -> None:
    """Note of whom an answer tells: each `student_id` in it, however deep; without a deed nothing is looked at."""
    deed = _deed.get()
    if deed is not None:
        deed.students.update(_students_in(told))


def seen(primary: Primary, deed: Deed) -> None:
    """Write down that somebody was looked at; what cannot be written down must not be shown."""
    if deed.is_written or not (deed.students or deed.is_notable):
        return
    deed.kind = READ
    with doing(None), primary.begin() as session:
        _write(session, deed)


def note(session: Session, deed: Deed) -> None:
    """Write down, in the transaction at hand, what is done before anybody is known to do it, such as signing in."""
    if is_watched(deed.who):
        _write(session, deed)


def why(body: Any) -> tuple[str | None, dict[str, Any]]:
    """Return the reason that a body gives, and the rules it puts aside."""
    if not isinstance(body, Mapping):
        return None, {}
    reason = body.get(REASON)
    terms = {name: body[name] for name in ("rules", "effects", "roles", "scopes") if body.get(name)}
    return (reason[:LONGEST] if isinstance(reason, str) else None), terms


def deeds(schema: str, filters: Mapping[str, Any]) -> Select[Any]:
    """Return the question for deeds by `actor`, `operation`, `kind`, `student_id`, `since` and `until`."""
    table, students = audit_of(schema)
    query = select(*table.c)
    for name in ("actor", "operation", "kind"):
        if filters.get(name) is not None:
            query = query.where(table.c[name] == filters[name])
    if (student := filters.get("student_id")) is not None:
        query = query.where(table.c.id.in_(select(students.c.audit_id).where(students.c.student_id == student)))
    if (since := filters.get("since")) is not None:
        query = query.where(table.c.at >= since, table.c.id >= database.first_id(since - _AROUND))
    if (until := filters.get("until")) is not None:
        query = query.where(table.c.at < until, table.c.id < database.first_id(until + _AROUND))
    return query


def students_of(session: Session, deed_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return whom deeds were about, by the deeds' ids."""
    _, students = audit_of(session.info["schema"])
    query = select(students).where(students.c.audit_id.in_(list(deed_ids)))
    found: dict[str, list[str]] = {}
    for row in session.execute(query.order_by(students.c.student_id)):
        found.setdefault(row.audit_id, []).append(row.student_id)
    return found


def forget(session: Session, before: datetime, limit: int) -> int:
    """Let go of some deeds older than a moment; return how many."""
    table, students = audit_of(session.info["schema"])
    old = list(session.scalars(select(table.c.id).where(table.c.id < database.first_id(before)).limit(limit)))
    session.execute(delete(students).where(students.c.audit_id.in_(old)))
    session.execute(delete(table).where(table.c.id.in_(old)))
    return len(old)


def _write_change(session: Session) -> None:
    deed = _deed.get()
    if deed is not None and deed.kind == CHANGE and "schema" in session.info:
        _write(session, deed)


def _written(_session: Session) -> None:
    deed = _deed.get()
    if deed is not None and deed.is_pending:
        deed.is_written = True
        deed.written |= deed.pending
        deed.is_pending, deed.pending = False, set()


def _not_written(_session: Session) -> None:
    """Know that what was about to be written down was not: the change may be tried again."""
    deed = _deed.get()
    if deed is not None:
        deed.is_pending, deed.pending = False, set()


def _write(session: Session, deed: Deed) -> None:
    table, students = audit_of(session.info["schema"])
    moment = database.now(session)
    if not deed.is_written:
        session.execute(insert(table).values(_row(deed, moment)))
    fresh = sorted(deed.students - deed.written)
    if fresh:
        session.execute(insert(students), [{"student_id": one, "audit_id": deed.id, "at": moment} for one in fresh])
    deed.is_pending, deed.pending = True, set(fresh)


def _row(deed: Deed, moment: datetime) -> dict[str, Any]:
    return {
        "id": deed.id,
        "at": moment,
        "actor": deed.who.subject,
        "roles": " ".join(sorted(deed.who.roles)),
        "operation": deed.operation,
        "kind": deed.kind,
        "target": json.dumps(_without_names(deed), sort_keys=True),
        "reason": deed.reason,
        "terms": json.dumps(deed.terms, sort_keys=True),
        "trace_id": telemetry.trace_id(),
    }


def _without_names(deed: Deed) -> dict[str, str]:
    """Return the parts of the address; a student named by a number is told by the id, which says nothing of anybody."""
    (only,) = deed.students if len(deed.students) == 1 else (None,)
    return {name: only if name == "key" and only and not is_id(part) else part for name, part in deed.target.items()}


def _students_in(told: Any) -> Iterator[str]:
    if isinstance(told, Mapping):
        if isinstance(student := told.get("student_id"), str):
            yield student
        for value in told.values():
            yield from _students_in(value)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _students_in(one)
