"""Offerings and sections as people read them, many at once: with course, instructors and availability inside."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from university.course.models import Availability, Course, Instructor, Offering, Section, Teaching, Term
from university.course.repository.reading import Lean, by_ids, decoded
from university.course.repository.sharing import together

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
    "cross_listed_with",
)
_SECTION = (
    "id",
    "version",
    "offering_id",
    "number",
    "component",
    "parent_id",
    "shares_seats_with",
    "status",
    "capacity",
    "waitlist_capacity",
    "language",
    "meetings",
    "reserved",
    "restrictions",
)
_INSTRUCTOR = ("id", "number", "given_name", "family_name")
_JSON = {"meetings", "reserved", "restrictions", "required_components"}
_OFFERING_ID, _SECTION_ID = Section.__table__.c.offering_id, Section.__table__.c.id


def _sections(lean: Lean) -> Select[Any]:
    told = (lean(Section.__table__.c[name]) for name in _SECTION)
    counts = (Availability.taken, Availability.held, Availability.waiting)
    query = select(*told, Offering.status.label("offering_status"), *counts).join(Availability).join(Offering)
    return query.order_by(Section.offering_id, Section.number)


def _offerings(lean: Lean) -> Select[Any]:
    own, course = Offering.__table__.c, Course.__table__.c
    ids = (lean(own[name]) for name in ("id", "course_id", "term_id"))
    told = (lean(own[name]) for name in (*_OWN, "version", "own_ects"))
    of_course = (course[name] for name in ("code", "title", "title_en", "ects", "department", "level", "requisites"))
    of_term = (Term.code.label("term_code"), Term.title.label("term_title"))
    return select(*ids, *told, *of_course, *of_term).join_from(Offering, Course).join(Term)


def _taught(lean: Lean) -> Select[Any]:
    own = lean(Teaching.__table__.c.section_id), lean(Instructor.__table__.c.id)
    told = (Instructor.number, Instructor.given_name, Instructor.family_name)
    query: Any = select(*own, *told).join_from(Teaching, Instructor)
    ordered: Select[Any] = query.order_by(Teaching.section_id, Teaching.place)
    return ordered


_read_sections, _read_their_sections = by_ids(_SECTION_ID, _sections), by_ids(_OFFERING_ID, _sections)
_read_offerings = by_ids(Offering.__table__.c.id, _offerings)
_read_teachers = by_ids(Teaching.__table__.c.section_id, _taught)
Json = Callable[[str], Any]


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


def offering_cards(session: Session, ids: Sequence[str], json: Json = decoded) -> list[Card]:
    """Return offerings in the order of the ids, sections inside by number; what is kept as JSON, made by `json`."""
    inside: dict[str, list[Card]] = defaultdict(list)
    for card in _section_cards(session, _read_their_sections(session, ids), json):
        inside[card["offering_id"]].append(card)
    found = {row.id: _offering(row, inside[row.id], json) for row in _read_offerings(session, ids)}
    return [found[one] for one in ids if one in found]


def section_cards(session: Session, ids: Sequence[str], json: Json = decoded) -> list[Card]:
    """Return sections in the order of the ids; what is kept as JSON, made by `json`."""
    found = {card.id: card for card in _section_cards(session, _read_sections(session, ids), json)}
    return [found[one] for one in ids if one in found]


def open_seats(row: Any, counts: Any) -> int | None:
    """Return how many could still come: None without a limit, none at all where section or offering is canceled."""
    if "canceled" in (row.status, row.offering_status):
        return 0
    return None if row.capacity is None else max(0, row.capacity - counts.taken - counts.held)


def plain(number: float | None) -> float | None:
    """Return a number as JSON writes it: whole where it is whole."""
    return int(number) if number is not None and number == int(number) else number


def _offering(row: Row[Any], sections: list[Card], json: Json) -> Card:
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
        **{name: json(getattr(row, name)) if name in _JSON else getattr(row, name) for name in _OWN},
        sections=sections,
    )


def _section_cards(session: Session, rows: Sequence[Row[Any]], json: Json) -> list[Card]:
    teachers = _teachers(session, [row.id for row in rows])
    shared = together(session, rows)
    return [_section(row, shared.get(row.id, row), teachers[row.id], json) for row in rows]


def _section(row: Any, counts: Any, teachers: list[dict[str, str]], json: Json) -> Card:
    card = Card(zip(_SECTION, row, strict=False))
    for name in ("meetings", "reserved", "restrictions"):
        card[name] = json(card[name])
    card["instructors"] = teachers
    card["availability"] = {
        "capacity": row.capacity,
        "taken": counts.taken,
        "held": counts.held,
        "waiting": counts.waiting,
        "open": open_seats(row, counts),
    }
    return card


def _teachers(session: Session, section_ids: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Return each section's instructors in the order given."""
    teachers: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _read_teachers(session, section_ids):
        teachers[row.section_id].append(dict(zip(_INSTRUCTOR, row[1:], strict=True)))
    return teachers
