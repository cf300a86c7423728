"""When a window opens, all whom it is for are told so once, and queues turn that waited for nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.campus import Campus, a_student


def opening(campus: Campus, within: timedelta, **facts: Any) -> dict[str, Any]:
    """Make a window that opens in a while for two days."""
    opens = datetime.now(UTC) + within
    moments = {"opens_at": opens.isoformat(), "closes_at": (opens + timedelta(days=2)).isoformat()}
    return campus.window(**{**moments, "name": "Second years", **facts})


def pass_time(campus: Campus, time: timedelta = timedelta()) -> None:
    campus.house.travel(time)
    campus.house.chores("tell-of-open-windows")
    campus.house.chores("go-through-queues")
    campus.house.drain()


def told(campus: Campus, student: str) -> list[str]:
    """Return what a student was told of the windows made by `opening`, the newest first."""
    items = campus.house.call("student", "GET", "/students/me/notifications", who=a_student(student)).json["items"]
    return [item["body"] for item in items if (item["kind"], item["body"][:6]) == ("window-opens", "Second")]


def test_everybody_whom_a_window_is_for_hears_of_it_once_and_not_before(campus: Campus) -> None:
    ann = campus.student(program="INF", stage=2, groups=["honors"])
    others = [
        campus.student(program="MAT", stage=2, groups=["honors"]),
        campus.student(program="INF", stage=1, groups=["honors"]),
        campus.student(program="INF", stage=2, groups=["chess"]),
        campus.student(program="INF", stage=2, groups=["honors"], status="suspended"),
    ]
    opening(campus, timedelta(hours=1), program=["INF"], stage=[2, 3], group=["honors"])

    pass_time(campus)
    assert told(campus, ann) == []

    for _ in range(2):
        pass_time(campus, timedelta(hours=1))
    (text,) = told(campus, ann)
    assert text.startswith("Second years is open until 20")
    assert [told(campus, one) for one in others] == [[], [], [], []]


@pytest.mark.parametrize(("least", "hears"), [(9, True), (10, False)])
def test_credits_count_each_course_once_and_what_was_recognized(campus: Campus, least: float, hears: bool) -> None:
    ann, bob = campus.student(), campus.student()
    campus.completed(ann, "A")
    campus.completed(ann, "A", term="2025Z")
    campus.made("student", f"/students/{ann}/credits-recognized", {"course": "X-1", "ects": 4})
    opening(campus, timedelta(), min_ects=least)
    campus.house.drain()

    pass_time(campus)

    assert (bool(told(campus, ann)), told(campus, bob)) == (hears, [])


def test_a_window_that_is_put_off_is_told_of_again_when_it_opens(campus: Campus) -> None:
    ann, window = campus.student(), opening(campus, timedelta())
    pass_time(campus)
    later = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    campus.change("enrollment", f"/registration-windows/{window['id']}", {"opens_at": later})

    pass_time(campus)
    assert len(told(campus, ann)) == 1

    pass_time(campus, timedelta(hours=4))
    assert len(told(campus, ann)) == 2


def test_news_that_is_heard_twice_is_kept_once(campus: Campus) -> None:
    ann = campus.student()
    opening(campus, timedelta())
    pass_time(campus)
    event = campus.house.announced("enrollment", "enrollment.notice.window")[-1]
    again = {**event, "id": "01a20000-0000-7000-8000-000000000001"}  # As if announced anew: the inbox lets it in.

    campus.house.hearers()["student.notifications"]([again])

    assert len(told(campus, ann)) == 1


def test_who_waits_for_nothing_but_a_window_gets_the_seat_when_it_opens(campus: Campus) -> None:
    section = campus.section("A", capacity=1)
    holder, ann = campus.enroll(campus.student(), section), campus.student()
    body = {"student_id": ann, "section_ids": [section], "waitlist": True}
    waits = campus.house.call("enrollment", "POST", "/enrollments", body, who=a_student(ann))
    opening(campus, timedelta(days=2))
    campus.house.travel(timedelta(days=1, hours=1))
    campus.drop(holder.json["id"])
    assert campus.seen(waits)["status"] == "waitlisted"

    pass_time(campus, timedelta(days=1))

    assert campus.seen(waits)["status"] == "enrolled"
