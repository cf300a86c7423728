"""Grades posted at once: one of two wins by the version read, files that cross do not wait for each other."""

from functools import partial

import pytest
from sqlalchemy import select

from tests.campus import Campus
from tests.concurrency.test_requests import at_once
from tests.enrollment.test_grading import ANYHOW, enrolled, grade, grade_file, grade_many, history, state
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.models import BrokenRequisite, Enrollment
from university.enrollment.wiring import EnrollmentWiring
from university.student.wiring import StudentWiring

ROUNDS = 5


@pytest.fixture
def campus(house: House) -> Campus:
    made = Campus(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
    made.window()
    return made


def test_of_two_who_post_the_same_version_at_once_one_wins_and_the_other_learns_it(campus: Campus) -> None:
    section = campus.section("A-1")
    for _ in range(ROUNDS):
        (place,) = enrolled(campus, section, campus.student())
        read = {"If-Match": '"v1"'}

        replies = at_once(
            partial(grade, campus, place, "4.0", headers=read), partial(grade, campus, place, "5.0", headers=read)
        )

        assert sorted(reply.status for reply in replies) == [200, 412]
        won = next(reply.json["grade"] for reply in replies if reply.status == 200)
        assert (state(campus, place), history(campus, place)) == (("completed", won), [(1, won, "posted", None)])


def test_of_two_who_post_whatever_the_version_the_second_would_have_to_say_why(campus: Campus) -> None:
    section = campus.section("A-1")
    for _ in range(ROUNDS):
        (place,) = enrolled(campus, section, campus.student())

        replies = at_once(*(partial(grade, campus, place, text, headers=ANYHOW) for text in ("4.0", "5.0")))

        assert sorted(reply.status for reply in replies) == [200, 422]
        assert len(history(campus, place)) == 1


def test_two_who_grade_a_whole_section_in_opposite_order_do_not_wait_for_each_other(campus: Campus) -> None:
    section, students = campus.section("A-1", capacity=None), [campus.student() for _ in range(12)]
    places = enrolled(campus, section, *students)
    rows = [{"student": one, "grade": "2.0"} for one in students]

    replies = at_once(
        partial(grade_many, campus, section, *rows), partial(grade_many, campus, section, *reversed(rows))
    )

    assert [reply.status for reply in replies] == [200, 200], [reply.body for reply in replies]
    assert sum(reply.json["posted"] for reply in replies) == len(students)
    assert all(len(history(campus, place)) == 1 for place in places)


def test_a_grade_never_passes_unseen_who_registers_on_condition_of_it_at_that_moment(campus: Campus) -> None:
    term = campus.term("2027W", starts_on="2027-02-15", ends_on="2027-06-30")
    campus.window(term_id=term["id"])
    campus.course("MAT-102", requisites="MAT-101")
    first, second = campus.section("MAT-101", offering={"term": "2027W"}), campus.section("MAT-102")
    for _ in range(ROUNDS):
        ann = campus.student()
        (before,) = enrolled(campus, first, ann)

        at_once(partial(grade, campus, before, "2.0"), partial(campus.enroll, ann, second))
        campus.house.chores("recheck-requisites")

        with campus.house.modules["enrollment"].primary.read() as session:
            rests = select(Enrollment.id).where(Enrollment.student_id == ann, Enrollment.status == "enrolled")
            standing = set(session.scalars(rests))
            broken = set(session.scalars(select(BrokenRequisite.enrollment_id)))
        assert standing <= broken


def test_a_file_of_three_hundred_rows_is_posted_in_one_go(campus: Campus) -> None:
    section = campus.section("A-1", capacity=None)
    students = [campus.student(number=f"{400000 + n}") for n in range(300)]
    enrolled(campus, section, *students)
    text = "number,grade\n" + "".join(f"{400000 + n},{('2.0', '3.5', '5')[n % 3]}\n" for n in range(300))

    reply = grade_file(campus, section, text)

    assert (reply.status, reply.json["posted"]) == (200, 300)
    assert [one["status"] for one in reply.json["items"][:3]] == ["failed", "completed", "completed"]
