"""What registration is tried on: a few small courses that compete for hours and credits, and students who want them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.campus import Campus, meeting

TERM, EARLIER = "2027L", "2026Z"
MAX_ECTS, MAX_WAITING_ECTS, ECTS = 20, 10, 5
STUDENTS = 5
PROGRAMS = ("INF", "MAT")
LECTURE, LABORATORY = "lecture", "laboratory"

WISHES: dict[str, tuple[str, ...]] = {
    "lone seat": ("A",),
    "offered seats": ("B",),
    "with laboratory 1": ("C", "C1"),
    "with laboratory 2": ("C", "C2"),
    "group 1": ("D1",),
    "group 2": ("D2",),
    "shared seats": ("X",),
    "the other code": ("Y",),
    "after the first": ("E",),
    "by consent": ("G",),
    "incomplete": ("C",),
}
"""What a student may ask for, as the names of its sections."""
HOURS = {"A": "mon", "B": "tue", "C": "wed", "C1": "thu", "C2": "mon", "D1": "mon", "D2": "fri"}
"""The day of each section's one hour: two on the same day clash. Those not named meet at no fixed time."""


@dataclass(frozen=True)
class Scenery:
    """The made things by name, and what the invariants need to know of them."""

    term: str
    sections: dict[str, str]
    students: list[str]
    windows: list[str]
    teacher: str
    rows: dict[str, str] = field(default_factory=dict)
    """In whose row of the ledger a section's seats are counted, where it is another's."""
    offerings: dict[str, str] = field(default_factory=dict)

    def wish(self, name: str) -> list[str]:
        """Return the ids of the sections that a wish is for."""
        return [self.sections[one] for one in WISHES[name]]

    def name(self, section_id: str) -> str:
        """Return what a section is called here."""
        return next(name for name, one in self.sections.items() if one == section_id)

    def row(self, section_id: str) -> str:
        """Return the section in whose row of the ledger a seat is counted."""
        return self.rows.get(section_id, section_id)


def made(campus: Campus) -> Scenery:
    """Make everything through the modules' public APIs."""
    today = datetime.now(UTC).date()
    days = {"add_until": 12, "drop_until": 4, "withdraw_until": 20}
    deadlines = {name: str(today + timedelta(days=number)) for name, number in days.items()}
    dates = {"starts_on": str(today), "ends_on": str(today + timedelta(days=120))}
    term = campus.term(TERM, max_ects=MAX_ECTS, **dates, **deadlines)["id"]
    limits = {"severities": {}, "max_waiting_ects": MAX_WAITING_ECTS, "offer_hours": 24}
    kept = campus.house.call("enrollment", "PUT", f"/registration-policies/{TERM}", limits, headers={"If-Match": "*"})
    assert kept.status == 200, kept.body
    windows = [_window(campus, "First", -1, 30), _window(campus, "Second", 48, 400)]
    named = {"number": "P1", "given_name": "Ewa", "family_name": "Lis"}
    teacher = campus.made("course", "/instructors", named)["id"]
    sections, offerings = _sections(campus, teacher)
    students = [campus.student(program=PROGRAMS[n % 2]) for n in range(STUDENTS)]
    return Scenery(term, sections, students, windows, teacher, {sections["Y"]: sections["X"]}, offerings)


def _window(campus: Campus, name: str, opens: int, closes: int) -> str:
    """Make a window by its hours from now."""
    now = datetime.now(UTC)
    moments = {"opens_at": opens, "closes_at": closes}
    facts = {field: (now + timedelta(hours=hours)).isoformat() for field, hours in moments.items()}
    made_: str = campus.window(name=name, **facts)["id"]
    return made_


def _sections(campus: Campus, teacher: str) -> tuple[dict[str, str], dict[str, str]]:
    """Make the sections; return them and their offerings by name."""

    def section(name: str, code: str, capacity: int, **facts: Any) -> str:
        day = [meeting(HOURS[name], "10:00", "11:30")] if name in HOURS else []
        seats = {} if "shares_seats_with" in facts else {"capacity": capacity}
        wanted = {"offering_id": campus.offering(code)["id"], "number": name, "component": LECTURE, "meetings": day}
        made_: str = campus.made("course", "/sections", {**wanted, "instructors": [teacher], **seats, **facts})["id"]
        return made_

    campus.course("FIRST")
    campus.course("AFTER", requisites="FIRST CONCURRENT")
    campus.offering("OFFERED", waitlist_policy="offer")
    campus.offering("GROUPS", waitlist_policy="offer")
    campus.offering("BUNDLE", required_components=[LECTURE, LABORATORY])
    host = campus.offering("HOST")["id"]
    campus.offering("GUEST", cross_listed_with=host)
    reserved = [{"seats": 1, "program": ["INF"], "stage": [], "group": [], "until": None}]
    sections = {
        "A": section("A", "FIRST", 1),
        "B": section("B", "OFFERED", 1),
        "C": section("C", "BUNDLE", 3),
        "C1": section("C1", "BUNDLE", 1, component=LABORATORY),
        "C2": section("C2", "BUNDLE", 2, component=LABORATORY),
        "D1": section("D1", "GROUPS", 1),
        "D2": section("D2", "GROUPS", 2, reserved=reserved),
        "X": section("X", "HOST", 2),
        "E": section("E", "AFTER", 1),
        "G": section("G", "CONSENT", 1, restrictions=[{"consent": "instructor"}]),
    }
    sections["Y"] = section("Y", "GUEST", 0, shares_seats_with=sections["X"])
    codes = {"A": "FIRST", "B": "OFFERED", "C": "BUNDLE", "D": "GROUPS", "X": "HOST", "Y": "GUEST", "E": "AFTER"}
    return sections, {name: campus.offering(codes.get(name[0], "CONSENT"))["id"] for name in sections}
