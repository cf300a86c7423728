"""Students, their holds, credits, scores and windows are kept by the registrar; everybody else sees their own."""

from typing import Any

from tests.system.office import NOBODY_HAS, PASSWORD, Office, faulty, refusal

EVE = {"given_name": "Ewa", "family_name": "Lis", "email": "e@example.edu"}


def test_a_student_is_kept_and_read_by_id_number_and_me(office: Office) -> None:
    ann = office.student(program="INF", stage=2, groups=["erasmus"])
    told = office.get(f"/students/{ann.id}")

    assert (told["number"], told["program"], told["groups"], told["status"]) == (
        ann.number,
        "INF",
        ["erasmus"],
        "active",
    )
    assert office.get(f"/students/{ann.number}") == told
    assert office.get("/students/me", who=ann.number) == told
    again = {"number": ann.number, "given_name": "A", "family_name": "B", "email": "a@b"}
    assert refusal(office.ask("POST", "/students", again)) == (409, "student-number-taken")
    faults = faulty(office.ask("POST", "/students", {**again, "email": "nobody", "stage": 0, "status": "happy"}))
    assert sorted(faults) == ["email", "stage", "status"]


def test_holds_credits_and_scores_come_and_go(office: Office) -> None:
    ann = office.student()
    kinds: dict[str, dict[str, Any]] = {
        "holds": {"reason": "Fee", "contact": "fees@example.edu", "effects": ["block-add"]},
        "credits-recognized": {"course": "FIZ-1", "grade": "4.0", "ects": 5},
        "test-scores": {"name": "math", "score": 80},
    }
    for kind, body in kinds.items():
        path = f"/students/{ann.id}/{kind}"
        made = office.made(path, body)
        assert office.get(path, who=ann.number)["items"] == [made]
        assert refusal(office.ask("POST", path, body, who=ann.number)) == (403, "role-missing")
        assert office.ask("DELETE", f"{path}/{made['id']}").status == 204
        assert office.ask("DELETE", f"{path}/{made['id']}").status == 404
        assert office.get(path)["items"] == []
        assert faulty(office.ask("POST", path, {}))


def test_a_standing_tells_status_holds_credits_and_scores(office: Office) -> None:
    ann, term = office.student(max_ects=20), office.term(opened=False)
    office.made(f"/students/{ann.id}/holds", {"reason": "Fee", "contact": "fees", "effects": ["block-add"]})
    office.made(f"/students/{ann.id}/test-scores", {"name": "math", "score": 80})

    standing = office.ask("POST", "/students/me/verifications", {"term_id": term["id"]}, who=ann.number)

    assert standing.status == 200, standing.body
    assert (standing.json["status"], standing.json["max_ects"]) == ("active", 20)
    assert [hold["effects"] for hold in standing.json["holds"]] == [["block-add"]]
    assert [test["name"] for test in standing.json["tests"]] == ["math"]


def test_students_see_themselves_only(office: Office) -> None:
    ann, bob, section = office.student(), office.student(), office.section("A-1")
    own = office.enrolled(ann, section)

    assert refusal(office.enroll(ann, section, who=bob.number)) == (403, "not-yours")
    assert refusal(office.drop(own, who=bob.number)) == (403, "not-yours")
    assert refusal(office.ask("GET", f"/enrollments/{own}", who=bob.number)) == (403, "not-yours")
    assert refusal(office.ask("GET", f"/enrollments?student_id={ann.id}", who=bob.number)) == (403, "not-yours")
    for part in ("", "/holds", "/enrollments", "/timetable", "/transcript", "/credits-recognized"):
        reply = office.ask("GET", f"/students/{ann.id}{part}", who=bob.number)
        assert refusal(reply) == (403, "not-your-own-data")
        stranger = office.ask("GET", f"/students/{NOBODY_HAS}{part}", who=bob.number)
        assert refusal(stranger) == (403, "not-your-own-data")
    assert refusal(office.ask("GET", "/students", who=bob.number)) == (403, "role-missing")
    assert office.get("/enrollments", who=bob.number)["items"] == []


