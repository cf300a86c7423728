"""Whether there is a seat: open sections, room in the open seats or in a reserved pool that fits."""

from collections.abc import Iterator
from typing import Any

from university.enrollment.rules.case import Case, Remedy, Violation
from university.enrollment.rules.facts import Seats, SectionFacts


def section_open(case: Case) -> Iterator[Violation]:
    """Only open sections are registered for."""
    for section in case.wish:
        if section.status != "open":
            code = "section-canceled" if section.status == "canceled" else "section-closed"
            facts = {"course": section.course.code, "section": section.number}
            yield Violation(code, facts, _others(case, section), section.id)


def seat_left(case: Case) -> Iterator[Violation]:
    """There must be a seat; free seats that are reserved for others are told."""
    for section in case.wish:
        if section.status == "open" and not case.seats_of(section).room_for(case.standing):
            yield full(case, section)


def full(case: Case, section: SectionFacts) -> Violation:
    """Return what a student is told when a section has no seat for them."""
    seats = case.seats_of(section)
    facts: dict[str, Any] = {
        "course": section.course.code,
        "section": section.number,
        "capacity": seats.capacity,
        "taken": seats.taken,
        "reserved": _kept_for_others(seats),
    }
    return Violation("section-full", facts, _others(case, section), section.id)


def _kept_for_others(seats: Seats) -> list[dict[str, Any]]:
    return [
        {
            "free": pool.free,
            "program": list(pool.audience.program),
            "stage": list(pool.audience.stage),
            "group": list(pool.audience.group),
        }
        for pool in seats.pools
        if pool.free
    ]


def _others(case: Case, section: SectionFacts) -> tuple[Remedy, ...]:
    choose = [
        Remedy("choose-section", {"instead_of": section.id, "section_id": other.id, "section": other.number})
        for other in case.alternatives(section)
    ]
    return tuple(choose[:3]) or (case.leave_out(section),)
