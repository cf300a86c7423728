"""Whether there is a seat: open sections, room in the open seats or in a reserved pool that fits."""

from collections.abc import Iterator
from typing import Any

from university.enrollment.rules.case import Case, Remedy, Violation, without
from university.enrollment.rules.facts import Seats, SectionFacts


def section_open(case: Case) -> Iterator[Violation]:
    """Only open sections are registered for; a place in one that was closed since is kept."""
    for section in case.wish:
        if section.status == "canceled" or (section.status != "open" and section.id not in case.kept):
            code = "section-canceled" if section.status == "canceled" else "section-closed"
            facts = {"course": section.course.code, "section": section.number}
            yield Violation(code, facts, _others(case, section), section.id)


def seat_left(case: Case) -> Iterator[Violation]:
    """There must be a seat, or a place in the queue for who waits; free seats that are reserved for others are told."""
    for section in case.fresh:
        if section.status != "open" or case.seats_of(section).room_for(case.standing):
            continue
        if not case.waits or _queue_is_full(case, section):
            yield full(case, section)


def within_waiting_limit(case: Case) -> Iterator[Violation]:
    """Credits waited for have a limit of their own."""
    limit = case.policy.max_waiting_ects
    if limit is None or not case.waits or case.has_seats():
        return
    current = sum(place.ects for place in case.schedule if place.status == "waitlisted")
    after = round(current + case.ects, 6)
    if after > limit:
        facts = {"limit": limit, "limited_by": "waitlist", "current": round(current, 6), "after": after}
        yield Violation("credit-limit", facts, _wait_for_less(case))


def full(case: Case, section: SectionFacts) -> Violation:
    """Return what a student is told when a section has no seat for them."""
    seats = case.seats_of(section)
    facts: dict[str, Any] = {
        "course": section.course.code,
        "section": section.number,
        "capacity": seats.capacity,
        "taken": seats.taken,
        "waiting": seats.waiting,
        "waitlist_capacity": section.waitlist_capacity,
        "reserved": _kept_for_others(seats),
    }
    wait = () if case.waits or _queue_is_full(case, section) else (_join(section, seats),)
    return Violation("section-full", facts, (*wait, *_others(case, section)), section.id)


def _queue_is_full(case: Case, section: SectionFacts) -> bool:
    return section.waitlist_capacity is not None and case.seats_of(section).waiting >= section.waitlist_capacity


def _join(section: SectionFacts, seats: Seats) -> Remedy:
    named = {"section_id": section.id, "section": section.number, "course": section.course.code}
    return Remedy("join-waitlist", {**named, "offering_id": section.offering.id, "waiting": seats.waiting})


def _wait_for_less(case: Case) -> tuple[Remedy, ...]:
    waited = sorted((place for place in case.schedule if place.status == "waitlisted"), key=lambda place: place.ects)
    return (
        *(without(place, ects=place.ects) for place in waited[:3]),
        case.ask_permission("credit-limit"),
    )


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
