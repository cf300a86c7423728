"""Refresh tokens: each is good once, and one that comes twice ends everything that grew from the same sign-in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.gateway.conftest import ADMIN, Knock
from tests.house import House, Reply
from university.gateway import rules
from university.gateway.models import AccessToken, RefreshToken, SignIn

PASSWORD = "correct horse battery"
TOKEN = "/api/v1/auth/token"
NEVER_GIVEN = "university-refresh_" + "a" * 43


@pytest.fixture
def account(house: House) -> None:
    """An account of Anna's."""
    wish = {"username": "anna", "password": PASSWORD, "name": "Anna Żak", "roles": ["registrar"]}
    assert house.call("gateway", "POST", "/accounts", wish, who=ADMIN).status == 201


@pytest.fixture
def given(request: pytest.FixtureRequest, knock: Knock) -> dict[str, Any]:
    """What Anna got by signing in."""
    request.getfixturevalue("account")
    return begun(knock)


def begun(knock: Knock, username: str = "anna", password: str = PASSWORD) -> dict[str, Any]:
    reply = knock("POST", TOKEN, {"username": username, "password": password})
    assert reply.status == 200, reply.body
    told: dict[str, Any] = reply.json
    return told


def refresh(knock: Knock, given: dict[str, Any]) -> Reply:
    return knock("POST", f"{TOKEN}/refresh", {"refresh_token": given["refresh_token"]})


def opens(knock: Knock, given: dict[str, Any]) -> bool:
    status = knock("GET", "/api/v1/auth/me", token=given["access_token"]).status
    assert status in {200, 401}
    return status == 200


def test_a_refresh_token_gives_the_next_access_token_and_the_next_refresh_token(
    knock: Knock, given: dict[str, Any]
) -> None:
    reply = refresh(knock, given)

    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")
    assert reply.json.keys() == given.keys()
    assert not set(given.values()) & {reply.json["access_token"], reply.json["refresh_token"]}
    assert opens(knock, reply.json)
    assert opens(knock, given)


def test_it_is_told_how_long_tokens_last(given: dict[str, Any]) -> None:
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    assert given["refresh_expires_in"] == 14 * 24 * 3600


@pytest.mark.usefixtures("given")
def test_the_store_keeps_no_token_that_could_be_shown(house: House, knock: Knock) -> None:
    later = refresh(knock, begun(knock)).json

    with house.modules["gateway"].primary.read() as session:
        kept = [vars(row) for kind in (SignIn, RefreshToken, AccessToken) for row in session.scalars(select(kind))]
    for text in (later["access_token"], later["refresh_token"]):
        assert text not in repr(kept)
        assert text.partition("_")[2] not in repr(kept)


def test_an_access_token_opens_nothing_after_an_hour_and_a_refreshed_one_does(
    house: House, knock: Knock, given: dict[str, Any]
) -> None:
    house.travel(timedelta(minutes=61))

    assert not opens(knock, given)
    assert opens(knock, refresh(knock, given).json)


@pytest.mark.parametrize(("unused", "status"), [(timedelta(days=13), 200), (timedelta(days=14, minutes=1), 401)])
def test_a_refresh_token_ends_two_weeks_after_it_was_given(
    house: House, knock: Knock, given: dict[str, Any], unused: timedelta, status: int
) -> None:
    house.travel(unused)

    assert refresh(knock, given).status == status


def test_nobody_stays_signed_in_for_longer_than_thirty_days(house: House, knock: Knock, given: dict[str, Any]) -> None:
    for _ in range(2):
        house.travel(timedelta(days=13))
        given = refresh(knock, given).json
    assert given["refresh_expires_in"] == pytest.approx(4 * 24 * 3600, abs=60)
    house.travel(timedelta(days=4) - timedelta(minutes=30))
    given = refresh(knock, given).json
    assert given["expires_in"] == pytest.approx(30 * 60, abs=60)

    house.travel(timedelta(minutes=31))

    assert refresh(knock, given).status == 401
    assert not opens(knock, given)


def test_whoever_lost_the_answer_gets_the_same_one_again(house: House, knock: Knock, given: dict[str, Any]) -> None:
    first = refresh(knock, given).json
    house.travel(timedelta(seconds=20))

    again = refresh(knock, given)

    assert again.status == 200
    assert {name: again.json[name] for name in ("access_token", "refresh_token")} == {
        name: first[name] for name in ("access_token", "refresh_token")
    }
    assert opens(knock, first)
    assert refresh(knock, first).status == 200


def test_a_refresh_token_that_comes_again_later_ends_the_whole_family(
    house: House, knock: Knock, given: dict[str, Any]
) -> None:
    other = begun(knock)
    second = refresh(knock, given).json
    third = refresh(knock, second).json
    house.travel(timedelta(seconds=31))

    stolen = refresh(knock, second)

    assert (stolen.status, stolen.json["code"]) == (401, "invalid-refresh-token")
    assert [opens(knock, one) for one in (given, second, third)] == [False, False, False]
    assert [refresh(knock, one).status for one in (given, second, third)] == [401, 401, 401]
    assert opens(knock, other)
    assert refresh(knock, other).status == 200


