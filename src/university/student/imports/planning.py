"""What the files would make different among the students, and the making of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from university.platform import matching, oneroster
from university.platform.imports import Changes, Order, Plan
from university.platform.matching import Difference, Matched
from university.platform.oneroster import USERS, Entry
from university.platform.sheets import Faults
from university.student.imports.reading import PARTS, StudentEntry
from university.student.models import RecordedEnrollment, Student
from university.student.repository import students
from university.student.rules.words import StudentStatus
from university.student.service import news

CHUNK = 500
Parts = dict[type, list[dict[str, Any]]]


@dataclass(slots=True)
class Planned:
    """What to create, update and remove; `parts` of a standing replace those a student has, by the student's id."""

    difference: Difference = field(default_factory=Difference)
    parts: dict[str, Parts] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    """Students to be removed who have enrollments: their record stays."""

    def changes(self) -> Changes:
        """Count students."""
        created = {row["id"] for row in self.difference.created.values()}
        updated = {row["id"] for row in self.difference.updated.values()} | self.parts.keys()
        return Changes(len(created), len(updated - created), len(self.removed) + len(self.withdrawn))


def plan(session: Session, read: dict[str, StudentEntry], faults: Faults, _order: Order) -> Plan:
    """Return what is different, noting what cannot be done."""

    def refuse(entry: Entry) -> None:
        value = oneroster.shorten(entry.facts["number"])
        faults.add(USERS, entry.line, "identifier", matching.TAKEN, value=value)

    matched = matching.match(read, session.execute(select(Student.__table__)), ["number"], refuse)
    planned = Planned(matching.compare(read, matched))
    planned.parts = _parts(session, read, matched)
    _remove(session, planned, matched)
    return Plan(planned.changes(), lambda session: write(session, planned))


def write(session: Session, planned: Planned) -> None:
    """Carry out a plan in the transaction in which it was made, and tell everybody."""
    for some in _chunks(planned.removed):
        gone = session.scalars(select(Student).where(Student.id.in_(some))).all()
        news.tell_deleted(session, gone)
        session.execute(delete(Student).where(Student.id.in_(some)))
        session.expunge_all()
    for rows in _chunks(list(planned.difference.created.values())):
        made = [Student(**row) for row in rows]
        students.add(session, made)
        _write_parts(session, {one.id: planned.parts[one.id] for one in made if one.id in planned.parts})
        news.tell_created(session, made)
        session.expunge_all()
    changed = {row["id"]: row for row in planned.difference.updated.values()}
    changed |= {one: {"status": StudentStatus.WITHDRAWN.value} for one in planned.withdrawn}
    created = {row["id"] for row in planned.difference.created.values()}
    for ids in _chunks(sorted((changed.keys() | planned.parts.keys()) - created)):
        _change(session, ids, changed, planned.parts)
        session.expunge_all()


def _change(
    session: Session, ids: Sequence[str], changed: Mapping[str, Mapping[str, Any]], parts: Mapping[str, Parts]
) -> None:
    found = session.scalars(select(Student).where(Student.id.in_(ids)).order_by(Student.id).with_for_update()).all()
    for student in found:
        for name, value in changed.get(student.id, {}).items():
            if name != "version":  # Telling gives the next one.
                setattr(student, name, value)
    students.index(session, found)
    _write_parts(session, {one: parts[one] for one in ids if one in parts})
    news.tell_updated(session, found)


def _parts(session: Session, read: Mapping[str, StudentEntry], matched: Matched) -> dict[str, Parts]:
    """Return the parts of standings that are told differently from what is there."""
    different: dict[str, Parts] = defaultdict(dict)
    for kind in PARTS:
        told = {made: read[key].parts[kind] for key, made in matched.ids.items() if kind in read[key].parts}
        present = _present(session, kind) if told else {}
        for student_id, rows in told.items():
            if _sorted(rows) != _sorted(present.get(student_id, [])):
                different[student_id][kind] = rows
    return dict(different)


def _present(session: Session, kind: type) -> dict[str, list[dict[str, Any]]]:
    present: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(select(kind.__table__)).mappings():  # type: ignore[attr-defined]
        present[row["student_id"]].append(
            {name: value for name, value in row.items() if name not in {"id", "student_id"}}
        )
    return present


def _sorted(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _write_parts(session: Session, parts: Mapping[str, Parts]) -> None:
    for kind in PARTS:
        owners = [student_id for student_id, told in parts.items() if kind in told]
        if owners:
            session.execute(delete(kind).where(kind.student_id.in_(owners)))
        rows = [{"student_id": one, **row} for one in owners for row in parts[one][kind]]
        if rows:
            session.execute(insert(kind), rows)


def _remove(session: Session, planned: Planned, matched: Matched) -> None:
    rows = {row.id: row for row in matched.removed.values()}
    recorded: set[str] = set()
    for some in _chunks(list(rows)):
        query = select(RecordedEnrollment.student_id).where(RecordedEnrollment.student_id.in_(some))
        recorded.update(session.scalars(query))
    planned.removed = sorted(rows.keys() - recorded)
    planned.withdrawn = sorted(one for one in recorded if rows[one].status != StudentStatus.WITHDRAWN)


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
