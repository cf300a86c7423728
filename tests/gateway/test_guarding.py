"""Guessing passwords: slower with every failure, the same for names that exist and names that do not."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.gateway.conftest import ADMIN, Knock, gateway_house, knocking
from tests.house import House, Reply
from university.gateway.models import Attempts
from university.gateway.service import pausing
from university.gateway.service.guarding import Guard, TooManyAttempts, customer
from university.gateway.service.pausing import OF_ADDRESS, OF_NAME, Count
from university.gateway.service.signing_in import InvalidCredentials
from university.gateway.wiring import GatewayWiring
from university.platform import database
from university.platform.settings import Settings
from university.platform.sharing import Share

pytestmark = pytest.mark.usefixtures("still")

PASSWORD, WRONG = "correct horse battery", "wrong"
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
Try = Callable[..., Reply]


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """A university in production mode, behind one proxy, with an account of Anna's."""
    opened = gateway_house(settings.model_copy(update={"mode": "production", "trusted_proxies": 1}))
    wish = {"username": "anna", "password": PASSWORD, "name": "Anna Żak", "roles": ["registrar"]}
    assert opened.call("gateway", "POST", "/accounts", wish, who=ADMIN).status == 201
    yield opened
    opened.close()


@pytest.fixture
def attempt(knock: Knock) -> Try:
    """Try to sign in from an address."""

    def attempt(username: str = "anna", password: str = WRONG, address: str = "192.0.2.1") -> Reply:
        body = {"username": username, "password": password}
        return knock("POST", "/api/v1/auth/token", body, headers={"X-Forwarded-For": f"10.9.9.9, {address}"})

    return attempt


def fail(attempt: Try, times: int, username: str = "anna", address: str = "192.0.2.1") -> list[int]:
    return [attempt(username, address=address).status for _ in range(times)]


@pytest.mark.parametrize("username", ["anna", "nobody-at-all"])
def test_the_sixth_failure_closes_a_name_whether_it_exists_or_not(attempt: Try, username: str) -> None:
    assert fail(attempt, 6, username) == [401] * 6

    reply = attempt(username)

    assert (reply.status, reply.json["code"]) == (429, "too-many-attempts")
    assert reply.headers["Retry-After"] == "1"


def test_the_answers_for_a_name_that_exists_and_one_that_does_not_are_the_same(attempt: Try) -> None:
    def told(username: str) -> list[tuple[int, dict[str, object], str | None]]:
        replies = [attempt(username) for _ in range(8)]
        return [(one.status, {**one.json, "trace_id": ""}, one.headers.get("Retry-After")) for one in replies]

    assert told("anna") == told("nobody-at-all")


def test_pauses_grow_to_a_minute_and_no_further(house: House, attempt: Try) -> None:
    fail(attempt, 5)
    pauses = []
    for _ in range(9):
        assert attempt().status == 401
        pauses.append(int(attempt().headers["Retry-After"]))
        house.travel(timedelta(seconds=pauses[-1]))

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_right_password_during_a_pause_is_refused_like_a_wrong_one(house: House, attempt: Try) -> None:
    fail(attempt, 6)

    right, wrong = attempt(password=PASSWORD), attempt()

    assert (right.status, right.json["code"]) == (wrong.status, wrong.json["code"]) == (429, "too-many-attempts")
    house.travel(timedelta(seconds=1.5))
    assert attempt(password=PASSWORD).status == 200


def test_asking_during_a_pause_does_not_make_it_longer(house: House, attempt: Try) -> None:
    fail(attempt, 6)
    fail(attempt, 20)

    house.travel(timedelta(seconds=1.5))

    assert attempt(password=PASSWORD).status == 200


def test_a_success_begins_the_count_of_the_name_anew(attempt: Try) -> None:
    fail(attempt, 5)
    assert attempt(password=PASSWORD).status == 200

    assert fail(attempt, 7) == [401] * 6 + [429]


