"""The counts of seats compared with the enrollments that were counted, and counted anew where they differ."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from university.course.models import Availability, CountedEnrollment, Section
from university.course.repository.keys import chunks
from university.platform import database

_KINDS = ("taken", "held", "waiting")


def miscounted(session: Session) -> list[str]:
    """Return the sections whose counts are not those of the counted enrollments, or that have none.

    One statement sees both as of one moment, so that news being heard now cannot look like a mistake.
    """
    sums = _sums(session).subquery()
    differs = (getattr(Availability, kind) != func.coalesce(sums.c[kind], 0) for kind in _KINDS)
    query = (
        select(Section.id)
        .outerjoin(Availability, Availability.section_id == Section.id)
        .outerjoin(sums, sums.c.key == _key(session))
        .where(or_(Availability.section_id.is_(None), *differs))
        .order_by(Section.id)
    )
    return list(session.scalars(query))


def recount(session: Session, section_ids: Collection[str]) -> list[str]:
    """Count sections anew and return those whose counts were wrong; sections that do not exist are passed over.

    The counts are locked first: whoever counts an enrollment at this moment adds to them afterwards.
    """
    counts = _locked(session, sorted(section_ids))
    sums = {row.section: row for row in session.execute(_sums(session))} if counts else {}
    wrong: dict[str, dict[str, Any]] = {}
    for section_id, row in counts.items():
        right = {kind: getattr(sums.get(section_id), kind, 0) for kind in _KINDS}
        if right != {kind: getattr(row, kind) for kind in _KINDS}:
            wrong[section_id] = {"section_id": section_id, "dirty": True, **right}
    if wrong:
        session.execute(update(Availability), list(wrong.values()))
    return list(wrong)


def recount_all(session: Session) -> None:
    """Count every section anew whose counts are wrong."""
    recount(session, miscounted(session))


def forget(session: Session, enrollments: Mapping[str, int]) -> int:
    """Count enrollments no longer that do not exist; return how many."""
    touched: set[str] = set()
    for some in chunks(sorted(enrollments)):
        gone = delete(CountedEnrollment).where(CountedEnrollment.enrollment_id.in_(some))
        rows = session.scalars(gone.returning(CountedEnrollment.section_ids))
        touched.update(section for sections in rows for section in sections)
    recount(session, touched)
    return len(enrollments)


def sections_of(row: Mapping[str, Any]) -> Iterable[str]:
    """Return the sections in which a counted enrollment is counted."""
    return row["section_ids"] or ()


def _locked(session: Session, section_ids: Collection[str]) -> dict[str, Any]:
    """Return the counts of sections, zero for those that had none, locked in the order of ids."""
    counts: dict[str, Any] = {}
    for some in chunks(list(section_ids)):
        sections = session.execute(select(Section.id, Section.term_id).where(Section.id.in_(some)))
        rows = [{"section_id": row.id, "term_id": row.term_id} for row in sections]
        if rows:
            session.execute(database.insert(session, Availability).on_conflict_do_nothing(), rows)
        columns = Availability.__table__.c
        locked = select(*columns).where(columns.section_id.in_(some)).order_by(columns.section_id).with_for_update()
        counts |= {row.section_id: row for row in session.execute(locked)}
    return counts


def _sums(session: Session) -> Select[Any]:
    """Return the question for what the counted enrollments of each section add up to; `key` is as ids are kept."""
    if session.get_bind().dialect.name == "sqlite":
        listed = func.json_each(CountedEnrollment.section_ids).table_valued("value", joins_implicitly=True)
        key: ColumnElement[str] = func.replace(listed.c.value, "-", "")
    else:
        is_list = func.json_typeof(CountedEnrollment.section_ids) == "array"
        lists = case((is_list, CountedEnrollment.section_ids), else_=literal([], JSON))
        listed = func.json_array_elements_text(lists).table_valued("value", joins_implicitly=True)
        key = listed.c.value
    sums = (func.sum(case((CountedEnrollment.counted_as == kind, 1), else_=0)).label(kind) for kind in _KINDS)
    return (
        select(listed.c.value.label("section"), key.label("key"), *sums)
        .select_from(CountedEnrollment, listed)
        .group_by(listed.c.value)
    )


def _key(session: Session) -> Any:
    """Return a section's id as text, as the database keeps it."""
    is_text = session.get_bind().dialect.name == "sqlite"
    return type_coerce(Section.id, Text) if is_text else cast(Section.id, Text)
