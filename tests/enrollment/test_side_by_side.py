"""Writers side by side on PostgreSQL: whoever comes second waits, nobody waits in a circle, the newest facts stay."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.enrollment.books import ANN, BOB, claim, remember, seats, told
from tests.house import House
from university.enrollment.repository import claims, ledger
from university.enrollment.rules.facts import Reserved, SectionFacts
from university.enrollment.wiring import EnrollmentWiring
from university.platform.database import Primary, now

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("settings", ["postgresql"], indirect=True)]
Work = Callable[[Session], object]
ERASMUS = Reserved(3, group=("erasmus",))


@pytest.fixture
def primary(house: House) -> Primary:
    return house.open(EnrollmentWiring()).modules["enrollment"].primary


def refreshing(*sections: SectionFacts) -> Work:
    return lambda session: ledger.refresh(session, sections, now(session))


def claiming(*sections: SectionFacts) -> Work:
    def take(session: Session) -> None:
        for one in sorted(sections, key=lambda section: section.id):
            assert claims.claim(session, one.id, ledger.seats_of(session, [one.id])[one.id], ANN)[0]

    return take


def meet(primary: Primary, first: Work, second: Work, then: Work = lambda _session: None) -> None:
    """Do the first work, let the second begin elsewhere and wait, go on, and only then commit."""

    def elsewhere() -> None:
        with primary.begin() as session:
            second(session)

    with ThreadPoolExecutor(1) as thread:
        with primary.begin() as session:
            first(session)
            running = thread.submit(elsewhere)
            time.sleep(0.3)
            assert not running.done(), "the second did not wait, so this proves nothing"
            then(session)
        running.result()


def test_a_claim_from_a_pool_waits_for_the_section_before_it_touches_the_pool(primary: Primary) -> None:
    one = told(capacity=5, reserved=(ERASMUS,))
    remember(primary, one)
    assert claim(primary, one, ANN) == (True, 0)
    newer = replace(one, version=2, capacity=4)
    meet(primary, refreshing(newer), claiming(one), lambda session: claims.release(session, one.id, 0))
    assert (seats(primary, one).taken, seats(primary, one).reserved) == (1, 2)


def test_a_seat_given_back_to_a_pool_waits_for_the_section_too(primary: Primary) -> None:
    one = told(capacity=5, reserved=(ERASMUS,))
    remember(primary, one)
    assert [claim(primary, one, ANN) for _ in range(2)] == [(True, 0)] * 2
    newer = replace(one, version=2, capacity=4)

    def back(session: Session) -> None:
        claims.release(session, one.id, 0)

    meet(primary, refreshing(newer), back, back)
    assert (seats(primary, one).taken, seats(primary, one).reserved) == (0, 3)


def test_a_bundle_of_which_one_section_changed_is_locked_in_order(primary: Primary) -> None:
    lecture, lab = sorted((told(capacity=5), told(capacity=5)), key=lambda section: section.id)
    remember(primary, lecture, lab)
    newer = replace(lab, version=2, capacity=4)
    meet(primary, refreshing(lecture, newer), claiming(lecture, lab), claiming(lecture, lab))
    assert [seats(primary, one).taken for one in (lecture, lab)] == [2, 2]


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1)])
def test_of_two_who_open_the_same_section_the_newer_facts_stay(primary: Primary, first: int, second: int) -> None:
    one = told(capacity=1, reserved=(replace(ERASMUS, seats=1),))
    facts: dict[int, Any] = {1: one, 2: replace(one, version=2, capacity=9, reserved=(ERASMUS,))}
    meet(primary, refreshing(facts[first]), refreshing(facts[second]))
    kept = seats(primary, one)
    assert (kept.capacity, kept.reserved, [pool.seats for pool in kept.pools]) == (9, 3, [3])


def test_two_who_open_the_same_section_and_claim_count_both_seats(primary: Primary) -> None:
    one = told(capacity=2)

    def enroll(session: Session) -> None:
        refreshing(one)(session)
        assert claims.claim(session, one.id, ledger.seats_of(session, [one.id])[one.id], BOB)[0]

    meet(primary, enroll, enroll)
    assert seats(primary, one).taken == 2
