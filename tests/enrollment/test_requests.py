"""Requests of several changes: judged together, carried out whole or item by item, never half by accident."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.campus import Campus, a_student, adding, dropping, meeting, reasons
from tests.enrollment.test_meanwhile import after_judging
from tests.house import REGISTRAR, House
from university.course.wiring import CourseWiring
from university.enrollment.models import Enrollment, EnrollmentChange, Section
from university.enrollment.repository import ledger
from university.enrollment.wiring import EnrollmentWiring
from university.platform.messaging.outbox import outbox_of

MONDAY = [meeting("mon", "10:00", "12:00")]
BEST: dict[str, Any] = {"mode": "best_effort"}
NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"


def taken(campus: Campus, *sections: str) -> list[int]:
    with campus.house.modules["enrollment"].primary.read() as session:
        found = {row.id: row.taken for row in session.execute(select(Section.id, Section.taken))}
    return [found.get(section, 0) for section in sections]


def rows(campus: Campus) -> list[int]:
    tables: list[Any] = [Enrollment, EnrollmentChange, outbox_of("enrollment")]
    with campus.house.modules["enrollment"].primary.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def standing(campus: Campus, student: str) -> list[str]:
    """Return the codes of the courses that the student is enrolled in."""
    path = f"/enrollments?student_id={student}&status=enrolled"
    return [one["course"]["code"] for one in campus.house.call("enrollment", "GET", path).json["items"]]


def actions(reply: Any, item: int) -> list[tuple[str, Any]]:
    """Return what the remedies of an item's first violation ask for, and which item or section they name."""
    remedies = reply.json["items"][item]["violations"][0]["remedies"]
    names = ("item", "section_id", "enrollment_id", "course")
    return [(one["action"], next(one["params"][n] for n in names if n in one["params"])) for one in remedies]


def test_several_courses_are_taken_at_once_with_one_history_and_an_event_each(campus: Campus) -> None:
    ann, sections = campus.student(), [campus.section(f"A-{n}") for n in range(3)]

    reply = campus.request(ann, *map(adding, sections))

    told = reply.json
    assert (reply.status, told["outcome"]) == (200, "accepted")
    assert [item["enrollment"]["section_ids"] for item in told["items"]] == [[section] for section in sections]
    assert taken(campus, *sections) == [1, 1, 1]
    events = campus.house.announced("enrollment", "enrollment.created")
    assert [event["subject"] for event in events] == [item["enrollment"]["id"] for item in told["items"]]
    path = f"/enrollments/{told['items'][2]['enrollment']['id']}/history"
    (line,) = campus.house.call("enrollment", "GET", path).json["items"]
    assert (line["status"], line["request_id"]) == ("enrolled", told["id"])


def test_one_refused_item_refuses_all_and_leaves_no_trace(campus: Campus) -> None:
    ann, fine, full = campus.student(), campus.section("A-1"), campus.section("A-2", capacity=0)

    reply = campus.request(ann, adding(fine), adding(full), headers={"Idempotency-Key": "k"})

    assert reply.json["outcome"] == "refused"
    assert [item["outcome"] for item in reply.json["items"]] == ["accepted", "refused"]
    assert [item["enrollment"] for item in reply.json["items"]] == [None, None]
    assert reasons(reply) == [[], ["section-full"]]
    assert (rows(campus), taken(campus, fine)) == ([0, 0, 0], [0])
    campus.change("course", f"/sections/{full}", {"capacity": 1})
    again = campus.request(ann, adding(fine), adding(full), headers={"Idempotency-Key": "k"})
    assert again.json["outcome"] == "accepted"


def test_by_best_effort_each_item_that_fits_is_carried_out_in_order(campus: Campus) -> None:
    ann = campus.student()
    first, clashing = campus.section("A-1", meetings=MONDAY), campus.section("A-2", meetings=MONDAY)
    full, last = campus.section("A-3", capacity=0), campus.section("A-4")

    reply = campus.request(ann, *map(adding, (first, clashing, full, last)), **BEST)

    assert reply.json["outcome"] == "partly"
    assert reasons(reply) == [[], ["time-conflict"], ["section-full"], []]
    assert [item["enrollment"] is None for item in reply.json["items"]] == [False, True, True, False]
    assert standing(campus, ann) == ["A-1", "A-4"]
    assert rows(campus) == [2, 2, 2]


def test_a_clash_with_what_was_carried_out_is_mended_by_dropping_it(campus: Campus) -> None:
    ann = campus.student()
    first, clashing = campus.section("A-1", meetings=MONDAY), campus.section("A-2", meetings=MONDAY)

    reply = campus.request(ann, adding(first), adding(clashing), **BEST)

    (remedy,) = reply.json["items"][1]["violations"][0]["remedies"]
    assert remedy["action"] == "drop-enrollment"
    assert remedy["params"]["enrollment_id"] == reply.json["items"][0]["enrollment"]["id"]
    assert remedy["message"] == "Drop A-1."


