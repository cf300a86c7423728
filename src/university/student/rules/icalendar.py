"""A calendar as other programs read it (iCalendar, RFC 5545): concrete events in local time, and the time zone."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONGEST = 75
"""Octets of a line; what is longer goes on in the next one, after a space."""
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that takes place; `starts_at` and `ends_at` are what the clock on the wall shows."""

    uid: str
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str | None
    description: str


def written(name: str, events: Sequence[Event], zone: ZoneInfo, *, year: int) -> str:
    """Return a calendar with a name; its time zone covers the year and those of the events."""
    years = {year, *(event.starts_at.year for event in events)}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//University//Timetable//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *_zone(zone, min(years), max(years)),
        *(line for event in events for line in _event(event, zone)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """Return a text as a value: what would end it or the line is escaped, other control characters are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Yield the lines that a long one becomes; no character is torn apart."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part


def _event(event: Event, zone: ZoneInfo) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{_moment(event.changed_at.astimezone(UTC))}Z"
    yield f"DTSTART;TZID={zone.key}:{_moment(event.starts_at)}"
    yield f"DTEND;TZID={zone.key}:{_moment(event.ends_at)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.location:
        yield f"LOCATION:{escaped(event.location)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield "END:VEVENT"


@lru_cache(maxsize=64)
def _zone(zone: ZoneInfo, first: int, last: int) -> tuple[str, ...]:
    """Return the time zone with each change of its clocks from the year before the first one on."""
    since = datetime(first - 1, 1, 1, tzinfo=UTC)
    changes = _changes(zone, since, datetime(last + 1, 1, 1, tzinfo=UTC))
    observed = (line for moment in [since, *changes] for line in _observance(zone, moment))
    return ("BEGIN:VTIMEZONE", f"TZID:{zone.key}", *observed, "END:VTIMEZONE")


def _observance(zone: ZoneInfo, moment: datetime) -> Iterator[str]:
    """Yield the time that is kept from a moment on; it begins when the clocks still show the time before."""
    after, before = moment.astimezone(zone), (moment - _SECOND).astimezone(zone).utcoffset() or timedelta()
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{_moment(moment.replace(tzinfo=None) + before)}"
    yield f"TZOFFSETFROM:{_offset(before)}"
    yield f"TZOFFSETTO:{_offset(after.utcoffset() or timedelta())}"
    yield f"TZNAME:{after.tzname()}"
    yield f"END:{kind}"


def _changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterable[datetime]:
    """Yield the moments, to the second, from which the clocks of a zone show another time."""
    while since < until:
        following = since + _DAY
        if since.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _change_between(zone, since, following)
        since = following


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    kept = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == kept:
            before = middle
        else:
            after = middle
    return after


def _moment(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _offset(offset: timedelta) -> str:
    sign, minutes = "-" if offset < timedelta() else "+", abs(offset) // timedelta(minutes=1)
    return f"{sign}{minutes // 60:02d}{minutes % 60:02d}"
