"""Signing in with the university's provider: there and back, who one is here then, and what else stays as it was."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from tests.gateway.conftest import ADMIN, gateway_house
from tests.gateway.neighbors import INSTRUCTOR, STUDENTS
from tests.gateway.provider import CLIENT, PAGE, PUBLIC, SECRET, Browser, Provider, problem_of
from tests.house import House
from tests.platform.serving import served
from university.gateway.models import Account, UsedState
from university.platform.settings import Settings

OIDC = {
    "oidc_client_id": CLIENT,
    "oidc_client_secret": SECRET,
    "oidc_roles": "deans-office=registrar, it=admin",
    "public_url": PUBLIC,
}
Open = Callable[..., House]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider at an address of its own."""
    one = Provider()
    with served(one) as address:
        one.issuer = address
        yield one


@pytest.fixture
def house(settings: Settings, provider: Provider) -> Iterator[House]:
    """A house whose people sign in with the provider, too."""
    opened = gateway_house(settings.model_copy(update={**OIDC, "oidc_issuer": provider.issuer}))
    yield opened
    opened.close()


@pytest.fixture
def browser(house: House) -> Browser:
    """A browser that was never here."""
    return Browser(house)


def account(house: House) -> Account:
    with house.modules["gateway"].primary.read() as session:
        return session.scalars(select(Account)).one()


def test_a_browser_is_sent_with_all_that_binds_the_answer_to_it(provider: Provider, browser: Browser) -> None:
    address = browser.depart("?next=/timetable")
    told = dict(parse_qsl(urlsplit(address).query))

    assert address.startswith(f"{provider.issuer}/authorize?")
    assert told["redirect_uri"] == f"{PUBLIC}{PAGE}/callback"
    assert (told["response_type"], told["code_challenge_method"], told["scope"]) == ("code", "S256", "openid profile")
    assert len({told["state"], told["nonce"], told["code_challenge"]}) == 3
    assert min(len(told[name]) for name in ("state", "nonce", "code_challenge")) == 43
    assert told["state"] not in browser.cookies["sign-in"]
    assert set(browser.cookies) == {"sign-in"}


def test_each_departure_is_another(browser: Browser) -> None:
    first, second = (dict(parse_qsl(urlsplit(browser.depart()).query)) for _ in range(2))

    assert not {first[name] for name in ("state", "nonce", "code_challenge")} & set(second.values())


def test_a_student_signs_in_and_is_who_the_number_says(house: House, provider: Provider, browser: Browser) -> None:
    reply = browser.sign_in(provider, "?next=/timetable%3Fterm%3D2026Z")

    assert (reply.status, reply.headers["Location"]) == (303, "/timetable?term=2026Z")
    assert reply.headers["Cache-Control"] == "no-store"
    assert set(browser.cookies) == {"session"}
    me = browser.open("/api/v1/auth/me").json
    assert me == {
        "username": "anna",
        "name": "Anna Żak",
        "roles": ["student"],
        "student_id": STUDENTS[0]["id"],
        "instructor_id": None,
    }
    kept = account(house)
    assert (kept.issuer, kept.subject, kept.password_hash) == (provider.issuer, "u-1", "")


def test_the_same_person_has_one_account_kept_up_to_date(house: House, provider: Provider, browser: Browser) -> None:
    browser.sign_in(provider)
    before = account(house).id
    provider.person |= {"name": "Anna Nowak", "preferred_username": "another", "student_number": "100002"}

    Browser(house).sign_in(provider)

    kept = account(house)
    assert (kept.id, kept.username, kept.name) == (before, "anna", "Anna Nowak")
    assert kept.student_id == STUDENTS[1]["id"]
    assert browser.open("/api/v1/auth/me").status == 401


def test_a_new_name_alone_ends_nothing(house: House, provider: Provider, browser: Browser) -> None:
    browser.sign_in(provider)
    provider.person["name"] = "Anna Nowak"

    Browser(house).sign_in(provider)

    assert browser.open("/api/v1/auth/me").status == 200


