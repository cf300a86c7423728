"""What staff did, saw and overrode is read by registrars and administrators, module by module, and by nobody else."""

from typing import Any

from tests.system.office import PASSWORD, Office, faulty, refusal

MODULES = ("course", "student", "enrollment", "gateway")


def test_what_is_changed_in_the_catalog_is_told_with_who_and_what(office: Office) -> None:
    clerk, who = _clerk(office)
    wish = {"code": office.named("A-1"), "title": "A", "ects": 5}
    course = office.made("/courses", wish, who=clerk)
    assert refusal(office.ask("POST", "/courses", wish, who=clerk)) == (409, "course-code-taken")
    assert office.get(f"/courses/{course['id']}", who=clerk)["id"] == course["id"]
    assert office.ask("DELETE", f"/courses/{course['code']}", who=clerk).status == 204

    told = _deeds(office, "course", who)

    assert [_who_what(deed) for deed in told] == [
        (who, ["registrar"], "delete_course", "change", []),
        (who, ["registrar"], "create_course", "change", []),
    ]
    assert told[0]["target"] == {"key": course["code"]}
    assert (told[0]["at"] >= told[1]["at"], told[0]["at"].endswith("Z")) == (True, True)


def test_who_looks_at_a_student_is_told_and_so_is_why_a_hold_was_placed(office: Office) -> None:
    clerk, who = _clerk(office)
    ann, bob = office.student(), office.student()
    hold = {"reason": "Tuition is unpaid.", "contact": "bursar@example.edu", "effects": ["block-add"]}
    office.get(f"/students/{ann.number}", who=clerk)
    placed = office.made(f"/students/{ann.number}/holds", hold, who=clerk)
    office.get(f"/students/{ann.id}/holds", who=ann.number)
    office.get(f"/students/{bob.id}/transcript", who=clerk)
    assert office.ask("DELETE", f"/students/{ann.id}/holds/{placed['id']}", who=clerk).status == 204

    told = _deeds(office, "student", who)

    assert [_who_what(deed)[2:] for deed in told] == [
        ("lift_hold", "change", [ann.id]),
        ("get_transcript", "read", [bob.id]),
        ("place_hold", "change", [ann.id]),
        ("get_student", "read", [ann.id]),
    ]
    assert [told[2][name] for name in ("target", "reason", "terms")] == [
        {"key": ann.id},
        hold["reason"],
        {"effects": ["block-add"]},
    ]
    assert told[0]["target"] == {"key": ann.id, "hold_id": placed["id"]}
    about_ann = office.get(f"/audit/student?student_id={ann.id}")["items"]
    assert [deed["operation"] for deed in about_ann] == ["lift_hold", "place_hold", "get_student", "create_student"]


def test_which_rule_was_put_aside_for_whom_is_told_and_what_students_do_themselves_is_not(office: Office) -> None:
    clerk, who = _clerk(office)
    ann, bob, section = office.student(), office.student(), office.section("A-1")
    wish = {"student_id": ann.id, "term_id": office.named("2027L"), "rules": ["credit-limit"], "reason": "Last term."}
    permission = office.made("/permissions", wish, who=clerk)
    office.enrolled(bob, section)
    assert office.enroll(ann, section, who=clerk).status == 201
    office.get(f"/sections/{section}/roster", who=clerk)

    told = _deeds(office, "enrollment", who)

    roster, registered, permitted = (_who_what(deed)[2:] for deed in told)
    assert roster == ("get_roster", "read", sorted([ann.id, bob.id]))
    assert registered == ("create_enrollment", "change", [ann.id])
    assert permitted == ("create_permission", "change", [ann.id])
    assert (told[2]["reason"], told[2]["terms"]) == ("Last term.", {"rules": ["credit-limit"]})
    about_bob = office.get(f"/audit/enrollment?student_id={bob.id}")["items"]
    assert [deed["operation"] for deed in about_bob] == ["get_roster"]
    assert office.ask("DELETE", f"/permissions/{permission['id']}", who=clerk).status in {200, 204}


