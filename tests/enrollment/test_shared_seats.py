"""Sections that share seats: whoever sits in one takes a seat of all, and none is ever sold twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.enrollment.books import ANN, BOB, claim, release, remember, seats, told
from tests.house import House
from university.enrollment.models import Section
from university.enrollment.repository import ledger, recounting
from university.enrollment.rules.facts import Reserved, Seats, SectionFacts
from university.enrollment.rules.moving import bundles
from university.enrollment.wiring import EnrollmentWiring
from university.platform.database import Primary


@pytest.fixture
def primary(house: House) -> Primary:
    return house.open(EnrollmentWiring()).modules["enrollment"].primary


def guest_of(host: SectionFacts, **facts: Any) -> SectionFacts:
    return replace(told(capacity=host.capacity), seats_of=host.id, reserved=host.reserved, term=host.term, **facts)


def own_row(primary: Primary, one: SectionFacts) -> tuple[int, int, int]:
    with primary.read() as session:
        row = session.execute(select(Section.taken, Section.held, Section.reserved).where(Section.id == one.id)).one()
        return row.taken, row.held, row.reserved


def test_a_seat_taken_in_one_is_taken_in_all(primary: Primary) -> None:
    host = told(capacity=2)
    guest = guest_of(host)
    remember(primary, guest, host)

    assert [claim(primary, one)[0] for one in (guest, host, guest)] == [True, True, False]
    assert seats(primary, guest) == seats(primary, host) == Seats(2, taken=2)
    assert own_row(primary, guest) == (0, 0, 0)
    release(primary, guest)
    assert seats(primary, host) == Seats(2, taken=1)
    assert claim(primary, host)[0]


def test_reserved_seats_are_those_of_the_host(primary: Primary) -> None:
    host = told(capacity=2, reserved=(Reserved(1, program=("INF",)),))
    guest = guest_of(host)
    remember(primary, host, guest)

    assert claim(primary, guest, ANN) == (True, 0)
    assert claim(primary, guest, BOB) == (True, None)
    assert not claim(primary, host, BOB)[0]
    release(primary, guest, 0)
    assert not claim(primary, host, BOB)[0]
    assert claim(primary, host, ANN) == (True, 0)


def test_its_own_status_opens_a_section_not_that_of_whom_it_shares_with(primary: Primary) -> None:
    host = told(capacity=2, status="closed")
    guest = guest_of(host)
    closed = guest_of(host, status="closed")
    remember(primary, host, guest, closed)

    assert claim(primary, guest) == (True, None)
    assert claim(primary, closed) == (False, None)
    assert claim(primary, host) == (False, None)


def test_the_last_shared_seat_is_had_once_however_many_come_at_once(primary: Primary) -> None:
    host = told(capacity=5)
    guest = guest_of(host)
    remember(primary, host, guest)

    with ThreadPoolExecutor(8) as pool:
        had = list(pool.map(lambda turn: claim(primary, (host, guest)[turn % 2])[0], range(24)))

    assert sum(had) == 5
    assert seats(primary, guest) == Seats(5, taken=5)


def test_counted_by_themselves_they_would_be_sold_twice(primary: Primary) -> None:
    """The twin: without the host's row, each code sells the seats of the other again."""
    host = told(capacity=1)
    apart = replace(guest_of(host), seats_of=None)
    remember(primary, host, apart)

    assert [claim(primary, one)[0] for one in (host, apart)] == [True, True]


def test_counting_anew_finds_shared_seats_where_they_belong(primary: Primary) -> None:
    host = told(capacity=5)
    guest = guest_of(host)
    remember(primary, host, guest)
    with primary.begin() as session:
        assert recounting.miscounted(session) == []
        session.execute(update(Section).where(Section.id == host.id).values(taken=3))
        assert recounting.miscounted(session) == [host.id]
        assert recounting.recount(session, [host.id]) == [host.id]
    assert seats(primary, guest) == Seats(5)


def test_who_shares_no_more_has_an_empty_row(primary: Primary) -> None:
    host = told(capacity=5)
    guest = guest_of(host)
    remember(primary, host, guest)
    remember(primary, replace(guest, version=2, seats_of=None, capacity=3))

    claim(primary, guest)

    assert (seats(primary, guest), seats(primary, host)) == (Seats(3, taken=1), Seats(5))
    with primary.begin() as session:
        assert ledger.lock(session, [guest.id]).keys() == {guest.id}


def test_a_moved_student_gets_a_child_that_fits_its_parent() -> None:
    lecture = told(id="l1", number="L1", status="canceled", component="lecture")
    others = [
        replace(lecture, id=key, number=key.upper(), component=component, parent_id=parent, status="open")
        for key, component, parent in (
            ("l2", "lecture", None),
            ("l3", "lecture", None),
            ("e2", "exercise", "l2"),
            ("e3", "exercise", "l3"),
            ("e9", "exercise", "gone"),
        )
    ]
    exercise = replace(lecture, id="e1", number="E1", component="exercise", parent_id="l1")
    free = replace(exercise, parent_id=None, status="open")

    found = [[one.id for one in bundle] for bundle in bundles((lecture, exercise), others)]
    kept = [[one.id for one in bundle] for bundle in bundles((lecture, free), others)]

    assert found == [["l2", "e2"], ["l3", "e3"]]
    assert kept == [["l2", "e1"], ["l3", "e1"]]
