"""The ledger of seats on real databases: conditional claims, pools, lowered capacities, versions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.enrollment.books import ANN, BOB, claim, overfull, release, remember, seats, told
from tests.house import House
from university.enrollment.models import Section
from university.enrollment.repository import claims
from university.enrollment.rules.facts import Reserved, Seats, SectionFacts
from university.enrollment.wiring import EnrollmentWiring
from university.platform.database import Primary


@pytest.fixture
def primary(house: House) -> Primary:
    return house.open(EnrollmentWiring()).modules["enrollment"].primary


def test_seats_are_taken_until_none_is_left_and_given_back(primary: Primary) -> None:
    one = told(capacity=2)
    remember(primary, one)
    assert [claim(primary, one)[0] for _ in range(3)] == [True, True, False]
    release(primary, one)
    assert seats(primary, one) == Seats(2, taken=1)
    assert claim(primary, one) == (True, None)


def test_an_unlimited_section_is_never_full_and_one_of_capacity_zero_always(primary: Primary) -> None:
    unlimited, none = told(capacity=None), told(capacity=0)
    remember(primary, unlimited, none)
    assert claim(primary, unlimited) == (True, None)
    assert claim(primary, none) == (False, None)


@pytest.mark.parametrize("status", ["closed", "canceled"])
def test_a_section_that_is_not_open_gives_no_seat(primary: Primary, status: str) -> None:
    one = told(status=status)
    remember(primary, one)
    assert claim(primary, one) == (False, None)


@pytest.mark.parametrize(("kept", "pool"), [(0, None), (1, 0)], ids=["open", "pool"])
def test_a_seat_that_is_held_for_the_queue_is_only_for_who_comes_from_it(
    primary: Primary, kept: int, pool: int | None
) -> None:
    one = told(capacity=1, reserved=(Reserved(kept, group=("erasmus",)),) if kept else ())
    remember(primary, one)
    with primary.begin() as session:
        session.execute(update(Section).values(waiting=1, queue_first=True))

    assert claim(primary, one, ANN) == (False, None)
    assert claim(primary, one, ANN, queued=True) == (True, pool)


def test_a_lowered_capacity_evicts_nobody_and_lets_nobody_in(primary: Primary) -> None:
    one = told(capacity=3)
    remember(primary, one)
    for _ in range(3):
        claim(primary, one)
    remember(primary, replace(one, version=2, capacity=1))
    assert (seats(primary, one), overfull(primary, one)) == (Seats(1, taken=3), 2)
    assert not claim(primary, one)[0]
    release(primary, one)
    assert overfull(primary, one) == 1
    release(primary, one)
    assert (overfull(primary, one), claim(primary, one)[0]) == (0, False)
    release(primary, one)
    assert claim(primary, one)[0]


def test_a_raised_capacity_lets_the_next_one_in(primary: Primary) -> None:
    one = told(capacity=0)
    remember(primary, one, replace(one, version=2, capacity=1))
    assert claim(primary, one)[0]


def test_older_facts_never_overwrite_newer_ones(primary: Primary) -> None:
    one = told(capacity=5, version=4)
    remember(primary, one)
    remember(primary, replace(one, version=3, capacity=50))
    assert seats(primary, one).capacity == 5
    remember(primary, replace(one, version=5, capacity=6))
    assert seats(primary, one).capacity == 6


def test_the_database_keeps_the_promise_by_name(primary: Primary) -> None:
    one = told(capacity=1)
    remember(primary, one)
    with pytest.raises(IntegrityError, match="seat_taken_within_capacity"), primary.begin() as session:
        session.execute(update(Section).where(Section.id == one.id).values(taken=2))
    with pytest.raises(IntegrityError, match="seats_never_negative"), primary.begin() as session:
        session.execute(update(Section).where(Section.id == one.id).values(taken=-1))


def test_a_pool_is_for_its_audience_and_the_open_seats_are_for_everybody(primary: Primary) -> None:
    one = told(capacity=3, reserved=(Reserved(2, group=("erasmus",)),))
    remember(primary, one)
    assert seats(primary, one).open == 1
    assert claim(primary, one, BOB) == (True, None)
    assert claim(primary, one, BOB) == (False, None)
    assert [claim(primary, one, ANN) for _ in range(3)] == [(True, 0), (True, 0), (False, None)]
    release(primary, one, 0)
    assert claim(primary, one, BOB) == (False, None)
    assert claim(primary, one, ANN) == (True, 0)


def test_whoever_fits_no_pool_any_more_takes_an_open_seat(primary: Primary) -> None:
    one = told(capacity=2, reserved=(Reserved(1, group=("erasmus",)),))
    remember(primary, one)
    assert [claim(primary, one, ANN) for _ in range(3)] == [(True, 0), (True, None), (False, None)]


def test_a_pool_opens_when_its_date_has_passed(primary: Primary) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    one = told(capacity=1, reserved=(Reserved(1, group=("erasmus",), until=soon),))
    remember(primary, one)
    assert claim(primary, one, BOB) == (False, None)
    passed = replace(one.reserved[0], until=soon - timedelta(hours=2))
    remember(primary, replace(one, version=2, reserved=(passed,)))
    assert claim(primary, one, BOB) == (True, None)


def test_a_seat_of_a_released_pool_goes_back_to_the_open_seats(primary: Primary) -> None:
    one = told(capacity=1, reserved=(Reserved(1, group=("erasmus",)),))
    remember(primary, one)
    assert claim(primary, one, ANN) == (True, 0)
    remember(primary, replace(one, version=2, reserved=()))
    release(primary, one, 0)
    assert claim(primary, one, BOB) == (True, None)


def test_a_pool_keeps_what_was_taken_of_it_when_the_list_is_written_anew(primary: Primary) -> None:
    erasmus, informatics = Reserved(2, group=("erasmus",)), Reserved(2, program=("INF", "MAT"), stage=(2,))
    one = told(capacity=4, reserved=(erasmus, informatics))
    remember(primary, one)
    assert [claim(primary, one, ANN) for _ in range(3)] == [(True, 1), (True, 1), (True, 0)]
    turned = Reserved(3, program=("MAT", "INF"), stage=(2,))
    remember(primary, replace(one, version=2, reserved=(turned,)))
    assert [(pool.position, pool.seats, pool.taken) for pool in seats(primary, one).pools] == [(1, 3, 2)]
    release(primary, one, 0)
    assert (seats(primary, one).taken, seats(primary, one).reserved, seats(primary, one).open) == (2, 1, 1)
    remember(primary, replace(one, version=3, reserved=(erasmus, turned)))
    assert sorted((pool.seats, pool.taken) for pool in seats(primary, one).pools) == [(2, 0), (3, 2)]


def test_pools_added_to_a_nearly_full_section_never_oversell_it(primary: Primary) -> None:
    one = told(capacity=2)
    remember(primary, one)
    claim(primary, one), claim(primary, one)
    remember(primary, replace(one, version=2, reserved=(Reserved(2, group=("erasmus",)),)))
    assert claim(primary, one, ANN) == (False, None)
    release(primary, one)
    assert claim(primary, one, BOB) == (False, None)
    assert claim(primary, one, ANN) == (True, 0)
    assert seats(primary, one).taken == 2


def _claim_without_condition(session: Session, one: SectionFacts) -> bool:
    """Check, then act: what the conditional claim replaces."""
    row = session.execute(select(Section.taken, Section.capacity).where(Section.id == one.id)).one()
    if row.taken >= row.capacity:
        return False
    session.execute(update(Section).where(Section.id == one.id).values(taken=row.taken + 1, overfull=100))
    return True


def _race(primary: Primary, one: SectionFacts, claiming: Any, racers: int = 40) -> int:
    def racer(_: int) -> bool:
        with primary.begin() as session:
            return bool(claiming(session, one))

    with ThreadPoolExecutor(racers) as threads:
        return sum(threads.map(racer, range(racers)))


def _claim_with_condition(session: Session, one: SectionFacts) -> bool:
    return claims.claim(session, one.id, Seats(one.capacity), BOB)[0]


def test_racers_take_exactly_the_seats_there_are(primary: Primary) -> None:
    one = told(capacity=7)
    remember(primary, one)
    assert _race(primary, one, _claim_with_condition) == 7
    assert seats(primary, one).taken == 7


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_without_the_condition_racers_oversell(house: House) -> None:
    """The twin: where writers run side by side, check-then-act gives more seats than there are.

    SQLite lets one connection write at a time, which would hide the fault.
    """
    primary = house.open(EnrollmentWiring()).modules["enrollment"].primary
    for _ in range(20):
        one = told(capacity=3)
        remember(primary, one)
        if _race(primary, one, _claim_without_condition) > 3:
            return
    pytest.fail("the twin without protection never oversold: the race proves nothing")
