"""A student gets a copy of everything; who has left is forgotten when the registrar says so, and what counts stays."""

import json
from typing import Any

from tests.house import Reply
from tests.system.office import NOBODY_HAS, Office, Student, faulty, refusal

GIVEN, FAMILY, SAID = "Jadwiga", "Brzęczyszczykiewicz", "Has a letter of the dean."
ERASED = {"reason": "Request of 1 October."}


def test_a_student_gets_everything_in_one_file_and_sees_who_looked(office: Office) -> None:
    ann, name = _jadwiga(office)
    clerk = office.account("registrar")
    actor = office.get(f"/accounts/{clerk}", who="admin")["id"]
    office.get(f"/students/{ann.id}/transcript", who=clerk)

    path = "/students/me/export"
    office.settle(path, lambda file: _holds(file) == ["block-drop"], who=name)
    reply = office.ask("GET", path, who=name)
    told = reply.json["modules"]

    assert reply.status == 200, reply.body
    assert reply.headers["Content-Disposition"] == f'attachment; filename="student-{ann.id}.json"'
    assert reply.json["student_id"] == ann.id
    assert (told["student"]["student"][0]["family_name"], told["student"]["hold"][0]["reason"]) == (FAMILY, SAID)
    assert [row["student_id"] for row in told["enrollment"]["enrollment"]] == [ann.id]
    assert len(told["student"]["recorded_enrollment"]) == 1
    assert [row["username"] for row in told["gateway"]["account"]] == [name]
    assert {"access_token", "sign_in", "audit"} <= set(told["gateway"])
    assert (actor, "get_transcript") in [(deed["actor"], deed["operation"]) for deed in told["student"]["audit"]]
    assert b"argon2" not in reply.body
    assert b"digest" not in reply.body


def test_the_file_is_for_the_student_and_the_registrar_alone(office: Office) -> None:
    ann, bob = office.student(given_name=GIVEN, family_name=FAMILY), office.student()
    office.settle("/students/me/export", lambda file: _holds(file) == [], who=ann.number)

    assert office.get(f"/students/{ann.number}/export")["student_id"] == ann.id
    for key in (ann.id, ann.number, NOBODY_HAS):
        refused = office.ask("GET", f"/students/{key}/export", who=bob.number)
        assert refusal(refused) == (403, "not-your-own-data")
    assert refusal(office.ask("GET", f"/students/{ann.id}/export", who="admin")) == (403, "role-missing")
    assert refusal(office.ask("GET", f"/students/{ann.id}/export", who=None)) == (401, "unauthenticated")
    for key in (NOBODY_HAS, f"{ann.number}-nobody"):
        assert refusal(office.ask("GET", f"/students/{key}/export")) == (404, "student-not-found")
    looked = office.get(f"/audit/gateway?student_id={ann.id}")["items"]
    assert [(deed["operation"], deed["kind"], deed["target"]) for deed in looked] == [
        ("export_personal_data", "read", {"key": ann.id})
    ]


def test_who_left_is_forgotten_and_what_counts_stays_under_the_id(office: Office) -> None:
    ann, name = _jadwiga(office)
    token = office.token(name)
    office.change(f"/students/{ann.id}", status="withdrawn")
    office.settle(f"/students/{ann.id}/notifications", _is_on_review, who=name)

    erased = _erase(office, ann.number, Idempotency_Key=office.mark)

    assert (erased.status, erased.json["student_id"]) == (200, ann.id), erased.body
    assert sorted(erased.json["rows"]) == ["course", "enrollment", "gateway", "student"]
    assert _erase(office, ann.id).status == 200
    assert office.over(token=token) == (401, "invalid-token")
    assert refusal(office.ask("GET", f"/students/{ann.number}")) == (404, "student-not-found")
    assert refusal(office.ask("GET", f"/accounts/{name}", who="admin")) == (404, "account-not-found")
    known = office.get(f"/students/{ann.id}")
    assert (known["given_name"], known["family_name"], known["number"]) == ("N.", "N.", f"x-{ann.id}")
    # The other modules learn of it by events; each look for that is audited, so that none of them is compared.
    office.settle(f"/students/{ann.id}/export", lambda file: _is_bare(file, ann.id, name), who="registrar")
    deeds = office.get(f"/audit/gateway?student_id={ann.id}&operation=erase_student")["items"]
    assert [deed["reason"] for deed in deeds] == [ERASED["reason"]] * 2
    assert [deed["target"] for deed in deeds] == [{"key": ann.id}] * 2


