"""Questions and changes about sections."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from university.course.models import Availability, Instructor, Section, Slot, Teaching
from university.course.repository.keys import as_id
from university.course.repository.timing import slots

IN_ORDER = (Section.offering_id, Section.number)
_FILTERS = {
    "offering_id": Section.offering_id,
    "term_id": Section.term_id,
    "component": Section.component,
    "status": Section.status,
}


def page_query(filters: Mapping[str, Any]) -> Any:
    """Return the question for sections that fit."""
    query = select(Section.id, Section.offering_id, Section.number)
    for name in filters.keys() & _FILTERS.keys():
        query = query.where(_FILTERS[name] == filters[name])
    if "instructor_id" in filters:
        query = query.join(Teaching).where(Teaching.instructor_id == filters["instructor_id"])
    return query


def siblings(session: Session, offering_id: str) -> dict[str, str | None]:
    """Return the parent of each section of an offering by the section's id."""
    pairs = session.execute(select(Section.id, Section.parent_id).where(Section.offering_id == offering_id))
    return {row.id: row.parent_id for row in pairs}


def ids_by_key(session: Session, external_keys: Sequence[str]) -> dict[str, str]:
    """Return the ids of sections by their external keys."""
    pairs = select(Section.external_key, Section.id).where(Section.external_key.in_(external_keys))
    return {str(row.external_key): row.id for row in session.execute(pairs)}


def instructor_ids(session: Session, names: Sequence[str]) -> dict[str, str]:
    """Return the ids of instructors by the id or number that names them."""
    ids = [one for one in map(as_id, names) if one]
    numbers = [name for name in names if name.isprintable()]
    rows = session.execute(
        select(Instructor.id, Instructor.number).where(Instructor.id.in_(ids) | Instructor.number.in_(numbers))
    ).all()
    by_id, by_number = {row.id: row.id for row in rows}, {row.number: row.id for row in rows}
    found = {name: by_id.get(name.lower()) or by_number.get(name) for name in names}
    return {name: one for name, one in found.items() if one}


def teachers(session: Session, section_id: str) -> list[str]:
    """Return the ids of a section's instructors in the order given."""
    query = select(Teaching.instructor_id).where(Teaching.section_id == section_id).order_by(Teaching.place)
    return list(session.scalars(query))


def set_teachers(session: Session, section_id: str, instructors: Sequence[str]) -> None:
    """Let a section be taught by these."""
    session.execute(delete(Teaching).where(Teaching.section_id == section_id))
    if instructors:
        rows = enumerate(instructors)
        session.execute(
            insert(Teaching), [{"section_id": section_id, "instructor_id": one, "place": at} for at, one in rows]
        )


def set_slots(session: Session, section: Section) -> None:
    """Write when a section meets, for the search."""
    session.execute(delete(Slot).where(Slot.section_id == section.id))
    if rows := slot_rows(section.id, section.meetings):
        session.execute(insert(Slot), rows)


def slot_rows(section_id: str, meetings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a section's slots."""
    return [
        {"section_id": section_id, "place": at, "day": day, "start": start, "end": end}
        for at, (day, start, end) in enumerate(slots(meetings))
    ]


def open_counts(session: Session, section: Section) -> None:
    """Begin to count the seats of a new section."""
    session.add(Availability(section_id=section.id, term_id=section.term_id))
    session.flush()


def recount(session: Session, condition: ColumnElement[bool]) -> None:
    """Let the next version of the availability tell the sections that meet a condition anew."""
    inside = select(Section.id).where(condition)
    session.execute(update(Availability).where(Availability.section_id.in_(inside)).values(dirty=True))


def below(session: Session, section_ids: Sequence[str]) -> list[Section]:
    """Return the sections that stand below these, in order of id, kept from others until the transaction ends."""
    query = select(Section).where(Section.parent_id.in_(section_ids)).order_by(Section.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))