def test_a_name_is_the_same_however_it_is_spelled(attempt: Try) -> None:
    assert [attempt(name).status for name in ("anna", "ANNA", " Anna", "aNNa", "anna", "anna ", "anna")] == (
        [401] * 6 + [429]
    )


def test_many_guesses_at_once_are_looked_at_no_more_often_than_one_after_another(attempt: Try) -> None:
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda _: attempt().status, range(12)))

    assert statuses.count(401) <= 6
    assert set(statuses) <= {401, 429, 503}


def test_of_many_attempts_in_as_many_processes_one_is_looked_at(house: House, attempt: Try) -> None:
    gateway = house.modules["gateway"]
    guards = [
        Guard(gateway.primary, partial(house.keyring.seal, "gateway"), Share(1), limits_addresses=False)
        for _ in range(6)
    ]
    looked_at = []

    def guess(guard: Guard) -> None:
        with suppress(TooManyAttempts, InvalidCredentials), guard.attempt("anna", None):
            looked_at.append(guard)
            raise InvalidCredentials

    fail(attempt, 5)
    for _ in range(6):
        assert attempt().status == 401
        house.travel(timedelta(minutes=1))
    with ThreadPoolExecutor(len(guards)) as pool:
        list(pool.map(guess, guards))

    assert len(looked_at) == 1


def test_an_address_that_failed_often_is_closed_for_every_name(house: House, attempt: Try) -> None:
    close(house, attempt, "192.0.2.1")

    reply = attempt(password=PASSWORD)

    assert (reply.status, reply.json["code"]) == (429, "too-many-attempts")
    assert attempt(password=PASSWORD, address="192.0.2.2").status == 200


def test_who_is_kept_out_by_address_cannot_close_a_name(house: House, attempt: Try) -> None:
    close(house, attempt, "192.0.2.1")
    fail(attempt, 20)

    assert attempt(password=PASSWORD, address="192.0.2.2").status == 200


def test_an_own_account_does_not_open_an_address_for_guessing(house: House, attempt: Try) -> None:
    count(house, "192.0.2.1", OF_ADDRESS.free)
    assert attempt(password=PASSWORD).status == 200
    assert attempt("somebody").status == 401
    assert attempt("somebody-else").status == 429
    assert attempt(password=PASSWORD).status == 429


def test_addresses_of_one_customer_count_together(house: House, attempt: Try) -> None:
    close(house, attempt, "2001:db8::1")

    assert attempt(password=PASSWORD, address="2001:db8::ffff").status == 429
    assert attempt(password=PASSWORD, address="2001:db8:0:1::1").status == 200


def test_nobody_chooses_the_address_that_is_counted(house: House, attempt: Try, knock: Knock) -> None:
    close(house, attempt, "192.0.2.1")
    headers = {"X-Forwarded-For": "203.0.113.5, 192.0.2.1", "X-Client-Address": "203.0.113.5"}

    reply = knock("POST", "/api/v1/auth/token", {"username": "anna", "password": PASSWORD}, headers=headers)

    assert reply.status == 429


def test_replicas_count_together(house: House, attempt: Try) -> None:
    twin = House(house.settings, keyring=house.keyring)
    twin.neighborhood = house.neighborhood
    twin.open(GatewayWiring())
    fail(attempt, 6)

    reply = knocking(twin)("POST", "/api/v1/auth/token", {"username": "anna", "password": PASSWORD})

    twin.close()
    assert reply.status == 429


def test_the_store_keeps_no_name_and_no_address(house: House, attempt: Try) -> None:
    fail(attempt, 1)

    with house.modules["gateway"].primary.read() as session:
        kept = [vars(row) for row in session.scalars(select(Attempts))]
    assert len(kept) == 2
    assert "anna" not in repr(kept)
    assert "192.0.2" not in repr(kept)
    assert {len(row["digest"]) for row in kept} == {16}


