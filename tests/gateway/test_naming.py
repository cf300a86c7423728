"""The audit's actors have names for who reads it: accounts and systems alike, and nobody else asks."""

from typing import Any

import pytest

from tests.gateway.conftest import ADMIN
from tests.house import NOBODY, REGISTRAR, House, Reply
from university.platform.database import new_id
from university.platform.security import Principal

EWA = {"username": "e.lis", "password": "a long sentence", "name": "Ewa Lis", "roles": ["registrar"]}
TEACHER = Principal("teacher", frozenset({"instructor"}), instructor_id=new_id())


def ask(house: House, ids: list[Any], who: Principal | None = REGISTRAR) -> Reply:
    return house.call("gateway", "POST", "/audit/actors", {"ids": ids}, who=who)


def made(house: House, path: str, body: dict[str, Any]) -> str:
    reply = house.call("gateway", "POST", path, body, who=ADMIN)
    assert reply.status == 201, reply.body
    key: str = reply.json["id"]
    return key


def test_accounts_and_systems_are_named_by_their_ids(house: House) -> None:
    account = made(house, "/accounts", EWA)
    system = made(house, "/integrations", {"name": "Timetable boards", "scopes": ["course:read"]})

    reply = ask(house, [account.upper(), "command-line", new_id(), system, account])

    assert reply.json["items"] == [
        {"id": account, "name": "Ewa Lis", "username": "e.lis"},
        {"id": system, "name": "Timetable boards", "username": None},
    ]
    assert reply.json["next"] is None
    assert ask(house, [account], ADMIN).status == 200


@pytest.mark.parametrize("ids", [[], ["x"] * 201, [5], "x", None])
def test_only_some_ids_are_asked_about(house: House, ids: Any) -> None:
    assert ask(house, ids).status == 422


def test_nobody_else_learns_who_acts(house: House) -> None:
    system = Principal("mirror", frozenset({"registrar"}), scopes=frozenset({"student:read", "course:read"}))

    assert [ask(house, ["x"], who).status for who in (NOBODY, TEACHER, system)] == [401, 403, 403]
