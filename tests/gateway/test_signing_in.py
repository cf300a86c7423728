"""Signing in: tokens that live as long as they should, and nothing that tells who exists."""

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.gateway.conftest import ADMIN, Knock, another_process, gateway_house, knocking, sign_in
from tests.gateway.neighbors import INSTRUCTOR, STUDENTS
from tests.house import House
from university.gateway.models import AccessToken
from university.gateway.service import demo
from university.gateway.service.signing_in import InvalidToken
from university.platform import database
from university.platform.settings import Settings

PASSWORD = "correct horse battery"


@pytest.fixture
def account(house: House) -> dict[str, Any]:
    """A registrar's account."""
    wish = {"username": "J.Kowalski", "password": PASSWORD, "name": "Jan Kowalski", "roles": ["registrar"]}
    reply = house.call("gateway", "POST", "/accounts", wish, who=ADMIN)
    assert reply.status == 201, reply.body
    told: dict[str, Any] = reply.json
    return told


def test_an_account_signs_in_whatever_the_case_of_its_name(account: dict[str, Any], knock: Knock) -> None:
    reply = knock("POST", "/api/v1/auth/token", {"username": "j.kowalsKI", "password": PASSWORD})

    assert reply.status == 200
    assert reply.json["token_type"] == "Bearer"
    assert reply.json["expires_in"] == 3600
    assert reply.headers["Cache-Control"] == "no-store"
    me = knock("GET", "/api/v1/auth/me", token=reply.json["access_token"]).json
    assert me == {
        "username": "j.kowalski",
        "name": "Jan Kowalski",
        "roles": ["registrar"],
        "student_id": None,
        "instructor_id": None,
    }
    assert knock("GET", "/api/v1/terms", token=reply.json["access_token"]).json["caller"]["subject"] == account["id"]


@pytest.mark.usefixtures("account")
def test_a_wrong_password_and_an_unknown_name_look_alike(knock: Knock) -> None:
    wrong = knock("POST", "/api/v1/auth/token", {"username": "j.kowalski", "password": "wrong"})
    unknown = knock("POST", "/api/v1/auth/token", {"username": "nobody", "password": "wrong"})

    assert wrong.status == unknown.status == 401
    assert wrong.json["code"] == unknown.json["code"] == "invalid-credentials"
    assert {**wrong.json, "trace_id": ""} == {**unknown.json, "trace_id": ""}


@pytest.mark.usefixtures("account")
def test_an_unknown_name_costs_as_much_work_as_a_known_one(knock: Knock) -> None:
    def seconds(username: str) -> float:
        # Processor time: what else the machine does is nobody's work.
        began = time.process_time()
        knock("POST", "/api/v1/auth/token", {"username": username, "password": "wrong"})
        return time.process_time() - began

    seconds("nobody")

    assert min(seconds("nobody") for _ in range(3)) > 0.4 * min(seconds("j.kowalski") for _ in range(3))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "registrar"}, "password"),
        ({"username": "registrar", "password": 5}, "password"),
        ({"username": "a" * 201, "password": "demo"}, "username"),
        ({"username": "registrar", "password": "demo", "role": "admin"}, "role"),
    ],
)
def test_a_faulty_request_names_its_field(knock: Knock, body: dict[str, Any], field: str) -> None:
    reply = knock("POST", "/api/v1/auth/token", body)

    assert reply.status == 422
    assert [fault["field"] for fault in reply.json["errors"]] == [field]


def test_the_store_keeps_no_token(house: House, token: str) -> None:
    with house.modules["gateway"].primary.read() as session:
        kept = session.scalars(select(AccessToken)).one()

    assert token.encode() not in repr(vars(kept)).encode()
    assert len(kept.digest) == 32


def test_an_expired_token_opens_nothing(house: House, knock: Knock, token: str) -> None:
    _age_tokens(house, timedelta(hours=1, seconds=1))

    assert knock("GET", "/api/v1/terms", token=token).status == 401


def test_a_token_about_to_expire_still_opens(house: House, knock: Knock, token: str) -> None:
    _age_tokens(house, timedelta(minutes=59))

    assert knock("GET", "/api/v1/terms", token=token).status == 200


