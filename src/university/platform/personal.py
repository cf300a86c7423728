"""What a module keeps, for how long, which of it is about students, and what becomes of that when one is erased."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, Table, delete, func, literal, select, update
from sqlalchemy.orm import Session

from university.platform.auditing import audit_of
from university.platform.database import metadata_of
from university.platform.idempotency import keys_of
from university.platform.imports import jobs_of

GONE = "gone"
"""What becomes of rows that nobody needs without their student."""


class StudentNamed(msgspec.Struct, frozen=True):
    """Whose data are meant."""

    student_id: str


class PersonalData(msgspec.Struct, frozen=True):
    """All that a module keeps about a student: rows by table, as columns and their values."""

    tables: dict[str, list[dict[str, Any]]]


class Erased(msgspec.Struct, frozen=True):
    """How many rows of a module were changed or taken away."""

    rows: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """What one table keeps.

    `student` is its column with a student's id, or with the key of a row in the table `of` that has one. `erased` is
    what becomes of rows about a student who is erased: `GONE`, or the columns that are written over; else they stay.
    """

    table: str
    what: str
    how_long: str
    student: str | None = None
    of: str | None = None
    hidden: Sequence[str] = ()
    erased: str | Mapping[str, Any] = field(default_factory=dict)


PLATFORM = (
    Keeping("audit", "what staff did and saw", "5 years"),
    Keeping("audit_student", "whom it concerned", "5 years", "student_id"),
    Keeping("chore", "what comes round by itself", "while it does"),
    Keeping("idempotency_key", "answers to requests with a key", "a day, or until whom they are about is erased"),
    Keeping(
        "import_job", "imports and their faults; the file until it is finished", "for good; faults until an erasure"
    ),
    Keeping("inbox", "which events were heard", "60 days"),
    Keeping("outbox", "events, which name nobody", "30 days after they were sent"),
)
"""What every module keeps besides its own."""


class Records:
    """All tables of a module, as far as people must know of them."""

    def __init__(self, schema: str, *own: Keeping) -> None:
        self.schema = schema
        self.keepings = {keeping.table: keeping for keeping in (*own, *PLATFORM)}

    def of(self, session: Session, student_id: str) -> PersonalData:
        """Return everything about a student, and who of the staff changed or saw it."""
        told = {
            one.table: self._rows(session, one, student_id) for one in self._about() if one.table != "audit_student"
        }
        deeds, students = audit_of(self.schema)
        mine = select(students.c.audit_id).where(students.c.student_id == student_id)
        told["audit"] = _as_dicts(session.execute(select(*deeds.c).where(deeds.c.id.in_(mine)).order_by(deeds.c.id)))
        return PersonalData({name: rows for name, rows in told.items() if rows})

    def erase(self, session: Session, student_id: str) -> int:
        """Take away or write over what is about a student; return how many rows that were.

        Kept answers that tell of them go, too, and what is told of faults in imports, which may quote anything.
        """
        rows = sum(self._erase(session, keeping, student_id) for keeping in self._about())
        keys, jobs = keys_of(self.schema), jobs_of(self.schema)
        rows += _count(session, delete(keys).where(_tells_of(session, keys.c.body, student_id)))
        return rows + _count(session, update(jobs).where(jobs.c.faults != "[]").values(faults="[]"))

    def _about(self) -> Iterable[Keeping]:
        """Return what is about students, what hangs on other rows first."""
        return sorted((one for one in self.keepings.values() if one.student), key=lambda one: one.of is None)

    def _rows(self, session: Session, keeping: Keeping, student_id: str) -> list[dict[str, Any]]:
        table = self._table(keeping.table)
        shown = [column for column in table.c if column.name not in keeping.hidden]
        key = list(table.primary_key)
        return _as_dicts(session.execute(select(*shown).where(self._mine(keeping, student_id)).order_by(*key)))

    def _erase(self, session: Session, keeping: Keeping, student_id: str) -> int:
        if not keeping.erased:
            return 0
        table, mine = self._table(keeping.table), self._mine(keeping, student_id)
        if isinstance(keeping.erased, str):
            return _count(session, delete(table).where(mine))
        return _count(session, update(table).where(mine).values(**keeping.erased))

    def _mine(self, keeping: Keeping, student_id: str) -> ColumnElement[bool]:
        table = self._table(keeping.table)
        column: ColumnElement[Any] = table.c[keeping.student or ""]
        if keeping.of is None:
            return column == student_id
        parent = self._table(keeping.of)
        (key,) = parent.primary_key
        return column.in_(select(key).where(parent.c["student_id"] == student_id))

    def _table(self, name: str) -> Table:
        return metadata_of(self.schema).tables[f"{self.schema}.{name}"]


def _as_dicts(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def _count(session: Session, change: Any) -> int:
    changed: Any = session.execute(change.execution_options(synchronize_session=False))
    return int(changed.rowcount)


def _tells_of(session: Session, body: Any, student_id: str) -> ColumnElement[bool]:
    """Tell whether bytes have an id in them, in the way of the database at hand."""
    if session.get_bind().dialect.name == "sqlite":
        return func.instr(body, literal(student_id.encode(), LargeBinary)) > 0
    return func.strpos(func.encode(body, "escape"), student_id) > 0
