"""The students as the rows of an export: what `reading` reads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from university.platform import cells, oneroster, paging
from university.platform.database import Primary
from university.platform.exports import Exports, reading
from university.platform.paging import Page, PageRequest
from university.student.imports import columns
from university.student.imports.reading import PARTS
from university.student.models import Student

Told = Mapping[str, Mapping[str, str]]


class StudentExports(Exports):
    """The student module's part of an export."""

    def __init__(self, primary: Primary) -> None:
        super().__init__({"users": reading(primary, _users), "roles": reading(primary, _roles)})


def _users(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, select(Student), [Student.id], wanted)
    parts = _parts(session, [student.id for student in page.items])
    rows = [
        oneroster.user(_key(one), one.number, {**cells.told(one, columns.STUDENT), **parts[one.id]})
        for one in page.items
    ]
    return Page(rows, page.next, page.total)


def _roles(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, select(Student), [Student.id], wanted)
    return Page([oneroster.role(_key(one), "student") for one in page.items], page.next, page.total)


def _parts(session: Session, student_ids: Sequence[str]) -> Told:
    """Return, by student, the cells that tell holds, recognized credits and test scores."""
    told: dict[str, dict[str, str]] = {student_id: {} for student_id in student_ids}
    for kind, (cell, shape) in PARTS.items():
        found: dict[str, list[Any]] = defaultdict(list)
        query: Select[Any] = select(kind).where(kind.student_id.in_(student_ids)).order_by(kind.id)
        for part in session.scalars(query):
            found[part.student_id].append({name: getattr(part, name) for name in shape.__struct_fields__})
        for student_id in student_ids:
            told[student_id][cell.column] = cell.write(msgspec.to_builtins(found[student_id]))
    return told


def _key(student: Student) -> str:
    return student.external_key or student.id
