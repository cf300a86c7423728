"""A gateway on real databases, with stand-ins behind the door."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.gateway.neighbors import Courses, Echo, Students
from tests.house import House, Reply
from university.gateway import wiring
from university.gateway.clients import People
from university.gateway.service.demo import PASSWORD, Demo
from university.gateway.service.guarding import Guard
from university.gateway.service.signing_in import SigningIn
from university.gateway.site.pages import BUILT
from university.gateway.wiring import GatewayWiring
from university.platform import database
from university.platform.security import Keyring, Principal
from university.platform.settings import Settings
from university.platform.transport.near import call_wsgi

ADMIN = Principal("an-admin", frozenset({"admin"}))
Knock = Callable[..., Reply]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks that stand: time passes by `House.travel` alone, and no pause is over early, however slow the machine."""
    began = datetime.now(UTC)
    monkeypatch.setattr(database, "now", lambda session: began + session.info["clock"].ahead)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """A house whose gateway is real and whose other modules tell what reached them."""
    opened = gateway_house(settings)
    yield opened
    opened.close()


@pytest.fixture
def knock(house: House) -> Knock:
    """Send a request to the door as a client from outside."""
    return knocking(house)


@pytest.fixture
def token(knock: Knock) -> str:
    """A registrar's bearer token."""
    return sign_in(knock, "registrar")


def gateway_house(settings: Settings, *, away: str | None = None, built: Path = BUILT) -> House:
    """Return a house with a real gateway; one of the modules behind it may be away, and its pages elsewhere."""
    keyring = Keyring.ephemeral("course", "student", "enrollment", "tests", *GatewayWiring.issuers)
    opened = House(settings, keyring=keyring)
    for kind, name in ((Students, "student"), (Courses, "course"), (Echo, "enrollment")):
        if name != away:
            opened.neighborhood.welcome(name, kind(name, keyring))
    gateway = GatewayWiring()
    gateway.built = built
    return opened.open(gateway)


def knocking(house: House) -> Knock:
    """Return what sends requests to the door of a house."""
    door = wiring.door(house.modules["gateway"])

    def knock(
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        told = dict(headers or {})
        if token is not None:
            told["Authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        if content:
            told.setdefault("Content-Type", "application/json")
        answer = call_wsgi(door, method, path, told, content)
        return Reply(answer.status, dict(answer.headers), answer.body)

    return knock


def sign_in(knock: Knock, username: str, password: str = PASSWORD) -> str:
    """Return a bearer token."""
    reply = knock("POST", "/api/v1/auth/token", {"username": username, "password": password})
    assert reply.status == 200, reply.body
    told: str = reply.json["access_token"]
    return told


def another_process(house: House, recheck_after: float = 0) -> SigningIn:
    """Return what another process of the same gateway would know bearers by."""
    gateway = house.modules["gateway"]
    return SigningIn(gateway.primary, Demo(gateway.injector.get(People)), gateway.injector.get(Guard), recheck_after)