def test_two_items_that_clash_are_told_on_both_and_each_remedy_names_what_to_leave_out(campus: Campus) -> None:
    ann = campus.student()
    first, second = campus.section("A-1", meetings=MONDAY), campus.section("A-2", meetings=MONDAY)
    other = campus.section("A-2", "2")
    campus.house.drain()

    reply = campus.request(ann, adding(first), adding(second))

    assert reasons(reply) == [["time-conflict"], ["time-conflict"]]
    assert actions(reply, 0) == [("remove-item", 1)]
    assert actions(reply, 1) == [("choose-section", other), ("remove-item", 0)]
    assert campus.request(ann, adding(first), adding(other)).json["outcome"] == "accepted"


def test_one_course_asked_for_twice_is_told_on_both(campus: Campus) -> None:
    first, second = campus.section("A-1", "1"), campus.section("A-1", "2")

    reply = campus.request(campus.student(), adding(first), adding(second))

    assert reasons(reply) == [["already-enrolled"], ["already-enrolled"]]
    assert actions(reply, 0) == [("remove-item", 1)]
    assert "asked for twice" in reply.json["items"][0]["violations"][0]["message"]


def test_a_drop_leaves_its_time_its_credits_and_its_seats_to_the_adds(campus: Campus) -> None:
    campus.change("course", "/terms/2027L", {"max_ects": 10})
    ann = campus.student()
    old = campus.section("A-1", "1", meetings=MONDAY, capacity=1)
    kept, new = campus.section("A-2"), campus.section("A-3", meetings=MONDAY)
    place = campus.enroll(ann, old).json["id"]
    assert campus.enroll(ann, kept).status == 201

    assert reasons(campus.request(ann, adding(new))) == [["time-conflict", "credit-limit"]]
    reply = campus.request(ann, adding(new), dropping(place))

    assert reply.json["outcome"] == "accepted"
    assert reply.json["items"][1]["enrollment"]["status"] == "dropped"
    assert taken(campus, old, new) == [0, 1]
    again = campus.request(ann, dropping(reply.json["items"][0]["enrollment"]["id"]), adding(old))
    assert (again.json["outcome"], taken(campus, old, new)) == ("accepted", [1, 0])


def test_the_last_seat_may_be_given_back_and_taken_again_in_one_request(campus: Campus) -> None:
    ann, pool = campus.student(program="INF"), [{"seats": 1, "program": ["INF"]}]
    lecture = campus.section("A-1", "L", capacity=1, reserved=pool)
    place = campus.enroll(ann, lecture).json["id"]

    reply = campus.request(ann, dropping(place), adding(lecture))

    assert reply.json["outcome"] == "accepted"
    assert taken(campus, lecture) == [1]
    assert [event["type"].split(".")[2] for event in campus.house.announced("enrollment")] == [
        "created",
        "dropped",
        "created",
    ]


def test_credits_count_over_all_items(campus: Campus) -> None:
    campus.change("course", "/terms/2027L", {"max_ects": 10})
    ann, sections = campus.student(), [campus.section(f"A-{n}") for n in range(3)]

    reply = campus.request(ann, *map(adding, sections))

    assert reasons(reply) == [["credit-limit"]] * 3
    assert reply.json["items"][0]["violations"][0]["params"]["after"] == 15
    ways = [(one["action"], one["params"].get("item")) for one in reply.json["items"][0]["violations"][0]["remedies"]]
    assert ways == [("remove-item", 0), ("remove-item", 1), ("remove-item", 2), ("ask-permission", None)]
    assert reasons(campus.request(ann, *map(adding, sections), **BEST)) == [[], [], ["credit-limit"]]


def test_corequisites_may_be_items_of_the_same_request(campus: Campus) -> None:
    campus.course("FIZ-101", requisites="FIZ-101L WITH")
    campus.course("FIZ-101L", requisites="FIZ-101 WITH")
    ann, bob = campus.student(), campus.student()
    lecture, laboratory = campus.section("FIZ-101"), campus.section("FIZ-101L")

    assert reasons(campus.request(ann, adding(lecture))) == [["corequisite-missing"]]
    assert campus.request(ann, adding(lecture), adding(laboratory)).json["outcome"] == "accepted"
    assert campus.request(bob, adding(lecture), adding(laboratory), **BEST).json["outcome"] == "accepted"


def test_what_rests_on_a_refused_item_is_refused_too(campus: Campus) -> None:
    campus.course("A-1", requisites="A-2 WITH")
    campus.course("A-2", requisites="A-3 WITH")
    sections = [campus.section("A-1"), campus.section("A-2"), campus.section("A-3", capacity=0), campus.section("A-4")]

    reply = campus.request(campus.student(), *map(adding, sections), **BEST)

    assert reasons(reply) == [["corequisite-missing"], ["corequisite-missing"], ["section-full"], []]
    assert taken(campus, *sections) == [0, 0, 0, 1]


