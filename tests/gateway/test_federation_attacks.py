"""What comes back from the provider is believed only if all of it is right; all else ends at the sign-in page."""

import base64
import hmac
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select

from tests.gateway.provider import KEYS, PAGE, Browser, Provider, problem_of
from tests.gateway.test_federation import browser, house, provider
from tests.house import House
from university.gateway.models import AccessToken
from university.gateway.service.federation import local

__all__ = ["browser", "house", "provider"]
NOBODY_S = RSAKey.generate_key(2048)


@pytest.fixture
def lets_in() -> None:
    """Somebody is let in."""


@pytest.fixture(autouse=True)
def nobody_came_in(request: pytest.FixtureRequest, house: House) -> Iterator[None]:
    """Whoever is refused has no session; a test that lets in somebody says so."""
    yield
    if "lets_in" not in request.fixturenames:
        with house.modules["gateway"].primary.read() as session:
            assert session.scalars(select(AccessToken)).all() == []


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": ["university", "another"]},
        {"aud": ["university", "another"], "azp": "another"},
        {"aud": []},
        {"aud": None},
        {"azp": "another"},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": None},
        {"iat": 1},
        {"iat": 9_999_999_999},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": 5},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 256},
        {"sub": "\0"},
    ],
    ids=str,
)
def test_a_token_that_claims_something_else_is_not_believed(
    provider: Provider, browser: Browser, claims: dict[str, Any]
) -> None:
    provider.claims = claims

    assert problem_of(browser.sign_in(provider)) == "sign-in-failed"


@pytest.mark.usefixtures("lets_in")
@pytest.mark.parametrize(
    "claims",
    [{"aud": ["university"]}, {"aud": ["university", "x"], "azp": "university"}, {"azp": "university"}],
    ids=str,
)
def test_a_token_for_others_too_says_that_it_was_given_to_us(
    provider: Provider, browser: Browser, claims: dict[str, Any]
) -> None:
    provider.claims = claims

    assert browser.sign_in(provider).headers["Location"] == "/"


@pytest.mark.usefixtures("lets_in")
def test_a_clock_may_be_a_minute_off(provider: Provider, browser: Browser) -> None:
    provider.claims = {"iat": int(time.time()) + 50, "exp": int(time.time()) - 50}

    assert browser.sign_in(provider).headers["Location"] == "/"


def _part(content: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(content)).decode().rstrip("=")


def _unsigned(alg: str) -> Callable[[Provider, str], str]:
    def forge(_: Provider, good: str) -> str:
        return f"{_part({'alg': alg, 'kid': 'first'})}.{good.split('.')[1]}."

    return forge


def _by_public_key(provider: Provider, good: str) -> str:
    """Sign as if the public key were a shared secret."""
    unsealed = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{good.split('.')[1]}"
    public = provider.published["first"].as_pem(private=False)
    mark = base64.urlsafe_b64encode(hmac.digest(public, unsealed.encode(), "sha256")).decode().rstrip("=")
    return f"{unsealed}.{mark}"


def _by_client_secret(_: Provider, good: str) -> str:
    unsealed = f"{_part({'alg': 'HS256'})}.{good.split('.')[1]}"
    mark = hmac.digest(b"a secret: with signs/+", unsealed.encode(), "sha256")
    return f"{unsealed}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def _changed(_: Provider, good: str) -> str:
    head, body, mark = good.split(".")
    claims = msgspec.json.decode(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{_part({**claims, 'roles': ['it']})}.{mark}"


FORGED: dict[str, Callable[[Provider, str], str]] = {
    "none": _unsigned("none"),
    "None": _unsigned("None"),
    "empty": _unsigned(""),
    "public key": _by_public_key,
    "client secret": _by_client_secret,
    "changed": _changed,
    "cut": lambda _, good: good.rpartition(".")[0],
    "nothing": lambda _, __: "",
    "no token": lambda _, __: "a.b.c",
    "long": lambda _, __: "x" * 100_000,
    "deep": lambda _, good: f"{_part({'alg': 'RS256', 'kid': ['first']})}.{good.split('.', 1)[1]}",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_token_signed_by_nobody_is_not_believed(
    provider: Provider, browser: Browser, forge: Callable[[Provider, str], str]
) -> None:
    address = browser.depart()
    nonce = dict(part.split("=", 1) for part in address.partition("?")[2].split("&"))["nonce"]
    provider.token = forge(provider, provider.minted(nonce))

    assert problem_of(browser.return_by(provider.authorize(address))) == "sign-in-failed"


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (NOBODY_S, {}),
        (NOBODY_S, {"kid": "another"}),
        (NOBODY_S, {"kid": None}),
        (NOBODY_S, {"jwk": NOBODY_S.as_dict(private=False)}),
        (NOBODY_S, {"jku": "https://elsewhere.example/jwks"}),
        (NOBODY_S, {"x5u": "https://elsewhere.example/x"}),
    ],
    ids=["same name", "another name", "no name", "jwk", "jku", "x5u"],
)
def test_a_token_signed_by_a_stranger_is_not_believed(
    provider: Provider, browser: Browser, key: Any, header: dict[str, Any]
) -> None:
    provider.key, provider.header = key, header

    assert problem_of(browser.sign_in(provider)) == "sign-in-failed"


def test_a_key_of_another_kind_than_the_algorithm_is_not_believed(provider: Provider, browser: Browser) -> None:
    provider.alg, provider.key = "ES256", ECKey.generate_key("P-256")

    assert problem_of(browser.sign_in(provider)) == "sign-in-failed"


