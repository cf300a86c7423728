"""People change their password by the old one, and set their first one by a code that is good once."""

from tests.house import Reply
from tests.system.office import ANYHOW, API, NOBODY_HAS, PASSWORD, Office, cookie, faulty, refusal

NEW = "another horse battery"
OVER, WRONG = (401, "invalid-token"), (401, "invalid-credentials")
NO_CODE = (401, "invalid-activation")


def test_who_changes_the_password_goes_on_with_other_tokens_and_all_else_ends(office: Office) -> None:
    name = office.account("registrar")
    given, browser = _sign_in(office, name).json, office.browser(name, PASSWORD)

    changed = office.system.ask(
        "PUT", f"{API}/auth/password", {"current": PASSWORD, "new": NEW}, token=given["access_token"]
    )

    assert (changed.status, changed.headers["Cache-Control"]) == (200, "no-store"), changed.body
    tokens = changed.json["tokens"]
    assert office.system.ask("GET", f"{API}/auth/me", token=tokens["access_token"]).json["username"] == name
    assert office.over(token=given["access_token"]) == OVER
    assert office.over(headers=browser) == (401, "invalid-session")
    statuses = [
        office.system.ask("POST", f"{API}/auth/token/refresh", {"refresh_token": one["refresh_token"]}).status
        for one in (given, tokens)
    ]
    assert statuses == [401, 200]
    assert refusal(_sign_in(office, name)) == WRONG
    assert _sign_in(office, name, NEW).status == 200


def test_a_browser_that_changes_the_password_goes_on_with_another_session(office: Office) -> None:
    name = office.account("registrar")
    browser = office.browser(name, PASSWORD)
    body = {"current": PASSWORD, "new": NEW}

    elsewhere = {**browser, "Origin": "http://another.example"}
    assert refusal(office.system.ask("PUT", f"{API}/auth/password", body, headers=elsewhere)) == (403, "csrf-failed")
    changed = office.system.ask("PUT", f"{API}/auth/password", body, headers=browser)

    assert (changed.status, changed.json) == (200, {"tokens": None})
    renewed = {**browser, "Cookie": cookie(changed)}
    assert office.system.ask("GET", f"{API}/auth/me", headers=renewed).json["username"] == name
    assert office.over(headers=browser) == (401, "invalid-session")


def test_a_password_is_not_changed_for_a_bad_one_nor_by_who_does_not_know_it(office: Office) -> None:
    name, ann = office.account("registrar"), office.student()

    assert refusal(_change(office, name, "wrong", NEW)) == (403, "wrong-password")
    for bad in ("short", name.upper(), "Password", "qwertyuiop"):
        assert faulty(_change(office, name, PASSWORD, bad)) == ["new"]
    assert sorted(faulty(office.ask("PUT", "/auth/password", {"old": PASSWORD}, who=name))) == ["current", "new", "old"]
    assert refusal(_change(office, ann.number, "demo", NEW)) == (409, "no-password")
    assert refusal(office.ask("PUT", "/auth/password", {"current": "demo", "new": NEW}, who=None))[0] == 401

    assert office.get("/auth/me", who=name)["username"] == name
    assert _sign_in(office, name).status == 200


def test_guessing_a_password_or_a_code_closes_the_name_for_a_while(office: Office) -> None:
    name = f"g{office.mark.lower()}"

    guessed = [_sign_in(office, name, "wrong").status for _ in range(3)]
    guessed += [_activate(office, name, "00000-00000-00000").status for _ in range(3)]
    closed = office.system.until(
        lambda reply: reply.status == 429, "POST", f"{API}/auth/token", {"username": name, "password": "wrong"}
    )

    assert guessed == [401] * 6
    assert refusal(closed) == (429, "too-many-attempts")
    assert int(closed.headers["Retry-After"]) >= 1


def test_a_code_sets_the_password_once_and_ends_what_was_signed_in_before(office: Office) -> None:
    name = office.account("registrar")
    token = office.token(name)
    old = _code(office, name)
    code = _code(office, name)

    assert _sign_in(office, name).status == 200
    wrong = [_activate(office, *one) for one in ((name, old), (name, "00000-00000-00000"), (f"not-{name}", code))]
    assert [refusal(reply) for reply in wrong] == [NO_CODE] * 3
    for bad in ("short", name, "iloveyou"):
        assert faulty(_activate(office, name, code, bad)) == ["password"]
    typed = f" {code.lower().replace('-', ' ')} "
    assert _activate(office, name, typed).status == 204
    assert refusal(_activate(office, name, code, "yet another sentence")) == NO_CODE

    assert office.over(token=token) == OVER
    assert refusal(_sign_in(office, name)) == WRONG
    assert _sign_in(office, name, NEW).status == 200


