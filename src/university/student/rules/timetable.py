"""A timetable: every concrete meeting of the sections taken, with the rule it comes from.

Concrete dates come from the course module, without rooms. The room is that of the meeting which fits the date, its
weekday as the term's calendar has it and its week; a section whose meetings differ in time needs none of that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from university.student.rules.record import NamedCourse, NamedTerm

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARITIES = ("odd", "even")
Meeting = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The first day of a term and the days that run differently, as the course module tells them."""

    starts_on: date
    changes: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class TakenSection:
    """A section in a timetable: its meetings as rules, and the dates, starts and ends they come to."""

    id: str
    number: str
    component: str
    enrollment_id: str
    status: str
    course: NamedCourse
    term: NamedTerm
    meetings: Sequence[Meeting]
    dates: Sequence[Sequence[str]]
    calendar: Calendar | None
    changed_at: datetime | None = None
    """When the enrollment last changed."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One concrete meeting."""

    date: date
    start: str
    end: str
    room: str | None
    component: str
    course: NamedCourse
    section_id: str
    section_number: str
    enrollment_id: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """The sections taken with their weekly rules, and all their concrete meetings in order."""

    sections: Sequence[TakenSection]
    occurrences: Sequence[Occurrence]


def timetable(sections: Sequence[TakenSection]) -> Timetable:
    """Return the timetable of the sections, by date, start and course."""
    found = (occurrence for section in sections for occurrence in _of_one(section))
    order = sorted(found, key=lambda one: (one.date, one.start, one.course.code or "", one.section_number))
    return Timetable(sections, order)


def meeting_on(day: date, start: str, end: str, meetings: Iterable[Meeting], calendar: Calendar | None) -> Meeting:
    """Return the meeting that takes place then; an empty one when none of them can be meant."""
    timely = [meeting for meeting in meetings if (meeting.get("start"), meeting.get("end")) == (start, end)]
    if len(timely) < 2:  # noqa: PLR2004 - nothing to choose between
        return timely[0] if timely else {}
    listed = [meeting for meeting in timely if day.isoformat() in (meeting.get("dates") or ())]
    return (listed or _regular(day, start, timely, calendar) or timely)[0]


def _of_one(section: TakenSection) -> Iterable[Occurrence]:
    for told, start, end, *_ in section.dates:
        day = date.fromisoformat(told)
        meeting = meeting_on(day, start, end, section.meetings, section.calendar)
        yield Occurrence(
            date=day,
            start=start,
            end=end,
            room=meeting.get("room") or None,
            component=meeting.get("component") or section.component,
            course=section.course,
            section_id=section.id,
            section_number=section.number,
            enrollment_id=section.enrollment_id,
        )


def _regular(day: date, start: str, meetings: Sequence[Meeting], calendar: Calendar | None) -> list[Meeting]:
    """Return the meetings of the weekday that the day runs as, those of its week first."""
    weekday, parity = _WEEKDAYS[day.weekday()], None
    week = _week(day, calendar.starts_on) if calendar else None
    change = calendar.changes.get(day.isoformat(), {}) if calendar else {}
    if change.get("runs_as") and start >= (change.get("from") or "00:00"):
        weekday, parity = change["runs_as"], change.get("parity")
    due = [meeting for meeting in meetings if weekday in (meeting.get("days") or ())]
    return sorted(due, key=lambda meeting: not _in_week(meeting.get("weeks") or "all", week, parity))


def _week(day: date, starts_on: date) -> int:
    """Count weeks from Monday to Sunday; the first holds the term's first day."""
    monday = starts_on - timedelta(days=starts_on.weekday())
    return (day - monday).days // 7 + 1


def _in_week(weeks: str, week: int | None, parity: str | None) -> bool:
    if weeks == "all" or week is None:
        return True
    if weeks in _PARITIES:
        return weeks == (parity or _PARITIES[(week - 1) % 2])
    ranges = (part.partition("-") for part in weeks.replace(" ", "").split(","))
    return any(int(first) <= week <= int(last or first) for first, _, last in ranges)