@pytest.mark.usefixtures("lets_in")
def test_a_token_by_es256_is_believed(provider: Provider, browser: Browser) -> None:
    provider.alg, provider.kid, provider.published = "ES256", "second", {"second": KEYS["ES256"]}

    assert browser.sign_in(provider).headers["Location"] == "/"


@pytest.mark.parametrize("changed", [{"state": "x" * 43}, {"state": ""}, {"iss": "https://elsewhere.example"}], ids=str)
def test_an_answer_to_another_question_is_refused_unasked(
    provider: Provider, browser: Browser, changed: dict[str, str]
) -> None:
    assert problem_of(browser.return_by(provider.authorize(browser.depart(), **changed))) == "sign-in-failed"
    assert "/token" not in provider.asked


def test_who_always_names_itself_must(provider: Provider, browser: Browser) -> None:
    query = provider.authorize(browser.depart()).replace("iss=", "was=")

    assert problem_of(browser.return_by(query)) == "sign-in-failed"


def test_an_answer_in_another_browser_is_refused(house: House, provider: Provider, browser: Browser) -> None:
    """Else somebody could have others sign in as themself, or take the code of others."""
    query = provider.authorize(browser.depart())
    other = Browser(house)

    assert problem_of(other.return_by(query)) == "sign-in-failed"
    other.depart()
    assert problem_of(other.return_by(query)) == "sign-in-failed"
    assert "/token" not in provider.asked


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "e30.00000000000000000000000000000000", "\u00e9.x"])
def test_a_cookie_that_was_not_given_is_worth_nothing(provider: Provider, browser: Browser, cookie: str) -> None:
    query = provider.authorize(browser.depart())
    browser.cookies["sign-in"] = cookie

    assert problem_of(browser.return_by(query)) == "sign-in-failed"


def test_a_changed_cookie_is_worth_nothing(provider: Provider, browser: Browser) -> None:
    query = provider.authorize(browser.depart("?next=/a"))
    packed, _, mark = browser.cookies["sign-in"].partition(".")
    journey = msgspec.json.decode(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    browser.cookies["sign-in"] = f"{_part({**journey, 'next': '//evil.example'})}.{mark}"

    assert problem_of(browser.return_by(query)) == "sign-in-failed"


@pytest.mark.usefixtures("lets_in")
def test_an_answer_is_taken_once(house: House, provider: Provider, browser: Browser) -> None:
    query = provider.authorize(browser.depart())
    again = Browser(house, dict(browser.cookies))
    assert browser.return_by(query).headers["Location"] == "/"
    asked = provider.asked.count("/token")

    assert problem_of(again.return_by(query)) == "sign-in-failed"
    assert problem_of(again.return_by(query.replace("code-0", "code-1"))) == "sign-in-failed"
    assert provider.asked.count("/token") == asked


@pytest.mark.usefixtures("lets_in")
def test_a_code_that_was_used_up_gives_nothing(house: House, provider: Provider, browser: Browser) -> None:
    browser.return_by(provider.authorize(browser.depart()))
    other = Browser(house)
    state = provider.authorize(other.depart())

    assert problem_of(other.return_by(state.replace("code-0", "code-9"))) == "sign-in-failed"


def test_a_stolen_code_is_worth_nothing_in_one_s_own_sign_in(
    house: House, provider: Provider, browser: Browser
) -> None:
    """The code belongs to another verifier, and its token to another nonce."""
    stolen = next(part for part in provider.authorize(browser.depart()).split("&") if part.startswith("code="))
    thief = Browser(house)
    own = provider.authorize(thief.depart())

    assert problem_of(thief.return_by(own.replace("code=code-1", stolen))) == "sign-in-failed"


@pytest.mark.parametrize("away", [timedelta(minutes=10), timedelta(minutes=-11)], ids=str)
def test_an_answer_comes_within_ten_minutes(
    house: House, provider: Provider, browser: Browser, away: timedelta
) -> None:
    query = provider.authorize(browser.depart())

    house.travel(away)

    assert problem_of(browser.return_by(query)) == "sign-in-failed"


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>", "login_required"])
def test_an_error_of_the_provider_leads_to_the_sign_in_page(provider: Provider, browser: Browser, error: str) -> None:
    query = provider.authorize(browser.depart(), error=error).replace("code=", "was=")

    reply = browser.return_by(query)

    assert problem_of(reply) == "sign-in-canceled"
    assert error not in reply.headers["Location"]


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "http:evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "@evil.example",
    "/%0d%0aSet-Cookie:%20a=b\r\nX: y",
    "/api/v1/auth/oidc/login",
    "/" + "x" * 1000,
    "/a b",
    "http://[",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_anywhere_else(wanted: str) -> None:
    assert local(wanted) == "/"


@pytest.mark.usefixtures("lets_in")
@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "//evil.example/%2e%2e"]
)
def test_a_browser_is_led_to_the_first_page_instead(provider: Provider, browser: Browser, wanted: str) -> None:
    assert browser.sign_in(provider, f"?next={quote(wanted, safe='')}").headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["/", "/timetable", "/courses/MATH-101?tab=x#top", "/kursy/żółć", "/a//b"])
def test_a_page_of_ours_is_where_one_wanted_to_be(wanted: str) -> None:
    assert local(wanted) == wanted


@pytest.mark.parametrize("path", ["/login", "/callback"])
def test_nobody_changes_anything_by_another_method(browser: Browser, path: str) -> None:
    assert browser.open(f"{PAGE}{path}", "POST", **{"X-CSRF": "1"}).status == 405
