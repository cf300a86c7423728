"""Permissions: issued and taken back by the registrar, seen by their student, each on record for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, Reply, ids
from university.platform.security import Principal

NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
TEACHER = Principal("teacher", frozenset({"instructor"}), instructor_id=NOBODY_HAS)
SOON = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


def asked(
    campus: Campus, method: str, path: str, body: Any = None, who: Principal = REGISTRAR, **headers: str
) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return campus.house.call("enrollment", method, f"/permissions{path}", body, who=who, headers=told)


def permission(campus: Campus, student: str, *rules: str, **facts: Any) -> dict[str, Any]:
    scope = {} if {"section_id", "offering_id"} & facts.keys() else {"term_id": "2027L"}
    body = {"student_id": student, "rules": list(rules), "reason": "Agreed.", **scope, **facts}
    reply = asked(campus, "POST", "", body)
    assert reply.status == 201, reply.body
    made: dict[str, Any] = reply.json
    return made


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def test_a_permission_tells_who_gave_it_why_and_where_it_holds(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    offering, term = campus.offering("A-1")["id"], campus.term()["id"]

    whole = permission(campus, ann, "credit-limit", "hold")
    course = permission(campus, ann, "time-conflict", offering_id=offering, uses=3)
    group = permission(campus, ann, "section-full", section_id=section, expires_at=SOON)

    where = [tuple(one[name] for name in ("term_id", "offering_id", "section_id")) for one in (whole, course, group)]
    assert where == [(term, None, None), (term, offering, None), (term, None, section)]
    assert [(one["course_code"], one["section_number"]) for one in (whole, course, group)] == [
        (None, None),
        ("A-1", None),
        ("A-1", "1"),
    ]
    assert (whole["rules"], whole["reason"], whole["issued_by"], whole["state"]) == (
        ["credit-limit", "hold"],
        "Agreed.",
        "registrar",
        "active",
    )
    assert (whole["student"]["family_name"], course["uses"], course["used"], course["used_for"]) == ("Żak", 3, 0, [])
    shown = asked(campus, "GET", f"/{whole['id']}", who=a_student(ann))
    assert shown.json == {**whole, "student": None}


def test_a_revoked_permission_stays_on_record(campus: Campus) -> None:
    ann = campus.student()
    path = f"/{permission(campus, ann, 'hold')['id']}"

    assert asked(campus, "DELETE", path).status == 204
    shown = asked(campus, "GET", path).json
    assert (shown["state"], shown["revoked_by"], shown["version"]) == ("revoked", "registrar", 2)
    assert refusal(asked(campus, "DELETE", path)) == (409, "permission-revoked")
    assert refusal(asked(campus, "DELETE", f"/{NOBODY_HAS}")) == (404, "permission-not-found")


def test_only_the_registrar_gives_and_takes_and_a_student_sees_the_own(campus: Campus) -> None:
    ann, bob = campus.student(), campus.student()
    of_bob = permission(campus, bob, "hold")
    body = {"student_id": ann, "term_id": "2027L", "rules": ["hold"], "reason": "Mine."}

    for who in (a_student(ann), TEACHER):
        assert refusal(asked(campus, "POST", "", body, who)) == (403, "role-missing")
        assert refusal(asked(campus, "DELETE", f"/{of_bob['id']}", who=who)) == (403, "role-missing")
    assert refusal(asked(campus, "GET", f"/{of_bob['id']}", who=a_student(ann))) == (403, "not-yours")
    assert refusal(asked(campus, "GET", f"?student_id={bob}", who=a_student(ann))) == (403, "not-yours")
    assert asked(campus, "GET", "", who=a_student(ann)).json["items"] == []


def test_permissions_are_found_by_student_term_section_and_state(campus: Campus) -> None:
    ann, bob, section = campus.student(), campus.student(), campus.section("A-1")
    first = permission(campus, ann, "hold")
    second = permission(campus, bob, "section-full", section_id=section)
    third = permission(campus, ann, "restricted", section_id=section, expires_at=SOON)
    asked(campus, "DELETE", f"/{first['id']}")

    def listed(query: str, who: Principal = REGISTRAR) -> list[str]:
        return ids(asked(campus, "GET", query, who=who).json["items"])

    assert listed("") == [first["id"], second["id"], third["id"]]
    assert listed("?student_id=me", a_student(ann)) == listed(f"?student_id={ann}") == [first["id"], third["id"]]
    assert listed(f"?section_id={section}&term=2027L") == [second["id"], third["id"]]
    assert listed("?state=active&term=2027L") == [second["id"], third["id"]]
    assert listed("?state=revoked") == [first["id"]]
    assert listed("?state=expired") == listed("?state=used") == listed("?student_id=nobody") == []
    campus.house.travel(timedelta(hours=2))
    assert listed("?state=expired") == [third["id"]]
    assert listed("?state=active") == [second["id"]]
    assert asked(campus, "GET", f"/{third['id']}").json["state"] == "expired"
    assert refusal(asked(campus, "GET", "?term=1999Z")) == (422, "term-not-found")


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"rules": []}, ["rules"]),
        ({"rules": ["hold", "hold"]}, ["rules"]),
        ({"rules": ["already-enrolled"]}, ["rules[0]"]),
        ({"rules": ["section-canceled", "student-not-active"]}, ["rules[0]", "rules[1]"]),
        ({"uses": 0}, ["uses"]),
        ({"uses": 101, "reason": ""}, ["reason", "uses"]),
        ({"section_id": NOBODY_HAS}, ["section_id", "term_id"]),
        ({"expires_at": "2020-01-01T00:00:00Z"}, ["expires_at"]),
        ({"term_id": None, "note": "x"}, ["note", "term_id"]),
    ],
    ids=str,
)
def test_a_permission_that_makes_no_sense_is_told_field_by_field(
    campus: Campus, facts: dict[str, Any], fields: list[str]
) -> None:
    body = {"student_id": campus.student(), "term_id": "2027L", "rules": ["hold"], "reason": "Agreed.", **facts}
    reply = asked(campus, "POST", "", body)

    assert refusal(reply) == (422, "invalid-request")
    assert sorted({fault["field"] for fault in reply.json["errors"]}) == fields


def test_a_permission_for_nothing_that_exists_is_refused_by_its_name(campus: Campus) -> None:
    body = {"student_id": campus.student(), "rules": ["hold"], "reason": "Agreed."}

    assert refusal(asked(campus, "POST", "", {**body, "section_id": NOBODY_HAS})) == (422, "section-not-found")
    assert refusal(asked(campus, "POST", "", {**body, "offering_id": NOBODY_HAS})) == (422, "offering-not-found")
    assert refusal(asked(campus, "POST", "", {**body, "offering_id": "../terms"})) == (422, "offering-not-found")
    assert refusal(asked(campus, "POST", "", {**body, "term_id": "1999Z"})) == (422, "term-not-found")
    nobody = {**body, "term_id": "2027L", "student_id": "nobody"}
    assert refusal(asked(campus, "POST", "", nobody)) == (422, "student-not-found")


def test_a_key_gives_one_permission_only_and_the_student_is_told_once(campus: Campus) -> None:
    ann = campus.student()
    body = {"student_id": ann, "term_id": "2027L", "rules": ["hold"], "reason": "Agreed."}

    twice = [asked(campus, "POST", "", body, Idempotency_Key="k").body for _ in range(2)]

    assert twice[0] == twice[1]
    assert len(asked(campus, "GET", "").json["items"]) == 1
    (notice,) = campus.house.announced("enrollment", "enrollment.notice.v")
    assert (notice["data"]["student_id"], notice["data"]["kind"]) == (ann, "permission-granted")
    assert "Agreed." in notice["data"]["body"]["pl"]
