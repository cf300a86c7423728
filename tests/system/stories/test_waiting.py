"""Students wait for what is full, are offered it, change for it, and withdraw when it is late."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from tests.campus import reasons
from tests.house import Reply
from tests.system.office import Office, Student, refusal
from tests.system.stories.test_planning import requested


def wait(office: Office, student: Student, *sections: str, **facts: Any) -> Reply:
    """Ask for a bundle, and to wait for it when there is no seat."""
    wish = {"student_id": "me", "section_ids": list(sections), "waitlist": True, **facts}
    return office.ask("POST", "/enrollments", wish, who=student.number)


def act(office: Office, what: str, enrollment: str, who: str) -> Reply:
    return office.ask("POST", f"/enrollments/{enrollment}/{what}", who=who)


def become(office: Office, expected: dict[str, str]) -> None:
    """Wait for statuses by enrollment: the call that frees a seat leaves to a worker what takes it too long."""
    for enrollment, status in expected.items():
        office.eventually(f"/enrollments/{enrollment}", partial(is_in, status))


def is_in(status: str, enrollment: dict[str, Any]) -> bool:
    return bool(enrollment["status"] == status)


def test_who_waits_gets_the_seat_that_is_freed(office: Office) -> None:
    section = office.section("A-1", capacity=1)
    holder, ann, bob = office.student(), office.student(), office.student()
    place = office.enrolled(holder, section)

    first, second = wait(office, ann, section), wait(office, bob, section)
    assert [(one.status, one.json["status"], one.json["waitlist"]["position"]) for one in (first, second)] == [
        (201, "waitlisted", 1),
        (201, "waitlisted", 2),
    ]
    office.eventually(f"/sections/{section}", lambda told: told["availability"]["waiting"] == 2)
    path = f"/offerings/{first.json['offering_id']}/waitlist"
    assert [row["number"] for row in office.get(path)["items"]] == [ann.number, bob.number]
    assert refusal(office.ask("GET", path, who=ann.number)) == (403, "role-missing")

    assert act(office, "drop", place, holder.number).json["status"] == "dropped"
    become(office, {first.json["id"]: "enrolled", second.json["id"]: "waitlisted"})
    assert office.get(f"/enrollments/{second.json['id']}", who=bob.number)["waitlist"]["position"] == 1
    reasons_of = [line["reason"] for line in office.get(f"/enrollments/{first.json['id']}/history")["items"]]
    assert reasons_of == ["waitlisted", "promoted"]
    office.seats(section, taken=1)
    assert act(office, "drop", second.json["id"], bob.number).json["status"] == "dropped"
    assert office.get(path)["items"] == []


def test_a_seat_is_offered_accepted_or_left_to_the_next_one(office: Office) -> None:
    section = office.section("A-1", capacity=1, offering={"waitlist_policy": "offer"})
    holder, ann, bob = office.student(), office.student(), office.student()
    place = office.enrolled(holder, section)
    first, second = (wait(office, student, section).json["id"] for student in (ann, bob))
    assert refusal(act(office, "accept", first, ann.number)) == (409, "not-offered")

    act(office, "drop", place, holder.number)
    become(office, {first: "offered", second: "waitlisted"})
    assert office.get(f"/enrollments/{first}", who=ann.number)["offer_expires_at"] is not None
    assert refusal(act(office, "accept", first, bob.number)) == (403, "not-yours")
    assert act(office, "decline", first, ann.number).json["status"] == "dropped"
    become(office, {second: "offered"})
    assert act(office, "accept", second, bob.number).json["status"] == "enrolled"
    assert refusal(act(office, "decline", second, bob.number)) == (409, "not-offered")


def test_a_place_is_swapped_or_changed_and_never_lost(office: Office) -> None:
    old, wanted = office.section("A-1"), office.section("A-2", capacity=1)
    other = office.section("A-1", "2")
    holder, ann = office.student(), office.student()
    taken, mine = office.enrolled(holder, wanted), office.enrolled(ann, old)
    swap = {"action": "swap", "drop_enrollment_id": mine, "section_ids": [wanted]}

    assert reasons(requested(office, ann, swap)) == [["section-full"]]
    changed = requested(office, ann, {"action": "change_sections", "enrollment_id": mine, "section_ids": [other]})
    assert changed.json["items"][0]["enrollment"]["section_ids"] == [other]
    waiting = requested(office, ann, {**swap, "waitlist": True}).json["items"][0]["enrollment"]
    assert (waiting["status"], waiting["waitlist"]["drop_enrollment_id"]) == ("waitlisted", mine)
    assert office.get(f"/enrollments/{mine}")["status"] == "enrolled"

    act(office, "drop", taken, holder.number)
    become(office, {waiting["id"]: "enrolled", mine: "dropped"})


def test_who_is_late_withdraws_with_a_mark(office: Office) -> None:
    today = date.today()  # noqa: DTZ011 - any day near the present will do
    ann, early = office.student(), office.enrolled(office.student(), office.section("A-1"))
    refused = act(office, "withdraw", early, "registrar")
    assert [one["code"] for one in refused.json["violations"]] == ["drop-possible"]
    office.term(
        "2026Y",
        starts_on=str(today - timedelta(days=60)),
        ends_on=str(today + timedelta(days=60)),
        drop_until=str(today - timedelta(days=2)),
    )
    offered = office.offering("A-1", "2026Y")
    seat = {"offering_id": offered["id"], "number": "1", "component": "lecture", "capacity": 30}
    late = office.enrolled(ann, office.made("/sections", seat)["id"])

    assert refusal(act(office, "drop", late, ann.number)) == (422, "registration-refused")
    assert act(office, "withdraw", late, ann.number).json["status"] == "withdrawn"
    assert refusal(act(office, "withdraw", late, ann.number)) == (409, "not-enrolled")


def test_who_is_in_a_canceled_group_is_moved_or_told_and_comes_first(office: Office) -> None:
    gone, other = office.section("A-1", "1"), office.section("A-1", "2", capacity=1)
    ann, bob, cid = (office.student(status="active") for _ in range(3))
    first = office.enrolled(ann, gone)
    canceled = office.ask("POST", f"/sections/{gone}/cancel", {"move_students": True})
    assert (canceled.status, canceled.json["status"]) == (200, "canceled")
    office.eventually(f"/enrollments/{first}", lambda told: told["section_ids"] == [other], who=ann.number)

    waits = wait(office, bob, other).json["id"]
    last = office.section("A-1", "3", capacity=1)
    lost = office.enrolled(cid, last)
    office.ask("POST", f"/sections/{last}/cancel", {"move_students": False})
    office.eventually(f"/enrollments/{lost}", lambda told: told["status"] == "canceled", who=cid.number)
    again = wait(office, cid, other)
    assert again.json["waitlist"]["position"] == 1

    act(office, "drop", first, ann.number)
    become(office, {again.json["id"]: "enrolled", waits: "waitlisted"})


def test_a_class_listed_under_two_courses_is_one_class(office: Office) -> None:
    host = office.section("A-1", capacity=1)
    office.offering("A-2", cross_listed_with=office.offering("A-1")["id"])
    guest = office.section("A-2", capacity=None, shares_seats_with=host)
    holder, ann = office.student(), office.student()
    place = office.enrolled(holder, host)

    assert [one["code"] for one in office.enroll(ann, guest).json["violations"]] == ["section-full"]
    waits = wait(office, ann, guest)
    assert waits.json["status"] == "waitlisted"
    act(office, "drop", place, holder.number)
    become(office, {waits.json["id"]: "enrolled"})
    office.seats(host, taken=1)
    office.seats(guest, taken=1)