def test_what_rests_on_a_dropped_place_is_refused(campus: Campus) -> None:
    campus.course("A-1", requisites="A-2 WITH")
    ann = campus.student()
    place = campus.enroll(ann, campus.section("A-2")).json["id"]

    assert reasons(campus.request(ann, dropping(place), adding(campus.section("A-1")))) == [
        [],
        ["corequisite-missing"],
    ]
    assert standing(campus, ann) == ["A-2"]


def test_a_drop_that_is_forbidden_keeps_its_time(campus: Campus) -> None:
    ann, old = campus.student(), campus.section("A-1", meetings=MONDAY)
    new, other = campus.section("A-2", meetings=MONDAY), campus.section("A-3")
    place = campus.enroll(ann, old).json["id"]
    hold = {"reason": "A book", "contact": "library@example.edu", "effects": ["block-drop"]}
    campus.made("student", f"/students/{ann}/holds", hold)
    items = dropping(place), adding(new), adding(other)

    assert reasons(campus.request(ann, *items)) == [["hold"], [], []]
    assert standing(campus, ann) == ["A-1"]
    assert reasons(campus.request(ann, *items, **BEST)) == [["hold"], ["time-conflict"], []]
    assert standing(campus, ann) == ["A-1", "A-3"]


def test_a_place_that_was_given_back_already_is_a_reason_of_its_item(campus: Campus) -> None:
    ann, place = campus.student(), ""
    place = campus.enroll(ann, campus.section("A-1")).json["id"]
    campus.drop(place)

    reply = campus.request(ann, dropping(place), adding(campus.section("A-2")), **BEST)

    assert reasons(reply) == [["not-enrolled"], []]
    assert actions(reply, 0) == [("remove-item", 0)]


@pytest.mark.parametrize("mode", ["all_or_nothing", "best_effort"])
def test_a_dry_run_gives_the_same_verdict_and_writes_nothing(campus: Campus, mode: str) -> None:
    ann, key = campus.student(), {"Idempotency-Key": "k"}
    place = campus.enroll(ann, campus.section("A-0")).json["id"]
    before = rows(campus)
    fine = dropping(place), adding(campus.section("A-1"))
    mixed = *fine, adding(campus.section("A-2", capacity=0))

    for items, outcome in ((mixed, "partly" if mode == "best_effort" else "refused"), (fine, "accepted")):
        tried = campus.request(ann, *items, mode=mode, dry_run=True, headers=key)
        assert (tried.json["outcome"], rows(campus)) == (outcome, before)
        assert [item["enrollment"] for item in tried.json["items"]] == [None] * len(items)
        if outcome != "partly":
            real = campus.request(ann, *items, mode=mode, headers=key)
            assert (real.json["outcome"], reasons(real)) == (outcome, reasons(tried))
    assert standing(campus, ann) == ["A-1"]


def test_the_same_key_gives_the_first_success_again(campus: Campus) -> None:
    ann, key = campus.student(), {"Idempotency-Key": "k"}
    items = adding(campus.section("A-1")), adding(campus.section("A-2", capacity=0))

    first = campus.request(ann, *items, **BEST, headers=key)
    again = campus.request(ann, *items, **BEST, headers=key)

    assert (first.json["outcome"], first.body) == ("partly", again.body)
    assert rows(campus)[0] == 1
    other = campus.request(ann, *items, headers=key)
    assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")


def test_neighbors_are_asked_once_for_all_items(campus: Campus, house: House) -> None:
    asked: list[str] = []
    for name in ("course", "student"):
        app = house.modules[name].app

        def counted(environ: dict[str, Any], start_response: Any, app: Any = app) -> Any:
            asked.append(environ["PATH_INFO"])
            return app(environ, start_response)

        house.neighborhood.welcome(name, counted)
    ann, sections = campus.student(), [campus.section(f"A-{n}") for n in range(5)]
    place = campus.enroll(ann, sections[0]).json["id"]
    asked.clear()

    assert campus.request(ann, dropping(place), *map(adding, sections[1:])).json["outcome"] == "accepted"

    assert asked == ["/internal/verifications", "/internal/requisite-checks"]