def test_no_retry_reaches_back_behind_what_was_refreshed_since(knock: Knock, given: dict[str, Any]) -> None:
    second = refresh(knock, given).json
    third = refresh(knock, second).json

    assert refresh(knock, given).status == 401

    assert not opens(knock, third)
    assert refresh(knock, third).status == 401


def test_many_who_refresh_at_once_get_one_answer(house: House, knock: Knock, given: dict[str, Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: refresh(knock, given), range(8)))

    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["refresh_token"] for reply in replies}) == 1
    assert len({reply.json["access_token"] for reply in replies}) == 1
    with house.modules["gateway"].primary.read() as session:
        assert len(session.scalars(select(RefreshToken)).all()) == 2
        assert len(session.scalars(select(AccessToken)).all()) == 2


@pytest.mark.usefixtures("account")
def test_a_family_that_ends_while_it_is_refreshed_is_gone(house: House, knock: Knock) -> None:
    for _ in range(8):
        given = begun(knock)
        with ThreadPoolExecutor(2) as pool:
            refreshed = pool.submit(refresh, knock, given)
            ended = pool.submit(knock, "DELETE", TOKEN, token=given["access_token"])
        assert ended.result().status == 204
        assert not opens(knock, given)
        assert refresh(knock, given).status == 401
        if refreshed.result().status == 200:
            assert not opens(knock, refreshed.result().json)
            assert refresh(knock, refreshed.result().json).status == 401
    with house.modules["gateway"].primary.read() as session:
        assert session.scalars(select(SignIn)).all() == []
        assert session.scalars(select(AccessToken)).all() == []


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": ["admin"]}, {"password": "another long password"}])
def test_changing_an_account_ends_what_could_be_refreshed(
    house: House, knock: Knock, given: dict[str, Any], change: dict[str, Any]
) -> None:
    later = refresh(knock, given).json

    house.call("gateway", "PATCH", "/accounts/anna", change, who=ADMIN, headers={"If-Match": "*"})

    assert [refresh(knock, one).status for one in (given, later)] == [401, 401]
    assert [opens(knock, one) for one in (given, later)] == [False, False]


def test_who_signs_out_ends_the_token_with_its_family_and_no_other(knock: Knock, given: dict[str, Any]) -> None:
    other, later = begun(knock), refresh(knock, given).json

    assert knock("DELETE", TOKEN, token=later["access_token"]).status == 204

    assert [opens(knock, one) for one in (given, later, other)] == [False, False, True]
    assert [refresh(knock, one).status for one in (later, other)] == [401, 200]


def test_nobody_signs_out_without_a_token(knock: Knock) -> None:
    assert knock("DELETE", TOKEN).status == 401


@pytest.mark.parametrize("text", [NEVER_GIVEN, "x", "university-refresh_" + "ą" * 43])
def test_a_forged_refresh_token_gives_nothing(knock: Knock, text: str) -> None:
    reply = knock("POST", f"{TOKEN}/refresh", {"refresh_token": text})

    assert (reply.status, reply.json["code"]) == (401, "invalid-refresh-token")


def test_each_kind_of_token_is_good_for_its_own_purpose_only(knock: Knock, given: dict[str, Any]) -> None:
    assert knock("GET", "/api/v1/auth/me", token=given["refresh_token"]).json["code"] == "invalid-token"
    assert refresh(knock, {"refresh_token": given["access_token"]}).json["code"] == "invalid-refresh-token"


@pytest.mark.usefixtures("account")
def test_a_token_that_an_administrator_gave_is_not_refreshed(house: House) -> None:
    given = house.call("gateway", "POST", "/accounts/anna/tokens", who=ADMIN).json

    assert given == {"access_token": given["access_token"], "token_type": "Bearer", "expires_in": 8 * 3600}


def test_what_has_ended_is_forgotten_and_nothing_else(house: House, knock: Knock, given: dict[str, Any]) -> None:
    def kept() -> list[int]:
        with house.modules["gateway"].primary.read() as session:
            return [len(session.scalars(select(kind)).all()) for kind in (SignIn, RefreshToken, AccessToken)]

    refresh(knock, given)
    house.travel(timedelta(hours=2))
    house.chores("forget-sign-ins")
    assert kept() == [1, 2, 0]

    other = begun(knock)
    house.travel(timedelta(days=13, hours=23))
    assert refresh(knock, other).status == 200
    house.chores("forget-sign-ins")
    assert kept() == [1, 2, 1]

    house.travel(timedelta(days=15))
    house.chores("forget-sign-ins")
    assert kept() == [0, 0, 0]


def test_what_follows_a_token_takes_both_the_token_and_the_salt() -> None:
    token, other = rules.new_refresh_token(), rules.new_refresh_token()

    access, refreshed = rules.successors(token, b"salt")

    assert rules.successors(token, b"salt") == (access, refreshed)
    assert rules.digest(access)
    assert rules.refresh_digest(refreshed)
    assert not {access, refreshed} & {*rules.successors(token, b"pepper"), *rules.successors(other, b"salt")}
