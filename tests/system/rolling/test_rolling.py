"""Every process is restarted in turn while clients go on, and nobody notices; nothing acknowledged is lost."""

import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest

from bench import overload
from tests.system.client import System
from tests.system.conftest import DEMO
from tests.system.office import Office
from tests.system.rolling import doubled
from tests.system.rolling.doubled import WEB, Doubled, memory_of
from tests.system.rolling.keeping import assert_kept, assert_views_follow
from tests.system.rolling.load import Client, crowd, failures_of
from university.platform.messaging.topology import SERVICES

ROUNDS = int(os.environ.get("UNIVERSITY_TEST_ROLLING_ROUNDS", "1"))
"""How often every process is restarted."""
SECTIONS, GREEDY = 12, 20.0
WORKERS = [f"{name}-worker" for name in SERVICES]
ROOM = {"UNIVERSITY_NEIGHBOR_TIMEOUT": "10", "UNIVERSITY_REQUEST_TIMEOUT": "30", "UNIVERSITY_THREADS": "4"}
"""Starting processes take all of a small machine: what is tried here is restarts, not how long one waits."""

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.rabbitmq,
    pytest.mark.slow,
    pytest.mark.timeout(600 + 120 * ROUNDS),
]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doubled]:
    """Two processes of each kind behind balancers."""
    with doubled.university(tmp_path_factory.mktemp("doubled"), **ROOM) as running:
        yield running


@pytest.fixture(scope="module")
def office(twice: Doubled) -> Office:
    return Office(System(twice.url, twice.url, DEMO), "ROLL")


@pytest.fixture(scope="module")
def sections(office: Office) -> list[str]:
    office.term(max_ects=10 * SECTIONS)
    return [office.section(f"A-{number}") for number in range(SECTIONS)]


def told(clients: Sequence[Client], seconds: float, twice: Doubled) -> str:
    """Return the figures: what clients saw, how long a first start takes with another beside it, memory in use."""
    statuses = sum((client.statuses for client in clients), Counter[int]())
    lines = [
        f"{statuses.total()} requests in {seconds:.0f} s and {len(twice.parts.parts) * ROUNDS} restarts",
        f"    {len(failures_of(clients))} failed; by status {dict(sorted(statuses.items()))}",
        f"    the slowest answer took {max(client.slowest for client in clients):.1f} s",
    ]
    for kind, seconds_to_ready in twice.readiness.items():
        ready, memory = min(seconds_to_ready), statistics.mean(memory_of(part) for part in twice.replicas(kind))
        lines.append(f"    {kind:<18} ready after {ready:4.1f} s at best, {memory:5.1f} MiB after the load")
    return "\n" + "\n".join(lines) + "\n"


def test_a_rolling_restart_fails_no_request_and_loses_nothing(
    twice: Doubled, office: Office, sections: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    began, ends = time.monotonic(), list[int]()
    with crowd(office, sections) as clients:
        for _ in range(ROUNDS):
            ends += twice.roll([*WEB, *WORKERS])
    with capsys.disabled():
        sys.stdout.write(told(clients, time.monotonic() - began, twice))

    assert failures_of(clients) == []
    assert ends == [0] * len(twice.parts.parts) * ROUNDS
    assert min(client.statuses.total() for client in clients) > 50
    for client in clients:
        assert_kept(office, client)
    assert_views_follow(office, sections)


def test_one_account_gets_no_more_than_its_limit_from_all_gateways_together(
    twice: Doubled, office: Office, record_property: Callable[[str, object], None]
) -> None:
    greedy, patient = office.student(), office.student()
    token = office.token(greedy.number) or ""
    asked = overload.question("GET", "/students/me", twice.url, token)

    figures = overload.greedy(twice.url, [asked], seconds=GREEDY)
    record_property("figures", "\n".join(overload.shown({"attacks": [figures]})))

    assert figures["kept"], figures
    assert figures["refused"] > 0
    assert office.ask("GET", "/students/me", who=patient.number).status == 200
    refused = office.system.until(
        lambda reply: reply.status == 429, "GET", "/api/v1/students/me", token=office.token(greedy.number)
    )
    assert int(refused.headers["Retry-After"]) > 0


def test_without_drain_and_looks_the_same_restart_is_noticed(
    twice: Doubled, office: Office, sections: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    blind = ["gateway", "enrollment"]
    twice.tell(blind, UNIVERSITY_DRAIN_SECONDS="0")
    for name in blind:
        twice.balancers[name].looks = False
    with crowd(office, sections) as clients:
        twice.roll(blind)

    failures = failures_of(clients)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(failures)} requests failed without drain; the first: {failures[:1]}\n")
    assert failures
