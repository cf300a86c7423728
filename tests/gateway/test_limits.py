"""Each caller has a limit a minute, whichever gateway answers; nobody gets more, and nobody pays for another."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any, NoReturn

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.gateway.conftest import Knock, gateway_house, knocking, sign_in
from tests.house import House
from university.gateway.models import Share
from university.gateway.service import metering
from university.gateway.service.metering import FREE, GATEWAYS, MINUTE, SOON, Counting, Metering, Shared
from university.platform.settings import Settings

LIMIT = 120


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def flood(metering: Any, watch: Watch, seconds: float, a_second: int, key: str = "key") -> list[float]:
    """Ask so many times a second; return the moments of what was let in."""
    let_in = []
    for _ in range(int(seconds * a_second)):
        watch.now += 1 / a_second
        if metering.take(key, LIMIT).is_open:
            let_in.append(watch.now)
    return let_in


def most_in_a_minute(moments: list[float]) -> int:
    """Return the largest number of moments within any minute."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("begins", [0.0, 0.5, 29.7, 54.0, 59.9])
def test_a_flood_gets_no_more_than_the_limit_in_any_minute(begins: float) -> None:
    watch = Watch()
    watch.now += begins
    let_in = flood(Counting(watch), watch, 200, 100)

    assert most_in_a_minute(let_in) == LIMIT
    assert len(let_in) > 3 * LIMIT * 0.9


def test_bursts_get_no_more_either() -> None:
    watch, dice = Watch(), random.Random(7)
    counting, let_in = Counting(watch), []
    for _ in range(60):
        watch.now += dice.choice((0.3, 3, 17, 31))
        let_in += [watch.now for _ in range(dice.randrange(80)) if counting.take("key", LIMIT).is_open]

    assert LIMIT * 0.9 < most_in_a_minute(let_in) <= LIMIT


def test_who_keeps_within_the_limit_is_never_refused() -> None:
    watch = Watch()
    assert len(flood(Counting(watch), watch, 300, 1)) == 300


def test_it_is_told_when_there_is_room_again() -> None:
    watch = Watch()
    counting = Counting(watch)
    flood(counting, watch, 2, 100)
    wait = counting.take("key", LIMIT).wait
    assert MINUTE - 3 < wait <= MINUTE + 1

    watch.now += wait
    assert counting.take("key", LIMIT).is_open


def test_one_does_not_pay_for_another() -> None:
    watch = Watch()
    counting = Counting(watch)
    flood(counting, watch, 2, 100, "loud")
    assert counting.take("quiet", LIMIT).left == LIMIT - 1


def test_those_who_have_gone_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metering, "REMEMBERED", 10)
    watch = Watch()
    counting = Counting(watch)
    for number in range(100):
        watch.now += 20
        counting.take(f"key {number}", LIMIT)
    assert len(counting._counts) <= 10  # noqa: SLF001 - that memory is bounded shows nowhere else


@pytest.fixture
def houses(settings: Settings) -> Iterator[list[House]]:
    """Gateways on one database."""
    opened = [gateway_house(settings) for _ in range(3)]
    yield opened
    for house in opened:
        house.close()


def shared(house: House, watch: Watch) -> Metering:
    return Metering(Shared(house.modules["gateway"].primary), watch)


@pytest.mark.parametrize("gateways", [1, 3])
def test_gateways_count_together(houses: list[House], gateways: int) -> None:
    watch = Watch()
    meters = [shared(house, watch) for house in houses[:gateways]]
    let_in = sum(meter.take("key", LIMIT).is_open for _ in range(LIMIT * 2) for meter in meters)

    assert LIMIT * 0.85 < let_in <= LIMIT


def test_at_once_as_well(houses: list[House]) -> None:
    watch = Watch()
    meters = [shared(house, watch) for house in houses]
    with ThreadPoolExecutor(9) as pool:
        let_in = sum(pool.map(lambda number: meters[number % 3].take("key", LIMIT).is_open, range(LIMIT * 4)))

    assert LIMIT * 0.85 < let_in <= LIMIT


def test_a_share_counts_for_a_minute_after_it_can_be_used_last(houses: list[House]) -> None:
    watch = Watch()
    meter, primary = shared(houses[0], watch), houses[0].modules["gateway"].primary
    moments = []
    for _ in range(40):
        for _ in range(60):
            watch.now += 0.1
            moments += [watch.now] if meter.take("key", LIMIT).is_open else []
        primary.ahead = timedelta(seconds=watch.now - 1_000.0)

    assert LIMIT * 0.8 < most_in_a_minute(moments) <= LIMIT
    assert max(later - earlier for earlier, later in pairwise(moments)) <= MINUTE + SOON + 6


def test_most_people_cost_the_store_nothing(houses: list[House]) -> None:
    watch = Watch()
    meter = shared(houses[0], watch)
    for number in range(50):
        for _ in range(LIMIT // FREE):
            assert meter.take(f"student {number}", LIMIT).is_open

    with houses[0].modules["gateway"].primary.read() as session:
        assert session.query(Share).count() == 0


def test_without_its_store_a_gateway_counts_by_itself() -> None:
    asked = []

    def silent(*wanted: Any) -> NoReturn:
        asked.append(wanted)
        raise PoolTimeout

    meter = Metering(silent, Watch())
    assert sum(meter.take("key", LIMIT).is_open for _ in range(LIMIT * 3)) == LIMIT
    assert len(asked) == 1


@pytest.fixture
def knock(settings: Settings) -> Iterator[Knock]:
    house = gateway_house(settings.model_copy(update={"rate_limit_student": LIMIT}))
    yield knocking(house)
    house.close()


def test_the_door_tells_what_is_left_and_refuses_beyond(knock: Knock) -> None:
    student = sign_in(knock, "student")
    answers = [knock("GET", "/api/v1/students", token=student) for _ in range(LIMIT + 40)]
    refused = [answer for answer in answers if answer.status == 429]

    left = [int(answer.headers["RateLimit"].split("r=")[1].split(";")[0]) for answer in answers]
    assert left == sorted(left, reverse=True)
    assert answers[0].headers["RateLimit-Policy"] == f'"student";q={LIMIT};w=60'
    assert 40 <= len(refused) < 40 + GATEWAYS * (LIMIT // FREE) + 10
    assert refused[0].json["code"] == "rate-limited"
    assert 1 <= int(refused[0].headers["Retry-After"]) <= MINUTE + SOON
    assert left[-1] == 0


def test_the_registrar_and_an_address_are_not_limited_in_development(knock: Knock) -> None:
    registrar = sign_in(knock, "registrar")
    for token in (registrar, None):
        answers = {knock("GET", "/api/v1/terms", token=token).status for _ in range(LIMIT + 40)}
        assert 429 not in answers


def test_in_production_an_address_is(settings: Settings) -> None:
    limits = {"mode": "production", "rate_limit_address": 40, "trusted_proxies": 1}
    house = gateway_house(settings.model_copy(update=limits))
    knock = knocking(house)

    def ask(address: str, token: str | None = None) -> int:
        return knock("GET", "/api/v1/terms", token=token, headers={"X-Forwarded-For": f"6.6.6.6, {address}"}).status

    assert [ask("192.0.2.1") for _ in range(60)].count(429) >= 20
    assert ask("192.0.2.2") != 429
    assert ask("192.0.2.1", token="guessed") == 429
    assert [ask(f"2001:db8::{number:x}") for number in range(60)].count(429) >= 20
    house.close()


def test_an_answer_that_caches_share_tells_nobody_s_limit(knock: Knock) -> None:
    assert "RateLimit" not in knock("GET", "/api/v1/about").headers
