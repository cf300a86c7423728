"""When a section meets: meetings stored as rules, made concrete by the term's calendar.

Week 1 is the Monday-to-Sunday week that holds the term's first day, and odd and even are counted from it. Nothing
takes place outside the term, nor on a day off. A day that runs as another has that weekday's meetings instead of its
own; from an hour on, its own meetings that start earlier stay. With a parity, that weekday's meetings take place as in
an odd or even week; meetings of listed weeks still go by the date's own week. A meeting's listed dates are somebody's
explicit wish: they take place on days off and on days that run as others too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARITIES = ("odd", "even")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A rule: weekdays in `weeks` (all, odd, even or such as 1-7,9), or listed dates; without a time it never is."""

    component: str = ""
    days: tuple[str, ...] = ()
    start: time | None = None
    end: time | None = None
    room: str = ""
    weeks: str = "all"
    dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Substitution:
    """A day that is off (`runs_as` None) or that runs as another weekday, from an hour on or as of another parity."""

    date: date
    runs_as: str | None = None
    parity: str | None = None
    since: time | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """The days between two dates, both included, and those that differ from their weekday."""

    starts_on: date
    ends_on: date
    substitutions: tuple[Substitution, ...] = ()


class Occurrence(NamedTuple):
    """One concrete meeting; sorts by date and time."""

    date: date
    start: time
    end: time
    room: str
    component: str


class _Slot(NamedTuple):
    """A date on which a weekday's meetings take place if they start in [since, until)."""

    date: date
    week: int
    parity: str
    since: time = time.min
    until: time = time.max


def occurrences(meetings: Iterable[Meeting], term: Term) -> tuple[Occurrence, ...]:
    """Every concrete meeting in the term, sorted."""
    return tuple(sorted(found for meeting in meetings for found in _of_one(meeting, term)))


def weeks_of(term: Term) -> int:
    """How many weeks the term has, counting its first and last even where they are not whole."""
    return _week(term, term.ends_on)


@lru_cache(maxsize=1_024)
def listed_weeks(weeks: str) -> frozenset[int]:
    """The numbers that a list such as "1-7,9" stands for."""
    ranges = (part.partition("-") for part in weeks.split(","))
    return frozenset(week for first, _, last in ranges for week in range(int(first), int(last or first) + 1))


def _week(term: Term, day: date) -> int:
    monday = term.starts_on - timedelta(days=term.starts_on.weekday())
    return (day - monday).days // 7 + 1


def _of_one(meeting: Meeting, term: Term) -> Iterator[Occurrence]:
    if meeting.start is None or meeting.end is None:
        return
    for day in _dates(meeting, meeting.start, term):
        yield Occurrence(day, meeting.start, meeting.end, meeting.room, meeting.component)


def _dates(meeting: Meeting, start: time, term: Term) -> Iterator[date]:
    if meeting.dates:
        yield from (day for day in meeting.dates if term.starts_on <= day <= term.ends_on)
        return
    plan = _plan(term)
    for weekday in meeting.days:
        for slot in plan.get(weekday, ()):
            if slot.since <= start < slot.until and _in_week(meeting.weeks, slot):
                yield slot.date


def _in_week(weeks: str, slot: _Slot) -> bool:
    if weeks == "all":
        return True
    return weeks == slot.parity if weeks in PARITIES else slot.week in listed_weeks(weeks)


@lru_cache(maxsize=64)
def _plan(term: Term) -> Mapping[str, tuple[_Slot, ...]]:
    """The slots of each weekday; a term's sections share them."""
    plan: dict[str, list[_Slot]] = {}
    changed = {substitution.date: substitution for substitution in term.substitutions}
    for offset in range((term.ends_on - term.starts_on).days + 1):
        day = term.starts_on + timedelta(days=offset)
        for weekday, slot in _runs(day, _week(term, day), changed.get(day)):
            plan.setdefault(weekday, []).append(slot)
    return {weekday: tuple(slots) for weekday, slots in plan.items()}


def _runs(day: date, week: int, change: Substitution | None) -> Iterator[tuple[str, _Slot]]:
    """The weekdays that a date runs as, and in which hours."""
    own, parity = WEEKDAYS[day.weekday()], PARITIES[(week - 1) % 2]
    if change is None:
        yield own, _Slot(day, week, parity)
    elif change.runs_as is not None:
        if change.since is not None:
            yield own, _Slot(day, week, parity, until=change.since)
        yield change.runs_as, _Slot(day, week, change.parity or parity, since=change.since or time.min)