def test_an_instructor_sees_the_own_sections_only(office: Office) -> None:
    name = f"t{office.mark.lower()}"
    person = {**EVE, "number": name}
    teacher = office.made("/instructors", person)
    account = {"username": name, "password": PASSWORD, "name": "Ewa Lis", "roles": ["instructor"]}
    office.made("/accounts", {**account, "instructor_id": teacher["id"]}, who="admin")
    office.sign_in(name, PASSWORD)
    own, other = office.section("A-1", instructors=[teacher["id"]]), office.section("A-2")
    pupil, elsewhere = office.enrolled(office.student(), own), office.enrolled(office.student(), other)

    assert office.get("/auth/me", who=name)["instructor_id"] == teacher["id"]
    assert [one["id"] for one in office.get(f"/enrollments?section_id={own}", who=name)["items"]] == [pupil]
    assert office.get(f"/enrollments/{pupil}", who=name)["section_ids"] == [own]
    for path in (f"/enrollments?section_id={other}", "/enrollments", f"/enrollments/{elsewhere}"):
        assert refusal(office.ask("GET", path, who=name)) == (403, "not-yours")
    assert refusal(office.ask("POST", "/courses", {}, who=name)) == (403, "role-missing")
    assert refusal(office.drop(pupil, who=name)) == (403, "role-missing")


def test_accounts_are_kept_by_administrators(office: Office) -> None:
    name, ann = f"a{office.mark.lower()}", office.student()
    wish = {"username": name, "password": PASSWORD, "name": "Ann", "roles": ["student"], "student_id": ann.number}
    assert refusal(office.ask("POST", "/accounts", wish)) == (403, "role-missing")
    made = office.made("/accounts", wish, who="admin")

    assert (made["student_id"], "password" in made) == (ann.id, False)
    token = office.sign_in(name, PASSWORD)
    assert office.get("/students/me", who=name)["id"] == ann.id
    assert refusal(office.ask("POST", "/accounts", wish, who="admin")) == (409, "username-taken")
    assert faulty(office.ask("POST", "/accounts", {**wish, "student_id": NOBODY_HAS}, who="admin")) == ["student_id"]
    path = f"/api/v1/accounts/{name}"
    disabled = office.system.ask("PATCH", path, {"disabled": True}, role="admin", headers={"If-Match": "*"})
    assert (disabled.status, disabled.json["disabled"]) == (200, True)
    assert office.over(token=token) == (401, "invalid-token")
    assert office.ask("DELETE", f"/accounts/{name}", who="admin").status == 204
    assert refusal(office.ask("GET", f"/accounts/{name}", who="admin")) == (404, "account-not-found")


def test_an_administrator_gives_and_ends_tokens(office: Office) -> None:
    name = f"b{office.mark.lower()}"
    wish = {"username": name, "password": PASSWORD, "name": "Bo", "roles": ["registrar"]}
    made = office.made("/accounts", wish, who="admin")

    given = office.ask("POST", f"/accounts/{name}/tokens", who="admin")
    me = office.system.ask("GET", "/api/v1/auth/me", token=given.json["access_token"])
    assert (given.status, me.json["username"]) == (201, name)
    assert office.ask("DELETE", f"/accounts/{name}/tokens", who="admin").status == 204
    assert office.over(token=given.json["access_token"]) == (401, "invalid-token")
    assert office.get(f"/accounts/{made['id']}", who="admin") == made
    assert office.found("/accounts/search", who="admin", q=name)["items"] == [made]


def test_the_audit_tells_who_entered_a_student(office: Office) -> None:
    name = f"c{office.mark.lower()}"
    wish = {"username": name, "password": PASSWORD, "name": "Cyd", "roles": ["registrar"]}
    account = office.made("/accounts", wish, who="admin")
    office.sign_in(name, PASSWORD)
    person = {"number": office.named("A"), "given_name": "Ala", "family_name": "Lis", "email": "a@example.edu"}
    student = office.made("/students", person, who=name)

    (deed,) = office.get(f"/audit/student?student_id={student['id']}&operation=create_student")["items"]
    named = office.found("/audit/actors", ids=[deed["actor"]])
    assert named["items"] == [{"id": account["id"], "name": "Cyd", "username": name}]
    assert office.ask("POST", "/audit/actors", {"ids": [deed["actor"]]}, who=office.student().number).status == 403


