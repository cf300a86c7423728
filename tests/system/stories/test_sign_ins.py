"""Programs refresh what they signed in to; everybody sees and ends the own sign-ins, and what is over opens nothing."""

from typing import Any

from tests.house import Reply
from tests.system.office import API, NOBODY_HAS, OURS, Office, refusal

TOKEN, SESSIONS = f"{API}/auth/token", "/auth/sessions"
HOUR, DAY = 3600, 24 * 3600
OVER, USED_UP = (401, "invalid-token"), (401, "invalid-refresh-token")


def test_a_program_refreshes_its_token_and_gets_a_lost_answer_again(office: Office) -> None:
    ann = office.student()
    first = _sign_in(office, ann.number)
    second = _refresh(office, first).json
    repeated = _refresh(office, first).json

    assert (first["token_type"], first["expires_in"], first["refresh_expires_in"]) == ("Bearer", HOUR, 14 * DAY)
    assert [repeated[name] for name in ("access_token", "refresh_token")] == [
        second[name] for name in ("access_token", "refresh_token")
    ]
    for given in (first, second):
        assert _me(office, given).json["student_id"] == ann.id
    for wrong in ("", "university-refresh_x", first["access_token"]):
        assert _refresh(office, {"refresh_token": wrong}).status in {401, 422}


def test_a_refresh_token_that_comes_again_later_ends_everything_that_grew_from_the_sign_in(office: Office) -> None:
    ann = office.student()
    other = _sign_in(office, ann.number)
    first = _sign_in(office, ann.number)
    second = _refresh(office, first).json
    third = _refresh(office, second).json

    assert refusal(_refresh(office, first)) == USED_UP

    assert [office.over(token=given["access_token"]) for given in (first, second, third)] == [OVER] * 3
    assert refusal(_refresh(office, third)) == USED_UP
    assert _me(office, other).status == 200


def test_who_signs_out_has_no_token_left_of_that_sign_in(office: Office) -> None:
    ann = office.student()
    other, first = _sign_in(office, ann.number), _sign_in(office, ann.number)
    second = _refresh(office, first).json

    assert refusal(office.system.ask("DELETE", TOKEN)) == (401, "unauthenticated")
    assert office.system.ask("DELETE", TOKEN, token=second["access_token"]).status == 204

    assert [office.over(token=given["access_token"]) for given in (first, second)] == [OVER] * 2
    assert refusal(_refresh(office, second)) == USED_UP
    assert _me(office, other).status == 200


def test_everybody_sees_what_they_are_signed_in_to_and_nobody_else(office: Office) -> None:
    ann, bob = office.student(), office.student()
    browser, token = office.browser(ann.number, "demo"), _sign_in(office, ann.number)["access_token"]

    here = office.system.ask("GET", API + SESSIONS, headers=browser).json["items"]
    there = office.system.ask("GET", API + SESSIONS, token=token).json["items"]
    page = office.system.ask("GET", f"{API}{SESSIONS}?limit=1&total=true", token=token).json

    assert [(one["kind"], one["current"]) for one in here] == [("api", False), ("browser", True)]
    assert [one["current"] for one in there] == [True, False]
    assert [one["id"] for one in there] == [one["id"] for one in here]
    assert (page["items"], page["total"], page["next"] is None) == (there[:1], 2, False)
    assert [one["current"] for one in office.get(SESSIONS, who=bob.number)["items"]] == [True]
    assert refusal(office.ask("GET", SESSIONS, who=None)) == (401, "unauthenticated")


def test_one_sign_in_is_ended_by_whose_it_is(office: Office) -> None:
    ann, bob = office.student(), office.student()
    browser, given = office.browser(ann.number, "demo"), _sign_in(office, ann.number)
    mine = next(one for one in _listed(office, browser) if not one["current"])
    path = f"{API}{SESSIONS}/{mine['id']}"

    for wrong in (mine["id"], NOBODY_HAS, "nonsense"):
        reply = office.ask("DELETE", f"{SESSIONS}/{wrong}", who=bob.number)
        assert refusal(reply) == (404, "sign-in-not-found")
    held = {"Cookie": browser["Cookie"]}
    assert refusal(office.system.ask("DELETE", path, headers=held)) == (403, "csrf-failed")
    assert _me(office, given).status == 200
    assert office.system.ask("DELETE", path, headers=browser).status == 204

    assert office.over(token=given["access_token"]) == OVER
    assert refusal(_refresh(office, given)) == USED_UP
    assert refusal(office.system.ask("DELETE", path, headers=browser)) == (404, "sign-in-not-found")
    assert [one["current"] for one in _listed(office, browser)] == [True]


def test_all_but_the_one_that_asks_are_ended(office: Office) -> None:
    ann, bob = office.student(), office.student()
    here, there = office.browser(ann.number, "demo"), office.browser(ann.number, "demo")
    token, another = _sign_in(office, ann.number)["access_token"], _sign_in(office, bob.number)

    assert office.system.ask("DELETE", API + SESSIONS, headers=here).status == 204

    assert office.over(headers=there) == (401, "invalid-session")
    assert office.over(token=token) == OVER
    assert [(one["kind"], one["current"]) for one in _listed(office, here)] == [("browser", True)]
    assert _me(office, another).json["student_id"] == bob.id


def test_a_new_sign_in_of_a_browser_ends_the_one_before(office: Office) -> None:
    ann = office.student()
    before = office.browser(ann.number, "demo")

    reply = office.system.ask(
        "POST", f"{API}/auth/session", {"username": ann.number, "password": "demo"}, headers=before
    )

    assert (reply.status, reply.headers["Cache-Control"]) == (204, "no-store")
    assert office.over(headers=before) == (401, "invalid-session")
    assert refusal(office.system.ask("DELETE", f"{API}/auth/session")) == (403, "csrf-failed")
    assert office.system.ask("DELETE", f"{API}/auth/session", headers=OURS).status == 204


def _sign_in(office: Office, username: str) -> dict[str, Any]:
    reply = office.system.ask("POST", TOKEN, {"username": username, "password": "demo"})
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store"), reply.body
    given: dict[str, Any] = reply.json
    return given


def _refresh(office: Office, given: dict[str, Any]) -> Reply:
    return office.system.ask("POST", f"{TOKEN}/refresh", {"refresh_token": given["refresh_token"]})


def _me(office: Office, given: dict[str, Any]) -> Reply:
    return office.system.ask("GET", f"{API}/auth/me", token=given["access_token"])


def _listed(office: Office, browser: dict[str, str]) -> list[dict[str, Any]]:
    reply = office.system.ask("GET", API + SESSIONS, headers=browser)
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.json["items"]
    return items
