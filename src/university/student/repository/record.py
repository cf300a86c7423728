"""The study record in the database: what was heard of enrollments and of the catalog, the newest of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from university.platform import database
from university.student.models import KnownCourse, KnownSection, KnownTerm, RecordedEnrollment
from university.student.rules.words import is_id

Heard = TypeVar("Heard", RecordedEnrollment, KnownTerm, KnownCourse, KnownSection)


def keep(session: Session, kind: type[Heard], rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep those of the rows that are newer than what is kept; the order in which they come does not matter."""
    newest: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row["id"] not in newest or row["version"] > newest[row["id"]]["version"]:
            newest[row["id"]] = row
    if not newest:
        return
    # In one order everywhere, so that two hearers cannot wait for each other.
    session.execute(_keeping(kind, database.dialect_of(session)), [newest[key] for key in sorted(newest)])


@cache
def _keeping(kind: type[Heard], dialect: str) -> Any:
    table: Any = kind.__table__
    insert = database.insert_in(dialect, table)
    columns = [column.name for column in table.columns if not column.primary_key]
    return insert.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={name: insert.excluded[name] for name in columns},
        where=insert.excluded.version > table.c.version,
    )


def forget_enrollments(session: Session, enrollments: Mapping[str, int]) -> int:
    """Drop enrollments that do not exist; return how many."""
    session.execute(delete(RecordedEnrollment).where(RecordedEnrollment.id.in_(enrollments)))
    return len(enrollments)


def forget_sections(session: Session, sections: Mapping[str, int]) -> int:
    """Mark sections as deleted that do not exist any more, and return how many were not yet; older news is too late."""
    gone = update(KnownSection).where(KnownSection.id.in_(sections), ~KnownSection.deleted)
    marked = gone.values(deleted=True, version=KnownSection.version + 1).returning(KnownSection.id)
    return len(session.scalars(marked.execution_options(synchronize_session=False)).all())


def enrollments_of(
    student_id: str, term: str | None = None, statuses: Collection[str] = ()
) -> Select[RecordedEnrollment]:
    """Return the question for a student's recorded enrollments, of one term (id or code) and in some statuses only."""
    found = select(RecordedEnrollment).where(RecordedEnrollment.student_id == student_id)
    if term is not None and is_id(term):
        found = found.where(RecordedEnrollment.term_id == term.lower())
    elif term is not None:
        coded = select(KnownTerm.id).where(KnownTerm.code == term)
        found = found.where(RecordedEnrollment.term_id.in_(coded))
    return found.where(RecordedEnrollment.status.in_(statuses)) if statuses else found


def known(session: Session, kind: type[Heard], ids: Iterable[str]) -> dict[str, Heard]:
    """Return what is known under the ids, by id."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows: Sequence[Heard] = session.scalars(select(kind).where(kind.id.in_(wanted))).all()
    return {row.id: row for row in rows}
