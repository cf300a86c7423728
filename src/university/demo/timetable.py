"""The shape of the teaching week: when a class of each form can meet, and in which room.

A week is a bit mask: five days of seven double hours, each with a bit for odd and one for even weeks, so that two
classes collide exactly when their masks share a bit.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from university.demo.terms import DAY, WEEK, WEEKDAYS, Term

STARTS = ("08:00", "09:45", "11:30", "13:15", "15:00", "16:45", "18:30")
ENDS = ("09:30", "11:15", "13:00", "14:45", "16:30", "18:15", "20:00")
DAY_PAIRS = ((0, 2), (1, 3), (2, 4), (0, 3), (1, 4))
# Where a class of two double hours begins, so that a day can be divided at these hours.
LONG_STARTS = (0, 2, 4)
LISTED_WEEKS = ("1-8", "8-15", "1-7,9")
ODD, EVEN, EVERY = 1, 2, 3
# Beyond the bits of the week: Saturdays in the field, so that nobody leads two groups there.
SATURDAY = 1 << 70
# Halls by seats; smaller classes meet in rooms and laboratories.
HALLS = (60, 120, 180, 240, 320)
LARGEST_ROOM = 30

Meeting = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """How a component is taught: its name, the letter of its groups, and the seats of one group."""

    component: str
    letter: str
    seats: int


FORMS = {
    "W": Form("lecture", "W", 240),
    "WW": Form("lecture", "W", 240),
    "O": Form("lecture", "W", 0),
    "C": Form("exercise", "C", 30),
    "L": Form("laboratory", "L", 16),
    "B": Form("laboratory", "L", 16),
    "S": Form("seminar", "S", 18),
    "K": Form("seminar", "K", 24),
    "J": Form("exercise", "J", 20),
    "A": Form("practicum", "A", 25),
    "P": Form("project", "P", 12),
    "F": Form("fieldwork", "T", 14),
}
LECTURES = {"W", "WW"}
TIMELESS = {"O", "P"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a class meets: days or dates, from, to, in which weeks; `mask` are its bits of the week."""

    days: tuple[str, ...]
    start: str
    end: str
    weeks: str
    mask: int
    late: bool = False
    dates: tuple[str, ...] = ()

    def meeting(self, component: str, room: str) -> Meeting:
        """The meeting in the shape of the catalog."""
        shape: Meeting = {"component": component}
        if self.dates:
            shape["dates"] = list(self.dates)
        else:
            shape["days"] = list(self.days)
        shape |= {"start": self.start, "end": self.end, "room": room}
        return shape if self.dates else shape | {"weeks": self.weeks}


def _mask(days: Sequence[int], first: int, last: int, parity: int) -> int:
    slots = (day * 7 + hour for day in days for hour in range(first, last + 1))
    return sum(parity << (2 * slot) for slot in slots)


def _pattern(days: Sequence[int], first: int, last: int, weeks: str = "all") -> Pattern:
    parity = {"odd": ODD, "even": EVEN}.get(weeks, EVERY)
    names = tuple(WEEKDAYS[day] for day in days)
    late = last == 6 or (last > 4 and 4 in days)
    return Pattern(names, STARTS[first], ENDS[last], weeks, _mask(days, first, last, parity), late)


@cache
def patterns(form: str) -> tuple[Pattern, ...]:
    """Every way in which a class of that form can meet in the week; none for forms without time or outdoors."""
    days, hours = range(5), range(7)
    if form in {"WW", "J"}:
        return tuple(_pattern(pair, hour, hour) for pair in DAY_PAIRS for hour in hours)
    if form == "B":
        return tuple(
            _pattern([day], hour, hour + 1, weeks) for day in days for hour in LONG_STARTS for weeks in ("odd", "even")
        )
    if form == "K":
        return tuple(_pattern([day], hour, hour, weeks) for day in days for hour in hours for weeks in LISTED_WEEKS)
    return tuple(_pattern([day], hour, hour) for day in days for hour in hours)


def saturdays(term: Term, group: int) -> Pattern:
    """Two whole Saturdays near the end of the semester, later ones for later groups."""
    first = term.ends_on - (7 - group % 4) * WEEK
    saturday = first + (5 - first.weekday()) * DAY
    dates = (saturday.isoformat(), (saturday + 2 * WEEK).isoformat())
    return Pattern((), "09:00", "17:00", "", SATURDAY, dates=dates)


def best(form: str, forbidden: int, claimed: int, busy: int, rng: Random) -> Pattern:
    """The time that touches nothing forbidden, least of what is claimed by lectures, then least of what is busy."""
    options = patterns(form)
    start = rng.randrange(len(options))
    found, least = options[start], 10**9
    for option in (*options[start:], *options[:start]):
        mask = option.mask
        cost = 400 * (mask & forbidden).bit_count() + 20 * (mask & claimed).bit_count() + 4 * (mask & busy).bit_count()
        cost += option.late
        if cost < least:
            found, least = option, cost
        if not least:
            break
    return found


class Rooms:
    """The rooms of every building in one semester; one more is found when all are taken."""

    def __init__(self) -> None:
        self._taken: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)

    def book(self, building: str, component: str, seats: int, mask: int) -> str:
        """The name of a room that is free in these hours and large enough."""
        kind, size = _kind(component, seats)
        rooms = self._taken[building, kind, size]
        for index, taken in enumerate(rooms):
            if not taken & mask:
                rooms[index] |= mask
                return _room(building, kind, size, index)
        rooms.append(mask)
        return _room(building, kind, size, len(rooms) - 1)


def _kind(component: str, seats: int) -> tuple[str, int]:
    if component == "laboratory":
        return "lab.", 16
    if component == "practicum":
        return "sektor", 25
    if seats <= LARGEST_ROOM:
        return "s.", LARGEST_ROOM
    return "aula", next(size for size in HALLS if seats <= size)


def _room(building: str, kind: str, size: int, index: int) -> str:
    """Halls are counted within their size, rooms by floors."""
    if kind == "aula":
        return f"{building} aula {size // 60}{index + 1:02d}"
    if kind == "sektor":
        return f"{building} sektor {index + 1}"
    return f"{building} {kind} {100 * (index // 20 + (1 if kind == 's.' else 11)) + index % 20 + 1}"
