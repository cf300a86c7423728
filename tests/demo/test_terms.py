"""On any day there is a semester to register for."""

from datetime import date, timedelta

import pytest

from university.demo import terms

DAYS = [date(2026, 1, 1) + timedelta(days=days) for days in range(0, 1200, 3)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_registration_can_be_open_on_any_day(day: date) -> None:
    around = terms.around(day)
    assert day < around.target.add_until
    assert around.target.starts_on - day < timedelta(days=260)
    assert all(term.ends_on < day for term in around.past)
    assert 3 <= len(around.past) <= 5
    if around.running:
        assert around.running.starts_on <= day <= around.running.ends_on
    indexes = [term.index for term in around]
    assert indexes == list(range(indexes[0], indexes[-1] + 1))


@pytest.mark.parametrize("index", range(2 * 2020, 2 * 2040))
def test_semesters_follow_one_another_on_working_days(index: int) -> None:
    term, following = terms.semester(index), terms.semester(index + 1)
    assert term.ends_on < following.starts_on
    assert term.starts_on < term.add_until < term.drop_until < term.withdraw_until < term.ends_on
    assert term.starts_on.weekday() < 5
    days = [str(entry["date"]) for entry in term.calendar]
    assert len(set(days)) == len(days)
    assert all(term.starts_on <= date.fromisoformat(day) <= term.ends_on for day in days)


def test_codes_and_titles_are_those_of_a_polish_university() -> None:
    winter, summer = terms.semester(2 * 2026), terms.semester(2 * 2026 + 1)
    assert (winter.code, winter.title, winter.starts_on.year) == ("2026Z", "Semestr zimowy 2026/2027", 2026)
    assert (summer.code, summer.title, summer.starts_on.year) == ("2026L", "Semestr letni 2026/2027", 2027)


@pytest.mark.parametrize(
    "sunday", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)], ids=str
)
def test_easter_falls_where_the_church_says(sunday: date) -> None:
    assert terms.easter(sunday.year) == sunday
