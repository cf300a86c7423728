"""Codes for first passwords, and accounts for everybody: made in batches, told once, good once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.gateway.conftest import ADMIN, Knock, knocking
from tests.house import House, Reply
from university.course.wiring import CourseWiring
from university.gateway import clients, rules
from university.gateway.models import Account, Activation
from university.gateway.wiring import GatewayWiring
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

PASSWORD = "correct horse battery"
NUMBERS = ["100001", "100002", "100003", "100004", "100005"]
ACTIVATION = "/api/v1/auth/activation"


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Course, student and gateway as they are, with five students and an instructor; pages are small."""
    monkeypatch.setattr(clients, "PAGE", 2)
    opened = House(settings, keyring=Keyring.ephemeral("course", "student", "enrollment", *GatewayWiring.issuers))
    opened.open(CourseWiring(), StudentWiring(), GatewayWiring())
    for number in NUMBERS:
        add_student(opened, number)
    wish = {"number": "curie", "given_name": "Maria", "family_name": "Curie", "email": "curie@example.edu"}
    assert opened.call("course", "POST", "/instructors", wish).status == 201
    yield opened
    opened.close()


@pytest.fixture
def knock(house: House) -> Knock:
    return knocking(house)


def add_student(house: House, number: str) -> None:
    wish = {"number": number, "given_name": "Anna", "family_name": f"Nr{number}", "email": f"{number}@example.edu"}
    assert house.call("student", "POST", "/students", wish).status == 201


def provision(house: House, whom: str = "students") -> list[dict[str, Any]]:
    """Make what is missing; return the answers, page by page."""
    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["next"]:
        body = {"whom": whom, "cursor": pages[-1]["next"] if pages else None}
        reply = house.call("gateway", "POST", "/accounts/provisioning", body, who=ADMIN)
        assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store"), reply.body
        pages.append(reply.json)
    return pages


def codes_of(pages: list[dict[str, Any]]) -> dict[str, str]:
    return {item["username"]: item["code"] for page in pages for item in page["items"]}


def activate(knock: Knock, code: str, username: str = "100001", password: str = PASSWORD) -> Reply:
    return knock("POST", ACTIVATION, {"username": username, "code": code, "password": password})


def signs_in(knock: Knock, username: str = "100001", password: str = PASSWORD) -> int:
    return knock("POST", "/api/v1/auth/token", {"username": username, "password": password}).status


def test_every_student_gets_an_account_and_a_code_of_their_own(house: House) -> None:
    pages = provision(house)

    codes = codes_of(pages)
    assert sorted(codes) == NUMBERS
    assert len(set(codes.values())) == len(NUMBERS)
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    account = house.call("gateway", "GET", "/accounts/100003", who=ADMIN).json
    assert (account["name"], account["roles"]) == ("Anna Nr100003", ["student"])


def test_every_instructor_gets_one_too(house: House, knock: Knock) -> None:
    code = codes_of(provision(house, "instructors"))["curie"]

    assert activate(knock, code, "curie").status == 204
    token = knock("POST", "/api/v1/auth/token", {"username": "curie", "password": PASSWORD}).json["access_token"]
    me = knock("GET", "/api/v1/auth/me", token=token).json
    assert (me["name"], me["roles"]) == ("Maria Curie", ["instructor"])


def test_nobody_signs_in_before_the_code_is_used(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]

    assert [signs_in(knock, password=one) for one in (code, "demo", "x")] == [401, 401, 401]


def test_a_code_sets_the_password_once(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]

    replies = [activate(knock, code), activate(knock, code, password="yet another sentence")]

    assert [reply.status for reply in replies] == [204, 401]
    assert replies[1].json["code"] == "invalid-activation"
    assert signs_in(knock) == 200


def test_of_many_who_use_a_code_at_once_one_sets_the_password(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]
    chosen = [f"sentence number {number}" for number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda password: activate(knock, code, password=password).status, chosen))

    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 401, 429}
    assert signs_in(knock, password=chosen[statuses.index(204)]) == 200