@pytest.mark.parametrize(
    ("person", "roles"),
    [
        ({"student_number": "100001", "roles": ["x"]}, ["student"]),
        ({"student_number": ["100001"]}, ["student"]),
        ({"instructor_number": "curie"}, ["instructor"]),
        ({"student_number": "100001", "instructor_number": "curie"}, ["instructor", "student"]),
        ({"roles": ["deans-office", "registrar", "admin"]}, ["registrar"]),
        ({"roles": "it"}, ["admin"]),
        ({"roles": ["it", "deans-office"], "instructor_number": "curie"}, ["admin", "instructor", "registrar"]),
    ],
    ids=str,
)
def test_roles_follow_from_numbers_and_values(
    provider: Provider, browser: Browser, person: dict[str, Any], roles: list[str]
) -> None:
    provider.person = {"sub": "u-9", **person}

    browser.sign_in(provider)

    me = browser.open("/api/v1/auth/me").json
    assert me["roles"] == roles
    assert me["student_id"] == (STUDENTS[0]["id"] if "student" in roles else None)
    assert me["instructor_id"] == (INSTRUCTOR["id"] if "instructor" in roles else None)


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        ({"student_number": "999999"}, "number-unknown"),
        ({"student_number": "999999", "roles": ["it"]}, "number-unknown"),
        ({"instructor_number": "nobody"}, "number-unknown"),
        ({}, "nobody-here"),
        ({"roles": ["registrar", "admin", "student", "service"]}, "nobody-here"),
        ({"roles": {"it": True}}, "nobody-here"),
        ({"student_number": 100001}, "nobody-here"),
        ({"student_number": ["100001", "100002"]}, "nobody-here"),
        ({"student_number": ""}, "nobody-here"),
    ],
    ids=str,
)
def test_who_is_nobody_here_is_told_so(
    house: House, provider: Provider, browser: Browser, person: dict[str, Any], problem: str
) -> None:
    provider.person = {"sub": "u-9", **person}

    assert problem_of(browser.sign_in(provider)) == problem
    assert browser.cookies == {}
    with house.modules["gateway"].primary.read() as session:
        assert session.scalars(select(Account)).all() == []


def test_a_claim_may_lie_within_others(settings: Settings, provider: Provider) -> None:
    told = {**OIDC, "oidc_issuer": provider.issuer, "oidc_roles_claim": "realm_access.roles"}
    house = gateway_house(settings.model_copy(update=told))
    try:
        browser = Browser(house)
        provider.person = {"sub": "u-9", "realm_access": {"roles": ["it"]}}
        browser.sign_in(provider)
        assert browser.open("/api/v1/auth/me").json["roles"] == ["admin"]
    finally:
        house.close()


def test_a_local_account_is_never_taken_over(house: House, provider: Provider, browser: Browser) -> None:
    wish = {"username": "anna", "password": "correct horse", "name": "Local", "roles": ["admin"]}
    local = house.call("gateway", "POST", "/accounts", wish, who=ADMIN).json

    browser.sign_in(provider)

    me = browser.open("/api/v1/auth/me").json
    assert (me["username"], me["roles"]) == ("anna@127.0.0.1", ["student"])
    assert house.call("gateway", "GET", "/accounts/anna", who=ADMIN).json == local


def test_where_every_name_is_taken_nobody_is_let_in(house: House, provider: Provider, browser: Browser) -> None:
    for name in ("anna", "anna@127.0.0.1"):
        wish = {"username": name, "password": "correct horse", "name": "Local", "roles": ["admin"]}
        house.call("gateway", "POST", "/accounts", wish, who=ADMIN)

    assert problem_of(browser.sign_in(provider)) == "name-not-free"


def test_the_same_subject_of_another_provider_is_somebody_else(
    house: House, provider: Provider, browser: Browser, settings: Settings
) -> None:
    browser.sign_in(provider)
    other = Provider()
    with served(other) as address:
        other.issuer = address
        elsewhere = gateway_house(settings.model_copy(update={**OIDC, "oidc_issuer": address}))
        Browser(elsewhere).sign_in(other)
        elsewhere.close()

    with house.modules["gateway"].primary.read() as session:
        assert len({one.issuer for one in session.scalars(select(Account))}) == 2


