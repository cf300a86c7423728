"""Meetings become concrete dates by the term's calendar."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from university.course.rules.calendar import (
    WEEKDAYS,
    Meeting,
    Substitution,
    Term,
    listed_weeks,
    occurrences,
    weeks_of,
)

quick = settings(max_examples=100, deadline=None)

# Thursday of the first week to Sunday of the fourth: weeks 1 (Oct 1-4), 2 (5-11), 3 (12-18), 4 (19-25).
STARTS, ENDS = date(2026, 10, 1), date(2026, 10, 25)
TERM = Term(STARTS, ENDS)
MON_2, TUE_2, WED_2, THU_1, SAT_2 = (date(2026, 10, day) for day in (5, 6, 7, 1, 10))
MORNING, NOON, EVENING = time(8), time(12), time(18)


def meeting(days: str = "mon", start: time = MORNING, end: time = NOON, weeks: str = "all") -> Meeting:
    return Meeting("lecture", tuple(days.split()), start, end, "A-1", weeks)


def dates(meant: Meeting, *substitutions: Substitution) -> list[date]:
    return [found.date for found in occurrences([meant], Term(STARTS, ENDS, substitutions))]


def days_of_october(*days: int) -> list[date]:
    return [date(2026, 10, day) for day in days]


def test_an_occurrence_carries_what_a_timetable_shows() -> None:
    first, *_ = occurrences([meeting("thu")], TERM)

    assert first == (THU_1, MORNING, NOON, "A-1", "lecture")


@pytest.mark.parametrize(
    ("days", "weeks", "expected"),
    [
        ("mon", "all", [5, 12, 19]),
        ("thu", "all", [1, 8, 15, 22]),
        ("wed thu", "all", [1, 7, 8, 14, 15, 21, 22]),
        ("thu", "odd", [1, 15]),
        ("thu", "even", [8, 22]),
        ("mon", "odd", [12]),
        ("mon", "even", [5, 19]),
        ("mon", "1,4", [19]),
        ("thu", "1-2,4", [1, 8, 22]),
        ("sun", "4", [25]),
        ("sun", "all", [4, 11, 18, 25]),
    ],
)
def test_week_one_is_the_week_of_the_first_day(days: str, weeks: str, expected: list[int]) -> None:
    assert dates(meeting(days, weeks=weeks)) == days_of_october(*expected)


@pytest.mark.parametrize(
    ("starts", "ends", "weeks"),
    [
        (date(2026, 10, 5), date(2026, 10, 11), 1),
        (date(2026, 10, 5), date(2026, 10, 12), 2),
        (date(2026, 10, 4), date(2026, 10, 5), 2),
        (date(2026, 10, 4), date(2026, 10, 4), 1),
        (date(2027, 9, 23), date(2027, 12, 11), 12),
        (date(2026, 12, 31), date(2027, 1, 4), 2),
    ],
)
def test_a_term_counts_its_broken_weeks(starts: date, ends: date, weeks: int) -> None:
    assert weeks_of(Term(starts, ends)) == weeks


def test_listed_weeks_are_ranges_and_single_weeks() -> None:
    assert listed_weeks("1-3,7,9-9") == {1, 2, 3, 7, 9}


@pytest.mark.parametrize(
    "unset",
    [
        Meeting("lecture", ("mon",)),
        Meeting("lecture", (), MORNING, NOON),
        Meeting("lecture", ("mon",), MORNING, None),
        Meeting("lecture"),
        Meeting("exam", dates=(MON_2,)),
    ],
)
def test_a_meeting_without_a_day_or_a_time_never_occurs(unset: Meeting) -> None:
    assert occurrences([unset], TERM) == ()


def test_nothing_takes_place_on_a_day_off() -> None:
    assert dates(meeting("mon"), Substitution(MON_2)) == days_of_october(12, 19)


def test_a_day_that_runs_as_another_has_the_others_meetings_and_not_its_own() -> None:
    as_monday = Substitution(TUE_2, "mon")

    assert dates(meeting("mon"), as_monday) == days_of_october(5, 6, 12, 19)
    assert dates(meeting("tue"), as_monday) == days_of_october(13, 20)


def test_a_saturday_may_run_as_a_weekday() -> None:
    assert SAT_2 in dates(meeting("fri"), Substitution(SAT_2, "fri"))


@pytest.mark.parametrize(
    ("weeks", "parity", "happens"),
    [
        ("even", None, True),
        ("odd", None, False),
        ("even", "odd", False),
        ("odd", "odd", True),
        ("all", "odd", True),
        ("2", "odd", True),
        ("1", "odd", False),
    ],
)
def test_a_parity_of_the_day_overrides_the_weeks_own_but_not_listed_weeks(
    weeks: str, parity: str | None, happens: bool
) -> None:
    found = dates(meeting("mon", weeks=weeks), Substitution(TUE_2, "mon", parity))

    assert (TUE_2 in found) is happens


@pytest.mark.parametrize(
    ("own", "start", "happens"),
    [
        ("tue", time(7), True),
        ("tue", time(11, 59), True),
        ("tue", NOON, False),
        ("mon", time(11, 59), False),
        ("mon", NOON, True),
        ("mon", time(23, 58), True),
    ],
)
def test_from_an_hour_on_a_day_runs_as_another(own: str, start: time, happens: bool) -> None:
    found = dates(meeting(own, start, time(23, 59)), Substitution(TUE_2, "mon", since=NOON))

    assert (TUE_2 in found) is happens


def test_a_day_may_run_as_itself_in_the_other_parity_from_an_hour_on() -> None:
    change = Substitution(MON_2, "mon", "odd", NOON)

    assert MON_2 in dates(meeting("mon", MORNING, weeks="even"), change)
    assert MON_2 not in dates(meeting("mon", MORNING, weeks="odd"), change)
    assert MON_2 in dates(meeting("mon", NOON, EVENING, weeks="odd"), change)
    assert MON_2 not in dates(meeting("mon", NOON, EVENING, weeks="even"), change)


def test_listed_dates_take_place_even_on_days_off_but_never_outside_the_term() -> None:
    listed = Meeting("exam", (), MORNING, NOON, "", "all", (STARTS - timedelta(1), MON_2, TUE_2, ENDS + timedelta(1)))

    assert dates(listed, Substitution(MON_2), Substitution(TUE_2, "mon")) == [MON_2, TUE_2]


def test_occurrences_of_several_meetings_are_sorted() -> None:
    found = occurrences([meeting("tue"), meeting("mon", NOON, EVENING), meeting("mon")], TERM)

    assert list(found) == sorted(found, key=lambda occurrence: (occurrence.date, occurrence.start))


def test_odd_and_even_weeks_share_the_same_hour() -> None:
    odd, even = (dates(meeting("mon", weeks=weeks)) for weeks in ("odd", "even"))

    assert odd
    assert even
    assert set(odd).isdisjoint(even)


def test_a_day_of_another_parity_brings_odd_and_even_weeks_together() -> None:
    moved = Substitution(TUE_2, "mon", "odd", NOON)
    even_tuesday = meeting("tue", MORNING, EVENING, weeks="even")
    odd_monday = meeting("mon", time(14), EVENING, weeks="odd")

    assert set(dates(even_tuesday, moved)) & set(dates(odd_monday, moved)) == {TUE_2}


times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
weekdays = st.sampled_from(WEEKDAYS)
days_in_term = st.integers(0, (ENDS - STARTS).days).map(lambda offset: STARTS + timedelta(offset))
meetings = st.builds(
    lambda days, hours, weeks: Meeting("", tuple(days), min(hours), max(hours), "", weeks),
    st.lists(weekdays, max_size=3, unique=True),
    st.lists(times, min_size=2, max_size=2, unique=True),
    st.sampled_from(["all", "odd", "even", "1-2", "2,4"]),
)
substitutions = st.builds(
    Substitution, days_in_term, st.none() | weekdays, st.none() | st.sampled_from(["odd", "even"]), st.none() | times
)
calendars = st.lists(substitutions, max_size=5, unique_by=lambda substitution: substitution.date).map(
    lambda found: Term(STARTS, ENDS, tuple(found))
)


def takes_place(meant: Meeting, day: date, term: Term) -> bool:
    """Tell by the words of the rule, one date at a time."""
    change = next((found for found in term.substitutions if found.date == day), None)
    week = (day - date(2026, 9, 28)).days // 7 + 1
    runs_as, parity = WEEKDAYS[day.weekday()], "odd" if week % 2 else "even"
    assert meant.start is not None
    if change is not None and change.runs_as is None:
        return False
    if change is not None and (change.since is None or meant.start >= change.since):
        runs_as, parity = change.runs_as or "", change.parity or parity
    in_week = meant.weeks in ("all", parity) or (meant.weeks[0].isdigit() and week in listed_weeks(meant.weeks))
    return runs_as in meant.days and in_week


@quick
@given(meetings, calendars)
def test_a_meeting_occurs_exactly_when_the_rule_says(meant: Meeting, term: Term) -> None:
    every_day = (STARTS + timedelta(offset) for offset in range((ENDS - STARTS).days + 1))

    assert [found.date for found in occurrences([meant], term)] == [
        day for day in every_day if takes_place(meant, day, term)
    ]


@quick
@given(meetings, meetings)
def test_odd_and_even_never_meet_on_plain_days(one: Meeting, other: Meeting) -> None:
    plain = Term(STARTS, ENDS, (Substitution(TUE_2, "mon"), Substitution(WED_2)))
    odd = Meeting("", one.days, one.start, one.end, "", "odd")
    even = Meeting("", other.days, other.start, other.end, "", "even")

    assert {found.date for found in occurrences([odd], plain)}.isdisjoint(
        found.date for found in occurrences([even], plain)
    )
