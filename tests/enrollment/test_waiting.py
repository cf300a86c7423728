"""Queues: who waits gets the seat that becomes free, in order, at once; who may not have it is told, and stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.campus import Campus, a_student, adding, codes, dropping, meeting, reasons
from tests.house import REGISTRAR, Reply
from university.platform.security import Principal


def wait(campus: Campus, student: str, *sections: str, **facts: Any) -> Reply:
    """Ask for a bundle, and to wait for it when there is no seat."""
    body = {"student_id": student, "section_ids": list(sections), "waitlist": True, **facts}
    return campus.house.call("enrollment", "POST", "/enrollments", body, who=a_student(student))


def act(campus: Campus, what: str, enrollment: str, who: Principal) -> Reply:
    return campus.house.call("enrollment", "POST", f"/enrollments/{enrollment}/{what}", who=who)


def status(campus: Campus, *replies: Reply) -> list[str]:
    return [campus.seen(reply)["status"] for reply in replies]


def kinds(campus: Campus, student: str) -> list[str]:
    """Return what a student was told, in order."""
    told = campus.house.announced("enrollment", "enrollment.notice.v")
    return [event["data"]["kind"] for event in told if event["data"]["student_id"] == student]


def full(campus: Campus, code: str = "A", capacity: int = 1, **facts: Any) -> tuple[str, Reply]:
    """Make a section and fill it; return it with the enrollment of the last one who got in."""
    section = campus.section(code, capacity=capacity, **facts)
    holders = [campus.enroll(campus.student(), section) for _ in range(capacity)]
    return section, holders[-1]


def test_who_waits_has_a_position_and_gets_the_seat_in_the_call_that_frees_it(campus: Campus) -> None:
    section, holder = full(campus)
    first, second = campus.student(), campus.student()

    ann, bob = wait(campus, first, section), wait(campus, second, section)

    assert [ann.status, ann.json["status"]] == [201, "waitlisted"]
    places = [{name: reply.json["waitlist"][name] for name in ("position", "of")} for reply in (ann, bob)]
    assert places == [{"position": 1, "of": 1}, {"position": 2, "of": 2}]
    assert campus.drop(holder.json["id"]).json["status"] == "dropped"
    assert status(campus, ann, bob) == ["enrolled", "waitlisted"]
    assert campus.seen(bob)["waitlist"]["position"] == 1
    assert kinds(campus, first) == ["promoted"]


def test_a_full_section_refuses_who_does_not_wait_and_says_that_one_may(campus: Campus) -> None:
    section, _holder = full(campus)

    refused = campus.enroll(campus.student(), section)

    assert (refused.status, codes(refused)) == (409, ["section-full"])
    assert "join-waitlist" in [remedy["action"] for remedy in refused.json["violations"][0]["remedies"]]


@pytest.mark.parametrize(("most", "expected"), [(0, [422, 422]), (1, [201, 422]), (None, [201, 201])])
def test_a_queue_has_a_limit(campus: Campus, most: int | None, expected: list[int]) -> None:
    section, _holder = full(campus, waitlist_capacity=most)

    assert [wait(campus, campus.student(), section).status for _ in range(2)] == expected


def test_a_free_seat_is_taken_though_one_would_wait(campus: Campus) -> None:
    section = campus.section("A", capacity=1)

    assert wait(campus, campus.student(), section).json["status"] == "enrolled"


def test_a_newcomer_cannot_have_a_seat_that_is_held_for_the_queue(campus: Campus) -> None:
    section, holder = full(campus)
    held = campus.student()
    ann = wait(campus, held, section)
    hold = campus.made("student", f"/students/{held}/holds", {"reason": "r", "contact": "c", "effects": ["block-add"]})
    campus.drop(holder.json["id"])
    assert status(campus, ann) == ["waitlisted"]
    assert [one["code"] for one in campus.seen(ann)["waitlist"]["refusals"]] == ["hold"]
    assert kinds(campus, held) == ["passed-over"]

    newcomer = campus.enroll(campus.student(), section)

    assert newcomer.status == 201  # A whole pass found nobody.
    campus.drop(newcomer.json["id"])
    lifted = campus.house.call("student", "DELETE", f"/students/{held}/holds/{hold['id']}")
    assert lifted.status == 204
    campus.house.drain()
    campus.house.chores()
    assert status(campus, ann) == ["enrolled"]


def test_a_teacher_is_told_that_there_is_a_hold_and_not_what_for(campus: Campus) -> None:
    ewa = campus.made("course", "/instructors", {"number": "P-1", "given_name": "Ewa", "family_name": "Lis"})["id"]
    teacher = Principal("ewa", frozenset({"instructor"}), instructor_id=ewa)
    section, holder = full(campus, instructors=[ewa])
    held = campus.student()
    ann = wait(campus, held, section)
    hold = {"reason": "Owes 300", "contact": "bursar@example.edu", "effects": ["block-add"]}
    campus.made("student", f"/students/{held}/holds", hold)
    campus.drop(holder.json["id"])

    paths = (
        f"/offerings/{campus.offering('A')['id']}/waitlist",
        f"/enrollments/{ann.json['id']}",
        f"/enrollments?section_id={section}",
    )
    for path in paths:
        told = {who: campus.house.call("enrollment", "GET", path, who=who).body for who in (teacher, REGISTRAR)}
        assert all(b'"code":"hold"' in body for body in told.values())
        assert b"There is a hold." in told[teacher]
        assert not [word for word in (b"Owes", b"bursar") if word in told[teacher]]
        assert b"Owes 300" in told[REGISTRAR]
    assert b"Owes 300" in campus.house.call("enrollment", "GET", paths[1], who=a_student(held)).body


def test_who_is_passed_over_keeps_the_place_and_the_next_one_gets_the_seat(campus: Campus) -> None:
    section, holder = full(campus, meetings=[meeting("mon", "10:00", "11:30")])
    clashing = campus.section("B", meetings=[meeting("mon", "11:00", "12:00")])
    busy, free = campus.student(), campus.student()
    ann, bob = wait(campus, busy, section), wait(campus, free, section)
    other = campus.enroll(busy, clashing)

    campus.drop(holder.json["id"])

    assert status(campus, ann, bob) == ["waitlisted", "enrolled"]
    seen = campus.seen(ann)["waitlist"]
    assert (seen["position"], [one["code"] for one in seen["refusals"]]) == (1, ["time-conflict"])
    campus.drop(bob.json["id"])
    assert status(campus, ann) == ["waitlisted"]
    assert kinds(campus, busy) == ["passed-over"]  # The same reasons are told once.
    campus.drop(other.json["id"])
    assert status(campus, ann) == ["enrolled"]


def test_a_raised_capacity_lets_in_as_many_as_there_are_seats(campus: Campus) -> None:
    section, _holder = full(campus)
    waiting = [wait(campus, campus.student(), section) for _ in range(3)]

    campus.change("course", f"/sections/{section}", {"capacity": 3})
    campus.house.drain()
    campus.house.chores()

    assert status(campus, *waiting) == ["enrolled", "enrolled", "waitlisted"]


def test_a_bundle_gets_all_its_seats_or_none(campus: Campus) -> None:
    both = {"required_components": ["lecture", "laboratory"]}
    lecture = campus.section("A", "W1", offering=both, capacity=1)
    laboratory = campus.section("A", "L1", component="laboratory", capacity=1)
    other = campus.section("A", "L2", component="laboratory", capacity=5)
    holder = campus.enroll(campus.student(), lecture, laboratory)
    ann = wait(campus, campus.student(), lecture, laboratory)

    moved = campus.request(
        holder.json["student_id"],
        {"action": "change_sections", "enrollment_id": holder.json["id"], "section_ids": [lecture, other]},
    )

    assert reasons(moved) == [[]]
    assert moved.json["items"][0]["enrollment"]["id"] == holder.json["id"]
    assert status(campus, ann) == ["waitlisted"]
    campus.drop(holder.json["id"])
    assert status(campus, ann) == ["enrolled"]


def test_a_swap_waits_and_gives_the_old_place_back_on_success_only(campus: Campus) -> None:
    wanted, holder = full(campus, "A")
    had, other = campus.section("B", capacity=1), campus.student()
    student = campus.student()
    old = campus.enroll(student, had)
    after = wait(campus, other, had)

    swap = {"action": "swap", "drop_enrollment_id": old.json["id"], "section_ids": [wanted]}
    assert reasons(campus.request(student, swap)) == [["section-full"]]
    assert status(campus, old) == ["enrolled"]
    new = campus.request(student, {**swap, "waitlist": True}).json["items"][0]["enrollment"]
    assert (new["status"], new["waitlist"]["drop_enrollment_id"]) == ("waitlisted", old.json["id"])

    campus.drop(holder.json["id"])

    assert campus.house.call("enrollment", "GET", f"/enrollments/{new['id']}").json["status"] == "enrolled"
    assert status(campus, old, after) == ["dropped", "enrolled"]  # The cascade went on to the queue of the old one.


def test_nobody_waits_beside_a_place_in_the_same_class_that_would_be_given_back(campus: Campus) -> None:
    first, second = campus.section("A", "1", capacity=5), campus.section("A", "2", capacity=1)
    holder, student = campus.enroll(campus.student(), second), campus.student()
    mine = campus.enroll(student, first)

    refused = wait(campus, student, second, drop_enrollment_id=mine.json["id"])

    assert (refused.status, codes(refused)) == (422, ["already-enrolled"])
    campus.drop(holder.json["id"])
    swapped = wait(campus, student, second, drop_enrollment_id=mine.json["id"])
    assert (swapped.json["status"], status(campus, mine)) == ("enrolled", ["dropped"])


def test_who_has_a_place_waits_for_another_section_and_keeps_the_place(campus: Campus) -> None:
    first = campus.section("A", "1", capacity=5)
    second = campus.section("A", "2", capacity=1)
    holder = campus.enroll(campus.student(), second)
    student = campus.student()
    mine = campus.enroll(student, first)
    change = {"action": "change_sections", "enrollment_id": mine.json["id"], "section_ids": [second], "waitlist": True}

    told = campus.request(student, change).json["items"][0]["enrollment"]

    assert (told["status"], told["section_ids"], told["waitlist"]["section_ids"]) == ("enrolled", [first], [second])
    campus.drop(holder.json["id"])
    seen = campus.seen(mine)
    assert (seen["status"], seen["section_ids"], seen["waitlist"]) == ("enrolled", [second], None)


def test_an_offer_holds_the_seat_until_it_is_accepted_declined_or_expires(campus: Campus) -> None:
    section, holder = full(campus, offering={"waitlist_policy": "offer"})
    students = [campus.student() for _ in range(3)]
    ann, bob, cid = (wait(campus, student, section) for student in students)

    campus.drop(holder.json["id"])

    offered = campus.seen(ann)
    assert (offered["status"], offered["offer_expires_at"] is not None) == ("offered", True)
    assert campus.enroll(campus.student(), section).status == 409
    assert act(campus, "accept", bob.json["id"], a_student(students[1])).json["code"] == "not-offered"
    assert act(campus, "decline", ann.json["id"], a_student(students[0])).json["status"] == "dropped"
    assert status(campus, bob) == ["offered"]
    campus.window(closes_at=(datetime.now(UTC) + timedelta(days=9)).isoformat())
    campus.house.travel(timedelta(hours=25))
    campus.house.chores()
    assert status(campus, bob, cid) == ["dropped", "offered"]
    assert kinds(campus, students[1]) == ["offered", "offer-expired"]


def test_an_accepted_offer_is_a_place(campus: Campus) -> None:
    section, holder = full(campus, offering={"waitlist_policy": "offer"})
    student = campus.student()
    ann = wait(campus, student, section)
    campus.drop(holder.json["id"])

    accepted = act(campus, "accept", ann.json["id"], a_student(student))

    assert (accepted.status, accepted.json["status"], accepted.json["offer_expires_at"]) == (200, "enrolled", None)
    assert act(campus, "accept", ann.json["id"], a_student(student)).json["code"] == "not-offered"


def test_an_offer_that_is_given_up_goes_to_the_next_one_also_when_its_own_section_is_asked_for(campus: Campus) -> None:
    section, holder = full(campus, offering={"waitlist_policy": "offer"})
    student = campus.student()
    ann, bob = wait(campus, student, section), wait(campus, campus.student(), section)
    campus.drop(holder.json["id"])
    assert status(campus, ann, bob) == ["offered", "waitlisted"]

    again = campus.request(student, dropping(ann.json["id"]), adding(section))

    assert reasons(again) == [[], ["section-full"]]
    assert status(campus, ann, bob) == ["offered", "waitlisted"]


def test_who_leaves_the_queue_and_joins_again_comes_last(campus: Campus) -> None:
    section, _holder = full(campus)
    student = campus.student()
    ann, bob = wait(campus, student, section), wait(campus, campus.student(), section)

    campus.drop(ann.json["id"])
    again = wait(campus, student, section)

    assert (campus.seen(bob)["waitlist"]["position"], campus.seen(again)["waitlist"]["position"]) == (1, 2)


def test_the_last_seat_given_back_goes_to_the_queue_also_inside_one_request(campus: Campus) -> None:
    section, holder = full(campus)
    ann = wait(campus, campus.student(), section)

    again = campus.request(holder.json["student_id"], dropping(holder.json["id"]), adding(section))

    assert reasons(again) == [[], ["section-full"]]
    assert status(campus, holder, ann) == ["enrolled", "waitlisted"]


def test_the_registrar_sees_the_queue_by_name_and_students_do_not(campus: Campus) -> None:
    section, holder = full(campus)
    student = campus.student()
    ann = wait(campus, student, section)
    path = f"/offerings/{ann.json['offering_id']}/waitlist"

    (row,) = campus.house.call("enrollment", "GET", path).json["items"]

    assert (row["enrollment_id"], row["position"], row["family_name"]) == (ann.json["id"], 1, "Żak")
    assert campus.house.call("enrollment", "GET", path, who=a_student(student)).status == 403
    assert holder.status == 201
