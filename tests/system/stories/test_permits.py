"""What students are allowed beyond the rules: permissions, consents that they ask for, and how a term takes rules."""

from typing import Any

from tests.system.office import Office, Student, actions, codes, faulty, meeting, refusal

PASSWORD = "correct horse battery"
MONDAY = [meeting("mon", "10:00", "12:00")]


def permitted(office: Office, student: Student, *rules: str, **scope: Any) -> dict[str, Any]:
    return office.made(
        "/permissions", {"student_id": student.number, "rules": list(rules), "reason": "Agreed.", **scope}
    )


def teacher(office: Office) -> tuple[str, str]:
    """Make an instructor who can sign in; return the name and the id."""
    name = f"ola-{office.mark}".lower()
    made = office.made("/instructors", {"number": f"T{office.mark}", "given_name": "Ola", "family_name": "Sowa"})
    account = {"username": name, "password": PASSWORD, "name": "Ola Sowa", "roles": ["instructor"]}
    office.made("/accounts", {**account, "instructor_id": made["id"]}, who="admin")
    office.sign_in(name, PASSWORD)
    return name, made["id"]


def asked(office: Office, student: Student, section: str, *rules: str) -> str:
    body = {"student_id": "me", "section_id": section, "rules": list(rules), "message": "Proszę."}
    request_id: str = office.made("/consent-requests", body, who=student.number)["id"]
    return request_id


def test_a_permission_gives_a_seat_in_a_full_section_once(office: Office) -> None:
    full = office.section("A-1", capacity=0)
    ann, bob = office.student(), office.student()
    given = permitted(office, ann, "section-full", section_id=full)
    path = f"/permissions/{given['id']}"

    assert codes(office.enroll(bob, full)) == ["section-full"]
    place = office.enrolled(ann, full)

    told = office.get(path, who=ann.number)
    assert (told["state"], [one["enrollment_id"] for one in told["used_for"]]) == ("used", [place])
    assert [line["reason"] for line in office.get(f"/enrollments/{place}/history")["items"]] == ["permitted"]
    office.seats(full, taken=1)
    office.drop(place)
    assert codes(office.enroll(ann, full)) == ["section-full"]
    assert refusal(office.ask("GET", path, who=bob.number)) == (403, "not-yours")


def test_a_permission_is_found_and_taken_back(office: Office) -> None:
    office.term()
    ann = office.student()
    given = permitted(office, ann, "hold", "credit-limit", term_id=office.named("2027L"))
    path = f"/permissions?student_id={ann.id}&state="

    assert office.get(f"{path}active")["items"] == [given]
    assert office.ask("DELETE", f"/permissions/{given['id']}").status == 204
    assert office.get(f"{path}active")["items"] == []
    assert [one["revoked_by"] for one in office.get(f"{path}revoked")["items"]] == [given["issued_by"]]
    assert refusal(office.ask("DELETE", f"/permissions/{given['id']}")) == (409, "permission-revoked")
    assert refusal(office.ask("GET", "/permissions/nothing")) == (404, "permission-not-found")
    assert faulty(office.ask("POST", "/permissions", {"student_id": ann.id, "rules": ["already-enrolled"]}))
    wish = {"student_id": ann.id, "rules": ["hold"], "reason": "Mine.", "term_id": office.named("2027L")}
    assert refusal(office.ask("POST", "/permissions", wish, who=ann.number)) == (403, "role-missing")


def test_a_student_asks_the_instructor_and_gets_in(office: Office) -> None:
    name, instructor = teacher(office)
    section = office.section("A-1", instructors=[instructor], restrictions=[{"consent": "instructor"}])
    ann = office.student()
    (violation,) = office.enroll(ann, section).json["violations"]
    assert (violation["code"], actions(violation)) == ("restricted", ["ask-consent"])

    request_id = asked(office, ann, violation["remedies"][0]["params"]["section_id"], "restricted")
    (inbox,) = office.get("/consent-requests?status=pending", who=name)["items"]
    assert (inbox["id"], inbox["student"]["number"], inbox["asked_of"]) == (request_id, ann.number, "instructor")
    granted = office.ask("POST", f"/consent-requests/{request_id}/grant", {"reason": "Welcome."}, who=name)

    assert (granted.status, granted.json["status"]) == (200, "granted")
    office.enrolled(ann, section)
    again = office.ask("POST", f"/consent-requests/{request_id}/deny", {"reason": "No."}, who=name)
    assert refusal(again) == (409, "consent-not-pending")


def test_a_request_is_denied_or_withdrawn_and_then_asked_again(office: Office) -> None:
    section = office.section("A-1", capacity=0)
    ann, bob = office.student(), office.student()
    first = asked(office, ann, section, "section-full")
    twin = {"student_id": "me", "section_id": section, "rules": ["hold"]}

    assert refusal(office.ask("POST", "/consent-requests", twin, who=ann.number)) == (409, "consent-already-asked")
    denied = office.ask("POST", f"/consent-requests/{first}/deny", {"reason": "No bench."})
    assert (denied.json["status"], denied.json["answer"]) == ("denied", "No bench.")
    second = asked(office, ann, section, "section-full")
    withdrawn = office.ask("POST", f"/consent-requests/{second}/withdraw", who=ann.number)
    assert (withdrawn.status, withdrawn.json["status"]) == (200, "withdrawn")
    assert office.get(f"/consent-requests/{first}", who=ann.number)["status"] == "denied"
    assert refusal(office.ask("GET", f"/consent-requests/{first}", who=bob.number)) == (403, "not-yours")
    assert refusal(office.ask("GET", "/consent-requests/nothing")) == (404, "consent-request-not-found")
    mine = office.get("/consent-requests", who=ann.number)["items"]
    assert [(one["id"], one["status"]) for one in mine] == [(first, "denied"), (second, "withdrawn")]


def test_a_term_may_only_warn_of_clashes(office: Office) -> None:
    one, other = office.section("A-1", meetings=MONDAY), office.section("A-2", meetings=MONDAY)
    ann = office.student()
    office.enrolled(ann, one)
    assert codes(office.enroll(ann, other)) == ["time-conflict"]
    path = f"/registration-policies/{office.named('2027L')}"
    policy = {"severities": {"time-conflict": "warning"}, "max_waiting_ects": 30, "offer_hours": 12}

    assert office.get(path, who=ann.number)["version"] == 0
    assert refusal(office.ask("PUT", path, policy)) == (428, "if-match-missing")
    assert refusal(office.ask("PUT", path, policy, who=ann.number, If_Match="*")) == (403, "role-missing")
    assert office.ask("PUT", path, policy, If_Match='"v0"').json["version"] == 1
    assert refusal(office.ask("PUT", path, policy, If_Match='"v0"')) == (412, "stale-version")
    strict = {**policy, "severities": {"section-full": "off"}}
    assert faulty(office.ask("PUT", path, strict, If_Match="*"))
    office.enrolled(ann, other)