def test_who_studies_or_works_here_is_not_forgotten(office: Office) -> None:
    ann = office.student(given_name=GIVEN, family_name=FAMILY)

    for status in ("active", "on-leave", "suspended"):
        office.change(f"/students/{ann.id}", status=status)
        assert refusal(_erase(office, ann.id)) == (409, "student-still-here")
    office.change(f"/students/{ann.id}", status="graduated")
    name = office.account("student", "registrar", student_id=ann.id)
    assert refusal(_erase(office, ann.id)) == (409, "staff-account")

    assert office.get(f"/students/{ann.number}")["family_name"] == FAMILY
    assert office.get("/auth/me", who=name)["student_id"] == ann.id


def test_only_the_registrar_erases_and_says_why(office: Office) -> None:
    ann = office.student(status="withdrawn")

    for who in (ann.number, "admin"):
        assert refusal(office.ask("POST", f"/students/{ann.id}/erasure", ERASED, who=who)) == (403, "role-missing")
    assert refusal(office.ask("POST", f"/students/{ann.id}/erasure", ERASED, who=None)) == (401, "unauthenticated")
    for body in ({}, {"reason": ""}, {"reason": "x" * 1001}):
        assert faulty(office.ask("POST", f"/students/{ann.id}/erasure", body)) == ["reason"]
    assert refusal(_erase(office, NOBODY_HAS)) == (404, "student-not-found")

    assert office.get(f"/students/{ann.id}")["number"] == ann.number


def _jadwiga(office: Office) -> tuple[Student, str]:
    """Return a student of whom every module keeps something, and the name of her account."""
    ann, section = office.student(given_name=GIVEN, family_name=FAMILY), office.section("A-1")
    name = office.account("student", student_id=ann.number)
    assert office.enroll(ann, section, who=name).status == 201
    hold = {"reason": SAID, "contact": "-", "effects": ["block-drop"]}
    office.made(f"/students/{ann.id}/holds", hold)
    office.settle(f"/students/{ann.id}/enrollments", lambda page: len(page["items"]) == 1, who=name)
    return ann, name


def _holds(file: dict[str, Any]) -> list[str] | None:
    """Return what the enrollment module has heard of the student's holds, or None if nothing of the student yet."""
    known = file["modules"]["enrollment"].get("student_standing")
    return [effect for hold in known[0]["holds"] for effect in hold["effects"]] if known else None


def _is_on_review(page: dict[str, Any]) -> bool:
    """Tell whether the student was told that the place is doubtful, which is the last of what leaving brings about."""
    return "put-on-review" in [notice["kind"] for notice in page["items"]]


def _is_bare(file: dict[str, Any], student_id: str, username: str) -> bool:
    """Tell whether the place and the study record are left, and neither a hold nor a name."""
    kept = file["modules"]
    left = [*kept["enrollment"]["enrollment"], *kept["student"]["recorded_enrollment"]]
    named = [word for word in (GIVEN, FAMILY, username) if word in json.dumps(file, ensure_ascii=False)]
    return [row["student_id"] for row in left] == [student_id] * 2 and _holds(file) == [] and not named


def _erase(office: Office, key: str, **headers: Any) -> Reply:
    return office.ask("POST", f"/students/{key}/erasure", ERASED, **headers)
