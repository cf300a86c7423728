"""A student plans, sees every reason, applies the remedies, and registers for everything in one request."""

from typing import Any

from tests.campus import adding, dropping, reasons
from tests.house import Reply
from tests.system.office import Office, Student, faulty, meeting, refusal

PASSWORD = "a long enough passphrase"
MONDAY = [meeting("mon", "10:00", "12:00")]


def planned(office: Office, student: Student, *bundles: list[str], name: str = "Mornings only") -> dict[str, Any]:
    """Keep a plan, as the student."""
    items: list[dict[str, list[str]]] = [{"section_ids": one} for one in bundles]
    body = {"student_id": "me", "term_id": office.named("2027L"), "name": name, "items": items}
    return office.made("/plans", body, who=student.number)


def requested(office: Office, student: Student, *items: dict[str, Any], **options: Any) -> Reply:
    """Ask for several changes, as the student."""
    facts: dict[str, Any] = {name: options.pop(name) for name in ("mode", "dry_run") if name in options}
    body = {"student_id": "me", "term_id": office.named("2027L"), "items": list(items), **facts}
    return office.ask("POST", "/registration-requests", body, who=student.number, **options)


def test_a_plan_grows_until_nothing_stands_in_its_way_and_is_registered_whole(office: Office) -> None:
    office.term(max_ects=10)
    first, second = office.section("A-1", meetings=MONDAY), office.section("A-2", meetings=MONDAY)
    other, third = office.section("A-2", "2"), office.section("A-3")
    ann = office.student()
    office.enrolled(office.student(), other)
    plan = planned(office, ann, [first], [second], [third])
    path = f"/plans/{plan['id']}"

    told = office.ask("POST", f"{path}/validation", who=ann.number)
    assert told.json["outcome"] == "refused"
    assert reasons(told) == [["time-conflict", "credit-limit"], ["time-conflict", "credit-limit"], ["credit-limit"]]
    (choose, _) = told.json["items"][1]["violations"][0]["remedies"]
    assert (choose["action"], choose["params"]["instead_of"], choose["params"]["section_id"]) == (
        "choose-section",
        second,
        other,
    )
    heavy = [one["params"].get("item") for one in told.json["items"][0]["violations"][1]["remedies"]]
    assert heavy == [0, 1, 2, None]

    mended = {"name": plan["name"], "items": [{"section_ids": [first]}, {"section_ids": [other]}]}
    changed = office.ask("PUT", path, mended, who=ann.number, If_Match='"v1"')
    assert (changed.status, changed.json["version"]) == (200, 2)
    assert reasons(office.ask("POST", f"{path}/validation", who=ann.number)) == [[], []]
    assert office.get("/enrollments", who=ann.number)["items"] == []

    done = requested(office, ann, adding(first), adding(other), Idempotency_Key="all")
    again = requested(office, ann, adding(first), adding(other), Idempotency_Key="all")
    assert (done.json["outcome"], done.body) == ("accepted", again.body)
    enrollments = [item["enrollment"] for item in done.json["items"]]
    assert office.get("/enrollments", who=ann.number)["items"] == enrollments
    office.seats(other, taken=2)
    recorded = office.eventually("/students/me/enrollments", lambda page: len(page["items"]) == 2, who=ann.number)
    assert {one["id"] for one in recorded["items"]} == {one["id"] for one in enrollments}


def test_plans_are_kept_by_name_seen_by_their_student_and_removed(office: Office) -> None:
    office.term()
    ann, bob = office.student(), office.student()
    plan = planned(office, ann, ["anything"])
    path = f"/plans/{plan['id']}"

    assert office.get(path, who=ann.number) == plan
    assert office.get(f"/plans?student_id={ann.number}&term={office.named('2027L')}")["items"] == [plan]
    twin = {"student_id": ann.id, "term_id": office.named("2027L"), "name": plan["name"], "items": []}
    assert refusal(office.ask("POST", "/plans", twin)) == (409, "plan-name-taken")
    assert refusal(office.ask("GET", path, who=bob.number)) == (403, "not-yours")
    assert refusal(office.ask("DELETE", path, who=bob.number)) == (403, "not-yours")
    assert refusal(office.ask("GET", path, who="admin")) == (403, "role-missing")
    faults = faulty(office.ask("POST", "/plans", {"name": "", "items": [{}]}))
    assert set(faults) == {"items[0].section_ids", "name", "student_id", "term_id"}
    assert refusal(office.ask("PUT", path, {"name": "x", "items": []}, who=ann.number)) == (428, "if-match-missing")
    assert office.ask("DELETE", path, who=ann.number).status == 204
    assert refusal(office.ask("DELETE", path, who=ann.number)) == (404, "plan-not-found")