def test_a_code_is_known_however_it_is_typed(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]

    assert activate(knock, f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ").status == 204


def test_a_wrong_code_an_unknown_name_and_anothers_code_look_alike(house: House, knock: Knock) -> None:
    codes = codes_of(provision(house))

    replies = [
        activate(knock, "00000-00000-00000"),
        activate(knock, codes["100002"]),
        activate(knock, codes["100002"], "nobody"),
    ]

    told = [{**reply.json, "trace_id": ""} for reply in replies]
    assert [reply.status for reply in replies] == [401, 401, 401]
    assert told[0] == told[1] == told[2]


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("username", ["100001", "nobody"])
def test_guessing_codes_is_slowed_down_like_guessing_passwords(house: House, knock: Knock, username: str) -> None:
    code = codes_of(provision(house))["100001"]

    statuses = [activate(knock, "00000-00000-00000", username).status for _ in range(7)]

    assert statuses == [401] * 6 + [429]
    assert activate(knock, code, username).status == 429
    assert signs_in(knock, username) == 429


def test_a_password_that_may_not_be_chosen_leaves_the_code_good(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]

    assert activate(knock, code, password="password").status == 422

    assert activate(knock, code).status == 204


def test_the_store_keeps_no_code(house: House) -> None:
    codes = codes_of(provision(house))

    with house.modules["gateway"].primary.read() as session:
        kept = repr([vars(row) for kind in (Account, Activation) for row in session.scalars(select(kind))])
    assert not [code for code in codes.values() if code in kept or code.replace("-", "") in kept]


def test_making_accounts_again_makes_what_is_missing_only(house: House, knock: Knock) -> None:
    first = codes_of(provision(house))
    assert activate(knock, first["100001"]).status == 204
    add_student(house, "100006")

    pages = provision(house)

    assert list(codes_of(pages)) == ["100006"]
    assert sum(page["present"] for page in pages) == len(NUMBERS)
    assert activate(knock, first["100002"], "100002").status == 204


def test_a_code_that_expired_unused_is_made_anew_and_the_old_one_is_no_good(house: House, knock: Knock) -> None:
    first = codes_of(provision(house))
    assert activate(knock, first["100001"]).status == 204
    house.travel(timedelta(days=30, minutes=1))
    assert activate(knock, first["100002"], "100002").status == 401

    second = codes_of(provision(house))

    assert sorted(second) == NUMBERS[1:]
    assert activate(knock, first["100002"], "100002").status == 401
    assert activate(knock, second["100002"], "100002").status == 204


def test_two_who_make_accounts_at_once_give_nobody_two_codes(house: House) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: codes_of(provision(house)), range(2)))

    assert sorted([*runs[0], *runs[1]]) == NUMBERS


def test_a_number_that_is_anothers_username_is_told(house: House) -> None:
    wish = {"username": "100003", "password": PASSWORD, "name": "Somebody", "roles": ["registrar"]}
    assert house.call("gateway", "POST", "/accounts", wish, who=ADMIN).status == 201

    pages = provision(house)

    assert [number for page in pages for number in page["taken"]] == ["100003"]
    assert "100003" not in codes_of(pages)


def test_an_administrator_gives_a_new_code_and_the_password_stays_until_it_is_used(house: House, knock: Knock) -> None:
    old = codes_of(provision(house))["100001"]
    assert activate(knock, old).status == 204

    renewed = house.call("gateway", "POST", "/accounts/100001/activation", who=ADMIN)

    assert (renewed.status, renewed.json["username"], renewed.headers["Cache-Control"]) == (201, "100001", "no-store")
    token = knock("POST", "/api/v1/auth/token", {"username": "100001", "password": PASSWORD}).json["access_token"]
    assert activate(knock, renewed.json["code"], password="a new sentence").status == 204
    assert knock("GET", "/api/v1/auth/me", token=token).status == 401
    assert [signs_in(knock), signs_in(knock, password="a new sentence")] == [401, 200]


def test_a_password_that_an_administrator_sets_ends_the_code(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]

    wish = {"password": "set by the office"}
    changed = house.call("gateway", "PATCH", "/accounts/100001", wish, who=ADMIN, headers={"If-Match": "*"})

    assert changed.status == 200
    assert activate(knock, code).status == 401


@pytest.mark.parametrize("whom", ["students", "instructors"])
def test_a_cursor_that_no_page_gave_is_the_asker_s_fault(house: House, whom: str) -> None:
    body = {"whom": whom, "cursor": "nonsense"}

    reply = house.call("gateway", "POST", "/accounts/provisioning", body, who=ADMIN)

    assert (reply.status, [fault["field"] for fault in reply.json["errors"]]) == (422, ["cursor"])


def test_a_disabled_account_is_not_activated(house: House, knock: Knock) -> None:
    code = codes_of(provision(house))["100001"]
    house.call("gateway", "PATCH", "/accounts/100001", {"disabled": True}, who=ADMIN, headers={"If-Match": "*"})

    assert activate(knock, code).status == 401
    assert house.call("gateway", "POST", "/accounts/100001/activation", who=ADMIN).status == 409


def test_a_code_has_seventy_five_bits_and_no_letter_that_looks_like_a_digit() -> None:
    code = rules.new_code()

    assert len(code.replace("-", "")) * 5 == 75
    assert not set(code) & set("OILU")
    assert rules.code_digest("a", code) != rules.code_digest("b", code)