def test_an_instructor_is_kept_by_the_registrar_and_read_by_nobody_else(office: Office) -> None:
    person = {**EVE, "number": office.mark}
    made = office.made("/instructors", person)

    changed = office.change(f"/instructors/{office.mark}", family_name="Lisowska")

    assert office.get(f"/instructors/{made['id']}") == changed
    assert (changed["family_name"], changed["version"]) == ("Lisowska", 2)
    for who in (None, office.student().number):
        assert office.ask("GET", f"/instructors/{made['id']}", who=who).status in {401, 403}


def test_a_wrong_password_opens_nothing(office: Office) -> None:
    ann = office.student()
    for username, password in ((ann.number, "wrong"), ("nobody-at-all", "demo"), ("registrar", "")):
        reply = office.ask("POST", "/auth/token", {"username": username, "password": password}, who=None)
        assert reply.status in {401, 422}
        assert "access_token" not in reply.json


def test_windows_are_kept_by_the_registrar_and_seen_by_all_who_signed_in(office: Office) -> None:
    term, ann = office.term(opened=False), office.student()
    window = office.window(term_id=term["code"], name="Freshers", stage=[1], max_ects=30)
    path = f"/registration-windows/{window['id']}"

    assert office.get(f"/registration-windows?term={term['code']}", who=ann.number)["items"] == [window]
    assert refusal(office.ask("GET", "/registration-windows", who=None)) == (401, "unauthenticated")
    assert refusal(office.ask("DELETE", path, who=ann.number)) == (403, "role-missing")
    assert office.ask("DELETE", path).status == 204
    assert refusal(office.ask("GET", path)) == (404, "window-not-found")
    hours = {"opens_at": "2026-02-01T00:00:00Z", "closes_at": "2026-01-01T00:00:00Z"}
    assert faulty(office.ask("POST", "/registration-windows", {"term_id": term["id"], "name": "x", **hours}))
    unknown = {"term_id": NOBODY_HAS, "name": "x", "opens_at": hours["closes_at"], "closes_at": hours["opens_at"]}
    assert refusal(office.ask("POST", "/registration-windows", unknown)) == (422, "term-not-found")


def test_nobody_reads_what_is_not_public_and_everybody_the_catalog(office: Office) -> None:
    section = office.section("A-1")

    for path in ("/students", "/enrollments", "/instructors", "/registration-windows", "/auth/me", "/accounts"):
        assert refusal(office.ask("GET", path, who=None)) == (401, "unauthenticated")
    for path in ("/terms", "/courses", "/offerings", f"/sections/{section}", "/availability", "/equivalences"):
        assert office.ask("GET", path, who=None).status == 200
    assert refusal(office.ask("POST", "/courses", {}, who=office.student().number)) == (403, "role-missing")
    assert refusal(office.ask("GET", "/students", who="admin")) == (403, "role-missing")


def test_everybody_is_listed_page_by_page(office: Office) -> None:
    office.account("instructor", instructor_id=office.made("/instructors", {**EVE, "number": office.mark})["id"])
    office.student()

    for path, who in (("/students", "registrar"), ("/instructors", "registrar"), ("/accounts", "admin")):
        page = office.get(f"{path}?limit=1&total=true", who=who)
        assert (len(page["items"]), page["total"] >= 1) == (1, True), path
        assert faulty(office.ask("GET", f"{path}?limit=1&cursor=nonsense", who=who)) == ["cursor"]


def test_completed_courses_are_recorded_once(office: Office) -> None:
    ann = office.student()
    office.completed(ann, "A-1")
    path = f"/students/{ann.id}/completed-courses"
    told = {"course": office.named("A-1"), "term": office.named("2026Z"), "grade": "4.0"}

    assert [one["grade"] for one in office.get(path, who=ann.number)["items"]] == ["4.0"]
    assert refusal(office.ask("POST", path, told)) == (409, "course-already-recorded")
    assert refusal(office.ask("POST", path, {**told, "course": "NOPE-1"})) == (422, "course-not-found")
    assert refusal(office.ask("POST", path, {**told, "term": "NOPE"})) == (422, "term-not-found")
    assert faulty(office.ask("POST", path, {**told, "grade": "great"})) == ["grade"]