def test_what_does_not_matter_any_more_is_forgotten(house: House, attempt: Try) -> None:
    def kept() -> int:
        with house.modules["gateway"].primary.read() as session:
            return len(session.scalars(select(Attempts)).all())

    fail(attempt, 2)
    house.travel(timedelta(minutes=19))
    house.chores("forget-sign-ins")
    assert kept() == 1

    house.travel(timedelta(minutes=2))
    house.chores("forget-sign-ins")
    assert kept() == 0


def test_when_too_many_check_at_once_the_next_one_is_told_to_come_back(house: House, attempt: Try) -> None:
    guard = house.modules["gateway"].injector.get(Guard)
    guard.share = share = Share(1, queue=0)
    share.take()

    reply = attempt(password=PASSWORD)

    assert (reply.status, reply.json["code"], reply.headers["Retry-After"]) == (503, "signing-in-busy", "1")
    share.leave()
    assert attempt(password=PASSWORD).status == 200


def test_a_flood_of_sign_ins_leaves_a_thread_and_bounds_the_memory(house: House, attempt: Try) -> None:
    guard = house.modules["gateway"].injector.get(Guard)
    most = 0
    stop = threading.Event()

    def watch() -> None:
        nonlocal most
        while not stop.is_set():
            most = max(most, guard.share.taken + guard.share.waiting)

    watching = threading.Thread(target=watch)
    watching.start()
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda number: attempt(f"name-{number}").status, range(48)))
    stop.set()
    watching.join()

    assert most < house.settings.threads
    assert {401, 503} == set(statuses)


def test_development_mode_limits_names_and_no_address(settings: Settings) -> None:
    house = gateway_house(settings)
    knock = knocking(house)
    with house.modules["gateway"].primary.read() as session:
        count(house, "", OF_ADDRESS.free * 2)

        def status(username: str, password: str) -> int:
            return knock("POST", "/api/v1/auth/token", {"username": username, "password": password}).status

        assert [status("registrar", "wrong") for _ in range(7)] == [401] * 6 + [429]
        assert status("registrar", "demo") == 429
        assert status("admin", "demo") == 200
        assert len(session.scalars(select(Attempts)).all()) == 2
    house.close()


def test_failures_are_forgotten_one_after_another() -> None:
    full = Count(10, NOON, NOON)

    assert pausing.with_another(full, OF_NAME, NOON + timedelta(minutes=9)).failures == 11
    assert pausing.with_another(full, OF_NAME, NOON + timedelta(minutes=25)) == Count(
        9, NOON + timedelta(minutes=20), NOON + timedelta(minutes=25, seconds=8)
    )
    assert pausing.with_another(full, OF_NAME, NOON + timedelta(days=1)).failures == 1


def test_an_address_waits_longer_than_a_name_but_not_for_ever() -> None:
    busy = pausing.with_another(Count(1000, NOON, NOON), OF_ADDRESS, NOON)

    assert busy.closed_until == NOON + timedelta(minutes=5)
    assert pausing.with_another(Count(1000, NOON, NOON), OF_NAME, NOON).closed_until == NOON + timedelta(minutes=1)


def close(house: House, attempt: Try, address: str) -> None:
    """Let an address have failed so often that it is closed."""
    count(house, address, OF_ADDRESS.free + 6)
    assert attempt("somebody", address=address).status == 401
    assert attempt("somebody-else", address=address).status == 429


def count(house: House, address: str, failures: int) -> None:
    """Let so many failures have been counted from an address."""
    digest = bytes.fromhex(house.keyring.seal("gateway", f"address {customer(address)}"))
    with house.modules["gateway"].primary.begin() as session:
        moment = database.now(session)
        session.merge(
            Attempts(
                digest=digest,
                failures=failures,
                counted_at=moment,
                closed_until=moment - timedelta(seconds=1),
                forgotten_at=moment + timedelta(hours=1),
            )
        )
