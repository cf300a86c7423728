"""The ways to and from RabbitMQ fail in each manner: enrolling goes on, and the news comes once, late."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.faults.told import ONCE, Row, seen
from tests.faults.town import Town, town
from tests.faults.wire import Babbles, Blackhole, Fault, LosesAnswer, LosesReply, LosesRequest, Refused, Wire
from tests.servers.postgresql import wait_for
from tests.servers.rabbitmq import Station
from university.platform.messaging.outbox import outbox_of
from university.platform.messaging.publishing import ByBroker
from university.platform.messaging.relay import Relay
from university.platform.messaging.worker import EventWorker
from university.platform.settings import Settings

HELD = 2.5
"""Seconds that a fault lasts: a relay and a worker try more than once in this time."""
NEWS, ACK = b"enrollment.created", b"\x00\x3c\x00\x50"
"""The news on its way, and what acknowledges it."""
FAULTS: dict[str, Fault] = {
    "refuses": Refused(),
    "is silent": Blackhole(),
    "babbles": Babbles(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
}
"""What RabbitMQ may do to whoever comes."""
TELLING = {
    **FAULTS,
    "breaks off before it has the news": LosesRequest(NEWS),
    "breaks off before it confirms": LosesReply(NEWS),
}
HEARING = {
    **FAULTS,
    "breaks off before it delivers": LosesAnswer(NEWS),
    "breaks off before it is told that all is done": LosesRequest(ACK),
}

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.slow]


@pytest.fixture
def opened(emptied_postgresql: dict[str, str], station: Station, tmp_path: Path) -> Iterator[Town]:
    """A town in which course hears by a wire what enrollment tells by another."""
    settings = Settings(data_dir=tmp_path, database_url=emptied_postgresql, neighbor_timeout=3)
    with town(settings, broker=station.urls["course"]) as one:
        one.wires["enrollment-broker"] = telling = Wire(station.urls["enrollment"])
        relay = Relay(one.houses["enrollment"].modules["enrollment"].primary, ByBroker(telling.url))
        worker = EventWorker(one.houses["course"].modules["course"].broker, threads=2)
        relay.start()
        worker.start()
        wait_for(worker.hears)
        one.sign_in()
        yield one
        relay.stop()
        worker.stop()
        one.houses["course"].modules["course"].broker.close()
        telling.close()


@pytest.mark.parametrize("it", TELLING)
def test_rabbitmq_fails_who_tells(it: str, opened: Town, row: Row) -> None:
    news_comes_once(opened, "enrollment-broker", TELLING[it], row)


@pytest.mark.parametrize("it", HEARING)
def test_rabbitmq_fails_who_hears(it: str, opened: Town, row: Row) -> None:
    news_comes_once(opened, "course-broker", HEARING[it], row)


def news_comes_once(opened: Town, wire: str, fault: Fault, row: Row) -> None:
    """Enroll while a wire is spoiled; course counts the seat once, when it was mended."""
    campus = opened.campus
    campus.window()
    section = campus.section("A-1", capacity=5)
    wish = {"student_id": campus.student(), "section_ids": [section]}

    with opened.wires[wire].spoiled(fault):
        assert (seen(lambda: opened.ask("POST", "/enrollments", wish)), ONCE) == (row.sees, row.written)
        if fault in FAULTS.values():
            time.sleep(HELD)
            assert counted(opened, section) == 0
        else:
            wait_for(lambda: opened.wires[wire].broken > 0, seconds=60)

    wait_for(lambda: counted(opened, section) == 1 and waiting(opened) == 0, seconds=60)
    time.sleep(HELD)
    assert counted(opened, section) == 1


def counted(opened: Town, section: str) -> int:
    """Return how many seats course believes to be taken."""
    told = opened.ask("GET", "/availability?term=2027L&after=0").json()["sections"]
    taken: int = next((one["taken"] for one in told if one["id"] == section), 0)
    return taken


def waiting(opened: Town) -> int:
    """Return how many events enrollment has not got rid of."""
    outbox = outbox_of("enrollment")
    with opened.houses["enrollment"].modules["enrollment"].primary.read() as session:
        pending = select(func.count()).select_from(outbox).where(outbox.c.status == "pending")
        return session.execute(pending).scalar_one()
