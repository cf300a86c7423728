"""A browser signs in and out; its session opens what a token opens, and other sites cannot use it."""

from tests.system.office import API, OURS, Office, cookie, refusal

SESSION = f"{API}/auth/session"


def test_a_browser_signs_in_registers_and_signs_out(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    ours = {"X-CSRF": "1", "Origin": office.system.url, "Sec-Fetch-Site": "same-origin"}
    begun = office.system.ask("POST", SESSION, {"username": ann.number, "password": "demo"}, headers=ours)
    assert (begun.status, begun.body) == (204, b"")
    browser = {**ours, "Cookie": cookie(begun)}

    me = office.system.ask("GET", f"{API}/auth/me", headers=browser)
    wish = {"student_id": "me", "section_ids": [section]}
    enrolled = office.system.ask("POST", f"{API}/enrollments", wish, headers=browser)
    over = office.system.ask("DELETE", SESSION, headers=browser)
    # Another gateway may know the session for seconds yet, while nothing is known of whom it was.
    ended = (401, "invalid-session")
    after = office.system.until(
        lambda reply: (reply.status, reply.json.get("code")) == ended, "GET", f"{API}/auth/me", headers=browser
    )

    assert (me.json["student_id"], me.headers["Cache-Control"]) == (ann.id, "private, no-cache")
    assert (enrolled.status, enrolled.json["student_id"]) == (201, ann.id), enrolled.body
    assert (over.status, cookie(over)) == (204, begun.headers["Set-Cookie"].partition("=")[0] + "=")
    assert refusal(after) == ended
    assert "Max-Age=0" in after.headers["Set-Cookie"]


def test_another_site_changes_nothing_with_a_browser_s_session(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    body = {"username": ann.number, "password": "demo"}
    held = cookie(office.system.ask("POST", SESSION, body, headers=OURS))
    foreign = {"Origin": "http://another.example", "Sec-Fetch-Site": "cross-site", "Cookie": held}
    wish = {"student_id": "me", "section_ids": [section]}

    for headers in (foreign, {**foreign, "X-CSRF": "1"}, {"Cookie": held}):
        assert refusal(office.system.ask("POST", f"{API}/enrollments", wish, headers=headers)) == (403, "csrf-failed")
        assert refusal(office.system.ask("DELETE", SESSION, headers=headers)) == (403, "csrf-failed")
        assert refusal(office.system.ask("POST", SESSION, body, headers=headers)) == (403, "csrf-failed")

    assert office.get(f"/enrollments?student_id={ann.id}")["items"] == []
    assert office.system.ask("GET", f"{API}/auth/me", headers={"Cookie": held}).status == 200


def test_a_wrong_password_begins_no_session(office: Office) -> None:
    body = {"username": office.student().number, "password": "wrong"}

    reply = office.system.ask("POST", SESSION, body, headers=OURS)

    assert refusal(reply) == (401, "invalid-credentials")
    assert "Set-Cookie" not in reply.headers


def test_everybody_is_told_the_university_s_time(office: Office) -> None:
    told = office.get("/about", who=None)

    assert set(told) == {"now", "timezone", "version", "sign_in_with"}
    assert told["timezone"] == "Europe/Warsaw"


def test_without_a_provider_nobody_is_led_to_one_or_comes_back_from_it(office: Office) -> None:
    assert office.get("/about", who=None)["sign_in_with"] is None

    for path in ("login", "login?next=/timetable", "callback", "callback?state=x&code=y"):
        reply = office.ask("GET", f"/auth/oidc/{path}", who=None)
        assert refusal(reply) == (404, "not-found")
        assert "Set-Cookie" not in reply.headers
