"""The university cancels a section: its students are moved where that was wished, or told, and come first elsewhere."""

from typing import Any

from tests.campus import Campus, a_student, meeting
from tests.house import Reply

BOTH = {"required_components": ["lecture", "laboratory"]}


def cancel(campus: Campus, section: str, *, move: bool = False) -> None:
    """Cancel a section, and let the news and what follows from it come through."""
    reply = campus.house.call("course", "POST", f"/sections/{section}/cancel", {"move_students": move})
    assert reply.status == 200, reply.body
    campus.house.drain()
    campus.house.chores("settle-canceled-sections")
    campus.house.drain()


def wait(campus: Campus, student: str, *sections: str, **facts: Any) -> Reply:
    body = {"student_id": student, "section_ids": list(sections), "waitlist": True, **facts}
    return campus.house.call("enrollment", "POST", "/enrollments", body, who=a_student(student))


def seen(campus: Campus, *replies: Reply) -> list[tuple[str, list[str]]]:
    found = [campus.seen(reply) for reply in replies]
    return [(one["status"], one["section_ids"]) for one in found]


def told(campus: Campus, student: str) -> list[str]:
    """Return the kinds of news that a student can read of, the newest first."""
    items = campus.house.call("student", "GET", "/students/me/notifications", who=a_student(student)).json["items"]
    return [item["kind"] for item in items]


def test_who_had_a_place_loses_it_is_told_and_comes_before_all_who_wait(campus: Campus) -> None:
    gone, other = campus.section("A", "1", capacity=5), campus.section("A", "2", capacity=1)
    ann, bob = campus.student(), campus.student()
    place, holder = campus.enroll(ann, gone), campus.enroll(campus.student(), other)
    before = wait(campus, bob, other)

    cancel(campus, gone)
    again = wait(campus, ann, other)

    assert seen(campus, place) == [("canceled", [gone])]
    assert told(campus, ann) == ["section-canceled"]
    assert [campus.seen(one)["waitlist"]["position"] for one in (again, before)] == [1, 2]
    campus.drop(holder.json["id"])
    assert [status for status, _ in seen(campus, again, before)] == ["enrolled", "waitlisted"]


def test_who_is_to_be_moved_gets_a_seat_in_another_group_that_fits(campus: Campus) -> None:
    lecture = campus.section("A", "W1", offering=BOTH, capacity=5)
    gone = campus.section("A", "L1", component="laboratory", capacity=5)
    clashing = campus.section("A", "L2", component="laboratory", meetings=[meeting("mon", "10:00", "11:30")])
    fitting = campus.section("A", "L3", component="laboratory", capacity=1, meetings=[meeting("tue", "10:00", "11:30")])
    ann, bob = campus.student(), campus.student()
    campus.enroll(ann, campus.section("B", meetings=[meeting("mon", "11:00", "12:00")]))
    first, second = campus.enroll(ann, lecture, gone), campus.enroll(bob, lecture, gone)

    cancel(campus, gone, move=True)

    assert seen(campus, first, second) == [
        ("enrolled", sorted([lecture, fitting])),
        ("enrolled", sorted([lecture, clashing])),
    ]
    assert (told(campus, ann), told(campus, bob)) == (["moved"], ["moved"])


def test_who_cannot_be_moved_is_told_and_keeps_precedence(campus: Campus) -> None:
    gone, full = campus.section("A", "1", capacity=5), campus.section("A", "2", capacity=1)
    campus.enroll(campus.student(), full)
    ann = campus.student()
    place = campus.enroll(ann, gone)

    cancel(campus, gone, move=True)

    assert seen(campus, place) == [("canceled", [gone])]
    assert wait(campus, ann, full).json["waitlist"]["position"] == 1


def test_who_waits_for_a_canceled_section_waits_no_more(campus: Campus) -> None:
    gone = campus.section("A", "1", capacity=1)
    campus.enroll(campus.student(), gone)
    ann = campus.student()
    waits = wait(campus, ann, gone)

    cancel(campus, gone)

    assert [status for status, _ in seen(campus, waits)] == ["canceled"]
    assert told(campus, ann) == ["section-canceled"]


