"""Who is asking is proved by a signed token, and by nothing else."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from entrypoints import keys
from tests.house import NOBODY, REGISTRAR, House, Reply
from tests.platform.asking import READER, ask, problem_of, raw
from university.platform import security
from university.platform.errors import Unauthenticated
from university.platform.keys import DEVELOPMENT
from university.platform.security import CACHED, LIFETIME, InvalidIdentity, Keyring, Principal, RoleMissing

NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
HEADER = {"alg": "ES256", "typ": "identity+jwt", "kid": "gateway"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The first of October 2026, eight o'clock, standing still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a good token, changed; None leaves a claim out."""
    good = {
        "iss": "gateway",
        "aud": "library",
        "sub": "registrar",
        "roles": ["registrar"],
        "iat": int(time.time()),
        "exp": int(time.time()) + 100,
        **changed,
    }
    return {name: value for name, value in good.items() if value is not None}


def minted(desk: House, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
    """Return a token as somebody might mint it, with the gateway's key unless another is given."""
    whole = {**HEADER, **(header or {})}
    return jwt.encode(whole, claims(**changed), key or desk.keyring.private["gateway"], algorithms=[whole["alg"]])


def shown(desk: House, token: str, scheme: str = "Bearer") -> Reply:
    """Ask what the librarian may, showing a token."""
    return raw(desk, "GET", "/api/v1/readers/me", {"Authorization": f"{scheme} {token}"})


def part(content: Any) -> str:
    """Return one part of a token."""
    raw_part = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw_part).decode().rstrip("=")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_good_token_is_believed(desk: House, scheme: str) -> None:
    assert shown(desk, minted(desk, sub="anna"), scheme).json["reader"] == "anna"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "course"},
        {"aud": ["library"]},
        {"aud": ["library", "course"]},
        {"aud": None},
        {"iss": "course"},
        {"iss": None},
        {"sub": None},
        {"sub": 5},
        {"roles": None},
        {"roles": []},
        {"roles": ["service"]},
        {"roles": ["registrar", "service"]},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"nbf": 9_999_999_999},
    ],
    ids=str,
)
def test_a_token_that_claims_something_else_is_not_believed(desk: House, changed: dict[str, Any]) -> None:
    assert problem_of(shown(desk, minted(desk, **changed))) == (401, "invalid-identity")


@pytest.mark.parametrize(
    "header",
    [{"kid": "tests"}, {"kid": "nobody"}, {"typ": "JWT"}, {"typ": "identity+JWT"}, {"kid": ""}],
    ids=str,
)
def test_a_token_with_another_header_is_not_believed(desk: House, header: dict[str, Any]) -> None:
    assert problem_of(shown(desk, minted(desk, header))) == (401, "invalid-identity")


def test_a_token_signed_by_a_stranger_is_not_believed(desk: House) -> None:
    stranger = ECKey.generate_key("P-256")

    assert problem_of(shown(desk, minted(desk, key=stranger))) == (401, "invalid-identity")
    assert problem_of(shown(desk, minted(desk, {"jwk": stranger.as_dict(private=False)}, stranger)))[0] == 401


def test_other_ways_of_signing_are_not_believed(desk: House) -> None:
    unsealed = f"{part({**HEADER, 'alg': 'HS256'})}.{part(claims())}"
    public = desk.keyring.public["gateway"].as_pem(private=False)
    by_public_key = f"{unsealed}.{part(hmac.digest(public, unsealed.encode(), 'sha256'))}"
    by_rsa = jwt.encode({**HEADER, "alg": "RS256"}, claims(), RSAKey.generate_key(2048), algorithms=["RS256"])
    unsigned = [f"{part({**HEADER, 'alg': alg})}.{part(claims())}." for alg in ("none", "None", "NONE", "")]

    for token in (by_public_key, by_rsa, *unsigned):
        assert problem_of(shown(desk, token)) == (401, "invalid-identity")


def test_a_token_changed_anywhere_is_not_believed(desk: House) -> None:
    good = minted(desk)
    head, body, signature = good.split(".")
    stronger = part(claims(roles=["admin"]))

    for token in (f"{head}.{stronger}.{signature}", f"{head}.{body}", f"{good}.{body}", good[:-6] + "AAAAAA"):
        assert problem_of(shown(desk, token)) == (401, "invalid-identity")


