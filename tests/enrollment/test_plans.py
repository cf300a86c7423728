"""Plans: kept for a term by those who may, judged at any time, and never a registration."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.campus import Campus, a_student, adding, meeting, reasons
from tests.house import REGISTRAR, Reply, ids
from university.enrollment.service.planning import MOST
from university.platform.security import Principal

NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
TEACHER = Principal("teacher", frozenset({"instructor"}), instructor_id=NOBODY_HAS)


def asked(
    campus: Campus, method: str, path: str, body: Any = None, who: Principal = REGISTRAR, **headers: str
) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return campus.house.call("enrollment", method, f"/plans{path}", body, who=who, headers=told)


def content(*bundles: list[str], name: str = "Mornings only") -> dict[str, Any]:
    return {"name": name, "items": [{"section_ids": bundle} for bundle in bundles]}


def plan(campus: Campus, student: str, *bundles: list[str], **facts: Any) -> dict[str, Any]:
    body = {"student_id": student, "term_id": "2027L", **content(*bundles), **facts}
    reply = asked(campus, "POST", "", body, a_student(student))
    assert reply.status == 201, reply.body
    made: dict[str, Any] = reply.json
    assert reply.headers["Location"] == f"/api/v1/plans/{made['id']}"
    return made


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def test_a_plan_is_kept_as_it_was_sent_and_read_again(campus: Campus) -> None:
    ann = campus.student()

    made = plan(campus, ann, ["anything", "at all"], [NOBODY_HAS])

    assert (made["student_id"], made["term_id"], made["version"]) == (ann, campus.term()["id"], 1)
    assert made["items"] == [{"section_ids": ["anything", "at all"]}, {"section_ids": [NOBODY_HAS]}]
    shown = asked(campus, "GET", f"/{made['id']}", who=a_student(ann))
    assert (shown.json, shown.headers["ETag"][:4]) == (made, '"v1-')
    assert plan(campus, ann, name="Żółw: plan B")["items"] == []


def test_a_plan_is_replaced_by_who_has_seen_it(campus: Campus) -> None:
    ann = campus.student()
    path = f"/{plan(campus, ann)['id']}"
    new = content([NOBODY_HAS], name="Other")

    assert refusal(asked(campus, "PUT", path, new, a_student(ann))) == (428, "if-match-missing")
    assert refusal(asked(campus, "PUT", path, new, a_student(ann), If_Match='"v9"')) == (412, "stale-version")
    tag = asked(campus, "GET", path).headers["ETag"]
    reply = asked(campus, "PUT", path, new, a_student(ann), If_Match=tag)

    assert (reply.status, reply.json["name"], reply.json["items"], reply.json["version"]) == (
        200,
        "Other",
        [{"section_ids": [NOBODY_HAS]}],
        2,
    )
    assert reply.headers["ETag"] == '"v2"'
    assert asked(campus, "GET", path).json == reply.json


def test_a_plan_is_removed_once(campus: Campus) -> None:
    ann = campus.student()
    path = f"/{plan(campus, ann)['id']}"

    assert asked(campus, "DELETE", path, who=a_student(ann)).status == 204
    assert refusal(asked(campus, "DELETE", path, who=a_student(ann))) == (404, "plan-not-found")
    assert refusal(asked(campus, "GET", path)) == (404, "plan-not-found")
    plan(campus, ann)


def test_names_are_told_apart_for_a_student_and_term_only(campus: Campus) -> None:
    ann, bob = campus.student(), campus.student()
    first, second = plan(campus, ann, name="A"), plan(campus, ann, name="B")
    campus.term("2028Z", starts_on="2028-10-01", ends_on="2029-01-31")

    twin = {"student_id": ann, "term_id": "2027L", **content(name="A")}
    assert refusal(asked(campus, "POST", "", twin)) == (409, "plan-name-taken")
    taken = asked(campus, "PUT", f"/{second['id']}", content(name="A"), If_Match="*")
    assert refusal(taken) == (409, "plan-name-taken")
    assert asked(campus, "GET", f"/{second['id']}").json == second
    assert asked(campus, "PUT", f"/{first['id']}", content(name="A"), If_Match="*").status == 200
    plan(campus, bob, name="A")
    plan(campus, ann, name="A", term_id="2028Z")


def test_a_student_keeps_twenty_plans_a_term(campus: Campus) -> None:
    ann = campus.student()
    for number in range(MOST - 1):
        plan(campus, ann, name=f"Plan {number}")
    body = {"student_id": ann, "term_id": "2027L"}
    with ThreadPoolExecutor(4) as threads:
        tried = threads.map(lambda n: asked(campus, "POST", "", {**body, **content(name=f"Last {n}")}), range(4))
        answers = sorted(reply.status for reply in tried)

    assert answers == [201, 409, 409, 409]
    refused = asked(campus, "POST", "", {**body, **content(name="More")})
    assert (refusal(refused), refused.json["most"]) == ((409, "too-many-plans"), 20)


def test_only_one_of_two_tabs_gets_a_name(campus: Campus) -> None:
    ann = campus.student()
    body = {"student_id": ann, "term_id": "2027L", **content(name="Mine")}
    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(lambda _: asked(campus, "POST", "", body).status, range(6)))
    assert answers == [201, 409, 409, 409, 409, 409]


def test_a_student_sees_and_writes_the_own_plans_only(campus: Campus) -> None:
    ann, bob = campus.student(), campus.student()
    of_bob = plan(campus, bob)
    path, me = f"/{of_bob['id']}", a_student(ann)

    assert refusal(asked(campus, "GET", path, who=me)) == (403, "not-yours")
    assert refusal(asked(campus, "PUT", path, content(), me, If_Match="*")) == (403, "not-yours")
    assert refusal(asked(campus, "DELETE", path, who=me)) == (403, "not-yours")
    assert refusal(asked(campus, "POST", f"{path}/validation", who=me)) == (403, "not-yours")
    assert refusal(asked(campus, "GET", f"?student_id={bob}", who=me)) == (403, "not-yours")
    assert refusal(asked(campus, "POST", "", {"student_id": bob, "term_id": "2027L", **content()}, me)) == (
        403,
        "not-yours",
    )
    for method, at in (("GET", ""), ("GET", path), ("DELETE", path)):
        assert refusal(asked(campus, method, at, who=TEACHER)) == (403, "role-missing")
    assert asked(campus, "GET", path).json == of_bob
    assert asked(campus, "DELETE", path).status == 204


def test_plans_are_listed_by_student_and_term(campus: Campus) -> None:
    ann, bob = campus.student(), campus.student()
    campus.term("2028Z", starts_on="2028-10-01", ends_on="2029-01-31")
    first, later = plan(campus, ann, name="A"), plan(campus, ann, name="A", term_id="2028Z")
    other = plan(campus, bob)

    def listed(query: str, who: Principal = REGISTRAR) -> list[str]:
        return ids(asked(campus, "GET", query, who=who).json["items"])

    assert listed("", a_student(ann)) == listed("?student_id=me", a_student(ann)) == [first["id"], later["id"]]
    assert listed("?student_id=me&term=2028Z", a_student(ann)) == [later["id"]]
    assert listed(f"?term={campus.term()['id']}") == [first["id"], other["id"]]
    assert listed("?student_id=nobody") == []
    page = asked(campus, "GET", "?limit=2&total=true").json
    assert (ids(page["items"]), page["total"]) == ([first["id"], later["id"]], 3)
    assert listed(f"?cursor={page['next']}") == [other["id"]]
    assert refusal(asked(campus, "GET", "?term=1999Z")) == (422, "term-not-found")


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": " x"}, {"name"}),
        ({"name": "x" * 201}, {"name"}),
        ({"items": [{"section_ids": ["x"]}] * 31}, {"items"}),
        ({"items": [{"section_ids": ["x"] * 10}] * 11}, {"items"}),
        ({"items": [{"section_ids": ["x"] * 11}]}, {"items[0].section_ids"}),
        (
            {"items": [{"section_ids": []}, {"sections": ["x"]}]},
            {"items[0].section_ids", "items[1].section_ids", "items[1].sections"},
        ),
        ({"student_id": None, "items": None, "note": "x"}, {"student_id", "items", "note"}),
    ],
)
def test_a_plan_out_of_form_is_told_field_by_field(campus: Campus, facts: dict[str, Any], fields: set[str]) -> None:
    body = {"student_id": campus.student(), "term_id": "2027L", **content(), **facts}

    reply = asked(campus, "POST", "", body)

    assert reply.status == 422
    assert {fault["field"] for fault in reply.json["errors"]} == fields
    assert asked(campus, "GET", "").json["items"] == []


def test_whom_or_which_term_nobody_knows_keeps_no_plan(campus: Campus) -> None:
    ann = campus.student()
    for facts, code in (({"student_id": NOBODY_HAS}, "student-not-found"), ({"term_id": "1999Z"}, "term-not-found")):
        body = {"student_id": ann, "term_id": "2027L", **content(), **facts}
        assert refusal(asked(campus, "POST", "", body)) == (422, code)


def test_a_plan_is_created_once_by_its_key(campus: Campus) -> None:
    body = {"student_id": campus.student(), "term_id": "2027L", **content()}
    first, again = (asked(campus, "POST", "", body, Idempotency_Key="k") for _ in range(2))
    assert (first.status, first.body) == (201, again.body)


def test_a_plan_is_judged_like_a_request_and_registers_nobody(campus: Campus) -> None:
    ann, mondays = campus.student(), [meeting("mon", "10:00", "12:00")]
    first, second = campus.section("A-1", meetings=mondays), campus.section("A-2", meetings=mondays)
    mine = campus.section("A-3")
    assert campus.enroll(ann, mine).status == 201
    made = plan(campus, ann, [first], [second, second], [mine])

    reply = asked(campus, "POST", f"/{made['id']}/validation", who=a_student(ann))

    assert reasons(reply) == [["time-conflict"], ["time-conflict"], ["already-enrolled"]]
    tried = campus.request(ann, adding(first), adding(second), adding(mine), dry_run=True)
    assert {**reply.json, "id": ""} == {**tried.json, "id": ""}
    listed = campus.house.call("enrollment", "GET", f"/enrollments?student_id={ann}").json["items"]
    assert [one["course"]["code"] for one in listed] == ["A-3"]
    assert asked(campus, "GET", f"/{made['id']}").json == made


def test_a_plan_of_nothing_is_fine_and_one_of_what_is_gone_says_so(campus: Campus) -> None:
    ann = campus.student()
    empty, gone = plan(campus, ann, name="Empty"), plan(campus, ann, [NOBODY_HAS], name="Gone")

    assert asked(campus, "POST", f"/{empty['id']}/validation").json["outcome"] == "accepted"
    reply = asked(campus, "POST", f"/{gone['id']}/validation", who=a_student(ann))
    assert (refusal(reply), reply.json["section_ids"]) == ((422, "section-not-found"), [NOBODY_HAS])
    assert refusal(asked(campus, "POST", f"/{NOBODY_HAS}/validation")) == (404, "plan-not-found")
