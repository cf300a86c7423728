"""Questions and changes about the catalog's courses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from university.course.models import Course, Equivalence, Offering, Section
from university.course.repository.keys import as_id, chunks
from university.course.texts import code_words, found_by, words

IN_ORDER = (Course.code,)


def page_query(filters: Mapping[str, Any]) -> Select[Course]:
    """Return the question for courses that fit `q`, `department` and `level`."""
    query = select(Course)
    if filters.get("q", "").strip():
        query = query.where(says(Course.fold, filters["q"]))
    for column in (Course.department, Course.level):
        if column.key in filters:
            query = query.where(column == filters[column.key])
    return query


def says(fold: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a folded text has, for each word of a text, a word that starts so."""
    wanted = words(text)
    return and_(*(fold.contains(f" {word}") for word in wanted)) if wanted else false()


def folded(course: Course) -> str:
    """Return the words by which a course is found, each after a space."""
    found = code_words(course.code) | found_by(course.title, course.title_en or "")
    return "".join(f" {word}" for word in sorted(found))


def offered(course_ids: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a section belongs to one of the courses."""
    return Section.offering_id.in_(select(Offering.id).where(Offering.course_id.in_(course_ids)))


def rename_offerings(session: Session, course: Course) -> list[str]:
    """Let the offerings of a course be listed by its present code; return their ids."""
    renamed = update(Offering).where(Offering.course_id == course.id).values(sort_code=course.code)
    return list(session.scalars(renamed.returning(Offering.id)))


def brief(session: Session, column: InstrumentedAttribute[Any], names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the courses that have these values in a column, each in a few words, by the value."""
    told = (Course.id, Course.code, Course.title, Course.title_en, Course.ects, Course.external_key)
    found: dict[str, dict[str, Any]] = {}
    for some in chunks(list(dict.fromkeys(names))):
        rows = session.execute(select(*told).where(column.in_(some))).mappings()
        found |= {row[column.key]: dict(row) for row in rows}
    return found


def class_of(session: Session, course: Course) -> list[Course]:
    """Return the courses of a course's class, itself among them; none when it is in no class."""
    return members(session, [course.equivalence_id]) if course.equivalence_id else []


def members(session: Session, equivalence_ids: Sequence[str]) -> list[Course]:
    """Return the courses of classes, by code."""
    query = select(Course).where(Course.equivalence_id.in_(equivalence_ids))
    return list(session.scalars(query.order_by(Course.code)))


def classes_query(course: Course | None) -> Select[Equivalence]:
    """Return the question for classes, of a course only where one is given."""
    query = select(Equivalence)
    return query if course is None else query.where(Equivalence.id == course.equivalence_id)


def by_keys(session: Session, given: Sequence[str]) -> dict[str, Course]:
    """Return courses by the id or code that names them; locked, in the order of ids, until the transaction ends."""
    ids = [one for one in map(as_id, given) if one]
    codes = [one for one in given if one.isprintable()]
    named = Course.code.in_(codes) | Course.id.in_(ids) if ids else Course.code.in_(codes)
    found = session.scalars(select(Course).where(named).order_by(Course.id).with_for_update()).all()
    by_id = {course.id: course for course in found}
    by_code = {course.code: course for course in found}
    named_by = {key: by_id.get(key.lower()) or by_code.get(key) for key in given}
    return {key: course for key, course in named_by.items() if course is not None}