def test_who_signed_in_and_who_let_whom_in_is_told(office: Office) -> None:
    boss = office.account("admin", "registrar")
    who = office.get("/auth/me", who=boss)["username"]
    ids = {name: office.get(f"/accounts/{name}", who="admin")["id"] for name in (boss,)}
    wish = {"username": f"new-{boss}", "password": PASSWORD, "name": "Jan", "roles": ["registrar"]}
    made = office.made("/accounts", wish, who=boss)
    assert office.ask("DELETE", f"/accounts/{made['id']}", who=boss).status == 204

    told = _deeds(office, "gateway", ids[who])

    assert [_who_what(deed)[1:4] for deed in told] == [
        (["admin", "registrar"], "delete_account", "change"),
        (["admin", "registrar"], "create_account", "change"),
        (["admin", "registrar"], "create_token", "change"),
    ]
    assert (told[0]["target"], told[1]["terms"]) == ({"key": made["id"]}, {"roles": ["registrar"]})
    assert PASSWORD not in str(told)


def test_deeds_are_found_by_what_when_and_page_by_page(office: Office) -> None:
    clerk, who = _clerk(office)
    ann = office.student()
    for part in ("", "/holds", "/timetable"):
        office.get(f"/students/{ann.id}{part}", who=clerk)
    path = f"/audit/student?actor={who}"
    last, middle, first = office.get(path)["items"]

    assert office.get(f"{path}&operation=list_holds")["items"] == [middle]
    assert office.get(f"{path}&kind=change")["items"] == []
    assert office.get(f"{path}&kind=read&since={middle['at']}")["items"] == [last, middle]
    assert office.get(f"{path}&until={middle['at']}")["items"] == [first]
    page = office.get(f"{path}&limit=2&total=true")
    assert (page["items"], page["total"]) == ([last, middle], 3)
    assert office.get(f"{path}&limit=2&cursor={page['next']}")["items"] == [first]
    assert office.get(f"/audit/course?actor={who}")["items"] == []
    for wrong in ("kind=look", "since=yesterday", "until=2026-01-01", "limit=0", "cursor=x", "whom=x"):
        assert faulty(office.ask("GET", f"/audit/student?{wrong}")) == [wrong.partition("=")[0]]


def test_only_registrars_and_administrators_read_what_is_audited(office: Office) -> None:
    clerk, who = _clerk(office)
    ann = office.student()
    teacher = office.made("/instructors", {"number": office.mark, "given_name": "E", "family_name": "L"})
    name = office.account("instructor", instructor_id=teacher["id"])
    office.get(f"/students/{ann.id}", who=clerk)
    path = f"/audit/student?actor={who}"

    assert office.get(path, who="admin") == office.get(path) == office.get(path, who=clerk)
    for module in MODULES:
        for stranger in (ann.number, name):
            assert refusal(office.ask("GET", f"/audit/{module}", who=stranger)) == (403, "role-missing")
        assert refusal(office.ask("GET", f"/audit/{module}", who=None)) == (401, "unauthenticated")
    for method in ("POST", "PATCH", "DELETE"):
        assert office.ask(method, "/audit/student", {}, who="admin").status == 405


def _clerk(office: Office) -> tuple[str, str]:
    """Return the username of a registrar of this story's own, and who that is in an audit."""
    name = office.account("registrar")
    return name, office.get(f"/accounts/{name}", who="admin")["id"]


def _deeds(office: Office, module: str, actor: str) -> list[dict[str, Any]]:
    """Return what somebody did in a module, the latest first."""
    items: list[dict[str, Any]] = office.get(f"/audit/{module}?actor={actor}")["items"]
    return items


def _who_what(deed: dict[str, Any]) -> tuple[str, list[str], str, str, list[str]]:
    return deed["actor"], deed["roles"], deed["operation"], deed["kind"], deed["students"]
