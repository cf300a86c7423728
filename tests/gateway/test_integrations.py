"""Systems call by themselves: let in by administrators, by secrets that are shown once, within their scopes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.gateway.conftest import ADMIN, Knock, gateway_house, knocking, sign_in
from tests.house import NOBODY, REGISTRAR, House, Reply
from university.gateway.models import IntegrationSecret, IntegrationToken
from university.gateway.rules import Scope
from university.gateway.service.signing_in import InvalidToken
from university.gateway.service.systems import Systems
from university.platform.security import Principal
from university.platform.settings import Settings

WISH = {"name": "Timetable boards", "scopes": ["course:read"]}
TOKENS = "/api/v1/auth/client-token"
Given = dict[str, Any]


def create(house: House, **changes: Any) -> Reply:
    return house.call("gateway", "POST", "/integrations", {**WISH, **changes}, who=ADMIN)


def secret_of(house: House, key: str, **body: Any) -> Given:
    reply = house.call("gateway", "POST", f"/integrations/{key}/secrets", {"name": "autumn", **body}, who=ADMIN)
    assert reply.status == 201, reply.body
    told: Given = reply.json
    return told


def ask_token(knock: Knock, secret: Given, **changes: Any) -> Reply:
    return knock("POST", TOKENS, {**{name: secret[name] for name in ("client_id", "client_secret")}, **changes})


def token_of(knock: Knock, secret: Given) -> str:
    reply = ask_token(knock, secret)
    assert reply.status == 200, reply.body
    token: str = reply.json["access_token"]
    return token


@pytest.fixture
def system(house: House) -> Given:
    """A system that may read the catalog."""
    told: Given = create(house).json
    return told


@pytest.fixture
def secret(house: House, system: Given) -> Given:
    """Its secret."""
    return secret_of(house, system["id"])


def test_an_integration_can_be_read_and_listed_by_name(house: House, system: Given) -> None:
    create(house, name="Accounting", scopes=["student:read", "enrollment:read", "student:read"])

    assert system["roles"] == ["registrar"]
    read = house.call("gateway", "GET", f"/integrations/{system['id']}", who=ADMIN)
    listed = house.call("gateway", "GET", "/integrations?total=true", who=ADMIN).json
    assert read.json == system
    assert [one["name"] for one in listed["items"]] == ["Accounting", "Timetable boards"]
    assert listed["items"][0]["scopes"] == ["enrollment:read", "student:read"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["accounts:read"]}, ["scopes[0]"]),
        ({"scopes": ["gateway:write"]}, ["scopes[0]"]),
        ({"scopes": None}, ["scopes"]),
        ({"roles": ["admin"]}, ["roles[0]"]),
        ({"roles": ["student"]}, ["roles[0]"]),
        ({"roles": ["service"]}, ["roles[0]"]),
        ({"name": ""}, ["name"]),
        ({"student_id": "100001"}, ["student_id"]),
    ],
    ids=str,
)
def test_a_faulty_integration_names_its_fields(house: House, changes: Given, fields: list[str]) -> None:
    reply = create(house, **changes)

    assert reply.status == 422
    assert [fault["field"] for fault in reply.json["errors"]] == fields


def test_a_name_is_taken_once(house: House, system: Given) -> None:
    other = create(house, name="Accounting").json

    assert create(house).json["code"] == "integration-name-taken"
    renamed = house.call(
        "gateway",
        "PATCH",
        f"/integrations/{other['id']}",
        {"name": system["name"]},
        who=ADMIN,
        headers={"If-Match": "*"},
    )
    assert (renamed.status, renamed.json["code"]) == (409, "integration-name-taken")


def test_a_repeated_request_lets_one_system_in(house: House) -> None:
    key = {"Idempotency-Key": "once"}

    answers = [
        house.call("gateway", "POST", "/integrations", WISH, who=ADMIN, headers=key).json["id"] for _ in range(2)
    ]

    assert answers[0] == answers[1]


def test_a_secret_is_shown_once_and_kept_as_a_digest(house: House, system: Given, secret: Given) -> None:
    listed = house.call("gateway", "GET", f"/integrations/{system['id']}/secrets", who=ADMIN)

    assert secret["client_id"] == system["id"]
    assert secret["client_secret"].startswith("university-secret_")
    assert [one["id"] for one in listed.json["items"]] == [secret["id"]]
    assert secret["client_secret"].encode() not in listed.body
    with house.modules["gateway"].primary.read() as session:
        kept = session.scalars(select(IntegrationSecret)).one()
    assert secret["client_secret"] not in repr(vars(kept))
    assert len(kept.digest) == 32


def test_a_token_is_given_for_an_hour_and_kept_as_a_digest(house: House, knock: Knock, secret: Given) -> None:
    reply = ask_token(knock, secret)

    assert (reply.status, reply.json["token_type"], reply.json["expires_in"]) == (200, "Bearer", 3600)
    assert reply.headers["Cache-Control"] == "no-store"
    with house.modules["gateway"].primary.read() as session:
        kept = session.scalars(select(IntegrationToken)).one()
    assert reply.json["access_token"] not in repr(vars(kept))
    house.travel(timedelta(minutes=59))
    assert knock("GET", "/api/v1/terms", token=reply.json["access_token"]).status == 200


def test_an_expired_token_opens_nothing(house: House, knock: Knock, secret: Given) -> None:
    token = token_of(knock, secret)

    house.travel(timedelta(hours=1))

    assert knock("GET", "/api/v1/terms", token=token).json["code"] == "invalid-token"


def test_what_was_used_last_is_told(house: House, knock: Knock, system: Given, secret: Given) -> None:
    assert (system["used_at"], secret["used_at"]) == (None, None)

    token_of(knock, secret)

    read = house.call("gateway", "GET", f"/integrations/{system['id']}", who=ADMIN).json
    kept = house.call("gateway", "GET", f"/integrations/{system['id']}/secrets", who=ADMIN).json["items"][0]
    assert read["used_at"] == kept["used_at"] > read["created_at"]
    assert read["version"] == system["version"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": "university-secret_" + "x" * 43},
        {"client_secret": "wrong"},
        {"client_secret": "university_" + "x" * 43},
        {"client_id": "0198a000-0000-7000-8000-000000000001"},
        {"client_id": "timetable boards"},
        {"client_id": "\u00e9"},
    ],
    ids=str,
)
def test_a_wrong_id_and_a_wrong_secret_look_alike(knock: Knock, secret: Given, changes: Given) -> None:
    reply = ask_token(knock, secret, **changes)

    assert (reply.status, reply.json["code"]) == (401, "invalid-client")
    assert set(reply.json) == {"type", "title", "status", "code", "instance", "trace_id"}


def test_one_system_s_secret_is_not_another_s(house: House, knock: Knock, secret: Given) -> None:
    other = create(house, name="Accounting").json

    assert ask_token(knock, secret, client_id=other["id"]).status == 401


def test_a_secret_ends_and_no_token_outlives_it(house: House, knock: Knock, system: Given) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
    secret = secret_of(house, system["id"], expires_at=until)
    given = ask_token(knock, secret).json

    assert 0 < given["expires_in"] <= 1200
    house.travel(timedelta(minutes=21))
    assert knock("GET", "/api/v1/terms", token=given["access_token"]).status == 401
    assert ask_token(knock, secret).status == 401


@pytest.mark.parametrize("away", [timedelta(days=-1), timedelta(days=732)], ids=str)
def test_a_secret_ends_in_the_future_and_within_two_years(house: House, system: Given, away: timedelta) -> None:
    body = {"name": "x", "expires_at": (datetime.now(UTC) + away).isoformat()}

    reply = house.call("gateway", "POST", f"/integrations/{system['id']}/secrets", body, who=ADMIN)

    assert [fault["field"] for fault in reply.json["errors"]] == ["expires_at"]


def test_secrets_follow_one_another_in_peace(house: House, knock: Knock, system: Given, secret: Given) -> None:
    following = secret_of(house, system["id"], name="spring")
    old, new = token_of(knock, secret), token_of(knock, following)

    gone = house.call("gateway", "DELETE", f"/integrations/{system['id']}/secrets/{secret['id']}", who=ADMIN)

    assert gone.status == 204
    assert ask_token(knock, secret).status == 401
    assert knock("GET", "/api/v1/terms", token=old).status == 401
    assert knock("GET", "/api/v1/terms", token=new).status == 200


def test_a_system_has_five_secrets_at_most(house: House, system: Given) -> None:
    for number in range(5):
        secret_of(house, system["id"], name=str(number))

    body = {"name": "one more"}
    reply = house.call("gateway", "POST", f"/integrations/{system['id']}/secrets", body, who=ADMIN)

    assert (reply.status, reply.json["code"]) == (409, "too-many-integration-secrets")


@pytest.mark.parametrize("change", [{"disabled": True}, {"scopes": ["student:read"]}, {"roles": []}], ids=str)
def test_a_changed_system_asks_for_tokens_anew(
    house: House, knock: Knock, system: Given, secret: Given, change: Given
) -> None:
    token = token_of(knock, secret)
    assert knock("GET", "/api/v1/terms", token=token).status == 200

    changed = house.call(
        "gateway", "PATCH", f"/integrations/{system['id']}", change, who=ADMIN, headers={"If-Match": '"v1"'}
    )

    assert (changed.status, changed.headers["ETag"]) == (200, '"v2"')
    assert knock("GET", "/api/v1/terms", token=token).status == 401
    assert ask_token(knock, secret).status == (401 if "disabled" in change else 200)


def test_a_removed_system_is_gone_with_its_secrets_and_tokens(
    house: House, knock: Knock, system: Given, secret: Given
) -> None:
    token = token_of(knock, secret)

    assert house.call("gateway", "DELETE", f"/integrations/{system['id']}", who=ADMIN).status == 204

    assert knock("GET", "/api/v1/terms", token=token).status == 401
    assert ask_token(knock, secret).status == 401
    assert house.call("gateway", "GET", f"/integrations/{system['id']}", who=ADMIN).status == 404


def test_another_process_notices_within_seconds(house: House, knock: Knock, system: Given, secret: Given) -> None:
    primary = house.modules["gateway"].primary
    slow, quick = Systems(primary, recheck_after=60), Systems(primary, recheck_after=0)
    token = token_of(knock, secret)
    for systems in (slow, quick):
        assert systems.bearer(token) == Principal(
            system["id"], frozenset({"registrar"}), scopes=frozenset({"course:read"})
        )

    house.call("gateway", "DELETE", f"/integrations/{system['id']}/secrets/{secret['id']}", who=ADMIN)

    assert slow.bearer(token) is not None
    with pytest.raises(InvalidToken):
        quick.bearer(token)


def test_the_scopes_are_passed_on(knock: Knock, system: Given, secret: Given) -> None:
    caller = knock("GET", "/api/v1/terms", token=token_of(knock, secret)).json["caller"]

    assert caller["subject"] == system["id"]
    assert caller["roles"] == ["registrar"]
    assert caller["scopes"] == ["course:read"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/auth/me", "gateway:read"),
        ("GET", "/accounts", "gateway:read"),
        ("POST", "/accounts", "gateway:write"),
        ("GET", "/integrations", "gateway:read"),
        ("POST", "/integrations/x/secrets", "gateway:write"),
    ],
)
def test_accounts_and_systems_are_no_system_s(house: House, knock: Knock, method: str, path: str, scope: str) -> None:
    every = [scope.value for scope in Scope]
    token = token_of(knock, secret_of(house, create(house, name="Everything", scopes=every).json["id"]))

    reply = knock(method, f"/api/v1{path}", {} if method == "POST" else None, token=token)

    assert (reply.status, reply.json["code"], reply.json["scope"]) == (403, "scope-missing", scope)


def test_what_is_public_stays_so(knock: Knock, secret: Given) -> None:
    assert knock("GET", "/api/v1/about", token=token_of(knock, secret)).status == 200


@pytest.mark.parametrize("text", ["", "university-system_", "university-system_" + "x" * 43, "university_" + "x" * 43])
def test_a_token_that_was_never_given_opens_nothing(knock: Knock, text: str) -> None:
    assert knock("GET", "/api/v1/terms", token=text).status == 401


def test_a_person_s_token_and_a_system_s_are_two_things(knock: Knock, secret: Given) -> None:
    person, system = sign_in(knock, "registrar"), token_of(knock, secret)

    assert knock("GET", "/api/v1/terms", token=person).json["caller"]["scopes"] is None
    assert system.startswith("university-system_")
    swapped = person.replace("university_", "university-system_")
    assert knock("GET", "/api/v1/terms", token=swapped).status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/integrations"),
        ("POST", "/integrations"),
        ("GET", "/integrations/x"),
        ("PATCH", "/integrations/x"),
        ("DELETE", "/integrations/x"),
        ("GET", "/integrations/x/secrets"),
        ("POST", "/integrations/x/secrets"),
        ("DELETE", "/integrations/x/secrets/y"),
    ],
)
def test_integrations_belong_to_administrators(house: House, method: str, path: str) -> None:
    assert house.call("gateway", method, path, who=REGISTRAR).status == 403
    assert house.call("gateway", method, path, who=NOBODY).status == 401


def test_a_token_is_good_at_every_gateway_of_one_store(settings: Settings, house: House, secret: Given) -> None:
    other = gateway_house(settings)
    try:
        ask: Callable[..., Reply] = knocking(other)
        assert ask("GET", "/api/v1/terms", token=token_of(knocking(house), secret)).status == 200
    finally:
        other.close()