def test_what_is_not_the_students_is_refused_as_by_a_drop(campus: Campus) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1")
    of_bob = campus.enroll(bob, section).json["id"]

    def refused(student: str, item: dict[str, Any], **options: Any) -> tuple[int, str]:
        reply = campus.request(student, item, **options)
        return reply.status, reply.json["code"]

    assert refused(ann, dropping(of_bob)) == (403, "not-yours")
    assert refused(ann, dropping(of_bob), who=a_student(bob)) == (403, "not-yours")
    assert refused(ann, dropping(of_bob), who=REGISTRAR) == (404, "enrollment-not-found")
    assert refused(ann, dropping(NOBODY_HAS)) == (404, "enrollment-not-found")
    assert refused(ann, dropping("garbage")) == (404, "enrollment-not-found")
    assert refused(ann, adding(section, NOBODY_HAS)) == (422, "section-not-found")
    assert refused(NOBODY_HAS, adding(section), who=REGISTRAR) == (422, "student-not-found")
    assert standing(campus, bob) == ["A-1"]


def test_every_faulty_item_is_named(campus: Campus) -> None:
    ann = campus.student()
    items: list[dict[str, Any]] = [
        {"action": "add"},
        {"action": "drop", "enrollment_id": NOBODY_HAS, "section_ids": [NOBODY_HAS]},
        {"action": "swap"},
        adding(),
        adding(*["x"] * 11),
    ]

    reply = campus.request(ann, *items, mode="perhaps")

    assert reply.status == 422
    assert sorted(fault["field"] for fault in reply.json["errors"]) == [
        "items[0].section_ids",
        "items[1].section_ids",
        "items[2].drop_enrollment_id",
        "items[2].section_ids",
        "items[3].section_ids",
        "items[4].section_ids",
        "mode",
    ]
    for items in ([], [adding("x")] * 31, [adding(*["x"] * 10)] * 11):
        assert campus.request(ann, *items).json["errors"][0]["field"] == "items"


def test_what_belongs_to_another_term_or_is_named_twice_is_a_fault_of_the_request(campus: Campus) -> None:
    ann, now = campus.student(), campus.section("A-1")
    campus.term("2028Z", starts_on="2028-10-01", ends_on="2029-01-31")
    later = campus.made("course", "/offerings", {"course_id": "A-1", "term_id": "2028Z"})["id"]
    section = campus.made("course", "/sections", {"offering_id": later, "number": "1", "component": "lecture"})["id"]
    place = campus.enroll(ann, now).json["id"]

    def faults(*items: dict[str, Any], **facts: Any) -> list[str]:
        return [fault["field"] for fault in campus.request(ann, *items, **facts).json["errors"]]

    assert faults(adding(now, section)) == ["items[0].section_ids[1]"]
    assert faults(dropping(place), term_id="2028Z") == ["items[0].enrollment_id"]
    assert faults(dropping(place), dropping(place.upper())) == ["items[1].enrollment_id"]
    assert campus.request(ann, dropping(place.upper()), term_id=campus.term()["id"]).json["outcome"] == "accepted"


def test_a_request_that_was_outrun_is_judged_anew(campus: Campus) -> None:
    ann = campus.student()
    first, second = campus.section("A-1", meetings=MONDAY), campus.section("A-2", meetings=MONDAY)
    after_judging(campus, lambda: campus.enroll(ann, first))

    assert reasons(campus.request(ann, adding(second), adding(campus.section("A-3")))) == [["time-conflict"], []]


def test_a_place_that_goes_on_review_meanwhile_is_not_overwritten(campus: Campus) -> None:
    ann = campus.student()
    place = campus.enroll(ann, campus.section("A-1")).json["id"]

    def suspend() -> None:
        campus.change("student", f"/students/{ann}", {"status": "suspended"})
        campus.house.drain()

    after_judging(campus, suspend)
    refused = campus.request(ann, dropping(place), adding(campus.section("A-2")))
    assert reasons(refused) == [[], ["student-not-active"]]
    dropped = campus.request(ann, dropping(place))
    assert (dropped.json["outcome"], dropped.json["items"][0]["enrollment"]["version"]) == ("accepted", 3)


def test_a_silent_neighbor_means_503_and_nothing_written(house: House) -> None:
    house.open(CourseWiring(), EnrollmentWiring())
    campus = Campus(house)
    reply = campus.request(NOBODY_HAS, adding(campus.section("A-1")))
    assert (reply.status, reply.json["code"]) == (503, "neighbor-unavailable")
    assert rows(campus) == [0, 0, 0]


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_section_that_changed_is_not_locked_before_one_that_is_given_back(campus: Campus) -> None:
    ann, left, wanted = campus.student(), campus.section("A-1"), campus.section("A-2")
    place = campus.enroll(ann, left).json["id"]
    campus.house.drain()
    campus.change("course", f"/sections/{wanted}", {"capacity": 7})
    with ThreadPoolExecutor(1) as thread:
        with campus.house.modules["enrollment"].primary.begin() as session:
            ledger.lock(session, [left])
            asked = thread.submit(campus.request, ann, dropping(place), adding(wanted))
            with pytest.raises(TimeoutError):
                asked.result(timeout=1)
            ledger.lock(session, [wanted])
        assert asked.result().json["outcome"] == "accepted"
