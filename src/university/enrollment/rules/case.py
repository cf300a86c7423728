"""One request laid out for judgement: everything the rules look at, and what they answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from university.enrollment.rules.facts import (
    Attempt,
    Place,
    Policy,
    RequisiteAnswer,
    Seats,
    SectionFacts,
    Standing,
    Window,
)
from university.enrollment.rules.permits import FATAL, Permission

ACTIVE = frozenset({"enrolled", "waitlisted", "offered", "review"})
"""Statuses of an enrollment that stands."""
SEATED = frozenset({"enrolled", "review", "completed", "failed"})
"""Statuses that take a seat; an offered seat is held."""
PLACED = frozenset({"enrolled", "review"})
"""Statuses of who has a seat and is not done with the course."""
COUNTED = frozenset({"enrolled", "offered", "review"})
"""Statuses whose credits and times count in the term."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The smallest change that would satisfy a rule."""

    action: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Violation:
    """What a rule has against the request: its code, about what, and what would mend it.

    `fatal` stands in the way, a `warning` is only told, and `permitted` is what the permission named allows.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    section_id: str | None = None
    severity: str = FATAL
    permission_id: str | None = None


def forbidden(violations: Iterable[Violation]) -> bool:
    """Tell whether anything told stands in the way: warnings, and what a permission lifts, do not."""
    return any(violation.severity == FATAL for violation in violations)


@dataclass(frozen=True, slots=True)
class Case:
    """A student's wish for one bundle of sections, and all that bears on it.

    `schedule` are the student's other standing enrollments in the term, as they will be after the whole request.
    `siblings` are further sections of the same offerings, for remedies only. `item` is the wish's position in a request
    of several, in which it can be left out. Who `waits` takes a place in the queue where there is no seat. Of the wish,
    the sections `kept` are those in which the student has a seat already.
    """

    now: datetime
    today: date
    standing: Standing
    wish: tuple[SectionFacts, ...]
    requisites: tuple[RequisiteAnswer, ...] = ()
    schedule: tuple[Place, ...] = ()
    windows: tuple[Window, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    seats: Mapping[str, Seats] = field(default_factory=dict)
    siblings: tuple[SectionFacts, ...] = ()
    item: int | None = None
    waits: bool = False
    kept: frozenset[str] = frozenset()
    enrollment_id: str | None = None
    permissions: tuple[Permission, ...] = ()
    policy: Policy = field(default_factory=Policy)

    @property
    def ects(self) -> float:
        """Credits of the wish: each offering once."""
        return sum({section.offering.id: section.offering.ects for section in self.wish}.values())

    @property
    def earned(self) -> float:
        """Credits earned so far, each passed course once."""
        passed = {attempt.course: attempt.ects or 0.0 for attempt in self.attempts if attempt.passed}
        return sum(passed.values())

    @property
    def fresh(self) -> tuple[SectionFacts, ...]:
        """The sections of the wish in which the student has no seat yet."""
        return tuple(section for section in self.wish if section.id not in self.kept)

    def counted(self) -> Iterator[Place]:
        """Yield the enrollments whose credits and times count."""
        return (place for place in self.schedule if place.status in COUNTED)

    def seats_of(self, section: SectionFacts) -> Seats:
        """Return the ledger of a section; an unseen one is as empty as its capacity."""
        return self.seats.get(section.id, Seats(section.capacity))

    def has_room(self, section: SectionFacts) -> bool:
        """Tell whether the student could take a seat of the section now."""
        return section.status == "open" and self.seats_of(section).room_for(self.standing)

    def has_seats(self) -> bool:
        """Tell whether the student could take a seat of every section of the wish now."""
        return all(self.has_room(section) for section in self.fresh)

    def leave_out(self, section: SectionFacts) -> Remedy:
        """Return the change that does without a section: without its item where nothing sensible would be left."""
        needed = len(self.wish) == 1 or section.component in section.offering.required_components
        if self.item is not None and needed:
            return left_out(self.item, section.offering.id, section.course.code)
        return remove(section)

    def ask_permission(self, rule: str, section: SectionFacts | None = None, **facts: Any) -> Remedy:
        """Return what an office can do; `section_id`, `rules` and `asked_of` are what a consent request names."""
        about = section or next(iter(self.wish), None)
        asked = {"section_id": about.id if about else None, "rules": [rule], "asked_of": "registrar"}
        return Remedy("ask-permission", {"rule": rule, **facts, **asked})

    def alternatives(self, section: SectionFacts) -> list[SectionFacts]:
        """Return sections that could stand in for this one: same offering, component and parent, with room."""
        return [
            other
            for other in self.siblings
            if other.offering.id == section.offering.id
            and other.component == section.component
            and other.parent_id == section.parent_id
            and other.id not in {wished.id for wished in self.wish}
            and self.has_room(other)
        ]


def remove(section: SectionFacts) -> Remedy:
    """Return the change that takes a section out of the wish."""
    named = {"section_id": section.id, "section": section.number, "course": section.course.code}
    return Remedy("remove-section", {**named, "offering_id": section.offering.id})


def ask_consent(section: SectionFacts, rule: str, giver: str) -> Remedy:
    """Return what a consent would mend; `section_id`, `rules` and `asked_of` are what a request for it names."""
    asked = {"section_id": section.id, "rules": [rule], "asked_of": giver}
    return Remedy("ask-consent", {"from": giver, "course": section.course.code, **asked})


def left_out(item: int, offering_id: str | None, course: str) -> Remedy:
    """Return the change that takes an item out of the request."""
    return Remedy("remove-item", {"item": item, "offering_id": offering_id, "course": course})


def without(place: Place, **facts: Any) -> Remedy:
    """Return the change that takes a place out of the schedule: out of the request, or given back."""
    if place.item is not None:
        return left_out(place.item, place.offering_id, place.course)
    return Remedy("drop-enrollment", {"enrollment_id": place.enrollment_id, "course": place.course, **facts})
