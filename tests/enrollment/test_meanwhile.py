"""What changes between the neighbors' answers and the transaction that rests on them is noticed, and judged anew."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.campus import Campus, codes, meeting
from tests.house import House
from university.enrollment.models import Enrollment
from university.platform import database
from university.platform.database import new_id

Story = Callable[[], object]


def after_judging(campus: Campus, *stories: Story) -> None:
    """Let one story happen after each of the next checks of requisites, before their asker goes on."""
    course, left = campus.house.modules["course"].app, list(stories)

    def interrupted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = list(course(environ, start_response))
        if environ["PATH_INFO"] == "/internal/requisite-checks" and left:
            left.pop(0)()
        return answer

    campus.house.neighborhood.welcome("course", interrupted)


def test_a_suspension_heard_in_between_refuses(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")

    def suspend() -> None:
        campus.change("student", f"/students/{ann}", {"status": "suspended"})
        campus.house.drain()

    after_judging(campus, suspend)
    assert codes(campus.enroll(ann, section)) == ["student-not-active"]


def test_a_suspension_heard_later_puts_the_place_on_review(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    after_judging(campus, lambda: campus.change("student", f"/students/{ann}", {"status": "suspended"}))
    enrollment = campus.enroll(ann, section)
    assert enrollment.status == 201
    campus.house.drain()
    assert campus.seen(enrollment)["status"] == "review"


def test_a_suspension_first_seen_by_a_drop_puts_the_other_places_on_review_when_it_is_heard(campus: Campus) -> None:
    ann = campus.student()
    first, second = (campus.enroll(ann, campus.section(code)) for code in ("A-1", "B-1"))
    campus.change("student", f"/students/{ann}", {"status": "suspended"})

    assert campus.drop(first.json["id"]).status == 200

    campus.house.drain()
    assert campus.seen(second)["status"] == "review"


def test_a_section_that_closes_in_between_refuses_as_closed(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")

    def close() -> None:
        campus.change("course", f"/sections/{section}", {"status": "closed"})
        campus.house.drain()

    after_judging(campus, close)
    assert codes(campus.enroll(ann, section)) == ["section-closed"]


def test_another_tab_that_was_faster_is_seen_as_a_conflict(campus: Campus) -> None:
    ann = campus.student()
    monday = [meeting("mon", "10:00", "12:00")]
    first, second = campus.section("A-1", meetings=monday), campus.section("A-2", meetings=monday)
    after_judging(campus, lambda: campus.enroll(ann, first))
    assert codes(campus.enroll(ann, second)) == ["time-conflict"]


def test_a_schedule_that_never_stands_still_is_a_503_that_wrote_nothing(campus: Campus) -> None:
    ann, wanted = campus.student(), campus.section("A-1")
    others = [campus.section(f"B-{n}") for n in range(3)]
    # Each of these enrollments is a request of its own, whose check must not be interrupted again.
    pauses: list[Story] = []
    for one in others:
        pauses += [lambda one=one: campus.enroll(ann, one), lambda: None]  # type: ignore[misc]  # mypy cannot type a default of a lambda
    after_judging(campus, *pauses)
    reply = campus.enroll(ann, wanted)
    assert (reply.status, reply.json["code"]) == (503, "schedule-moving")
    assert reply.headers["Retry-After"]
    listed = campus.house.call("enrollment", "GET", f"/enrollments?student_id={ann}&total=true").json
    assert listed["total"] == 3


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_place_recorded_by_an_import_at_the_same_moment_counts_as_had(campus: Campus, house: House) -> None:
    """Only where writers run side by side: the import has written, but not committed, when the student asks."""
    ann, section = campus.student(), campus.section("A-1")
    template = campus.seen(campus.enroll(campus.student(), section))
    with ThreadPoolExecutor(1) as thread:
        with house.modules["enrollment"].primary.begin() as session:
            now = database.now(session)
            session.add(
                Enrollment(
                    id=new_id(),
                    student_id=ann,
                    offering_id=template["offering_id"],
                    term_id=template["term_id"],
                    course_id=template["course"]["id"],
                    course_code="A-1",
                    course_title="Title",
                    term_code="2027L",
                    term_ends_on=now.date(),
                    status="enrolled",
                    ects=5,
                    created_at=now,
                    updated_at=now,
                )
            )
            session.flush()
            asked = thread.submit(campus.enroll, ann, section)
            with pytest.raises(TimeoutError):
                asked.result(timeout=1)
        assert codes(asked.result()) == ["already-enrolled"]


def test_a_place_that_the_registrar_confirmed_stays_so_until_the_status_changes_again(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    enrollment = campus.enroll(ann, section)

    def becomes(**facts: Any) -> str:
        campus.change("student", f"/students/{ann}", facts)
        campus.house.drain()
        status: str = campus.seen(enrollment)["status"]
        return status

    assert becomes(status="suspended") == "review"
    campus.house.call("enrollment", "POST", f"/enrollments/{enrollment.json['id']}/confirm")
    assert becomes(stage=3) == "enrolled"
    assert becomes(status="withdrawn") == "review"


def test_news_of_a_student_in_any_order_ends_with_the_newest(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    enrollment = campus.enroll(ann, section)
    for status in ("suspended", "active"):
        campus.change("student", f"/students/{ann}", {"status": status})
    news = campus.house.announced("student", "student.")
    hear = campus.house.hearers()["enrollment.student-facts"]
    for event in (news[2], news[1], news[0], news[1]):
        hear([event])
    assert campus.seen(enrollment)["status"] == "enrolled"


def test_a_student_who_is_recorded_no_more_leaves_places_on_review(campus: Campus) -> None:
    enrollment = campus.enroll(campus.student(), campus.section("A-1"))
    (created,) = campus.house.announced("student", "student.created")
    gone = {"id": new_id(), "type": "university.student.deleted.v1", "aggregateversion": 2}
    campus.house.hearers()["enrollment.student-facts"]([created, {**created, **gone}])
    assert campus.seen(enrollment)["status"] == "review"
