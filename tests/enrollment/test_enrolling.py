"""Enrolling through the real modules: places given, every rule refused, nothing left behind by a refusal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.campus import Campus, a_student, codes, meeting
from tests.house import NOBODY, House
from university.course.wiring import CourseWiring
from university.enrollment.models import Enrollment, EnrollmentChange, Section
from university.enrollment.wiring import EnrollmentWiring
from university.platform.messaging.outbox import outbox_of
from university.platform.security import Principal

TEACHER = Principal("teacher", frozenset({"instructor"}), instructor_id="018f2b6a-7c1e-7a55-9d3e-000000000001")


def count(campus: Campus, table: Any) -> int:
    with campus.house.modules["enrollment"].primary.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def taken(campus: Campus, section: str) -> int:
    with campus.house.modules["enrollment"].primary.read() as session:
        return session.scalar(select(Section.taken).where(Section.id == section)) or 0


def test_a_student_gets_a_place_with_history_and_event(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("MAT-101")
    reply = campus.enroll(ann, section)
    assert reply.status == 201, reply.body
    told = reply.json
    assert reply.headers["Location"] == f"/api/v1/enrollments/{told['id']}"
    assert (told["status"], told["student_id"], told["section_ids"]) == ("enrolled", ann, [section])
    assert (told["course"]["code"], told["ects"], told["waitlist"], told["version"]) == ("MAT-101", 5, None, 1)
    assert taken(campus, section) == 1
    (event,) = campus.house.announced("enrollment", "enrollment.created")
    assert event["type"] == "university.enrollment.created.v1"
    assert (event["subject"], event["aggregateversion"]) == (told["id"], 1)
    assert event["data"]["section_ids"] == [section]
    history = campus.house.call("enrollment", "GET", f"/enrollments/{told['id']}/history").json["items"]
    assert [(line["status"], line["reason"]) for line in history] == [("enrolled", "enrolled")]


def test_a_refused_enrollment_leaves_no_trace(campus: Campus) -> None:
    ann, section = campus.student(status="suspended"), campus.section("MAT-101", capacity=0)
    reply = campus.enroll(ann, section, headers={"Idempotency-Key": "k"})
    assert (reply.status, reply.json["code"]) == (422, "registration-refused")
    assert codes(reply) == ["student-not-active", "section-full"]
    assert [count(campus, table) for table in (Enrollment, EnrollmentChange, outbox_of("enrollment"))] == [0, 0, 0]
    assert taken(campus, section) == 0


def test_a_full_section_alone_is_a_conflict_and_names_the_groups_with_room(campus: Campus) -> None:
    full, other = campus.section("MAT-101", "1", capacity=1), campus.section("MAT-101", "2")
    campus.house.drain()
    assert campus.enroll(campus.student(), full).status == 201
    reply = campus.enroll(campus.student(), full)
    assert (reply.status, reply.json["code"], codes(reply)) == (409, "section-full", ["section-full"])
    (violation,) = reply.json["violations"]
    assert (violation["section_id"], violation["params"]["capacity"], violation["params"]["taken"]) == (full, 1, 1)
    ways = [(remedy["action"], remedy["params"]["section_id"]) for remedy in violation["remedies"]]
    assert ways == [("join-waitlist", full), ("choose-section", other)]


def test_a_dropped_place_is_free_again_and_the_student_may_come_back(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("MAT-101", capacity=1)
    first = campus.enroll(ann, section).json["id"]
    reply = campus.drop(first, a_student(ann))
    assert (reply.status, reply.json["status"], reply.json["version"]) == (200, "dropped", 2)
    assert taken(campus, section) == 0
    again = campus.drop(first, a_student(ann))
    assert (again.status, again.json["code"], taken(campus, section)) == (409, "not-enrolled", 0)
    assert campus.enroll(ann, section).status == 201
    assert [e["type"] for e in campus.house.announced("enrollment")] == [
        "university.enrollment.created.v1",
        "university.enrollment.dropped.v1",
        "university.enrollment.created.v1",
    ]


def test_requisites_rest_on_what_was_completed_here_or_recognized(campus: Campus) -> None:
    campus.course("MAT-100")
    campus.course("MAT-101", requisites="MAT-100 >= 3.5")
    section = campus.section("MAT-101")
    ann, bob, eve = campus.student(), campus.student(), campus.student()
    refused = campus.enroll(ann, section)
    assert codes(refused) == ["requisites-unmet"]
    assert refused.json["violations"][0]["params"]["tree"]["result"] == "UNMET"
    campus.completed(ann, "MAT-100", "3.0")
    assert codes(campus.enroll(ann, section)) == ["requisites-unmet"]
    campus.completed(bob, "MAT-100", "4.0")
    assert campus.enroll(bob, section).status == 201
    campus.made("student", f"/students/{eve}/credits-recognized", {"course": "MAT-100", "grade": "5.0", "ects": 5})
    assert campus.enroll(eve, section).status == 201


def test_a_failed_course_is_no_completed_one_and_a_passed_one_is_not_repeated(campus: Campus) -> None:
    campus.course("MAT-101", requisites="MAT-100")
    section, passed = campus.section("MAT-101"), campus.section("MAT-100")
    ann = campus.student()
    campus.completed(ann, "MAT-100", "2.0")
    assert codes(campus.enroll(ann, section)) == ["requisites-unmet"]
    campus.completed(ann, "MAT-100", "3.0")
    assert campus.enroll(ann, section).status == 201
    assert codes(campus.enroll(ann, passed)) == ["repeat-not-allowed"]


def test_a_corequisite_must_be_running(campus: Campus) -> None:
    campus.course("FIZ-101", requisites="FIZ-101L WITH")
    lecture, lab = campus.section("FIZ-101"), campus.section("FIZ-101L")
    ann = campus.student()
    assert codes(campus.enroll(ann, lecture)) == ["corequisite-missing"]
    assert campus.enroll(ann, lab).status == 201
    assert campus.enroll(ann, lecture).status == 201


def test_holds_and_windows_are_asked_of_their_owners(campus: Campus) -> None:
    ann, section = campus.student(program="INF"), campus.section("MAT-101")
    hold = {"reason": "Unpaid fee", "contact": "fees@example.edu", "effects": ["block-add", "block-drop"]}
    enrollment = campus.enroll(ann, section).json["id"]
    placed = campus.made("student", f"/students/{ann}/holds", hold)
    refused = campus.drop(enrollment, a_student(ann))
    assert (refused.status, codes(refused)) == (422, ["hold"])
    assert refused.json["violations"][0]["params"]["contact"] == "fees@example.edu"
    other = campus.section("FIZ-101")
    assert codes(campus.enroll(ann, other)) == ["hold"]
    assert campus.house.call("student", "DELETE", f"/students/{ann}/holds/{placed['id']}").status == 204
    assert campus.enroll(ann, other).status == 201


def test_without_a_window_of_mine_i_wait(campus: Campus) -> None:
    (window,) = campus.house.call("enrollment", "GET", "/registration-windows").json["items"]
    soon = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    campus.change("enrollment", f"/registration-windows/{window['id']}", {"opens_at": soon})
    ann, section = campus.student(program="INF"), campus.section("MAT-101")
    refused = campus.enroll(ann, section)
    assert codes(refused) == ["window-not-open"]
    assert refused.json["violations"][0]["remedies"][0]["action"] == "wait-until"
    campus.window(name="Informatics", program=["INF"])
    assert campus.enroll(ann, section).status == 201
    assert codes(campus.enroll(campus.student(program="MAT"), section)) == ["window-not-open"]


def test_odd_and_even_weeks_touching_ends_and_no_time_do_not_clash(campus: Campus) -> None:
    odd = campus.section("A-1", meetings=[meeting("mon", "10:00", "12:00", weeks="odd")])
    even = campus.section("A-2", meetings=[meeting("mon", "10:00", "12:00", weeks="even")])
    touching = campus.section("A-3", meetings=[meeting("mon", "12:00", "13:00")])
    without_time = campus.section("A-4")
    ann = campus.student()
    assert [campus.enroll(ann, one).status for one in (odd, even, touching, without_time)] == [201] * 4


def test_a_day_that_runs_as_another_makes_two_courses_clash_on_that_date(campus: Campus) -> None:
    runs_as_monday = {"date": "2027-10-14", "runs_as": "mon", "from": "14:00"}
    campus.change("course", "/terms/2027L", {"calendar": [runs_as_monday]})
    monday = campus.section("A-1", meetings=[meeting("mon", "14:00", "15:00")])
    thursday = campus.section("A-2", meetings=[meeting("thu", "13:00", "15:00")])
    ann = campus.student()
    assert campus.enroll(ann, monday).status == 201
    refused = campus.enroll(ann, thursday)
    assert codes(refused) == ["time-conflict"]
    assert refused.json["violations"][0]["params"]["dates"] == ["2027-10-14"]


def test_the_credit_limit_of_the_term_counts(campus: Campus) -> None:
    campus.change("course", "/terms/2027L", {"max_ects": 10})
    first, second, third = (campus.section(f"A-{n}") for n in range(3))
    ann = campus.student()
    assert [campus.enroll(ann, one).status for one in (first, second)] == [201, 201]
    refused = campus.enroll(ann, third)
    assert codes(refused) == ["credit-limit"]
    assert refused.json["violations"][0]["params"]["after"] == 15


def test_a_bundle_takes_all_its_seats_or_none(campus: Campus) -> None:
    needs = {"required_components": ["lecture", "laboratory"]}
    lecture = campus.section("A-1", "L1", offering=needs)
    lab = campus.section("A-1", "B1", component="laboratory", parent_id=lecture, capacity=1)
    spare = campus.section("A-1", "B2", component="laboratory", parent_id=lecture, capacity=1)
    campus.house.drain()
    ann, bob = campus.student(), campus.student()
    incomplete = campus.enroll(ann, lecture)
    assert codes(incomplete) == ["bundle-incomplete"]
    proposed = {remedy["params"]["section_id"] for remedy in incomplete.json["violations"][0]["remedies"]}
    assert proposed == {lab, spare}
    assert campus.enroll(ann, lecture, lab).status == 201
    assert campus.enroll(bob, lecture, lab).status == 409
    assert (taken(campus, lecture), taken(campus, lab)) == (1, 1)
    assert campus.enroll(bob, lecture, spare).status == 201


def test_reserved_seats_wait_for_their_audience(campus: Campus) -> None:
    section = campus.section("A-1", capacity=1, reserved=[{"seats": 1, "group": ["erasmus"]}])
    refused = campus.enroll(campus.student(), section)
    assert refused.status == 409
    assert refused.json["violations"][0]["params"]["reserved"][0]["free"] == 1
    assert campus.enroll(campus.student(groups=["erasmus"]), section).status == 201


def test_a_canceled_section_and_a_lowered_capacity_are_known_at_once(campus: Campus) -> None:
    section = campus.section("A-1")
    assert campus.enroll(campus.student(), section).status == 201
    campus.change("course", f"/sections/{section}", {"capacity": 1})
    assert campus.enroll(campus.student(), section).status == 409
    campus.house.call("course", "POST", f"/sections/{section}/cancel")
    assert codes(campus.enroll(campus.student(), section)) == ["section-canceled"]


def test_a_restriction_is_told_with_what_it_asks_for(campus: Campus) -> None:
    section = campus.section("A-1", restrictions=[{"program": ["MAT"]}])
    refused = campus.enroll(campus.student(program="INF"), section)
    assert codes(refused) == ["restricted"]
    assert refused.json["violations"][0]["params"]["program"] == ["MAT"]
    assert campus.enroll(campus.student(program="MAT"), section).status == 201


def test_unknown_things_have_their_own_codes(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    nobody = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
    registrar = Principal("registrar", frozenset({"registrar"}))
    replies = [
        campus.enroll(ann, nobody),
        campus.enroll(ann, section, nobody),
        campus.enroll(nobody, section, who=registrar),
        campus.enroll(ann, "not a section"),
        campus.drop(nobody),
        campus.drop("garbage"),
    ]
    assert [(reply.status, reply.json["code"]) for reply in replies] == [
        (422, "section-not-found"),
        (422, "section-not-found"),
        (422, "student-not-found"),
        (422, "section-not-found"),
        (404, "enrollment-not-found"),
        (404, "enrollment-not-found"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "student_id"),
        ({"student_id": 5, "section_ids": ["x"]}, "student_id"),
        ({"student_id": "a", "section_ids": []}, "section_ids"),
        ({"student_id": "a", "section_ids": "x"}, "section_ids"),
        ({"student_id": "a", "section_ids": [None]}, "section_ids[0]"),
        ({"student_id": "a", "section_ids": ["x"] * 11}, "section_ids"),
        ({"student_id": "a\u0000", "section_ids": ["x"]}, "student_id"),
        ({"student_id": "a", "section_ids": ["x"], "waitlist": "yes"}, "waitlist"),
        ({"student_id": "a", "section_ids": ["x"], "grade": "5.0"}, "grade"),
    ],
)
def test_a_faulty_body_names_the_faulty_field(campus: Campus, body: dict[str, Any], field: str) -> None:
    reply = campus.house.call("enrollment", "POST", "/enrollments", body)
    assert (reply.status, reply.json["code"]) == (422, "invalid-request")
    assert field in [fault["field"] for fault in reply.json["errors"]]


def test_students_act_for_themselves_only(campus: Campus) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1")
    assert campus.enroll(ann, section, who=a_student(bob)).json["code"] == "not-yours"
    assert campus.house.call("enrollment", "POST", "/enrollments", {}, who=NOBODY).status == 401
    assert campus.house.call("enrollment", "POST", "/enrollments", {}, who=TEACHER).status == 403
    own = campus.enroll(ann, section).json["id"]
    assert campus.drop(own, a_student(bob)).status == 403
    assert campus.house.call("enrollment", "GET", f"/enrollments/{own}", who=a_student(bob)).status == 403
    assert campus.house.call("enrollment", "GET", f"/enrollments/{own}", who=a_student(ann)).status == 200
    listed = campus.house.call("enrollment", "GET", f"/enrollments?student_id={ann}", who=a_student(bob))
    assert listed.status == 403
    mine = campus.house.call("enrollment", "GET", "/enrollments", who=a_student(ann)).json["items"]
    assert [one["id"] for one in mine] == [own]


def test_an_instructor_sees_the_own_sections_only(campus: Campus) -> None:
    person = {"number": "P1", "given_name": "Ewa", "family_name": "Lis", "email": "e@example.edu"}
    instructor = campus.made("course", "/instructors", person)["id"]
    teacher = Principal("teacher", frozenset({"instructor"}), instructor_id=instructor)
    own, other = campus.section("A-1", instructors=[instructor]), campus.section("A-2")
    enrolled = campus.enroll(campus.student(), own).json["id"]
    elsewhere = campus.enroll(campus.student(), other).json["id"]
    seen = campus.house.call("enrollment", "GET", f"/enrollments?section_id={own}", who=teacher)
    assert [one["id"] for one in seen.json["items"]] == [enrolled]
    assert campus.house.call("enrollment", "GET", f"/enrollments/{enrolled}", who=teacher).status == 200
    for path in (f"/enrollments?section_id={other}", "/enrollments", f"/enrollments/{elsewhere}"):
        assert campus.house.call("enrollment", "GET", path, who=teacher).status == 403


def test_the_same_key_gives_the_same_answer_and_one_place(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1", capacity=2)
    key = {"Idempotency-Key": "tab-1"}
    first, second = campus.enroll(ann, section, headers=key), campus.enroll(ann, section, headers=key)
    assert (first.status, first.body) == (second.status, second.body)
    assert first.headers["Location"] == second.headers["Location"]
    assert taken(campus, section) == 1
    other = campus.enroll(ann, campus.section("A-2"), headers=key)
    assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")


def test_a_refusal_is_judged_anew_under_the_same_key(campus: Campus) -> None:
    section = campus.section("A-1", capacity=0)
    ann, key = campus.student(), {"Idempotency-Key": "again"}
    assert campus.enroll(ann, section, headers=key).status == 409
    campus.change("course", f"/sections/{section}", {"capacity": 1})
    assert campus.enroll(ann, section, headers=key).status == 201


def test_a_silent_neighbor_means_503_and_nothing_written(house: House) -> None:
    house.open(CourseWiring(), EnrollmentWiring())
    campus = Campus(house)
    section = campus.section("A-1")
    reply = campus.enroll("018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21", section)
    assert (reply.status, reply.json["code"]) == (503, "neighbor-unavailable")
    assert reply.headers["Retry-After"]
    assert [count(campus, table) for table in (Enrollment, Section)] == [0, 0]


def test_a_suspension_after_the_check_puts_running_places_on_review(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    enrollment = campus.enroll(ann, section).json["id"]
    campus.change("student", f"/students/{ann}", {"status": "suspended"})
    campus.house.drain()
    seen = campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}").json
    assert (seen["status"], seen["version"], taken(campus, section)) == ("review", 2, 1)
    confirmed = campus.house.call("enrollment", "POST", f"/enrollments/{enrollment}/confirm")
    assert (confirmed.status, confirmed.json["status"]) == (200, "enrolled")
    again = campus.house.call("enrollment", "POST", f"/enrollments/{enrollment}/confirm")
    assert (again.status, again.json["code"]) == (409, "not-on-review")


def test_both_views_follow(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1", meetings=[meeting("mon", "10:00", "11:30")])
    enrollment = campus.enroll(ann, section).json["id"]
    campus.house.drain()
    (seats,) = campus.house.call("course", "GET", "/availability?term=2027L&after=0").json["sections"]
    assert (seats["id"], seats["taken"], seats["open"]) == (section, 1, 29)
    (recorded,) = campus.house.call("student", "GET", f"/students/{ann}/enrollments?term=2027L").json["items"]
    assert (recorded["id"], recorded["status"]) == (enrollment, "enrolled")
    campus.drop(enrollment)
    campus.house.drain()
    left = campus.house.call("student", "GET", f"/students/{ann}/enrollments?term=2027L").json["items"]
    assert [one["status"] for one in left] in ([], ["dropped"])


def test_lists_page_and_filter(campus: Campus) -> None:
    section = campus.section("A-1")
    made = [campus.enroll(campus.student(), section).json["id"] for _ in range(5)]
    campus.drop(made[0])
    first = campus.house.call("enrollment", "GET", "/enrollments?limit=2&total=true&term=2027L").json
    assert ([one["id"] for one in first["items"]], first["total"]) == (made[:2], 5)
    second = campus.house.call("enrollment", "GET", f"/enrollments?limit=200&cursor={first['next']}").json
    assert ([one["id"] for one in second["items"]], second["next"]) == (made[2:], None)
    enrolled = campus.house.call("enrollment", "GET", f"/enrollments?section_id={section}&status=enrolled").json
    assert [one["id"] for one in enrolled["items"]] == made[1:]
    refused = [
        campus.house.call("enrollment", "GET", f"/enrollments?{query}").status
        for query in ("limit=0", "limit=201", "cursor=x", "status=happy", "color=red", "limit=2&limit=3")
    ]
    assert refused == [422] * 6


def test_windows_are_kept_with_their_versions(campus: Campus) -> None:
    window = campus.window(name="Later", max_ects=30, stage=[1])
    path = f"/registration-windows/{window['id']}"
    call = campus.house.call
    assert call("enrollment", "PATCH", path, {"name": "x"}).status == 428
    assert call("enrollment", "PATCH", path, {"name": "x"}, headers={"If-Match": '"v9"'}).status == 412
    changed = call("enrollment", "PATCH", path, {"name": "x"}, headers={"If-Match": '"v1"'})
    assert (changed.status, changed.json["name"], changed.headers["ETag"]) == (200, "x", '"v2"')
    wrong = call("enrollment", "PATCH", path, {"closes_at": "2020-01-01T00:00:00Z"}, headers={"If-Match": "*"})
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "closes_at")
    assert call("enrollment", "GET", path).json["name"] == "x"
    assert call("enrollment", "DELETE", path, who=a_student("x")).status == 403
    assert call("enrollment", "DELETE", path).status == 204
    assert call("enrollment", "GET", path).status == 404
    unknown = call("enrollment", "POST", "/registration-windows", {**_window(), "term_id": "2099Z"})
    assert (unknown.status, unknown.json["code"]) == (422, "term-not-found")


def _window() -> dict[str, Any]:
    return {"name": "n", "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"course": "NONE-1", "term": "2027L", "grade": "4.0"}, 422, "course-not-found"),
        ({"course": "A-1", "term": "2099Z", "grade": "4.0"}, 422, "term-not-found"),
        ({"course": "A-1", "term": "2027L", "grade": "great"}, 422, "invalid-request"),
        ({"course": "A-1", "term": "2027L", "grade": "4.0", "ects": -1}, 422, "invalid-request"),
    ],
)
def test_a_completed_course_must_make_sense(campus: Campus, told: dict[str, Any], status: int, code: str) -> None:
    campus.offering("A-1")
    reply = campus.house.call("enrollment", "POST", f"/students/{campus.student()}/completed-courses", told)
    assert (reply.status, reply.json["code"]) == (status, code)


@pytest.mark.parametrize(
    "path",
    [
        "/enrollments/garbage",
        "/enrollments/garbage/history",
        "/registration-windows/garbage",
        "/registration-windows/ ",
    ],
)
def test_what_cannot_be_an_id_is_not_found(campus: Campus, path: str) -> None:
    assert campus.house.call("enrollment", "GET", path.replace(" ", "%20")).status == 404
    for name in ("section_id", "student_id", "offering_id"):
        listed = campus.house.call("enrollment", "GET", f"/enrollments?{name}=garbage&total=true").json
        assert listed == {"items": [], "next": None, "total": 0}


@pytest.mark.parametrize("term", ["%2F", "..", "a%2Fb", "2099Z", "%20", "%C3%B3"])
def test_a_term_nobody_knows_is_a_fault_of_the_question(campus: Campus, term: str) -> None:
    reply = campus.house.call("enrollment", "GET", f"/enrollments?term={term}")
    assert (reply.status, reply.json["code"]) == (422, "term-not-found")