def test_one_course_is_given_back_for_another_in_one_request_or_not_at_all(office: Office) -> None:
    old, new = office.section("A-1", meetings=MONDAY), office.section("A-2", meetings=MONDAY)
    full = office.section("A-3", capacity=0)
    ann = office.student()
    place = office.enrolled(ann, old)

    refused = requested(office, ann, dropping(place), adding(new), adding(full))
    assert (refused.status, refused.json["outcome"]) == (200, "refused")
    assert reasons(refused) == [[], [], ["section-full"]]
    assert office.get(f"/enrollments/{place}", who=ann.number)["status"] == "enrolled"

    tried = requested(office, ann, dropping(place), adding(new), dry_run=True)
    assert (tried.json["outcome"], office.get(f"/enrollments/{place}")["status"]) == ("accepted", "enrolled")

    partly = requested(office, ann, dropping(place), adding(new), adding(full), mode="best_effort")
    assert (partly.json["outcome"], reasons(partly)) == ("partly", [[], [], ["section-full"]])
    assert [item["enrollment"] and item["enrollment"]["status"] for item in partly.json["items"]] == [
        "dropped",
        "enrolled",
        None,
    ]
    assert reasons(requested(office, ann, dropping(place))) == [["not-enrolled"]]
    office.seats(old, taken=0)
    office.seats(new, taken=1)


def test_a_request_that_makes_no_sense_is_told_field_by_field(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    bob = office.enrolled(office.student(), section)

    reply = requested(office, ann, {"action": "add"}, {"action": "swap"}, mode="perhaps")
    missing = ["items[0].section_ids", "items[1].drop_enrollment_id", "items[1].section_ids"]
    assert sorted(faulty(reply)) == [*missing, "mode"]
    assert faulty(requested(office, ann)) == ["items"]
    assert refusal(requested(office, ann, dropping(bob))) == (403, "not-yours")
    assert refusal(requested(office, ann, adding("nothing"))) == (422, "section-not-found")


def test_an_instructor_reads_the_roster_of_the_own_section_only(office: Office) -> None:
    ewa = f"ewa-{office.mark}".lower()
    teacher = office.made("/instructors", {"number": f"R{office.mark}", "given_name": "Ewa", "family_name": "Lis"})
    account = {"username": ewa, "password": PASSWORD, "name": "Ewa Lis", "roles": ["instructor"]}
    office.made("/accounts", {**account, "instructor_id": teacher["id"]}, who="admin")
    office.sign_in(ewa, PASSWORD)
    section, other = office.section("A-1", instructors=[teacher["id"]]), office.section("A-2")
    ann, bob = office.student(program="INF"), office.student()
    for one in (ann, bob):
        office.enrolled(one, section)
    office.drop(office.get(f"/enrollments?student_id={bob.id}")["items"][0]["id"])

    (row,) = office.get(f"/sections/{section}/roster", who=ewa)["items"]

    assert (row["student_id"], row["number"], row["family_name"], row["program"]) == (ann.id, ann.number, "Żak", "INF")
    whole = office.get(f"/sections/{section}/roster")
    assert (whole["items"], whole["next"]) == ([row], None)
    sheet = office.ask("GET", f"/sections/{section}/roster.csv", who=ewa)
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert [ann.number in line for line in sheet.body.decode().splitlines()] == [False, True]
    assert refusal(office.ask("GET", f"/sections/{other}/roster", who=ewa)) == (403, "not-yours")
    assert refusal(office.ask("GET", f"/sections/{section}/roster", who=ann.number)) == (403, "role-missing")
