"""A calendar is read by another program as it was meant, whatever the texts hold and whenever the clocks change."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st
from icalendar import Calendar

from university.student.rules.icalendar import LONGEST, Event, escaped, folded, written

WARSAW = ZoneInfo("Europe/Warsaw")
CHANGED = datetime(2026, 9, 20, 8, tzinfo=UTC)


def event(starts_at: datetime = datetime(2026, 10, 12, 8), **more: str) -> Event:  # noqa: DTZ001 - on the wall
    texts = {"summary": "Analiza", "location": "B-150", "description": "MATH-101", **more}
    return Event("1@university", CHANGED, starts_at, starts_at + timedelta(minutes=90), **texts)


def read(*events: Event, zone: ZoneInfo = WARSAW, year: int = 2026) -> Any:
    return Calendar.from_ical(written("Plan", events, zone, year=year))


def test_an_event_says_what_where_and_when() -> None:
    (found,) = read(event()).events

    assert (found["UID"], found["SUMMARY"], found["LOCATION"]) == ("1@university", "Analiza", "B-150")
    assert found["DTSTART"].params["TZID"] == "Europe/Warsaw"
    assert found.start == datetime(2026, 10, 12, 8, tzinfo=WARSAW)
    assert found.end == datetime(2026, 10, 12, 9, 30, tzinfo=WARSAW)
    assert found["DTSTAMP"].dt == CHANGED


@pytest.mark.parametrize(
    ("day", "offset"),
    [("2026-10-24", 2), ("2026-10-25", 1), ("2027-03-27", 1), ("2027-03-28", 2), ("2027-10-30", 2), ("2027-11-01", 1)],
)
def test_the_hour_on_the_wall_stays_when_the_clocks_change(day: str, offset: int) -> None:
    calendar = read(event(datetime.fromisoformat(f"{day}T10:15")))
    (zone,) = calendar.timezones

    # By the rules that the calendar brings along, not by those that the reader knows.
    told = zone.to_tz(lookup_tzid=False)
    start = calendar.events[0].start.replace(tzinfo=told)
    assert start.astimezone(UTC) == datetime.fromisoformat(f"{day}T10:15").replace(tzinfo=UTC) - timedelta(hours=offset)


@pytest.mark.parametrize("name", ["Europe/Warsaw", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_a_zone_is_told_as_it_is_for_every_day_of_its_years(name: str) -> None:
    zone = ZoneInfo(name)
    (told,) = read(event(datetime(2025, 1, 7, 8)), event(datetime(2027, 6, 7, 8)), zone=zone).timezones  # noqa: DTZ001

    kept = told.to_tz(lookup_tzid=False)
    days = [datetime(2025, 1, 1, 12) + timedelta(days=number) for number in range(3 * 365)]  # noqa: DTZ001
    assert [day.replace(tzinfo=kept).utcoffset() for day in days] == [
        day.replace(tzinfo=zone).utcoffset() for day in days
    ]


def test_a_calendar_of_nothing_is_one() -> None:
    calendar = read()

    assert (calendar.events, calendar["X-WR-CALNAME"]) == ([], "Plan")


@pytest.mark.parametrize(
    "text",
    [
        "a, b; c: d",
        'back\\slash, \\n and "quotes"',
        "two\nlines\r\nand a third\rone",
        "zażółć gęślą jaźń " * 9,
        "😀" * 40,
        "👩🏽‍🎓 BEGIN:VEVENT\nEND:VCALENDAR",
        " spaces at both ends ",
    ],
)
def test_any_text_comes_back(text: str) -> None:
    (found,) = read(event(summary=text, location=text, description=text)).events

    meant = text.replace("\r\n", "\n").replace("\r", "\n")
    assert [str(found[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")] == [meant] * 3


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from(",;:\\\n\"'😀ż"), min_size=1)
)
def test_whatever_text_comes_back(text: str) -> None:
    (found,) = read(event(summary=text)).events

    assert str(found["SUMMARY"]) == text


def test_control_characters_are_left_out() -> None:
    assert escaped("a\0b\x1b\x85c\td\ud800") == "abcd"


def test_no_line_is_longer_than_it_may_be_and_no_character_is_torn() -> None:
    told = written("Plan", [event(summary="ą😀" * 60)], WARSAW, year=2026)

    assert all(len(line.encode()) <= LONGEST for line in told.split("\r\n"))
    assert "\n" not in told.replace("\r\n", "")
    parts = list(folded("ą😀" * 60))
    assert len(parts) > 1
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == "ą😀" * 60
