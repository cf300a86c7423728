"""The catalog as the rows of an export: what `reading` reads."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from university.course.imports import columns
from university.course.models import Course, Department, Instructor, Offering, Section, Teaching, Term
from university.course.repository.courses import members
from university.platform import cells, oneroster, paging
from university.platform.database import Primary
from university.platform.exports import Exports, reading
from university.platform.oneroster import UNIVERSITY, derived
from university.platform.paging import Page, PageRequest

_SUMMER = 8
"""The month from which on a term ends in the next school year."""
_OWN = tuple(name for name in columns.OfferingFacts.__struct_fields__ if name != "ects")
# A department that only a course names, by its code, is told as well.
_NAMED = select(Department.code).union(select(Course.department).where(Course.department.is_not(None))).subquery()
_DEPARTMENTS = select(_NAMED.c.code, Department.external_key, Department.name).outerjoin_from(
    _NAMED, Department, Department.code == _NAMED.c.code
)
_PARENT = select(Section.id, Section.external_key).subquery()
_CLASSES = (
    select(
        *(column for column in Section.__table__.c if column.name != "occurrences"),
        Course.id.label("course_id"),
        Course.external_key.label("course_key"),
        Course.code.label("course_code"),
        Term.external_key.label("term_key"),
        _PARENT.c.external_key.label("parent_key"),
        *(getattr(Offering, name).label(f"offering_{name}") for name in (*_OWN, "own_ects")),
    )
    .join(Offering, Offering.id == Section.offering_id)
    .join(Course, Course.id == Offering.course_id)
    .join(Term, Term.id == Section.term_id)
    .outerjoin(_PARENT, _PARENT.c.id == Section.parent_id)
)
_TEACHINGS: Select[*tuple[Any, ...]] = (
    select(
        Teaching.section_id,
        Teaching.place,
        Teaching.instructor_id,
        Section.external_key.label("section_key"),
        Instructor.external_key.label("instructor_key"),
    )
    .join(Section, Section.id == Teaching.section_id)
    .join(Instructor, Instructor.id == Teaching.instructor_id)
)


class CourseExports(Exports):
    """The course module's part of an export."""

    def __init__(self, primary: Primary) -> None:
        tables = {
            "academicSessions": _terms,
            "orgs": _orgs,
            "courses": _courses,
            "classes": _classes,
            "users": _users,
            "roles": _roles,
            "enrollments": _teachings,
        }
        super().__init__({name: reading(primary, tell) for name, tell in tables.items()})


def _terms(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, select(Term), [Term.id], wanted)
    return _page(page, map(_term, page.items))


def _term(term: Term) -> dict[str, str]:
    return {
        **oneroster.head(_key(term)),
        "type": "term",
        "schoolYear": str(term.ends_on.year + (term.ends_on.month >= _SUMMER)),
        **cells.told(term, columns.TERM),
    }


def _orgs(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, _DEPARTMENTS, [_NAMED.c.code], wanted, scalars=False)
    university = {**oneroster.head(UNIVERSITY), "name": "University", "type": "district", "identifier": "UNI"}
    return _page(page, [*([] if wanted.cursor else [university]), *map(_department, page.items)])


def _department(row: Row[Any]) -> dict[str, str]:
    named = SimpleNamespace(code=row.code, name=row.name or row.code)
    return {
        **oneroster.head(row.external_key or derived("department", row.code)),
        "type": "department",
        "parentSourcedId": UNIVERSITY,
        **cells.told(named, columns.DEPARTMENT),
    }


def _courses(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, select(Course), [Course.id], wanted)
    named = [course.department for course in page.items if course.department]
    query = select(Department.code, Department.external_key).where(Department.code.in_(named))
    keys = {row.code: row.external_key for row in session.execute(query)}
    classes = sorted({course.equivalence_id for course in page.items if course.equivalence_id})
    equal = [(course.equivalence_id, course.code) for course in members(session, classes)] if classes else []
    return _page(page, (_course(course, keys, equal) for course in page.items))


def _course(course: Course, keys: Mapping[str, str | None], equal: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    department = course.department
    others = [code for own, code in equal if own == course.equivalence_id and code != course.code]
    return {
        **oneroster.head(_key(course)),
        "orgSourcedId": (keys.get(department) or derived("department", department)) if department else "",
        columns.EQUIVALENTS.column: columns.EQUIVALENTS.write(others),
        **cells.told(course, columns.COURSE),
    }


def _classes(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, _CLASSES, [Section.id], wanted, scalars=False)
    return _page(page, map(_class, page.items))


def _class(row: Row[Any]) -> dict[str, str]:
    offering = {name: getattr(row, f"offering_{name}") for name in _OWN}
    room = next((meeting["room"] for meeting in row.meetings if meeting.get("room")), "")
    return {
        **oneroster.head(_key(row)),
        "title": f"{row.course_code} {row.number}",
        "courseSourcedId": row.course_key or row.course_id,
        "classCode": row.number,
        "classType": "scheduled",
        "location": room,
        "schoolSourcedId": UNIVERSITY,
        "termSourcedIds": row.term_key or row.term_id,
        "metadata.number": row.number,
        "metadata.parent": (row.parent_key or row.parent_id) if row.parent_id else "",
        columns.OFFERING.column: columns.offering_told(offering, row.offering_own_ects),
        **cells.told(row, columns.SECTION),
    }


def _users(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, select(Instructor), [Instructor.id], wanted)
    return _page(
        page, (oneroster.user(_key(one), one.number, cells.told(one, columns.INSTRUCTOR)) for one in page.items)
    )


def _roles(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, select(Instructor), [Instructor.id], wanted)
    return _page(page, (oneroster.role(_key(one), "teacher") for one in page.items))


def _teachings(session: Session, wanted: PageRequest) -> Page:
    page = paging.fetch(session, _TEACHINGS, [Teaching.section_id, Teaching.place], wanted, scalars=False)
    return _page(page, map(_teaching, page.items))


def _teaching(row: Row[Any]) -> dict[str, str]:
    section, instructor = row.section_key or row.section_id, row.instructor_key or row.instructor_id
    return {
        **oneroster.head(derived("teaching", section, instructor)),
        "classSourcedId": section,
        "schoolSourcedId": UNIVERSITY,
        "userSourcedId": instructor,
        "role": "teacher",
        "primary": "true" if row.place == 0 else "false",
    }


def _key(row: Any) -> str:
    return str(row.external_key or row.id)


def _page(page: Page, rows: Iterable[Mapping[str, str]]) -> Page:
    return Page(list(rows), page.next, page.total)
