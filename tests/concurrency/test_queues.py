"""Queues that cross: places given back and waited for at the same moment, and nobody waits in a circle."""

import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.campus import Campus, a_student, dropping
from tests.concurrency.test_requests import at_once, late
from tests.house import House, Reply
from university.course.wiring import CourseWiring
from university.enrollment.models import Waitlist
from university.enrollment.repository import claims, waiting as queues
from university.enrollment.wiring import EnrollmentWiring
from university.student.wiring import StudentWiring

ROUNDS = 8
"""How often each race is run."""
FULL = {"required_components": ["lecture", "laboratory"]}


@pytest.fixture
def campus(house: House, monkeypatch: pytest.MonkeyPatch) -> Campus:
    made = Campus(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
    made.window()
    for name in ("claim", "release"):
        monkeypatch.setattr(claims, name, late(getattr(claims, name)))
    return made


def waiting(campus: Campus, student: str, *sections: str, **facts: Any) -> str:
    body = {"student_id": student, "section_ids": list(sections), "waitlist": True, **facts}
    reply = campus.house.call("enrollment", "POST", "/enrollments", body, who=a_student(student))
    assert (reply.status, reply.json["status"]) == (201, "waitlisted"), reply.body
    return str(reply.json["id"])


def status(campus: Campus, *enrollments: str) -> list[str]:
    seen = (campus.house.call("enrollment", "GET", f"/enrollments/{one}") for one in enrollments)
    return [reply.json["status"] for reply in seen]


def bundle(campus: Campus, enrollment: str) -> list[str]:
    return sorted(campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}").json["section_ids"])


def settle(campus: Campus) -> None:
    """Let the workers finish what a call had no time for."""
    campus.house.drain()
    campus.house.chores("go-through-queues")
    campus.house.drain()


def in_a_circle(campus: Campus, round_: int, size: int) -> tuple[list[str], list[str]]:
    """Make students who hold one course each and wait for the next one's; return what they hold and wait for."""
    sections = [campus.section(f"A-{round_}-{n}", capacity=1) for n in range(size)]
    students = [campus.student() for _ in sections]
    held = [str(campus.enroll(*pair).json["id"]) for pair in zip(students, sections, strict=True)]
    return held, [waiting(campus, one, sections[(n + 1) % size]) for n, one in enumerate(students)]


@pytest.mark.parametrize("size", [2, 4])
def test_drops_that_promote_each_other_s_owner_do_not_wait_for_each_other(campus: Campus, size: int) -> None:
    for round_ in range(ROUNDS):
        held, wished = in_a_circle(campus, round_, size)

        replies = at_once(*(partial(campus.drop, one) for one in held))

        assert [reply.status for reply in replies] == [200] * size, [reply.body for reply in replies]
        settle(campus)
        assert status(campus, *held, *wished) == ["dropped"] * size + ["enrolled"] * size


@pytest.mark.parametrize("settings", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_queues_that_turn_as_soon_as_they_are_noted_do_wait_for_each_other(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: without one order for all queues of a transaction a drop fails, where rows are locked one by one."""
    monkeypatch.setattr(queues, "turn", turn_now)

    for round_ in range(ROUNDS):
        held, _wished = in_a_circle(campus, round_, 2)
        replies = at_once(*(partial(campus.drop, one) for one in held))
        if 503 in [reply.status for reply in replies]:
            return
    pytest.fail("no two drops met")


def turn_now(session: Session, queue_ids: Collection[str]) -> None:
    """Let queues turn one call after the other, and others come in between."""
    turned = {Waitlist.turn: Waitlist.turn + 1}
    session.execute(update(Waitlist).where(Waitlist.id.in_(queue_ids)).values(turned))
    queues.turned(session).update(queue_ids)
    time.sleep(0.05)


def test_a_drop_and_the_leaving_of_the_one_whom_it_promotes_end_in_one_order(campus: Campus) -> None:
    for round_ in range(ROUNDS):
        section = campus.section(f"A-{round_}", capacity=1)
        held = campus.enroll(campus.student(), section).json["id"]
        first, second = (waiting(campus, campus.student(), section) for _ in range(2))

        replies = at_once(partial(campus.drop, held), partial(campus.drop, first))

        assert [reply.status for reply in replies] == [200, 200], [reply.body for reply in replies]
        settle(campus)
        assert status(campus, first, second) == ["dropped", "enrolled"]


def swapping(campus: Campus, round_: int) -> tuple[list[str], list[str]]:
    """Make two who each wait for the other's course and would give their own for it."""
    sections = [campus.section(f"A-{round_}-{n}", capacity=1) for n in range(2)]
    students = [campus.student() for _ in sections]
    held = [str(campus.enroll(*pair).json["id"]) for pair in zip(students, sections, strict=True)]
    pairs = zip(students, reversed(sections), held, strict=True)
    wished = [waiting(campus, student, wanted, drop_enrollment_id=own) for student, wanted, own in pairs]
    return held, wished


def test_two_who_wait_for_each_other_s_course_keep_what_they_had_until_one_seat_more_lets_both_in(
    campus: Campus,
) -> None:
    held, wished = swapping(campus, 0)
    settle(campus)
    assert status(campus, *held, *wished) == ["enrolled", "enrolled", "waitlisted", "waitlisted"]

    (section,) = bundle(campus, held[0])
    campus.change("course", f"/sections/{section}", {"capacity": 2})
    settle(campus)

    assert status(campus, *held, *wished) == ["dropped", "dropped", "enrolled", "enrolled"]


@pytest.mark.parametrize("raised", ["lecture", "laboratory", "both"])
def test_two_who_wait_for_each_other_s_lecture_and_laboratory_both_get_them_or_keep_their_own(
    campus: Campus, raised: str
) -> None:
    for round_ in range(3):
        code = f"A-{round_}"
        groups = [
            [
                campus.section(code, f"W{n}", offering=FULL, capacity=1),
                campus.section(code, f"L{n}", component="laboratory", capacity=1),
            ]
            for n in range(2)
        ]
        students = [campus.student() for _ in groups]
        held = [str(campus.enroll(one, *group).json["id"]) for one, group in zip(students, groups, strict=True)]
        for student, own, wanted in zip(students, held, reversed(groups), strict=True):
            change = {"action": "change_sections", "enrollment_id": own, "section_ids": wanted, "waitlist": True}
            assert campus.request(student, change).json["outcome"] == "accepted"

        more = groups[0] if raised == "both" else [groups[0][raised == "laboratory"]]
        at_once(*(raising(campus, section) for section in more))
        settle(campus)

        changed = raised == "both"
        expected = [groups[1], groups[0]] if changed else groups
        assert [bundle(campus, one) for one in held] == [sorted(group) for group in expected]


def raising(campus: Campus, section: str) -> Callable[[], Reply]:
    """Return a change of a section's capacity to two that answers, as `at_once` asks."""

    def change() -> Reply:
        return campus.house.call("course", "PATCH", f"/sections/{section}", {"capacity": 2}, headers={"If-Match": "*"})

    return change


def test_requests_that_drop_what_the_other_waits_for_are_both_carried_out(campus: Campus) -> None:
    for round_ in range(ROUNDS):
        held, wished = in_a_circle(campus, round_, 2)
        owners = [campus.house.call("enrollment", "GET", f"/enrollments/{one}").json["student_id"] for one in held]

        replies = at_once(*(partial(campus.request, who, dropping(one)) for who, one in zip(owners, held, strict=True)))

        assert [reply.json["outcome"] for reply in replies] == ["accepted", "accepted"]
        settle(campus)
        assert status(campus, *wished) == ["enrolled", "enrolled"]


def test_newcomers_never_get_what_is_held_for_who_waits(campus: Campus) -> None:
    for round_ in range(ROUNDS):
        section = campus.section(f"A-{round_}", capacity=1)
        held = campus.enroll(campus.student(), section).json["id"]
        first = waiting(campus, campus.student(), section)
        newcomers = [campus.student() for _ in range(2)]
        campus.house.drain()

        def come(student: str, section: str = section) -> Reply:
            time.sleep(0.01)
            return campus.enroll(student, section)

        replies = at_once(partial(campus.drop, held), *(partial(come, one) for one in newcomers))

        assert [reply.status for reply in replies] == [200, 409, 409], [reply.body for reply in replies]
        settle(campus)
        assert status(campus, first) == ["enrolled"]