@pytest.mark.parametrize("password", ["", "a password that no account has"])
def test_an_account_of_the_provider_has_no_password(
    house: House, provider: Provider, browser: Browser, password: str
) -> None:
    browser.sign_in(provider)
    body = {"username": "anna", "password": password or " "}

    reply = house.call("gateway", "POST", "/auth/token", body, who=None)

    assert (reply.status, reply.json["code"]) == (401, "invalid-credentials")


def test_a_disabled_account_is_let_in_by_nobody(house: House, provider: Provider, browser: Browser) -> None:
    browser.sign_in(provider)
    house.call("gateway", "PATCH", "/accounts/anna", {"disabled": True}, who=ADMIN, headers={"If-Match": "*"})

    assert browser.open("/api/v1/auth/me").status == 401
    assert problem_of(browser.sign_in(provider)) == "sign-in-disabled"


def test_signing_in_ends_the_session_before_and_signing_out_ends_ours(provider: Provider, browser: Browser) -> None:
    browser.sign_in(provider)
    first = dict(browser.cookies)

    browser.sign_in(provider)

    assert browser.cookies["session"] != first["session"]
    old = Browser(browser.house, first)
    assert old.open("/api/v1/auth/me").status == 401
    assert browser.open("/api/v1/auth/session", "DELETE", **{"X-CSRF": "1"}).status == 204
    assert browser.open("/api/v1/auth/me").status == 401


def test_a_browser_with_a_session_that_is_over_signs_in_again(provider: Provider, browser: Browser) -> None:
    browser.cookies["session"] = "university-session_" + "x" * 43

    assert browser.sign_in(provider).headers["Location"] == "/"
    assert browser.open("/api/v1/auth/me").status == 200


def test_in_production_both_cookies_are_this_host_s_alone(settings: Settings, provider: Provider) -> None:
    told = {**OIDC, "oidc_issuer": provider.issuer, "mode": "production"}
    house = gateway_house(settings.model_copy(update=told))
    try:
        browser = Browser(house)
        left = browser.open(f"{PAGE}/login").headers["Set-Cookie"]
        assert left.startswith("__Host-sign-in=")
        assert left.endswith("; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure")
        browser.sign_in(provider)
        assert set(browser.cookies) == {"__Host-session"}
    finally:
        house.close()


def test_used_states_are_forgotten_once_they_are_over(house: House, provider: Provider, browser: Browser) -> None:
    browser.sign_in(provider)
    primary = house.modules["gateway"].primary
    with primary.read() as session:
        assert len(session.scalars(select(UsedState)).all()) == 1

    house.travel(timedelta(minutes=10))
    house.chores("forget-sign-ins")

    with primary.read() as session:
        assert session.scalars(select(UsedState)).all() == []


def test_everybody_is_told_what_the_sign_in_is_called(settings: Settings, house: House, browser: Browser) -> None:
    assert browser.open("/api/v1/about").json["sign_in_with"] == "127.0.0.1"
    assert settings.model_copy(update={"oidc_issuer": "https://x.edu", "oidc_name": "UniID"}).oidc_label == "UniID"
    assert house.settings.oidc_offices == {"deans-office": "registrar", "it": "admin"}


@pytest.mark.parametrize("path", ["/login", "/callback?code=a&state=b"])
def test_without_a_provider_nothing_is_there(settings: Settings, path: str) -> None:
    house = gateway_house(settings)
    try:
        browser = Browser(house)
        assert browser.open(f"{PAGE}{path}").status == 404
        assert browser.open("/api/v1/about").json["sign_in_with"] is None
    finally:
        house.close()


def test_the_verifier_of_the_challenge_stays_here(provider: Provider, browser: Browser) -> None:
    """What a code is exchanged with was never in an address, and fits the challenge that was."""
    address = browser.depart()
    challenge = dict(parse_qsl(urlsplit(address).query))["code_challenge"]
    query = provider.authorize(address)
    asked = next(iter(provider.codes.values()))

    assert browser.return_by(query).headers["Location"] == "/"
    assert asked["code_challenge"] == challenge
    assert urlsafe_b64encode(hashlib.sha256(challenge.encode()).digest()).decode().rstrip("=") != challenge
