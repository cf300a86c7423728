"""What permissions do to registrations: named rules give way, uses are counted, and nobody else gains by it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.campus import MONDAY, Campus, a_student, adding, codes, reasons
from tests.enrollment.test_consents import GRANT, request, teacher
from tests.enrollment.test_permissions import permission
from tests.house import Reply
from university.enrollment.models import Permission
from university.enrollment.repository import ledger, permissions


def used(campus: Campus, permission_id: str) -> dict[str, Any]:
    told: dict[str, Any] = campus.house.call("enrollment", "GET", f"/permissions/{permission_id}").json
    return told


def history(campus: Campus, enrolled: Reply) -> list[str]:
    path = f"/enrollments/{enrolled.json['id']}/history"
    return [line["reason"] for line in campus.house.call("enrollment", "GET", path).json["items"]]


def policy(campus: Campus, **severities: str) -> None:
    body = {"severities": severities, "max_waiting_ects": None, "offer_hours": 24}
    path, headers = "/registration-policies/2027L", {"If-Match": "*"}
    assert campus.house.call("enrollment", "PUT", path, body, headers=headers).status == 200


def test_a_full_section_takes_one_more_by_permission_and_the_use_is_on_record(campus: Campus) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1", capacity=0)
    given = permission(campus, ann, "section-full", section_id=section)

    assert codes(campus.enroll(bob, section)) == ["section-full"]
    tried = campus.request(ann, adding(section), dry_run=True).json["items"][0]["violations"]
    assert used(campus, given["id"])["used"] == 0
    enrolled = campus.enroll(ann, section)

    assert [(one["code"], one["severity"], one["permission_id"]) for one in tried] == [
        ("section-full", "permitted", given["id"])
    ]
    assert (enrolled.status, history(campus, enrolled)) == (201, ["permitted"])
    told = used(campus, given["id"])
    assert (told["state"], told["used"], told["version"]) == ("used", 1, 2)
    assert [(one["enrollment_id"], one["rules"]) for one in told["used_for"]] == [
        (enrolled.json["id"], ["section-full"])
    ]
    with campus.house.modules["enrollment"].primary.read() as session:
        assert ledger.seats_of(session, [section])[section].taken == 1
    assert campus.drop(enrolled.json["id"]).status == 200
    assert codes(campus.enroll(ann, section)) == ["section-full"]


def test_a_seat_beyond_capacity_is_one_of_those_that_are_shared(campus: Campus) -> None:
    host, offering = campus.section("A-1", capacity=1), campus.offering("A-1")
    other = campus.offering("B-1", cross_listed_with=offering["id"])
    shared = {"offering_id": other["id"], "number": "1", "component": "lecture", "shares_seats_with": host}
    guest = campus.made("course", "/sections", shared)["id"]
    ann, bob = campus.student(), campus.student()
    campus.enroll(campus.student(), host)
    permission(campus, ann, "section-full")

    place = campus.enroll(ann, guest)

    with campus.house.modules["enrollment"].primary.read() as session:
        assert [ledger.seats_of(session, [key])[key].taken for key in (host, guest)] == [2, 2]
    assert campus.drop(place.json["id"]).status == 200
    assert codes(campus.enroll(bob, guest)) == ["section-full"]


def test_other_rules_still_stand_in_the_way_and_then_nothing_is_used(campus: Campus) -> None:
    ann, section = campus.student(program="MAT"), campus.section("A-1", capacity=0, restrictions=[{"program": ["INF"]}])
    given = permission(campus, ann, "section-full")

    refused = campus.enroll(ann, section)

    assert (refused.status, refused.json["code"]) == (422, "registration-refused")
    assert [(one["code"], one["severity"]) for one in refused.json["violations"]] == [
        ("restricted", "fatal"),
        ("section-full", "permitted"),
    ]
    assert used(campus, given["id"])["used"] == 0


@pytest.mark.parametrize("why", ["of another student", "expired", "revoked", "of another section"])
def test_a_permission_that_does_not_hold_is_no_help(campus: Campus, why: str) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1", capacity=0)
    whose, where = (bob if why == "of another student" else ann), section
    if why == "of another section":
        where = campus.section("A-1", "2")
    given = permission(campus, whose, "section-full", section_id=where)
    primary = campus.house.modules["enrollment"].primary
    if why == "expired":
        with primary.begin() as session:
            row = session.get_one(Permission, given["id"])
            row.expires_at = row.issued_at
    if why == "revoked":
        campus.house.call("enrollment", "DELETE", f"/permissions/{given['id']}")

    assert codes(campus.enroll(ann, section)) == ["section-full"]


def test_the_last_use_is_had_by_one_of_several_courses(campus: Campus) -> None:
    ann = campus.student()
    given = permission(campus, ann, "section-full", uses=2)
    sections = [campus.section(f"A-{number}", capacity=0) for number in range(5)]
    with ThreadPoolExecutor(5) as threads:
        replies = list(threads.map(lambda section: campus.enroll(ann, section), sections))

    assert sorted(reply.status for reply in replies) == [201, 201, 409, 409, 409]
    assert (used(campus, given["id"])["used"], len(used(campus, given["id"])["used_for"])) == (2, 2)


def test_one_request_uses_a_permission_for_as_many_items_as_it_allows(campus: Campus) -> None:
    ann = campus.student()
    permission(campus, ann, "section-full", uses=2)
    items = [adding(campus.section(f"A-{number}", capacity=0)) for number in range(3)]

    assert campus.request(ann, *items, dry_run=True).json["outcome"] == "refused"
    partly = campus.request(ann, *items, mode="best_effort")
    assert [item["outcome"] for item in partly.json["items"]] == ["accepted", "accepted", "refused"]


def test_a_use_that_is_only_hoped_for_is_not_taken_from_whom_was_faster(campus: Campus) -> None:
    """The statement itself counts: it does not rest on what was read before."""
    ann, section = campus.student(), campus.section("A-1")
    enrollment = campus.enroll(ann, section).json["id"]
    given = permission(campus, ann, "hold")
    primary = campus.house.modules["enrollment"].primary
    with primary.begin() as session:
        row = session.get_one(Permission, given["id"])
        row.used = row.uses
    with primary.begin() as session:
        now = row.issued_at
        assert not permissions.use(session, enrollment, {given["id"]: ["hold"]}, now)


def test_an_enrollment_that_used_a_permission_changes_its_sections_without_another_use(campus: Campus) -> None:
    ann = campus.student()
    other, first, second = (campus.section("A-1", meetings=[MONDAY]), *twins(campus))
    campus.enroll(ann, other)
    given = permission(campus, ann, "time-conflict", offering_id=campus.offering("B-1")["id"])
    place = campus.enroll(ann, first)
    assert place.status == 201, place.body

    item = {"action": "change_sections", "enrollment_id": place.json["id"], "section_ids": [second]}
    changed = campus.request(ann, item)

    assert (changed.json["outcome"], used(campus, given["id"])["used"]) == ("accepted", 1), changed.body


def twins(campus: Campus) -> tuple[str, str]:
    """Make two sections of one offering at the same time."""
    return campus.section("B-1", "1", meetings=[MONDAY]), campus.section("B-1", "2", meetings=[MONDAY])


def test_a_term_that_only_warns_lets_in_and_tells(campus: Campus) -> None:
    ann = campus.student()
    first, second = campus.section("A-1", meetings=[MONDAY]), campus.section("B-1", meetings=[MONDAY])
    campus.enroll(ann, first)
    assert codes(campus.enroll(ann, second)) == ["time-conflict"]

    policy(campus, **{"time-conflict": "warning"})
    tried = campus.request(ann, adding(second), dry_run=True)

    assert (tried.json["outcome"], reasons(tried)) == ("accepted", [["time-conflict"]])
    assert [one["severity"] for one in tried.json["items"][0]["violations"]] == ["warning"]
    policy(campus, **{"time-conflict": "off"})
    assert reasons(campus.request(ann, adding(second))) == [[]]


def test_a_hold_on_dropping_gives_way_for_whom_it_is_permitted(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    place = campus.enroll(ann, section).json["id"]
    hold = {"reason": "Books", "contact": "library", "effects": ["block-drop"]}
    campus.made("student", f"/students/{ann}/holds", hold)
    assert codes(campus.drop(place, who=a_student(ann))) == ["hold"]

    given = permission(campus, ann, "hold", section_id=section)

    assert campus.drop(place, who=a_student(ann)).json["status"] == "dropped"
    assert [one["enrollment_id"] for one in used(campus, given["id"])["used_for"]] == [place]


def test_a_consent_that_a_requisite_asks_for_counts_in_its_section_and_is_used(campus: Campus) -> None:
    ewa, ann = teacher(campus), campus.student()
    campus.course("A-1", requisites="CONSENT INSTRUCTOR")
    section, other = (campus.section("A-1", number, instructors=[ewa.instructor_id]) for number in "12")
    refused = campus.enroll(ann, section)
    (unmet,) = refused.json["violations"]
    remedy = next(one for one in unmet["remedies"] if one["action"] == "ask-consent")["params"]
    asks = {name: remedy[name] for name in ("section_id", "asked_of")}

    made = request(campus, ann, asks["section_id"], *remedy["rules"], asked_of=asks["asked_of"])
    path = f"/consent-requests/{made['id']}/grant"
    granted = campus.house.call("enrollment", "POST", path, GRANT, who=ewa).json
    enrolled = campus.enroll(ann, section)

    assert (unmet["code"], remedy["rules"]) == ("requisites-unmet", ["consent"])
    assert codes(campus.enroll(ann, other))[0] in {"requisites-unmet", "already-enrolled"}
    assert enrolled.status == 201, enrolled.body
    told = used(campus, granted["permission_id"])
    assert [(one["enrollment_id"], one["rules"]) for one in told["used_for"]] == [
        (enrolled.json["id"], ["requisites-unmet"])
    ]


def test_a_restriction_gives_way_to_the_consent_that_it_asks_for(campus: Campus) -> None:
    ewa, ann, bob = teacher(campus), campus.student(), campus.student()
    section = campus.section("A-1", instructors=[ewa.instructor_id], restrictions=[{"consent": "instructor"}])
    (remedy,) = campus.enroll(ann, section).json["violations"][0]["remedies"]
    made = request(campus, ann, remedy["params"]["section_id"], *remedy["params"]["rules"])
    campus.house.call("enrollment", "POST", f"/consent-requests/{made['id']}/grant", GRANT, who=ewa)

    assert campus.enroll(ann, section).status == 201
    assert codes(campus.enroll(bob, section)) == ["restricted"]


def test_who_waits_is_let_in_by_a_permission_past_the_others(campus: Campus) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1", capacity=0)
    first, second = (
        campus.house.call(
            "enrollment",
            "POST",
            "/enrollments",
            {"student_id": one, "section_ids": [section], "waitlist": True},
            who=a_student(one),
        )
        for one in (ann, bob)
    )
    assert [one.json["status"] for one in (first, second)] == ["waitlisted", "waitlisted"]

    given = permission(campus, bob, "section-full", section_id=section)

    assert [campus.seen(one)["status"] for one in (first, second)] == ["waitlisted", "enrolled"]
    assert history(campus, second) == ["waitlisted", "permitted"]
    assert used(campus, given["id"])["used"] == 1
