"""The provider may be slow, away or talk nonsense: asked within limits, it hurts nobody who signs in otherwise."""

import time

import msgspec
import pytest

from tests.gateway.conftest import gateway_house, knocking, sign_in
from tests.gateway.provider import CLIENT, KEYS, SECRET, Browser, Provider, problem_of
from tests.gateway.test_federation import OIDC, browser, house, provider
from tests.house import House
from tests.platform.serving import saying, served
from university.gateway.clients import provider as asking
from university.gateway.clients.provider import ProviderUnavailable
from university.platform.settings import Settings

__all__ = ["browser", "house", "provider"]
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def client(provider: Provider) -> asking.Provider:
    """What asks the provider."""
    return asking.Provider(provider.issuer, CLIENT, SECRET)


def test_what_the_provider_publishes_is_asked_for_once(provider: Provider, browser: Browser) -> None:
    for _ in range(3):
        browser.sign_in(provider)

    assert [provider.asked.count(path) for path in (DISCOVERY, "/jwks", "/token")] == [1, 1, 3]


def test_a_new_key_is_learned_when_it_is_first_met(
    provider: Provider, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "STALE", 0.0)
    browser.sign_in(provider)
    provider.published = {**provider.published, "second": KEYS["ES256"]}
    provider.alg, provider.kid = "ES256", "second"

    assert browser.sign_in(provider).headers["Location"] == "/"
    assert provider.asked.count("/jwks") == 2


def test_unknown_keys_do_not_make_us_ask_again_and_again(provider: Provider, browser: Browser) -> None:
    for number in range(5):
        provider.kid = f"unknown-{number}"
        assert problem_of(browser.sign_in(provider)) == "sign-in-failed"

    assert provider.asked.count("/jwks") == 1


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token"])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("500 Oops", b"{}"),
        ("200 OK", b"<html>"),
        ("200 OK", b"[]"),
        ("200 OK", b"{}"),
        ("200 OK", b"[" * 100_000),
        ("200 OK", b'{"x": "' + b"x" * 300_000 + b'"}'),
        ("302 Found", b"{}"),
    ],
    ids=["500", "html", "list", "empty", "deep", "large", "redirect"],
)
def test_nonsense_leads_to_the_sign_in_page(
    provider: Provider, browser: Browser, path: str, status: str, body: bytes
) -> None:
    provider.answers[path] = (status, body)
    reply = browser.open("/api/v1/auth/oidc/login")
    if path != DISCOVERY:
        reply = browser.return_by(provider.authorize(reply.headers["Location"]))

    assert problem_of(reply) in {"sign-in-unavailable", "sign-in-failed"}
    assert "session" not in browser.cookies


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "ftp://elsewhere.example"},
        {"token_endpoint": 5},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_a_provider_that_describes_something_else_is_not_used(
    provider: Provider, client: asking.Provider, told: dict[str, object]
) -> None:
    provider.metadata = told

    with pytest.raises(ProviderUnavailable):
        client.metadata()


def test_an_issuer_by_https_publishes_no_address_without_it(client: asking.Provider) -> None:
    client.issuer = "https://id.example.edu"

    assert not client._is_as_safe("http://id.example.edu/token")  # noqa: SLF001 - no certificate needed so
    assert client._is_as_safe("https://tokens.example.edu/token")  # noqa: SLF001


def test_keys_of_other_kinds_and_uses_are_left_alone(provider: Provider, client: asking.Provider) -> None:
    good = {**KEYS["RS256"].as_dict(private=False), "kid": "first"}
    odd = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
        {**good, "kid": "encrypts", "use": "enc"},
        {"kty": "RSA", "kid": "cut"},
        {"kty": "EC", "crv": "P-521", "kid": "long", "x": "AA", "y": "AA"},
        "text",
    ]
    provider.answers["/jwks"] = ("200 OK", msgspec.json.encode({"keys": [*odd, good]}))

    assert [client.key(name) is not None for name in ("first", None)] == [True, True]
    assert {client.key(name) for name in ("shared", "encrypts", "cut", "long")} == {None}


def test_what_was_known_is_good_enough_while_the_provider_is_away(
    provider: Provider, client: asking.Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = client.metadata()
    monkeypatch.setattr(asking, "FRESH", 0.0)
    provider.answers[DISCOVERY] = ("500 Oops", b"{}")

    assert client.metadata() == known


def test_a_provider_that_trickles_is_left_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST", 0.3)

    def speak(line: "object") -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")  # type: ignore[attr-defined]
        for _ in range(100):
            line.sendall(b" ")  # type: ignore[attr-defined]
            time.sleep(0.05)

    with saying(speak) as address, pytest.raises(ProviderUnavailable):
        asking.Provider(address, CLIENT, SECRET).metadata()


def test_a_provider_that_is_away_is_not_asked_again_and_again(provider: Provider, client: asking.Provider) -> None:
    provider.answers[DISCOVERY] = ("200 OK", b"x" * 300_000)
    for _ in range(20):
        with pytest.raises(ProviderUnavailable):
            client.metadata()

    assert provider.asked.count(DISCOVERY) == 5


def test_a_provider_that_is_away_hurts_nobody_else(settings: Settings) -> None:
    with served(Provider()) as address:
        gone = address
    house = gateway_house(settings.model_copy(update={**OIDC, "oidc_issuer": gone}))
    try:
        assert problem_of(Browser(house).open("/api/v1/auth/oidc/login")) == "sign-in-unavailable"
        knock = knocking(house)
        assert knock("GET", "/api/v1/terms", token=sign_in(knock, "registrar")).status == 200
    finally:
        house.close()


def test_who_waits_for_the_provider_leaves_threads_to_others(provider: Provider) -> None:
    """A quarter of the threads at most, and at least one."""
    assert asking.Provider(provider.issuer, CLIENT, SECRET, threads=8)._share.places == 2  # noqa: SLF001
    assert asking.Provider(provider.issuer, CLIENT, SECRET, threads=1)._share.places == 1  # noqa: SLF001


def test_students_that_cannot_be_asked_about_are_let_in_later(settings: Settings, provider: Provider) -> None:
    house: House = gateway_house(settings.model_copy(update={**OIDC, "oidc_issuer": provider.issuer}), away="student")
    try:
        assert problem_of(Browser(house).sign_in(provider)) == "sign-in-unavailable"
    finally:
        house.close()
