"""An installation tells whom to tell of a weakness."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.gateway.conftest import Knock, gateway_house, knocking
from university.platform.settings import Settings

FILE = "/.well-known/security.txt"
TOLD = {"security_contact": "mailto:security@example.edu", "public_url": "https://enroll.example.edu/"}


@pytest.fixture
def knock(settings: Settings) -> Iterator[Knock]:
    house = gateway_house(settings.model_copy(update=TOLD))
    yield knocking(house)
    house.close()


def test_the_contact_is_told_as_rfc_9116_wants_it(knock: Knock) -> None:
    reply = knock("GET", FILE)

    told = dict(line.split(": ", 1) for line in reply.body.decode().splitlines())
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert told.pop("Canonical") == f"https://enroll.example.edu{FILE}"
    ends = datetime.fromisoformat(told.pop("Expires"))
    assert timedelta(days=150) < ends - datetime.now(UTC) < timedelta(days=365)
    assert told == {"Contact": "mailto:security@example.edu", "Preferred-Languages": "pl, en"}
    assert knock("GET", FILE, headers={"If-None-Match": reply.headers["ETag"]}).status == 304


def test_without_a_contact_there_is_no_such_file(settings: Settings) -> None:
    house = gateway_house(settings)
    assert knocking(house)("GET", FILE).status == 404
    house.close()
