"""Requests that cross on the last seats: nobody gets half, nothing is oversold, nobody waits in a circle."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from tests.campus import Campus, adding, dropping, meeting
from tests.house import House, Reply
from university.course.wiring import CourseWiring
from university.enrollment.models import Section
from university.enrollment.repository import claims
from university.enrollment.wiring import EnrollmentWiring
from university.student.wiring import StudentWiring

ROUNDS, _PAUSE = 5, 0.02
"""How often each race is run, and the seconds between the seats of a request, in which others come."""


@pytest.fixture
def campus(house: House, monkeypatch: pytest.MonkeyPatch) -> Campus:
    made = Campus(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
    made.window()
    for name in ("claim", "release"):
        monkeypatch.setattr(claims, name, late(getattr(claims, name)))
    return made


def late(move: Callable[..., Any]) -> Callable[..., Any]:
    """Return a move of a seat after which others have time to come in between."""

    def moved(*told: Any, **how: Any) -> Any:
        done = move(*told, **how)
        time.sleep(_PAUSE)
        return done

    return moved


def at_once(*asks: Callable[[], Reply]) -> list[Reply]:
    """Return the answers to questions asked in the same moment."""
    start = Barrier(len(asks))

    def ask(one: Callable[[], Reply]) -> Reply:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(asks)) as threads:
        return list(threads.map(ask, asks))


def outcomes(replies: list[Reply]) -> list[str]:
    assert [reply.status for reply in replies] == [200] * len(replies), [reply.body for reply in replies]
    return sorted(reply.json["outcome"] for reply in replies)


def taken(campus: Campus, *sections: str) -> list[int]:
    """Return the seats taken of sections, which are those of standing enrollments."""
    with campus.house.modules["enrollment"].primary.read() as session:
        counted = {row.id: row.taken for row in session.execute(select(Section.id, Section.taken))}
    listed = {section: standing(campus, section) for section in sections}
    assert {section: counted.get(section, 0) for section in sections} == listed
    return list(listed.values())


def standing(campus: Campus, section: str) -> int:
    path = f"/enrollments?section_id={section}&status=enrolled&total=true"
    total: int = campus.house.call("enrollment", "GET", path).json["total"]
    return total


def test_of_two_who_want_the_same_last_seats_in_opposite_order_one_gets_all(campus: Campus) -> None:
    for round_ in range(ROUNDS):
        first, second = (campus.section(f"A-{round_}-{n}", capacity=1) for n in range(2))
        ann, bob = campus.student(), campus.student()
        campus.house.drain()  # Else the two would wait for each other where the ledger is opened.

        replies = at_once(
            partial(campus.request, ann, adding(first), adding(second)),
            partial(campus.request, bob, adding(second), adding(first)),
        )

        assert outcomes(replies) == ["accepted", "refused"]
        assert taken(campus, first, second) == [1, 1]


def test_many_who_take_what_fits_of_the_last_seats_fill_every_seat_once(campus: Campus) -> None:
    sections = [campus.section(f"A-{n}", capacity=2) for n in range(3)]
    students = [campus.student() for _ in range(6)]
    campus.house.drain()

    def asking(position: int, student: str) -> Callable[[], Reply]:
        turned = sections[position % 3 :] + sections[: position % 3]
        return partial(campus.request, student, *map(adding, turned), mode="best_effort")

    replies = at_once(*(asking(position, student) for position, student in enumerate(students)))

    assert set(outcomes(replies)) <= {"accepted", "partly", "refused"}
    assert taken(campus, *sections) == [2, 2, 2]
    kept = [item["enrollment"] for reply in replies for item in reply.json["items"] if item["enrollment"]]
    assert len(kept) == 6


def test_two_who_trade_their_seats_do_not_wait_for_each_other(campus: Campus) -> None:
    for round_ in range(ROUNDS):
        first, second = (campus.section(f"A-{round_}-{n}", capacity=2) for n in range(2))
        ann, bob = campus.student(), campus.student()
        of_ann, of_bob = campus.enroll(ann, first).json["id"], campus.enroll(bob, second).json["id"]

        replies = at_once(
            partial(campus.request, ann, dropping(of_ann), adding(second)),
            partial(campus.request, bob, dropping(of_bob), adding(first)),
        )

        assert outcomes(replies) == ["accepted", "accepted"]
        assert taken(campus, first, second) == [1, 1]


def test_two_tabs_of_one_student_cannot_clash(campus: Campus) -> None:
    for round_ in range(ROUNDS):
        hours = [meeting("mon", f"{8 + round_:02}:00", f"{8 + round_:02}:50")]
        first, second, third = (campus.section(f"A-{round_}-{n}", meetings=hours) for n in range(3))
        ann, beside = campus.student(), campus.section(f"B-{round_}")

        replies = at_once(
            partial(campus.request, ann, adding(first), adding(beside)),
            partial(campus.request, ann, adding(second)),
            partial(campus.request, ann, adding(third)),
        )

        assert outcomes(replies) == ["accepted", "refused", "refused"]
        assert sum(taken(campus, first, second, third)) == 1


def test_one_key_sent_many_times_at_once_registers_once(campus: Campus) -> None:
    ann, sections = campus.student(), [campus.section(f"A-{n}") for n in range(3)]
    key = {"Idempotency-Key": "tabs"}

    replies = at_once(*[partial(campus.request, ann, *map(adding, sections), headers=key)] * 4)

    assert len({reply.body for reply in replies if reply.status == 200}) == 1
    assert all(reply.status == 200 or reply.json["code"] == "idempotency-key-busy" for reply in replies)
    assert taken(campus, *sections) == [1, 1, 1]
