"""Offerings and sections as people read them, many at once: with course, instructors and availability inside."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from university.course.models import Availability, Instructor, Offering, Section, Teaching
from university.course.repository.facts import offering_rows
from university.course.repository.keys import chunks

_OWN = (
    "grading_scale",
    "waitlist_policy",
    "required_components",
    "restrictions",
    "add_until",
    "drop_until",
    "withdraw_until",
    "add_weeks",
    "drop_weeks",
    "withdraw_weeks",
    "status",
)
_SECTION = (
    "id",
    "version",
    "offering_id",
    "number",
    "component",
    "parent_id",
    "status",
    "capacity",
    "waitlist_capacity",
    "language",
    "meetings",
    "reserved",
    "restrictions",
)
_SECTIONS = (
    select(
        *(getattr(Section, name) for name in _SECTION),
        Offering.status.label("offering_status"),
        Availability.taken,
        Availability.held,
        Availability.waiting,
    )
    .join(Availability)
    .join(Offering)
    .order_by(Section.offering_id, Section.number)
)


class Card(dict[str, Any]):
    """One thing as JSON, which knows its id and version."""

    @property
    def id(self) -> str:
        """The thing's id."""
        return str(self["id"])

    @property
    def version(self) -> int:
        """The thing's version."""
        return int(self["version"])


def offering_cards(session: Session, ids: Sequence[str]) -> list[Card]:
    """Return offerings in the order of the ids, sections inside by number."""
    inside: dict[str, list[Card]] = defaultdict(list)
    for some in chunks(ids):
        for card in _section_cards(session, Section.offering_id.in_(some)):
            inside[card["offering_id"]].append(card)
    found = {row.id: _offering(row, inside[row.id]) for row in offering_rows(session, ids)}
    return [found[one] for one in ids if one in found]


def section_cards(session: Session, ids: Sequence[str]) -> list[Card]:
    """Return sections in the order of the ids."""
    found = {card.id: card for some in chunks(ids) for card in _section_cards(session, Section.id.in_(some))}
    return [found[one] for one in ids if one in found]


def open_seats(row: Any) -> int | None:
    """Return how many could still come: None without a limit, none at all where section or offering is canceled."""
    if "canceled" in (row.status, row.offering_status):
        return 0
    return None if row.capacity is None else max(0, row.capacity - row.taken - row.held)


def plain(number: float | None) -> float | None:
    """Return a number as JSON writes it: whole where it is whole."""
    return int(number) if number is not None and number == int(number) else number


def _offering(row: Row[Any], sections: list[Card]) -> Card:
    return Card(
        id=row.id,
        version=row.version,
        course_id=row.course_id,
        term_id=row.term_id,
        course={
            "id": row.course_id,
            "code": row.code,
            "title": row.title,
            "title_en": row.title_en,
            "ects": plain(row.ects),
            "department": row.department,
            "level": row.level,
            "requisites": row.requisites,
        },
        term={"id": row.term_id, "code": row.term_code, "title": row.term_title},
        ects=plain(row.ects if row.own_ects is None else row.own_ects),
        **{name: getattr(row, name) for name in _OWN},
        sections=sections,
    )


def _section_cards(session: Session, condition: ColumnElement[bool]) -> list[Card]:
    rows = session.execute(_SECTIONS.where(condition)).all()
    teachers = _teachers(session, [row.id for row in rows])
    return [_section(row, teachers[row.id]) for row in rows]


def _section(row: Any, teachers: list[dict[str, str]]) -> Card:
    card = Card((name, getattr(row, name)) for name in _SECTION)
    card["instructors"] = teachers
    card["availability"] = {
        "capacity": row.capacity,
        "taken": row.taken,
        "held": row.held,
        "waiting": row.waiting,
        "open": open_seats(row),
    }
    return card


def _teachers(session: Session, section_ids: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Return each section's instructors in the order given."""
    told = (Instructor.id, Instructor.number, Instructor.given_name, Instructor.family_name)
    query = select(Teaching.section_id, *told).join(Instructor).order_by(Teaching.section_id, Teaching.place)
    teachers: dict[str, list[dict[str, str]]] = defaultdict(list)
    for some in chunks(list(section_ids)):
        for row in session.execute(query.where(Teaching.section_id.in_(some))).mappings():
            teachers[row["section_id"]].append({column.key: row[column.key] for column in told})
    return teachers