def test_codes_are_given_out_by_administrators_for_accounts_that_may_sign_in(office: Office) -> None:
    name = office.account("registrar")
    path = f"/accounts/{name}/activation"

    for who, refused in (("registrar", (403, "role-missing")), (None, (401, "unauthenticated"))):
        assert refusal(office.ask("POST", path, who=who)) == refused
    for key in (NOBODY_HAS, f"not-{name}"):
        reply = office.ask("POST", f"/accounts/{key}/activation", who="admin")
        assert refusal(reply) == (404, "account-not-found")
    code = _code(office, name)
    for changes in ({"disabled": True}, {"disabled": False}):
        reply = office.system.ask("PATCH", f"{API}/accounts/{name}", changes, role="admin", headers=ANYHOW)
        assert (reply.status, reply.json["disabled"]) == (200, changes["disabled"])
        if changes["disabled"]:
            assert refusal(office.ask("POST", path, who="admin")) == (409, "account-disabled")
            assert refusal(_activate(office, name, code)) == NO_CODE

    assert _activate(office, name, _code(office, name)).status == 204


def test_instructors_get_accounts_with_a_code_each_and_nobody_gets_two(office: Office) -> None:
    # Not students: those of other stories sign in without an account, and could not do so any more.
    eve, taken = f"e.{office.mark.lower()}", office.account("registrar")
    ids = [
        office.made("/instructors", {"number": number, "given_name": "Ewa", "family_name": "Lis", "email": "e@x.edu"})[
            "id"
        ]
        for number in (eve, taken)
    ]

    codes, numbers = _provision(office)
    assert (taken in numbers, taken in codes, eve in numbers) == (True, False, False)
    assert refusal(_sign_in(office, eve, codes[eve])) == WRONG
    assert _activate(office, eve, codes[eve]).status == 204
    me = office.system.ask("GET", f"{API}/auth/me", token=_sign_in(office, eve, NEW).json["access_token"])
    assert (me.json["name"], me.json["roles"], me.json["instructor_id"]) == ("Ewa Lis", ["instructor"], ids[0])

    codes, numbers = _provision(office)
    assert (eve in codes, eve in numbers, taken in numbers) == (False, False, True)


def test_accounts_for_everybody_are_made_by_administrators_alone(office: Office) -> None:
    for who, refused in (("registrar", (403, "role-missing")), (None, (401, "unauthenticated"))):
        assert refusal(office.ask("POST", "/accounts/provisioning", {"whom": "instructors"}, who=who)) == refused
    assert faulty(office.ask("POST", "/accounts/provisioning", {"whom": "everybody"}, who="admin")) == ["whom"]
    assert faulty(office.ask("POST", "/accounts/provisioning", {}, who="admin")) == ["whom"]
    nowhere = {"whom": "instructors", "cursor": "nonsense"}
    assert faulty(office.ask("POST", "/accounts/provisioning", nowhere, who="admin")) == ["cursor"]


def _sign_in(office: Office, username: str, password: str = PASSWORD) -> Reply:
    return office.system.ask("POST", f"{API}/auth/token", {"username": username, "password": password})


def _change(office: Office, who: str, current: str, new: str) -> Reply:
    return office.ask("PUT", "/auth/password", {"current": current, "new": new}, who=who)


def _activate(office: Office, username: str, code: str, password: str = NEW) -> Reply:
    body = {"username": username, "code": code, "password": password}
    return office.system.ask("POST", f"{API}/auth/activation", body)


def _code(office: Office, username: str) -> str:
    """Return a new code for an account."""
    reply = office.ask("POST", f"/accounts/{username}/activation", who="admin")
    assert (reply.status, reply.json["username"], reply.headers["Cache-Control"]) == (201, username, "no-store")
    code: str = reply.json["code"]
    return code


def _provision(office: Office) -> tuple[dict[str, str], list[str]]:
    """Make what is missing for instructors; return the codes by username, and the numbers that are others' names."""
    codes: dict[str, str] = {}
    taken: list[str] = []
    cursor = None
    while True:
        reply = office.ask("POST", "/accounts/provisioning", {"whom": "instructors", "cursor": cursor}, who="admin")
        assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store"), reply.body
        codes |= {one["username"]: one["code"] for one in reply.json["items"]}
        taken += reply.json["taken"]
        if (cursor := reply.json["next"]) is None:
            return codes, taken
