"""Cases for the rules: a student to whom nothing is forbidden, to be changed one fact at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from university.enrollment.rules.case import Case, Remedy, Violation
from university.enrollment.rules.facts import (
    Attempt,
    Course,
    Deadlines,
    Offering,
    Place,
    RequisiteAnswer,
    Seats,
    SectionFacts,
    Standing,
    Term,
    Window,
)
from university.enrollment.rules.judgement import judge

NOW = datetime(2026, 9, 25, 10, tzinfo=UTC)
TODAY = NOW.date()
TERM = Term("term", "2026Z", "Semestr zimowy", date(2026, 10, 1), date(2027, 2, 10), max_ects=40)


def section(key: str, course: str = "MAT-101", **facts: Any) -> SectionFacts:
    """Return an open section of 30 seats on Mondays at ten; ids are readable words."""
    offering = Offering(f"offering-{course}", facts.pop("ects", 5.0), required_components=facts.pop("required", ()))
    defaults: dict[str, Any] = {
        "version": 1,
        "term": TERM,
        "course": Course(f"id-{course}", course, f"Title of {course}"),
        "offering": offering,
        "number": key,
        "component": "lecture",
        "status": "open",
        "deadlines": Deadlines(date(2026, 10, 14), date(2026, 10, 14), date(2026, 12, 1)),
        "capacity": 30,
        "occurrences": (("2026-10-05", "10:00", "11:30"), ("2026-10-12", "10:00", "11:30")),
    }
    return SectionFacts(id=key, **{**defaults, **facts})


def place(course: str, *sections: SectionFacts, ects: float = 5.0, status: str = "enrolled") -> Place:
    """Return a standing enrollment in a course."""
    return Place(f"enrollment-{course}", f"offering-{course}", f"id-{course}", course, status, ects, sections)


def window(**facts: Any) -> Window:
    """Return a window that is open now, for everybody."""
    opens, closes = datetime(2026, 9, 20, 8, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    return Window(**{"id": "window", "name": "Everybody", "opens_at": opens, "closes_at": closes, **facts})


def met(course: str = "MAT-101") -> RequisiteAnswer:
    """Return the judgement that nothing is missing."""
    return RequisiteAnswer(f"id-{course}", course, "MET")


def case(*wish: SectionFacts, **facts: Any) -> Case:
    """Return a case in which nothing is forbidden."""
    wished = wish or (section("L1"),)
    defaults: dict[str, Any] = {
        "now": NOW,
        "today": TODAY,
        "standing": Standing("ann", 1, "active", "INF", 2, "bachelor", ("group-a",)),
        "windows": (window(),),
        "requisites": (met(),),
        "seats": {one.id: Seats(one.capacity) for one in (*wished, *facts.get("siblings", ()))},
    }
    return Case(wish=wished, **{**defaults, **facts})


def codes(violations: list[Violation]) -> list[str]:
    return [violation.code for violation in violations]


def apply(one: Case, remedy: Remedy) -> Case:
    """Return the case as it is when the remedy was carried out."""
    params = remedy.params
    match remedy.action:
        case "become-active" | "lift-hold":
            return replace(one, standing=_mended(one.standing, remedy))
        case "wait-until":
            return replace(one, now=datetime.fromisoformat(params["at"]))
        case "drop-enrollment":
            others = tuple(place for place in one.schedule if place.enrollment_id != params["enrollment_id"])
            return replace(one, schedule=others)
        case "add-section":
            return replace(one, wish=(*one.wish, _sibling(one, params["section_id"])))
        case "choose-section":
            wish = tuple(s for s in one.wish if s.id != params["instead_of"])
            return replace(one, wish=(*wish, _sibling(one, params["section_id"])))
        case "join-waitlist":
            return replace(one, waits=True)
        case "remove-section":
            return replace(one, wish=tuple(s for s in one.wish if s.id != params["section_id"]))
        case "add-course" | "satisfy-requisites":
            return replace(one, requisites=tuple(met(answer.course) for answer in one.requisites))
        case action:
            raise AssertionError(f"nobody can carry out {action}")


def _mended(standing: Standing, remedy: Remedy) -> Standing:
    if remedy.action == "become-active":
        return replace(standing, status="active")
    return replace(standing, holds=tuple(hold for hold in standing.holds if hold.id != remedy.params["hold_id"]))


def _sibling(one: Case, section_id: str) -> SectionFacts:
    return next(sibling for sibling in one.siblings if sibling.id == section_id)


def passed(course: str, ects: float = 5.0) -> Attempt:
    return Attempt(f"id-{course}", course, passed=True, grade="4.0", ects=ects)


def failed(course: str) -> Attempt:
    return Attempt(f"id-{course}", course, passed=False, grade="2.0", ects=5.0)


__all__ = ["judge", "replace"]
