"""People's own passwords and sign-ins: changed by who knows the old one, ended wherever they are."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest

from tests.gateway.conftest import ADMIN, Knock, another_process, sign_in
from tests.gateway.test_sessions import OURS, SESSION
from tests.house import House, Reply
from university.gateway.service import choosing
from university.gateway.service.signing_in import InvalidSession
from university.platform.errors import InvalidRequest

OLD, NEW = "correct horse battery", "another horse battery"
TOKEN, PASSWORD, SESSIONS = "/api/v1/auth/token", "/api/v1/auth/password", "/api/v1/auth/sessions"


@pytest.fixture(autouse=True)
def anna(house: House) -> None:
    """Anna's account."""
    wish = {"username": "anna", "password": OLD, "name": "Anna Żak", "roles": ["registrar"]}
    assert house.call("gateway", "POST", "/accounts", wish, who=ADMIN).status == 201


def browse(knock: Knock, username: str = "anna", password: str = OLD) -> dict[str, str]:
    """Sign in as a browser; return the headers it sends from now on."""
    reply = knock("POST", SESSION, {"username": username, "password": password}, headers=OURS)
    assert reply.status == 204, reply.body
    return OURS | {"Cookie": cookie_of(reply)}


def cookie_of(reply: Reply) -> str:
    (morsel,) = SimpleCookie(reply.headers["Set-Cookie"]).values()
    return f"{morsel.key}={morsel.value}"


def status(knock: Knock, headers: dict[str, str]) -> int:
    return knock("GET", "/api/v1/auth/me", headers=headers).status


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def change(knock: Knock, headers: dict[str, str], current: str = OLD, new: str = NEW) -> Reply:
    return knock("PUT", PASSWORD, {"current": current, "new": new}, headers=headers)


def test_a_browser_that_changes_the_password_goes_on_with_another_session(knock: Knock) -> None:
    here, there, token = browse(knock), browse(knock), sign_in(knock, "anna", OLD)

    reply = change(knock, here)

    assert (reply.status, reply.json, reply.headers["Cache-Control"]) == (200, {"tokens": None}, "no-store")
    rotated = OURS | {"Cookie": cookie_of(reply)}
    assert "HttpOnly; SameSite=Lax" in reply.headers["Set-Cookie"]
    assert [status(knock, one) for one in (rotated, here, there, bearing(token))] == [200, 401, 401, 401]


def test_a_program_that_changes_the_password_goes_on_with_other_tokens(knock: Knock) -> None:
    given = knock("POST", TOKEN, {"username": "anna", "password": OLD}).json

    reply = change(knock, bearing(given["access_token"]))

    assert "Set-Cookie" not in reply.headers
    assert [status(knock, bearing(one["access_token"])) for one in (reply.json["tokens"], given)] == [200, 401]
    refreshed = [
        knock("POST", f"{TOKEN}/refresh", {"refresh_token": one["refresh_token"]}).status
        for one in (given, reply.json["tokens"])
    ]
    assert refreshed == [401, 200]


def test_the_new_password_opens_and_the_old_one_does_not(knock: Knock) -> None:
    assert change(knock, browse(knock)).status == 200

    statuses = [knock("POST", TOKEN, {"username": "anna", "password": one}).status for one in (OLD, NEW)]

    assert statuses == [401, 200]


@pytest.mark.usefixtures("still")
def test_who_does_not_know_the_present_password_changes_nothing_and_is_slowed_down(house: House, knock: Knock) -> None:
    here = browse(knock)

    replies = [change(knock, here, current="wrong") for _ in range(7)]

    assert [reply.status for reply in replies] == [403] * 6 + [429]
    assert {reply.json["code"] for reply in replies} == {"wrong-password", "too-many-attempts"}
    assert status(knock, here) == 200
    house.travel(timedelta(seconds=2))
    assert knock("POST", TOKEN, {"username": "anna", "password": OLD}).status == 200


@pytest.mark.parametrize("new", ["short", "anna", "Password", "1QAZ2WSX", "qwertyuiop"])
def test_a_password_that_is_tried_first_is_refused(knock: Knock, new: str) -> None:
    reply = change(knock, browse(knock), new=new)

    assert (reply.status, [fault["field"] for fault in reply.json["errors"]]) == (422, ["new"])