def test_a_remembered_bearer_is_asked_about_again(house: House, token: str) -> None:
    slow, quick = another_process(house, recheck_after=60), another_process(house)
    slow.bearer(token)
    quick.bearer(token)

    _age_tokens(house, timedelta(hours=2))

    assert slow.bearer(token).subject == "registrar"
    with pytest.raises(InvalidToken):
        quick.bearer(token)


@pytest.mark.parametrize("name", ["registrar", "admin"])
def test_development_has_demo_offices(knock: Knock, name: str) -> None:
    me = knock("GET", "/api/v1/auth/me", token=sign_in(knock, name)).json

    assert (me["username"], me["roles"]) == (name, [name])


def test_the_demo_student_and_instructor_are_the_first_ones(knock: Knock) -> None:
    student = knock("GET", "/api/v1/auth/me", token=sign_in(knock, "student")).json
    instructor = knock("GET", "/api/v1/auth/me", token=sign_in(knock, "instructor")).json

    assert (student["student_id"], student["name"]) == (STUDENTS[0]["id"], "Anna Żak")
    assert (instructor["instructor_id"], instructor["roles"]) == (INSTRUCTOR["id"], ["instructor"])


def test_every_student_signs_in_by_number_in_development(knock: Knock) -> None:
    me = knock("GET", "/api/v1/auth/me", token=sign_in(knock, "100002")).json

    assert me["student_id"] == STUDENTS[1]["id"]
    assert (me["username"], me["roles"]) == ("100002", ["student"])


@pytest.mark.parametrize(("username", "password"), [("100002", "Demo"), ("100003", "demo"), ("registrar", "")])
def test_only_the_demo_password_opens_the_demo(knock: Knock, username: str, password: str) -> None:
    assert knock("POST", "/api/v1/auth/token", {"username": username, "password": password}).status in {401, 422}


@pytest.mark.parametrize("username", ["registrar", "admin", "instructor", "student", "100001"])
def test_production_knows_no_demo(settings: Settings, username: str) -> None:
    house = gateway_house(settings.model_copy(update={"mode": "production"}))

    reply = knocking(house)("POST", "/api/v1/auth/token", {"username": username, "password": "demo"})

    assert (reply.status, reply.json["code"]) == (401, "invalid-credentials")
    house.close()


def test_an_account_comes_before_the_demo(house: House, knock: Knock) -> None:
    wish = {"username": "registrar", "password": PASSWORD, "name": "The Registrar", "roles": ["registrar"]}
    house.call("gateway", "POST", "/accounts", wish, who=ADMIN)

    assert knock("POST", "/api/v1/auth/token", {"username": "registrar", "password": "demo"}).status == 401
    assert sign_in(knock, "registrar", PASSWORD)


def test_nobody_is_nobody(knock: Knock) -> None:
    assert knock("GET", "/api/v1/auth/me").status == 401


def _age_tokens(house: House, age: timedelta) -> None:
    with house.modules["gateway"].primary.begin() as session:
        issued = database.now(session) - age
        session.execute(update(AccessToken).values(issued_at=issued, expires_at=issued + timedelta(hours=1)))


@pytest.mark.parametrize(("username", "is_watched"), [("registrar", True), ("admin", True), ("student", False)])
def test_staff_who_sign_in_are_written_down(house: House, knock: Knock, username: str, *, is_watched: bool) -> None:
    credentials = {"username": username, "password": demo.PASSWORD}
    assert knock("POST", "/api/v1/auth/token", credentials).status == 200
    assert knock("POST", "/api/v1/auth/session", credentials, headers={"X-CSRF": "1"}).status == 204
    assert knock("POST", "/api/v1/auth/token", {**credentials, "password": "guessed"}).status == 401

    told = house.call("gateway", "GET", "/audit/gateway", who=ADMIN).json["items"]
    signed_in = [(deed["operation"], deed["roles"]) for deed in told if deed["operation"].startswith("create_")]
    assert signed_in == ([("create_session", [username]), ("create_token", [username])] if is_watched else [])