@pytest.mark.parametrize(
    "token",
    [
        "",
        " ",
        ".",
        "..",
        "a.b.c",
        "x" * 8000,
        "\xff\xfe",
        f"{part([])}.{part({})}.",
        f"{part(5)}.{part({})}.a",
        f"{part({**HEADER, 'kid': ['gateway']})}.{part({})}.a",
        f"{part({**HEADER, 'kid': {'a': 1}})}.{part({})}.a",
        f"{part({**HEADER, 'kid': None})}.{part({})}.a",
        f"{part({**HEADER, 'alg': 5})}.{part({})}.a",
        f"{part({**HEADER, 'crit': ['exp']})}.{part({})}.a",
        f"{part({**HEADER, 'b64': False})}.{part({})}.a",
        f"{part(b'[' * 5000)}.{part({})}.a",
        f"{part(b'{' * 5000)}.{part({})}.a",
        f"{part(bytes([255, 254]))}.{part({})}.a",
    ],
    ids=lambda token: ascii(token)[:40],
)
def test_what_is_no_token_is_not_believed(desk: House, token: str) -> None:
    assert problem_of(shown(desk, token)) == (401, "invalid-identity")


@pytest.mark.parametrize("scheme", ["Basic", "Token", "", "Bearer,"])
def test_other_schemes_are_not_believed(desk: House, scheme: str) -> None:
    assert shown(desk, minted(desk), scheme).status == 401


def test_a_token_is_good_until_it_expires_and_not_a_second_longer(desk: House, clock: time_machine.Traveller) -> None:
    token = desk.keyring.sign("gateway", "library", READER)

    clock.move_to(NOW + timedelta(seconds=LIFETIME - 1))
    assert shown(desk, token).status == 200
    clock.move_to(NOW + timedelta(seconds=LIFETIME))
    assert problem_of(shown(desk, token)) == (401, "invalid-identity")


def test_a_token_is_minted_anew_before_it_gets_old(clock: time_machine.Traveller) -> None:
    keyring = Keyring.ephemeral("gateway")
    first, second = (keyring.sign("gateway", "library", READER) for _ in range(2))

    clock.move_to(NOW + timedelta(seconds=LIFETIME - LIFETIME / 5 - 1))
    third = keyring.sign("gateway", "library", READER)
    clock.move_to(NOW + timedelta(seconds=LIFETIME - LIFETIME / 5))
    fourth = keyring.sign("gateway", "library", READER)

    assert first == second == third != fourth
    assert keyring.verify("library", fourth) == READER


def test_a_token_says_who_and_what_and_nothing_more() -> None:
    keyring = Keyring.ephemeral("gateway")
    who = Principal("anna", frozenset({"student", "instructor"}), "s-1", "i-1")

    assert keyring.verify("library", keyring.sign("gateway", "library", who)) == who
    assert keyring.sign("gateway", "library", who) != keyring.sign("gateway", "course", who)


def test_a_module_vouches_only_for_itself_and_only_as_a_service() -> None:
    keyring = Keyring.ephemeral("gateway", "course", "student")
    service = frozenset({"service"})

    assert keyring.verify("library", keyring.sign("course", "library", Principal("course", service))).roles == service
    for issuer, who in (
        ("course", REGISTRAR),
        ("course", Principal("course", frozenset({"registrar"}))),
        ("course", Principal("course", frozenset({"service", "registrar"}))),
        ("course", Principal("student", service)),
        ("gateway", Principal("gateway", service)),
    ):
        with pytest.raises(InvalidIdentity):
            keyring.verify("library", keyring.sign(issuer, "library", who))


def test_a_process_without_a_private_key_cannot_sign() -> None:
    whole = Keyring.ephemeral("gateway")
    reading = Keyring({}, whole.public)

    assert reading.verify("library", whole.sign("gateway", "library", READER)) == READER
    with pytest.raises(KeyError):
        reading.sign("gateway", "library", READER)


