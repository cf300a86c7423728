"""Requests for consent: asked by students, answered by those whom they ask, and a permission results."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, Reply, ids
from university.enrollment.service.consenting import MOST
from university.platform.security import Principal

NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
GRANT = {"reason": "Welcome."}


def asked(
    campus: Campus, method: str, path: str, body: Any = None, who: Principal = REGISTRAR, **headers: str
) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return campus.house.call("enrollment", method, f"/consent-requests{path}", body, who=who, headers=told)


def teacher(campus: Campus, number: str = "P1") -> Principal:
    named = {"number": number, "given_name": "Ewa", "family_name": "Lis"}
    key = campus.made("course", "/instructors", named)["id"]
    return Principal(f"teacher:{number}", frozenset({"instructor"}), instructor_id=key)


def request(campus: Campus, student: str, section: str, *rules: str, **facts: Any) -> dict[str, Any]:
    body = {"student_id": student, "section_id": section, "rules": list(rules or ["restricted"]), **facts}
    reply = asked(campus, "POST", "", body, a_student(student))
    assert reply.status == 201, reply.body
    made: dict[str, Any] = reply.json
    return made


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def test_an_instructor_grants_what_was_asked_and_a_permission_for_the_section_results(campus: Campus) -> None:
    ewa, ann = teacher(campus), campus.student()
    section = campus.section("A-1", instructors=[ewa.instructor_id], restrictions=[{"consent": "instructor"}])

    made = request(campus, ann, section, message="Please.")
    (inbox,) = asked(campus, "GET", "?status=pending", who=ewa).json["items"]
    granted = asked(campus, "POST", f"/{made['id']}/grant", {**GRANT, "uses": 2}, ewa).json

    assert (made["status"], made["asked_of"], made["student"]) == ("pending", "instructor", None)
    assert (inbox["id"], inbox["message"], inbox["student"]["family_name"]) == (made["id"], "Please.", "Żak")
    assert (granted["status"], granted["answered_by"], granted["answer"]) == ("granted", ewa.subject, "Welcome.")
    path = f"/permissions/{granted['permission_id']}"
    given = campus.house.call("enrollment", "GET", path, who=a_student(ann)).json
    assert (given["section_id"], given["rules"], given["uses"], given["consent"], given["issued_by"]) == (
        section,
        ["restricted"],
        2,
        "instructor",
        ewa.subject,
    )
    told = [notice["data"] for notice in campus.house.announced("enrollment", "enrollment.notice.v")]
    assert [(notice["kind"], notice["student_id"]) for notice in told] == [("consent-answered", ann)]


def test_a_request_is_answered_once(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    made = request(campus, ann, section, "hold")
    with ThreadPoolExecutor(4) as threads:
        ways = [("grant", GRANT), ("deny", {"reason": "No."})] * 2
        replies = list(threads.map(lambda way: asked(campus, "POST", f"/{made['id']}/{way[0]}", way[1]), ways))

    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]
    assert {refusal(reply) for reply in replies if reply.status > 200} == {(409, "consent-not-pending")}
    shown = asked(campus, "GET", f"/{made['id']}").json
    permissions = campus.house.call("enrollment", "GET", "/permissions").json["items"]
    assert len(permissions) == (shown["status"] == "granted")
    assert refusal(asked(campus, "POST", f"/{made['id']}/withdraw", who=a_student(ann))) == (409, "consent-not-pending")


def test_one_request_a_section_waits_until_it_is_answered_or_withdrawn(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    made = request(campus, ann, section, "section-full")
    again = {"student_id": ann, "section_id": section, "rules": ["hold"]}

    assert refusal(asked(campus, "POST", "", again, a_student(ann))) == (409, "consent-already-asked")
    assert asked(campus, "POST", f"/{made['id']}/withdraw", who=a_student(ann)).json["status"] == "withdrawn"
    denied = request(campus, ann, section, "section-full")
    assert asked(campus, "POST", f"/{denied['id']}/deny", {"reason": "No bench."}).json["answer"] == "No bench."
    request(campus, ann, section, "section-full")
    assert campus.house.call("enrollment", "GET", "/permissions").json["items"] == []


def test_many_tabs_leave_one_request(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    body = {"student_id": ann, "section_id": section, "rules": ["hold"]}
    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(lambda _: asked(campus, "POST", "", body, a_student(ann)).status, range(6)))
    assert answers == [201, 409, 409, 409, 409, 409]


def test_a_student_waits_for_so_many_answers_at_most(campus: Campus) -> None:
    ann = campus.student()
    sections = [campus.section("A-1", str(number)) for number in range(MOST + 1)]
    for section in sections[:-1]:
        request(campus, ann, section, "hold")
    body = {"student_id": ann, "section_id": sections[-1], "rules": ["hold"]}

    reply = asked(campus, "POST", "", body, a_student(ann))
    assert (refusal(reply), reply.json["most"]) == ((409, "too-many-consent-requests"), MOST)


def test_nobody_sees_or_answers_what_is_asked_of_others(campus: Campus) -> None:
    ewa, jan = teacher(campus), teacher(campus, "P2")
    ann, bob = campus.student(), campus.student()
    section = campus.section("A-1", instructors=[ewa.instructor_id])
    of_ewa = request(campus, ann, section, "section-full")
    of_registrar = request(campus, bob, section, "credit-limit")
    both = Principal("both", frozenset({"student", "instructor"}), student_id=ann, instructor_id=ewa.instructor_id)

    assert (of_ewa["asked_of"], of_registrar["asked_of"]) == ("instructor", "registrar")
    for path, who in ((of_ewa, jan), (of_ewa, a_student(bob)), (of_registrar, ewa)):
        assert refusal(asked(campus, "GET", f"/{path['id']}", who=who)) == (403, "not-yours")
    for who in (jan, both):
        assert refusal(asked(campus, "POST", f"/{of_ewa['id']}/grant", GRANT, who)) == (403, "not-yours")
    assert refusal(asked(campus, "POST", f"/{of_registrar['id']}/grant", GRANT, ewa)) == (403, "not-yours")
    assert refusal(asked(campus, "POST", f"/{of_ewa['id']}/grant", GRANT, a_student(ann))) == (403, "role-missing")
    assert refusal(asked(campus, "POST", f"/{of_ewa['id']}/withdraw", who=a_student(bob))) == (403, "not-yours")
    assert refusal(asked(campus, "GET", f"?section_id={section}", who=jan)) == (403, "not-yours")
    assert ids(asked(campus, "GET", f"?section_id={section}", who=ewa).json["items"]) == [of_ewa["id"]]
    assert asked(campus, "GET", "", who=jan).json["items"] == []
    assert ids(asked(campus, "GET", "", who=a_student(bob)).json["items"]) == [of_registrar["id"]]
    assert ids(asked(campus, "GET", "?term=2027L").json["items"]) == [of_ewa["id"], of_registrar["id"]]
    other = {"student_id": bob, "section_id": section, "rules": ["hold"]}
    assert refusal(asked(campus, "POST", "", other, a_student(ann))) == (403, "not-yours")


def test_an_instructor_is_not_asked_what_the_registrar_decides(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    body = {"student_id": ann, "section_id": section, "rules": ["restricted", "hold"], "asked_of": "instructor"}

    reply = asked(campus, "POST", "", body, a_student(ann))
    assert (refusal(reply), [fault["field"] for fault in reply.json["errors"]]) == (
        (422, "invalid-request"),
        ["rules"],
    )
    nothing = {**body, "section_id": NOBODY_HAS, "asked_of": None}
    assert refusal(asked(campus, "POST", "", nothing, a_student(ann))) == (422, "section-not-found")
