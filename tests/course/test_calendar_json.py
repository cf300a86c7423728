"""Meetings and calendars are read whole or refused with every fault."""

from datetime import date, time

import pytest
from hypothesis import given, settings, strategies as st

from university.course.rules.calendar import Meeting, Substitution, Term, occurrences
from university.course.rules.calendar_json import meeting_to_dict, read_calendar, read_meetings, substitution_to_dict
from university.course.rules.faults import Faulty

TERM = Term(date(2026, 10, 1), date(2026, 10, 25))


def told_by(refused: Faulty) -> list[tuple[str, str]]:
    assert all(fault.message("en") != fault.message("pl") for fault in refused.faults)
    return sorted((fault.field, fault.code) for fault in refused.faults)


def faults_of(told: object) -> list[tuple[str, str]]:
    with pytest.raises(Faulty) as refused:
        read_meetings(told, TERM)
    return told_by(refused.value)


def calendar_faults_of(told: object) -> list[tuple[str, str]]:
    with pytest.raises(Faulty) as refused:
        read_calendar(told, TERM.starts_on, TERM.ends_on)
    return told_by(refused.value)


def test_a_meeting_is_read_with_all_its_fields() -> None:
    told = {"component": "lecture", "days": ["tue", "thu"], "start": "14:00", "end": "15:20", "room": "MANDE B-150"}

    (read,) = read_meetings([{**told, "weeks": "1-3, 4"}], TERM)

    assert read == Meeting("lecture", ("tue", "thu"), time(14), time(15, 20), "MANDE B-150", "1-3,4")
    assert meeting_to_dict(read) == {**told, "weeks": "1-3,4"}


def test_a_meeting_of_listed_dates_is_read_and_written() -> None:
    told = {"component": "exam", "dates": ["2026-10-25"], "start": "00:00", "end": "23:59", "room": ""}

    (read,) = read_meetings([told], TERM)

    assert read.dates == (date(2026, 10, 25),)
    assert meeting_to_dict(read) == told


@pytest.mark.parametrize("told", [{}, {"days": [], "start": None, "end": None, "room": None, "weeks": None}])
def test_a_meeting_may_be_yet_unknown(told: object) -> None:
    (read,) = read_meetings([told], TERM)

    assert read == Meeting()
    assert occurrences([read], TERM) == ()


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"start": "10:00", "end": "10:00"}, "end", "end-not-after-start"),
        ({"start": "10:00", "end": "09:59"}, "end", "end-not-after-start"),
        ({"start": "10:00"}, "end", "lone-time"),
        ({"end": "10:00"}, "start", "lone-time"),
        ({"start": "24:00", "end": "25:00"}, "start", "not-a-time"),
        ({"start": "9:00", "end": "10:00"}, "start", "not-a-time"),
        ({"start": 900, "end": "10:00"}, "start", "not-a-time"),
        ({"start": "09:00:00", "end": "10:00"}, "start", "not-a-time"),
        ({"days": "mon"}, "days", "not-a-list"),
        ({"days": ["monday"]}, "days.0", "not-a-weekday"),
        ({"days": ["mon", ["tue"]]}, "days.1", "not-a-weekday"),
        ({"days": ["mon", "tue", "mon"]}, "days.2", "repeated"),
        ({"weeks": "some"}, "weeks", "not-weeks"),
        ({"weeks": ""}, "weeks", "not-weeks"),
        ({"weeks": "3-1"}, "weeks", "not-weeks"),
        ({"weeks": "0-2"}, "weeks", "not-weeks"),
        ({"weeks": "1,,2"}, "weeks", "not-weeks"),
        ({"weeks": "1-100"}, "weeks", "not-weeks"),
        ({"weeks": 1}, "weeks", "not-weeks"),
        ({"weeks": "1-5"}, "weeks", "weeks-outside-term"),
        ({"dates": ["2026-10-01"], "days": ["mon"]}, "dates", "dates-or-days"),
        ({"dates": ["2026-10-01"], "weeks": "odd"}, "dates", "dates-or-days"),
        ({"dates": ["2026-09-30"]}, "dates", "date-outside-term"),
        ({"dates": ["2026-10-26"]}, "dates", "date-outside-term"),
        ({"dates": ["2026-02-30"]}, "dates.0", "not-a-date"),
        ({"dates": ["20261001"]}, "dates.0", "not-a-date"),
        ({"room": 5}, "room", "not-a-text"),
        ({"room": "A\x00"}, "room", "not-a-text"),
        ({"room": "A" * 201}, "room", "not-a-text"),
        ({"building": "A"}, "building", "unknown-field"),
    ],
)
def test_every_kind_of_faulty_meeting_is_refused(told: object, field: str, code: str) -> None:
    assert (f"meetings.1.{field}", code) in faults_of([{}, told])


