"""Meetings and calendars as JSON: read with every fault at once, and written."""

import re
from datetime import date

from university.course.rules.calendar import PARITIES, WEEKDAYS, Meeting, Substitution, Term, listed_weeks, weeks_of
from university.course.rules.faults import Fault, Faulty
from university.course.rules.json_fields import Fields, objects, to_date, to_one_of, to_time

_MEETING = frozenset({"component", "days", "start", "end", "room", "weeks", "dates"})
_SUBSTITUTION = frozenset({"date", "runs_as", "parity", "from", "off"})

_WEEKS = re.compile(r"[1-9][0-9]?(-[1-9][0-9]?)?(,[1-9][0-9]?(-[1-9][0-9]?)?)*")

_to_weekday = to_one_of(WEEKDAYS)
_to_parity = to_one_of(PARITIES)


def read_meetings(told: object, term: Term, path: str = "meetings") -> tuple[Meeting, ...]:
    """The meetings of a section in a term; raises Faulty with every fault, each with its field under `path`."""
    faults: list[Fault] = []
    meetings = [_read_meeting(fields, term) for fields in objects(told, path, _MEETING, faults)]
    if faults:
        raise Faulty(faults)
    return tuple(meetings)


def read_calendar(told: object, starts_on: date, ends_on: date, path: str = "calendar") -> tuple[Substitution, ...]:
    """The substitutions of a term with these first and last days; raises Faulty as `read_meetings` does."""
    faults: list[Fault] = []
    term = Term(starts_on, ends_on)
    read: dict[date, Substitution] = {}
    for fields in objects(told, path, _SUBSTITUTION, faults):
        substitution = _read_substitution(fields, term)
        if substitution and substitution.date in read:
            fields.fault("date", "repeated")
        elif substitution:
            read[substitution.date] = substitution
    if faults:
        raise Faulty(faults)
    return tuple(sorted(read.values(), key=lambda substitution: substitution.date))


def meeting_to_dict(meeting: Meeting) -> dict[str, object]:
    """The meeting as `read_meetings` reads it."""
    when: dict[str, object] = {"days": list(meeting.days), "weeks": meeting.weeks}
    if meeting.dates:
        when = {"dates": [day.isoformat() for day in meeting.dates]}
    return {
        "component": meeting.component,
        **when,
        "start": meeting.start and f"{meeting.start:%H:%M}",
        "end": meeting.end and f"{meeting.end:%H:%M}",
        "room": meeting.room,
    }


def substitution_to_dict(substitution: Substitution) -> dict[str, object]:
    """The substitution as `read_calendar` reads it."""
    day: dict[str, object] = {"date": substitution.date.isoformat()}
    if substitution.runs_as is None:
        return {**day, "off": True}
    day["runs_as"] = substitution.runs_as
    if substitution.parity is not None:
        day["parity"] = substitution.parity
    if substitution.since is not None:
        day["from"] = f"{substitution.since:%H:%M}"
    return day


def _read_meeting(fields: Fields, term: Term) -> Meeting:
    meeting = Meeting(
        component=fields.text("component"),
        days=fields.many("days", _to_weekday, "not-a-weekday"),
        start=fields.one("start", to_time, "not-a-time"),
        end=fields.one("end", to_time, "not-a-time"),
        room=fields.text("room"),
        weeks=fields.one("weeks", _to_weeks, "not-weeks") or "all",
        dates=fields.many("dates", to_date, "not-a-date"),
    )
    _check_times(fields, meeting)
    _check_days(fields, meeting, term)
    return meeting


def _check_times(fields: Fields, meeting: Meeting) -> None:
    if ("start" in fields) != ("end" in fields):
        fields.fault("end" if "start" in fields else "start", "lone-time")
    if meeting.start and meeting.end and meeting.end <= meeting.start:
        fields.fault("end", "end-not-after-start")


def _check_days(fields: Fields, meeting: Meeting, term: Term) -> None:
    if meeting.dates and (meeting.days or meeting.weeks != "all"):
        fields.fault("dates", "dates-or-days")
    if any(not term.starts_on <= day <= term.ends_on for day in meeting.dates):
        fields.fault("dates", "date-outside-term", first=term.starts_on, last=term.ends_on)
    if meeting.weeks not in {"all", *PARITIES} and max(listed_weeks(meeting.weeks)) > weeks_of(term):
        fields.fault("weeks", "weeks-outside-term", last=weeks_of(term))


def _to_weeks(told: object) -> str | None:
    if not isinstance(told, str) or told in {"all", *PARITIES}:
        return told if isinstance(told, str) else None
    weeks = told.replace(" ", "")
    return weeks if _WEEKS.fullmatch(weeks) and all(map(_is_forward, weeks.split(","))) else None


def _is_forward(weeks: str) -> bool:
    first, _, last = weeks.partition("-")
    return not last or int(first) <= int(last)


def _read_substitution(fields: Fields, term: Term) -> Substitution | None:
    day = fields.one("date", to_date, "not-a-date")
    if "date" not in fields:
        fields.fault("date", "not-a-date")
    elif day and not term.starts_on <= day <= term.ends_on:
        fields.fault("date", "date-outside-term", first=term.starts_on, last=term.ends_on)
    fields.one("off", lambda told: told is True or None, "not-true")
    runs_as = fields.one("runs_as", _to_weekday, "not-a-weekday")
    parity = fields.one("parity", _to_parity, "not-a-parity")
    since = fields.one("from", to_time, "not-a-time")
    _check_kind(fields)
    return Substitution(day, runs_as, parity, since) if day else None


def _check_kind(fields: Fields) -> None:
    if ("off" in fields) == ("runs_as" in fields):
        fields.fault("runs_as", "off-or-runs-as")
    for field in ("parity", "from"):
        if field in fields and "runs_as" not in fields:
            fields.fault(field, "needs-runs-as")