def test_an_own_name_is_no_password_however_it_is_written() -> None:
    for password in ("Anna.Kowalska", " anna.kowalska", "\uff41nna.kowalska"):
        with pytest.raises(InvalidRequest):
            choosing.check("new", "anna.kowalska", password)
    choosing.check("new", "anna.kowalska", "anna.kowalska is me")


@pytest.mark.parametrize("password", ["password", "iloveyou", "Anna.Zak"])
def test_an_administrator_chooses_no_such_password_either(house: House, password: str) -> None:
    wish = {"username": "anna.zak", "password": password, "name": "Anna Żak", "roles": ["registrar"]}

    made = house.call("gateway", "POST", "/accounts", wish, who=ADMIN)
    changed = house.call(
        "gateway", "PATCH", "/accounts/anna", {"password": "password"}, who=ADMIN, headers={"If-Match": "*"}
    )

    assert [fault["field"] for fault in made.json["errors"]] == ["password"]
    assert [fault["field"] for fault in changed.json["errors"]] == ["password"]


def test_a_guest_of_development_mode_has_no_password_to_change(knock: Knock) -> None:
    reply = change(knock, bearing(sign_in(knock, "registrar")), current="demo")

    assert (reply.status, reply.json["code"]) == (409, "no-password")


def test_another_page_cannot_change_a_password(knock: Knock) -> None:
    here = browse(knock) | {"Origin": "http://evil.example"}

    assert change(knock, here).json["code"] == "csrf-failed"


def listed(knock: Knock, headers: dict[str, str]) -> list[dict[str, Any]]:
    reply = knock("GET", SESSIONS, headers=headers)
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.json["items"]
    return items


def test_everybody_sees_what_they_are_signed_in_to_and_nobody_else(knock: Knock) -> None:
    token = bearing(sign_in(knock, "anna", OLD))
    here = browse(knock)
    sign_in(knock, "admin")

    items = listed(knock, here)

    assert [(one["kind"], one["current"]) for one in items] == [("browser", True), ("api", False)]
    assert [one["current"] for one in listed(knock, token)] == [False, True]
    assert set(items[0]) == {"id", "kind", "begun_at", "seen_at", "ends_at", "current"}


def test_a_sign_in_that_is_over_is_not_listed(house: House, knock: Knock) -> None:
    browse(knock)
    house.travel(timedelta(hours=2, minutes=1))

    assert len(listed(knock, browse(knock))) == 1


def test_a_program_that_refreshes_is_one_sign_in_and_seen_at_each_time(house: House, knock: Knock) -> None:
    given = knock("POST", TOKEN, {"username": "anna", "password": OLD}).json
    house.travel(timedelta(minutes=90))
    given = knock("POST", f"{TOKEN}/refresh", {"refresh_token": given["refresh_token"]}).json

    (only,) = listed(knock, bearing(given["access_token"]))

    assert only["seen_at"] > only["begun_at"]


def test_one_sign_in_is_ended_at_once_here_and_within_seconds_elsewhere(house: House, knock: Knock) -> None:
    here, there = browse(knock), browse(knock)
    elsewhere = another_process(house)
    text = there["Cookie"].partition("=")[2]
    elsewhere.visitor(text)
    (other,) = [one for one in listed(knock, here) if not one["current"]]

    assert knock("DELETE", f"{SESSIONS}/{other['id']}", headers=here).status == 204

    assert [status(knock, one) for one in (here, there)] == [200, 401]
    with pytest.raises(InvalidSession):
        elsewhere.visitor(text)


def test_all_others_are_ended_and_the_own_one_stays(knock: Knock) -> None:
    here, there, token = browse(knock), browse(knock), bearing(sign_in(knock, "anna", OLD))
    other = bearing(sign_in(knock, "admin"))

    assert knock("DELETE", SESSIONS, headers=here).status == 204

    assert [status(knock, one) for one in (here, there, token, other)] == [200, 401, 401, 200]


def test_nobody_ends_what_another_is_signed_in_to(knock: Knock) -> None:
    here, admin = browse(knock), bearing(sign_in(knock, "admin"))
    (mine,) = listed(knock, here)

    replies = [knock("DELETE", f"{SESSIONS}/{one}", headers=admin) for one in (mine["id"], "nonsense")]

    assert [(reply.status, reply.json["code"]) for reply in replies] == [(404, "sign-in-not-found")] * 2
    assert status(knock, here) == 200