def test_who_waits_to_change_into_a_canceled_section_keeps_the_place_and_is_told(campus: Campus) -> None:
    mine, gone = campus.section("A", "1", capacity=5), campus.section("A", "2", capacity=1)
    campus.enroll(campus.student(), gone)
    ann = campus.student()
    place = campus.enroll(ann, mine)
    change = {"action": "change_sections", "enrollment_id": place.json["id"], "section_ids": [gone], "waitlist": True}
    assert campus.request(ann, change).json["outcome"] == "accepted"
    assert campus.seen(place)["waitlist"]["section_ids"] == [gone]

    cancel(campus, gone)

    assert seen(campus, place) == [("enrolled", [mine])]
    assert campus.seen(place)["waitlist"] is None
    (news,) = campus.house.call("student", "GET", "/students/me/notifications", who=a_student(ann)).json["items"]
    assert (news["kind"], "You keep your place." in news["body"]) == ("section-canceled", True)
    history = campus.house.call("enrollment", "GET", f"/enrollments/{place.json['id']}/history").json["items"]
    assert [line["reason"] for line in history] == ["enrolled", "waitlisted", "section-canceled"]


def test_who_is_moved_goes_on_waiting_for_the_group_that_was_wished_for(campus: Campus) -> None:
    gone, wished = campus.section("A", "1", capacity=5), campus.section("A", "2", capacity=1)
    other, ann = campus.section("A", "3", capacity=5), campus.student()
    holder, place = campus.enroll(campus.student(), wished), campus.enroll(ann, gone)
    change = {"action": "change_sections", "enrollment_id": place.json["id"], "section_ids": [wished], "waitlist": True}
    assert campus.request(ann, change).json["outcome"] == "accepted"

    cancel(campus, gone, move=True)

    assert seen(campus, place) == [("enrolled", [other])]
    assert campus.seen(place)["waitlist"]["section_ids"] == [wished]
    campus.drop(holder.json["id"])
    assert seen(campus, place) == [("enrolled", [wished])]


def test_what_was_begun_before_a_crash_is_finished_by_whoever_comes_next(campus: Campus) -> None:
    """Every place is settled by itself: asking again settles the rest, and nobody is told twice."""
    gone = campus.section("A", "1", capacity=5)
    students = [campus.student() for _ in range(3)]
    places = [campus.enroll(student, gone) for student in students]

    cancel(campus, gone)
    campus.house.chores("settle-canceled-sections")
    campus.house.drain()

    assert [status for status, _ in seen(campus, *places)] == ["canceled"] * 3
    assert [told(campus, student) for student in students] == [["section-canceled"]] * 3


def test_a_class_listed_under_two_courses_has_one_queue_and_one_ledger(campus: Campus) -> None:
    host = campus.section("A", "1", capacity=1)
    campus.offering("B", cross_listed_with=campus.offering("A")["id"])
    guest = campus.section("B", "1", capacity=None, shares_seats_with=host)
    holder, ann, bob = campus.student(), campus.student(), campus.student()
    taken = campus.enroll(holder, host)

    assert campus.enroll(ann, guest).status == 409
    first, second = wait(campus, ann, guest), wait(campus, bob, host)
    assert [one.json["waitlist"]["position"] for one in (first, second)] == [1, 2]
    assert campus.enroll(holder, guest).json["violations"][0]["code"] == "already-enrolled"

    campus.drop(taken.json["id"])

    assert seen(campus, first, second) == [("enrolled", [guest]), ("waitlisted", [host])]
    assert campus.seen(second)["waitlist"]["position"] == 1
    campus.house.drain()
    counted = [campus.house.call("course", "GET", f"/sections/{one}").json["availability"] for one in (host, guest)]
    assert [(one["taken"], one["open"]) for one in counted] == [(1, 0), (1, 0)]