@pytest.mark.parametrize("weeks", ["all", "odd", "even", "1", "4", "1-4", "1,3-4"])
def test_weeks_up_to_the_terms_last_are_read(weeks: str) -> None:
    assert read_meetings([{"weeks": weeks}], TERM)[0].weeks == weeks


@pytest.mark.parametrize(("told", "code"), [(None, "not-a-list"), ({}, "not-a-list"), ("[]", "not-a-list")])
def test_what_is_no_list_is_refused(told: object, code: str) -> None:
    assert faults_of(told) == [("meetings", code)]


def test_all_faults_are_told_at_once() -> None:
    told = [{"start": "x", "days": ["?"], "weeks": "9"}, 5, {"end": "10:00", "extra": 1}]

    assert faults_of(told) == [
        ("meetings.0.days.0", "not-a-weekday"),
        ("meetings.0.end", "lone-time"),
        ("meetings.0.start", "not-a-time"),
        ("meetings.0.weeks", "weeks-outside-term"),
        ("meetings.1", "not-an-object"),
        ("meetings.2.extra", "unknown-field"),
        ("meetings.2.start", "lone-time"),
    ]


def test_a_fault_is_a_sentence_in_both_languages() -> None:
    with pytest.raises(Faulty) as refused:
        read_meetings([{"weeks": "9"}], TERM)

    (fault,) = refused.value.faults
    assert fault.message("en") == "The term has weeks 1 to 4."
    assert fault.message("pl") == "Semestr ma tygodnie od 1 do 4."
    assert str(refused.value) == "meetings.0.weeks: The term has weeks 1 to 4."


def test_a_calendar_is_read_sorted_and_written_back() -> None:
    told = [
        {"date": "2026-10-20", "runs_as": "mon", "parity": "odd", "from": "14:00"},
        {"date": "2026-10-05", "off": True},
        {"date": "2026-10-10", "runs_as": "fri"},
    ]

    read = read_calendar(told, TERM.starts_on, TERM.ends_on)

    assert read == (
        Substitution(date(2026, 10, 5)),
        Substitution(date(2026, 10, 10), "fri"),
        Substitution(date(2026, 10, 20), "mon", "odd", time(14)),
    )
    assert [substitution_to_dict(one) for one in read] == [told[1], told[2], told[0]]


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"off": True}, [("date", "not-a-date")]),
        ({"date": "2026-10-32", "off": True}, [("date", "not-a-date")]),
        ({"date": "2026-10-26", "off": True}, [("date", "date-outside-term")]),
        ({"date": "2026-10-05"}, [("runs_as", "off-or-runs-as")]),
        ({"date": "2026-10-05", "off": True, "runs_as": "mon"}, [("runs_as", "off-or-runs-as")]),
        ({"date": "2026-10-05", "off": False}, [("off", "not-true")]),
        ({"date": "2026-10-05", "off": 1}, [("off", "not-true")]),
        ({"date": "2026-10-05", "runs_as": "Monday"}, [("runs_as", "not-a-weekday")]),
        ({"date": "2026-10-05", "runs_as": "mon", "parity": "all"}, [("parity", "not-a-parity")]),
        ({"date": "2026-10-05", "runs_as": "mon", "from": "2 PM"}, [("from", "not-a-time")]),
        ({"date": "2026-10-05", "off": True, "parity": "odd"}, [("parity", "needs-runs-as")]),
        ({"date": "2026-10-05", "off": True, "from": "10:00"}, [("from", "needs-runs-as")]),
        ({"date": "2026-10-05", "off": True, "why": "rain"}, [("why", "unknown-field")]),
    ],
)
def test_every_kind_of_faulty_substitution_is_refused(told: object, faults: list[tuple[str, str]]) -> None:
    assert calendar_faults_of([told]) == [(f"calendar.0.{field}", code) for field, code in faults]


def test_a_date_is_substituted_once() -> None:
    told = [{"date": "2026-10-05", "off": True}, {"date": "2026-10-05", "runs_as": "fri"}]

    assert calendar_faults_of(told) == [("calendar.1.date", "repeated")]


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["mon", "odd", "10:00", "1-7"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["days", "start", "end", "weeks", "dates", "room", "date", "off", "from", "runs_as"]), inner
        )
    ),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(json)
def test_any_json_is_read_or_refused_never_worse(told: object) -> None:
    for read in (lambda: read_meetings(told, TERM), lambda: read_calendar(told, TERM.starts_on, TERM.ends_on)):
        try:
            read()
        except Faulty as refused:
            sentences = [fault.message("pl") for fault in refused.faults]
            assert all(sentences)  # Either outcome is right.
