"""Accounts: kept by administrators only, bound to people who exist, gone when removed."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.gateway.conftest import ADMIN, Knock, sign_in
from tests.gateway.neighbors import INSTRUCTOR, STUDENTS
from tests.house import NOBODY, REGISTRAR, House, Reply
from university.gateway.models import Account

PASSWORD = "correct horse battery"
WISH = {"username": "anna", "password": PASSWORD, "name": "Anna Żak", "roles": ["registrar"]}


def create(house: House, **changes: Any) -> Reply:
    return house.call("gateway", "POST", "/accounts", {**WISH, **changes}, who=ADMIN)


def test_a_new_account_can_be_read_and_never_tells_its_password(house: House) -> None:
    made = create(house)

    assert made.status == 201
    read = house.call("gateway", "GET", f"/accounts/{made.json['id']}", who=ADMIN)
    assert made.headers["Location"] == f"/api/v1/accounts/{made.json['id']}"
    assert made.headers["ETag"] == '"v1"'
    assert read.headers["ETag"].startswith('"v1-')
    assert read.json == made.json
    assert house.call("gateway", "GET", "/accounts/ANNA", who=ADMIN).json == made.json
    assert "password" not in made.body.decode()


def test_a_password_is_kept_as_a_hash(house: House) -> None:
    create(house)

    with house.modules["gateway"].primary.read() as session:
        kept = session.scalars(select(Account)).one()

    assert kept.password_hash.startswith("$argon2id$")


def test_a_username_is_taken_once(house: House) -> None:
    create(house)

    again = create(house, username="Anna")

    assert (again.status, again.json["code"]) == (409, "username-taken")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"username": "a b"}, ["username"]),
        ({"password": "short"}, ["password"]),
        ({"roles": []}, ["roles"]),
        ({"roles": ["service"]}, ["roles[0]"]),
        ({"roles": ["student"]}, ["student_id"]),
        ({"roles": ["instructor", "student"]}, ["student_id", "instructor_id"]),
        ({"roles": ["student"], "student_id": "999999"}, ["student_id"]),
        ({"roles": ["instructor"], "instructor_id": "nobody"}, ["instructor_id"]),
        ({"is_admin": True}, ["is_admin"]),
    ],
)
def test_a_faulty_account_names_its_fields(house: House, changes: dict[str, Any], fields: list[str]) -> None:
    reply = create(house, **changes)

    assert reply.status == 422
    assert [fault["field"] for fault in reply.json["errors"]] == fields


@pytest.mark.parametrize("key", ["100002", STUDENTS[1]["id"]])
def test_an_account_is_bound_to_a_student_by_number_or_id(house: House, knock: Knock, key: str) -> None:
    made = create(house, roles=["student"], student_id=key)

    assert made.json["student_id"] == STUDENTS[1]["id"]
    me = knock("GET", "/api/v1/students/me", token=sign_in(knock, "anna", PASSWORD))
    assert me.json["caller"]["student_id"] == STUDENTS[1]["id"]


def test_an_account_is_bound_to_an_instructor(house: House) -> None:
    assert create(house, roles=["instructor"], instructor_id="curie").json["instructor_id"] == INSTRUCTOR["id"]


def test_a_change_names_the_version_it_rests_on(house: House) -> None:
    create(house)

    def change(**headers: str) -> Reply:
        return house.call("gateway", "PATCH", "/accounts/anna", {"name": "Anna Nowak"}, who=ADMIN, headers=headers)

    assert change().status == 428
    assert change(**{"If-Match": '"v2"'}).status == 412
    changed = change(**{"If-Match": '"v1"'})
    assert (changed.status, changed.json["name"], changed.headers["ETag"]) == (200, "Anna Nowak", '"v2"')


def test_taking_away_what_a_role_needs_is_refused(house: House) -> None:
    create(house, roles=["student"], student_id="100001")

    reply = house.call("gateway", "PATCH", "/accounts/anna", {"student_id": None}, who=ADMIN, headers={"If-Match": "*"})

    assert [fault["field"] for fault in reply.json["errors"]] == ["student_id"]


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": ["admin"]}, {"password": "another long password"}])
def test_a_changed_account_signs_in_again(house: House, knock: Knock, change: dict[str, Any]) -> None:
    create(house)
    token = sign_in(knock, "anna", PASSWORD)
    assert knock("GET", "/api/v1/terms", token=token).status == 200

    house.call("gateway", "PATCH", "/accounts/anna", change, who=ADMIN, headers={"If-Match": "*"})

    assert knock("GET", "/api/v1/terms", token=token).status == 401


def test_a_disabled_account_cannot_sign_in(house: House, knock: Knock) -> None:
    create(house, disabled=True)

    reply = knock("POST", "/api/v1/auth/token", {"username": "anna", "password": PASSWORD})

    assert (reply.status, reply.json["code"]) == (401, "invalid-credentials")
    assert house.call("gateway", "POST", "/accounts/anna/tokens", who=ADMIN).status == 409


def test_a_removed_account_is_gone_with_its_tokens(house: House, knock: Knock) -> None:
    create(house)
    token = sign_in(knock, "anna", PASSWORD)

    assert house.call("gateway", "DELETE", "/accounts/anna", who=ADMIN).status == 204

    assert knock("GET", "/api/v1/terms", token=token).status == 401
    assert house.call("gateway", "GET", "/accounts/anna", who=ADMIN).json["code"] == "account-not-found"


def test_an_administrator_gives_and_ends_tokens(house: House, knock: Knock) -> None:
    create(house)
    given = house.call("gateway", "POST", "/accounts/anna/tokens", who=ADMIN)
    token = given.json["access_token"]
    assert (given.status, knock("GET", "/api/v1/terms", token=token).status) == (201, 200)

    assert house.call("gateway", "DELETE", "/accounts/anna/tokens", who=ADMIN).status == 204

    assert knock("GET", "/api/v1/terms", token=token).status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/accounts"),
        ("POST", "/accounts"),
        ("GET", "/accounts/anna"),
        ("PATCH", "/accounts/anna"),
        ("DELETE", "/accounts/anna"),
        ("POST", "/accounts/anna/tokens"),
        ("DELETE", "/accounts/anna/tokens"),
    ],
)
def test_accounts_belong_to_administrators(house: House, method: str, path: str) -> None:
    assert house.call("gateway", method, path, who=REGISTRAR).status == 403
    assert house.call("gateway", method, path, who=NOBODY).status == 401


def test_accounts_are_listed_by_username_page_by_page(house: House) -> None:
    for name in ("cyryl", "anna", "bolek"):
        create(house, username=name, name=name.upper())

    first = house.call("gateway", "GET", "/accounts?limit=2&total=true", who=ADMIN).json
    second = house.call("gateway", "GET", f"/accounts?limit=2&cursor={first['next']}", who=ADMIN).json

    assert [account["username"] for account in first["items"] + second["items"]] == ["anna", "bolek", "cyryl"]
    assert (first["total"], second["next"]) == (3, None)
    found = house.call("gateway", "POST", "/accounts/search", {"q": "OLE"}, who=ADMIN).json
    assert [account["username"] for account in found["items"]] == ["bolek"]
    assert house.call("gateway", "GET", "/accounts?q=OLE", who=ADMIN).status == 422


def test_a_repeated_request_makes_one_account(house: House) -> None:
    key = {"Idempotency-Key": "once"}

    answers = [house.call("gateway", "POST", "/accounts", WISH, who=ADMIN, headers=key) for _ in range(2)]

    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
