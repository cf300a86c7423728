"""A concrete date finds the meeting it comes from: by time, then listed date, then weekday and week."""

from datetime import date
from typing import Any

import pytest

from university.student.rules.record import NamedCourse, NamedTerm
from university.student.rules.timetable import Calendar, TakenSection, meeting_on, timetable

WINTER = date(2026, 10, 1)
"""A Thursday, so that Monday 2026-10-05 opens week 2, which is even."""


def meeting(room: str, *days: str, weeks: str = "all", start: str = "10:15", **more: Any) -> dict[str, Any]:
    return {"days": list(days), "weeks": weeks, "start": start, "end": "11:45", "room": room, **more}


def room_on(day: str, meetings: list[dict[str, Any]], *changes: dict[str, Any], start: str = "10:15") -> str | None:
    calendar = Calendar(WINTER, {change["date"]: change for change in changes})
    room: str | None = meeting_on(date.fromisoformat(day), start, "11:45", meetings, calendar).get("room")
    return room


def test_the_time_alone_tells_when_it_can() -> None:
    meetings = [meeting("early", "mon", start="08:00"), meeting("late", "mon")]

    assert room_on("2026-10-07", meetings) == "late"
    assert room_on("2026-10-05", meetings, start="08:00") == "early"
    assert room_on("2026-10-05", meetings, start="09:00") is None


def test_the_weekday_tells_between_meetings_of_one_time() -> None:
    meetings = [meeting("on monday", "mon", "tue"), meeting("on thursday", "thu")]

    assert [room_on(f"2026-10-0{day}", meetings) for day in (5, 6, 8)] == ["on monday", "on monday", "on thursday"]


@pytest.mark.parametrize(("day", "room"), [("2026-10-05", "even"), ("2026-10-12", "odd"), ("2026-10-19", "even")])
def test_odd_and_even_weeks_are_counted_from_the_terms_first_week(day: str, room: str) -> None:
    assert room_on(day, [meeting("odd", "mon", weeks="odd"), meeting("even", "mon", weeks="even")]) == room


def test_listed_weeks_are_told_apart() -> None:
    meetings = [meeting("later", "mon", weeks="4-7, 9"), meeting("first", "mon", weeks="1-3,8")]

    days = ("2026-10-05", "2026-10-19", "2026-11-16", "2026-11-23")
    assert [room_on(day, meetings) for day in days] == ["first", "later", "first", "later"]


def test_a_listed_date_goes_before_every_weekday() -> None:
    meetings = [meeting("weekly", "mon"), {"dates": ["2026-10-12"], "start": "10:15", "end": "11:45", "room": "once"}]

    assert room_on("2026-10-05", meetings) == "weekly"
    assert room_on("2026-10-12", meetings) == "once"


def test_a_day_that_runs_as_another_has_the_other_days_rooms() -> None:
    meetings = [meeting("thursday", "thu"), meeting("monday", "mon")]
    change = {"date": "2026-10-08", "runs_as": "mon"}

    assert room_on("2026-10-08", meetings) == "thursday"
    assert room_on("2026-10-08", meetings, change) == "monday"
    assert room_on("2026-10-08", meetings, {**change, "from": "10:15"}) == "monday"
    assert room_on("2026-10-08", meetings, {**change, "from": "10:16"}) == "thursday"


def test_a_day_that_runs_as_another_may_have_another_parity() -> None:
    meetings = [meeting("odd", "mon", weeks="odd"), meeting("even", "mon", weeks="even")]
    change = {"date": "2026-10-08", "runs_as": "mon"}

    assert room_on("2026-10-08", meetings, change) == "even"
    assert room_on("2026-10-08", meetings, {**change, "parity": "odd"}) == "odd"


def test_without_a_calendar_the_weekday_still_tells() -> None:
    meetings = [meeting("thursday", "thu"), meeting("monday", "mon", weeks="odd")]

    assert meeting_on(date(2026, 10, 5), "10:15", "11:45", meetings, None)["room"] == "monday"


def section(number: str, meetings: list[dict[str, Any]], *dates: list[str]) -> TakenSection:
    course, term = NamedCourse("c", f"C{number}"), NamedTerm("t")
    calendar = Calendar(WINTER, {})
    return TakenSection(number, number, "exercise", "e", "enrolled", course, term, meetings, list(dates), calendar)


def test_a_timetable_is_in_order_of_date_start_and_course() -> None:
    first = section("1", [meeting("a", "mon")], ["2026-10-05", "10:15", "11:45"], ["2026-10-12", "10:15", "11:45"])
    second = section("2", [meeting("b", "mon")], ["2026-10-05", "10:15", "11:45"], ["2026-10-05", "08:00", "09:30"])

    occurrences = timetable([second, first]).occurrences

    assert [(one.date.day, one.start, one.section_id) for one in occurrences] == [
        (5, "08:00", "2"),
        (5, "10:15", "1"),
        (5, "10:15", "2"),
        (12, "10:15", "1"),
    ]
    assert {one.component for one in occurrences} == {"exercise"}


def test_a_section_without_a_time_is_in_the_timetable_but_never_meets() -> None:
    untimed = section("1", [{"component": "project", "days": [], "start": None, "end": None, "room": None}])

    assert timetable([untimed]).sections == [untimed]
    assert timetable([untimed]).occurrences == []