def test_the_caches_stay_small_under_many_threads() -> None:
    keyring = Keyring.ephemeral("gateway")
    good = keyring.sign("gateway", "library", READER)
    expires = time.time() + 100
    for number in range(CACHED - 50):
        keyring._verified["library", str(number)] = (expires, READER)  # noqa: SLF001 - filled without signing
    faults: list[Exception] = []

    def verify() -> None:
        try:
            for _ in range(40):
                who = Principal(f"{threading.get_ident()}-{time.perf_counter_ns()}", frozenset({"student"}))
                assert keyring.verify("library", keyring.sign("gateway", "library", who)) == who
                assert keyring.verify("library", good) == READER
        except Exception as error:  # noqa: BLE001 - the test tells it
            faults.append(error)

    threads = [threading.Thread(target=verify) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(keyring._verified) <= CACHED  # noqa: SLF001 - the bound is the promise


def test_roles_are_needed_and_any_of_them_will_do() -> None:
    with pytest.raises(Unauthenticated):
        security.authorize("student")
    with security.calling(READER):
        assert security.authorize() == security.authorize("registrar", "student") == READER
        with pytest.raises(RoleMissing):
            security.authorize("registrar")
    assert security.caller() is None


def test_the_caller_of_one_request_is_not_that_of_the_next(desk: House) -> None:
    ask(desk, "GET", "/readers/me", who=READER)

    assert security.caller() is None
    assert problem_of(ask(desk, "GET", "/readers/me", who=NOBODY)) == (401, "unauthenticated")


def test_identity_never_comes_from_a_plain_header(desk: House) -> None:
    headers = {
        "X-User": "registrar",
        "X-Role": "registrar",
        "X-Forwarded-User": "registrar",
        "Remote-User": "registrar",
    }

    assert problem_of(raw(desk, "GET", "/api/v1/readers/me", headers)) == (401, "unauthenticated")


def test_keys_kept_in_files_vouch_for_their_names_only(tmp_path: Path) -> None:
    keys.write(tmp_path)
    course, enrollment = (
        Keyring.of_files(tmp_path / f"{name}.json", tmp_path / "trusted.json") for name in ("course", "enrollment")
    )
    asking = Principal("enrollment", frozenset({"service"}))

    assert course.verify("course", enrollment.sign("enrollment", "course", asking)) == asking
    with pytest.raises(KeyError):
        enrollment.sign("gateway", "course", Principal("registrar", frozenset({"registrar"})))
    trusted = msgspec.json.decode((tmp_path / "trusted.json").read_bytes())["keys"]
    assert [key["kid"] for key in trusted] == ["course", "student", "enrollment", "gateway", "gateway-service"]
    assert all("d" not in key for key in trusted)


def test_development_keys_vouch_like_any_other_where_secrets_are_not_needed(tmp_path: Path) -> None:
    keys.write(tmp_path, prefix=DEVELOPMENT)
    course, enrollment = (
        Keyring.of_files(tmp_path / f"{name}.json", tmp_path / "trusted.json") for name in ("course", "enrollment")
    )
    asking = Principal("enrollment", frozenset({"service"}))

    assert course.verify("course", enrollment.sign("enrollment", "course", asking)) == asking
    named = {key["kid"] for key in msgspec.json.decode((tmp_path / "trusted.json").read_bytes())["keys"]}
    assert named == {f"development-{one}" for one in ("course", "student", "enrollment", "gateway", "gateway-service")}


@pytest.mark.parametrize(("signing", "trusted"), [("known", "secret"), ("secret", "known")])
def test_production_takes_no_key_that_everybody_may_know(tmp_path: Path, signing: str, trusted: str) -> None:
    keys.write(tmp_path / "known", prefix=DEVELOPMENT)
    keys.write(tmp_path / "secret")
    files = (tmp_path / signing / "course.json", tmp_path / trusted / "trusted.json")

    Keyring.of_files(*files)
    with pytest.raises(ValueError, match=r"(course|trusted)\.json holds development keys \(development-course"):
        Keyring.of_files(*files, secret=True)
    Keyring.of_files(tmp_path / "secret/course.json", tmp_path / "secret/trusted.json", secret=True)
