"""Events through a real RabbitMQ: carried once confirmed, heard once, put aside when they fail, never lost."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import msgspec
import pika
import pytest
from dramatiq.brokers.rabbitmq import _RabbitmqConsumer
from dramatiq.middleware import Retries
from pika.exceptions import ChannelClosedByBroker
from sqlalchemy import select

from tests.house import House
from tests.platform.library import hearers
from tests.platform.test_events import AVAILABILITY, STUDY_RECORD, failing, kept, primary_of, statuses, tell
from tests.servers.rabbitmq import Station
from university.platform.messaging import broker, outbox, rabbitmq
from university.platform.messaging.broker import EventBroker, SafeRetries
from university.platform.messaging.dead_letters import InOutbox, InQueue
from university.platform.messaging.delivery import ByHand
from university.platform.messaging.outbox import Event, announce
from university.platform.messaging.publishing import ByBroker, LinkLost
from university.platform.messaging.relay import BATCH, Relay
from university.platform.messaging.worker import EventWorker

pytestmark = [pytest.mark.rabbitmq, pytest.mark.postgres]
CloudEvents = list[dict[str, Any]]


@pytest.fixture
def shelves(library_on_server: House) -> House:
    """A library on PostgreSQL, because relays that share an outbox need its locks."""
    return library_on_server


@contextmanager
def relay(shelves: House, url: str) -> Iterator[Relay]:
    """Open a relay to RabbitMQ."""
    opened = Relay(primary_of(shelves), ByBroker(url))
    try:
        yield opened
    finally:
        opened.stop()


@contextmanager
def hearing(url: str, ears: dict[str, Callable[..., None]], *, attempts: int = 3) -> Iterator[EventWorker]:
    """Hear in this process until the block ends."""
    station = broker.open_broker(url, attempts=attempts)
    for name, hearer in ears.items():
        broker.listen(station, name, hearer)
    worker = EventWorker(station, threads=2)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
        station.close()


def until(done: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def waiting(station: Station, queue: str) -> list[tuple[Any, Any, Any]]:
    """Take everything out of a queue."""
    with closing(rabbitmq.connect(station.url)) as connection:
        channel = connection.channel()
        taken = []
        while (found := channel.basic_get(queue, auto_ack=True))[0] is not None:
            taken.append(found)
        return taken


def put(station: Station, queue: str, body: bytes, content_type: str = rabbitmq.CLOUD_EVENT) -> None:
    """Put bytes on a queue, as nobody of ours would."""
    with closing(rabbitmq.connect(station.url)) as connection:
        properties = pika.BasicProperties(content_type=content_type)
        connection.channel().basic_publish("", queue, body, properties)


# Telling.


def test_an_event_reaches_every_queue_whole_and_lasting(shelves: House, station: Station) -> None:
    tell(shelves, ("a", 1, "one"))
    (event,) = shelves.announced("library")

    with relay(shelves, station.url) as carrying:
        assert (carrying.deliver(), carrying.deliver()) == (1, 0)

    assert station.depths() == {AVAILABILITY: 1, STUDY_RECORD: 1}
    method, properties, body = waiting(station, AVAILABILITY)[0]
    assert (method.exchange, method.routing_key) == ("university.events", "enrollment.updated.v1")
    assert msgspec.json.decode(body) == event
    assert (properties.content_type, properties.message_id) == ("application/cloudevents+json", event["id"])
    assert (properties.delivery_mode, properties.type) == (2, event["type"])
    assert statuses(shelves) == [("sent", 0)]


def test_a_thousand_events_arrive_in_batches_and_two_relays_share_them(shelves: House, station: Station) -> None:
    tell(shelves, *((f"thing-{number}", 1, "x") for number in range(1000)))

    with relay(shelves, station.url) as one, relay(shelves, station.url) as other:
        one.start()
        other.start()
        until(lambda: one.pending() == 0)

    assert station.depths() == {AVAILABILITY: 1000, STUDY_RECORD: 1000}


def test_what_nobody_hears_is_sent_and_no_fault(shelves: House, station: Station) -> None:
    with primary_of(shelves).begin() as session:
        announce(session, Event("nothing.happened.v1", "a", 1, {}))

    with relay(shelves, station.url) as carrying:
        carrying.deliver()

    assert statuses(shelves) == [("sent", 0)]


def test_what_no_queue_takes_although_somebody_hears_it_waits(shelves: House, station: Station) -> None:
    tell(shelves, ("a", 1, "x"))
    bound = [(name, "enrollment.#") for name in (AVAILABILITY, STUDY_RECORD)]
    with closing(rabbitmq.connect(station.url)) as connection, relay(shelves, station.url) as carrying:
        channel = connection.channel()
        for queue, key in bound:
            channel.queue_unbind(queue, rabbitmq.EVENTS, key)
        carrying.deliver()
        assert statuses(shelves) == [("pending", 1)]
        for queue, key in bound:
            channel.queue_bind(queue, rabbitmq.EVENTS, key)
        until(lambda: bool(carrying.deliver()))

    assert statuses(shelves)[0][0] == "sent"


def test_what_a_full_queue_refuses_waits(shelves: House, station: Station) -> None:
    station.control("set_policy", "-p", station.vhost, "full", "^course.availability$", '{"max-length":1}')
    try:
        with relay(shelves, station.url) as carrying:
            refused = []
            for number in range(20):
                tell(shelves, (f"thing-{number}", 1, "x"))
                carrying.deliver()
                refused = [status for status, attempts in statuses(shelves) if attempts]
                if refused:
                    break
            assert refused == ["pending"] * len(refused) != []
    finally:
        station.control("clear_policy", "-p", station.vhost, "full")


def test_a_broker_that_is_away_loses_nothing_and_blames_no_event(shelves: House, station: Station) -> None:
    tell(shelves, ("a", 1, "x"))

    with relay(shelves, "amqp://guest:guest@127.0.0.1:1/nowhere") as carrying, pytest.raises(LinkLost):
        carrying.deliver()
    assert statuses(shelves) == [("pending", 0)]
    with relay(shelves, station.url) as carrying:
        carrying.deliver()
    assert statuses(shelves) == [("sent", 0)]


def test_a_relay_goes_on_after_its_connection_is_closed(shelves: House, station: Station) -> None:
    with relay(shelves, station.url) as carrying:
        tell(shelves, ("a", 1, "x"))
        carrying.deliver()
        station.control("close_all_connections", "--vhost", station.vhost, "a test")
        tell(shelves, ("b", 1, "x"))
        with pytest.raises(LinkLost):
            carrying.deliver()
        carrying.deliver()
        assert carrying.pending() == 0


def test_of_several_batches_only_what_no_queue_takes_waits(shelves: House, station: Station) -> None:
    tell(shelves, *((f"thing-{number}", 1, "x") for number in range(BATCH)))
    with primary_of(shelves).begin() as session:
        announce(session, Event("course.updated.v1", "lost", 1, {}))
    tell(shelves, *((f"thing-{number}", 2, "x") for number in range(BATCH)))
    hearing_of_courses = ("enrollment.section-facts", "student.course-facts")
    with closing(rabbitmq.connect(station.url)) as connection, relay(shelves, station.url) as carrying:
        channel = connection.channel()
        for queue in hearing_of_courses:
            channel.queue_unbind(queue, rabbitmq.EVENTS, "course.#")
        assert carrying.deliver() == 2 * BATCH + 1
        for queue in hearing_of_courses:
            channel.queue_bind(queue, rabbitmq.EVENTS, "course.#")

    assert [told for told in statuses(shelves) if told != ("sent", 0)] == [("pending", 1)]
    assert station.depths() == {AVAILABILITY: 2 * BATCH, STUDY_RECORD: 2 * BATCH}


def test_a_connection_lost_between_two_batches_leaves_both_to_whoever_looks_next(
    shelves: House, station: Station
) -> None:
    tell(shelves, *((f"thing-{number}", 1, "x") for number in range(BATCH + 1)))

    class Cut(ByBroker):
        batches = 0

        def send(self, rows: Any) -> Any:
            self.batches += 1
            if self.batches == 2:
                station.control("close_all_connections", "--vhost", station.vhost, "a test")
            return super().send(rows)

    cut = Relay(primary_of(shelves), Cut(station.url))
    with pytest.raises(LinkLost):
        cut.deliver()
    cut.stop()
    assert set(statuses(shelves)) == {("pending", 0)}

    with relay(shelves, station.url) as carrying:
        assert carrying.deliver() == BATCH + 1
    assert set(statuses(shelves)) == {("sent", 0)}


# Rights.


def forbidden(url: str, attempt: Callable[[Any], object]) -> bool:
    """Tell whether RabbitMQ refuses."""
    with closing(rabbitmq.connect(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        try:
            attempt(channel)
        except ChannelClosedByBroker as error:
            return bool(error.reply_code == 403)
        return False


def test_a_module_can_do_its_own_work_and_no_more(station: Station) -> None:
    course = station.urls["course"]

    def sends(exchange: str, key: str) -> bool:
        return not forbidden(course, lambda channel: channel.basic_publish(exchange, key, b"{}", mandatory=True))

    assert sends(rabbitmq.EVENTS, "course.updated.v1")
    assert sends(rabbitmq.EVENTS, "import.course.requested.v1")
    assert sends(rabbitmq.RETURNS, "course.availability.DQ")
    assert not sends(rabbitmq.EVENTS, "enrollment.created.v1")
    assert not sends(rabbitmq.EVENTS, "import.student.requested.v1")
    assert not sends(rabbitmq.RETURNS, "student.study-record")
    assert not sends("", "course.availability")
    assert not forbidden(course, lambda channel: channel.basic_get("course.availability"))
    assert forbidden(course, lambda channel: channel.basic_get("student.study-record"))
    assert forbidden(course, lambda channel: channel.queue_purge("student.study-record"))
    assert forbidden(course, lambda channel: channel.queue_declare("course.more"))
    assert forbidden(course, lambda channel: channel.queue_delete("course.availability"))
    assert forbidden(course, lambda channel: channel.exchange_delete(rabbitmq.EVENTS))


def test_who_may_not_declare_says_what_is_missing(station: Station) -> None:
    with closing(rabbitmq.connect(station.url)) as connection:
        connection.channel().queue_delete("student.imports")

    with pytest.raises(rabbitmq.TopologyMissing, match=r"student\.imports is missing"):
        rabbitmq.ensure(station.urls["course"])
    rabbitmq.ensure(station.url)
    rabbitmq.ensure(station.urls["course"])


# Hearing.


def test_what_waits_is_heard_together_and_one_that_fails_harms_no_other(shelves: House, station: Station) -> None:
    tell(shelves, *((f"thing-{number}", 1, "fine") for number in range(80)))
    lengths: list[int] = []
    hear = failing(shelves, lambda event: event["subject"] == "thing-30")

    def counted(events: list[dict[str, Any]]) -> None:
        lengths.append(len(events))
        time.sleep(0.05)
        hear(events)

    with relay(shelves, station.url) as carrying:
        carrying.deliver()
    with hearing(station.urls["course"], {AVAILABILITY: counted}):
        until(lambda: len(kept(shelves)) == 79 and station.depths().get(f"{AVAILABILITY}.XQ") == 1)

    assert max(lengths) > 5
    assert {applied for _, _, applied in kept(shelves).values()} == {1}


def test_everybody_hears_once_whatever_is_delivered_twice(shelves: House, station: Station) -> None:
    tell(shelves, *((f"thing-{number}", 1, "x") for number in range(50)))
    ears = hearers(primary_of(shelves))
    with relay(shelves, station.url) as carrying:
        carrying.deliver()
        outbox.republish(primary_of(shelves), _long_ago(shelves))
        carrying.deliver()
    assert station.depths() == {AVAILABILITY: 100, STUDY_RECORD: 100}

    with (
        hearing(station.urls["course"], {AVAILABILITY: ears[AVAILABILITY]}),
        hearing(station.urls["student"], {STUDY_RECORD: ears[STUDY_RECORD]}),
    ):
        until(lambda: not station.depths() and len(kept(shelves, STUDY_RECORD)) == 50)
        until(lambda: len(kept(shelves)) == 50)

    for name in (AVAILABILITY, STUDY_RECORD):
        assert {applied for _, _, applied in kept(shelves, name).values()} == {1}


def test_poison_and_bytes_nobody_understands_become_dead_letters_and_hold_up_nobody(
    shelves: House, station: Station
) -> None:
    tell(shelves, ("a", 1, "fine"), ("b", 1, "poison"), ("c", 1, "fine"))
    put(station, AVAILABILITY, b"\xff\xfe not JSON")
    put(station, AVAILABILITY, b"not Dramatiq's", content_type="text/plain")
    put(station, AVAILABILITY, b'{"specversion": "1.0"}')
    with relay(shelves, station.url) as carrying:
        carrying.deliver()

    ears = {AVAILABILITY: failing(shelves, lambda event: event["subject"] == "b")}
    with hearing(station.urls["course"], ears):
        until(lambda: station.depths().get(f"{AVAILABILITY}.XQ") == 4)

    assert kept(shelves) == {"a": (1, "fine", 1), "c": (1, "fine", 1)}
    assert station.depths() == {f"{AVAILABILITY}.XQ": 4, STUDY_RECORD: 3}


def test_a_dead_letter_is_shown_sent_again_and_thrown_away(shelves: House, station: Station) -> None:
    tell(shelves, ("b", 1, "poison"))
    (event,) = shelves.announced("library")
    put(station, AVAILABILITY, b"junk")
    with relay(shelves, station.url) as carrying:
        carrying.deliver()
    course, dead = station.urls["course"], InQueue(station.urls["course"], AVAILABILITY)
    with hearing(course, {AVAILABILITY: failing(shelves, lambda _event: True)}):
        until(lambda: len(dead.letters()) == 2)

    letters = {letter.type: letter for letter in dead.letters()}
    poison, junk = letters["enrollment.updated.v1"], letters[""]
    assert (poison.id, poison.subject, poison.attempts) == (event["id"], "b", 3)
    assert "LookupError: poison" in poison.fault
    assert (junk.body, junk.fault) == ("junk", "rejected")
    assert len(dead.letters()) == 2, "looking leaves them there"

    assert dead.replay({poison.id}) == 1
    with hearing(course, {AVAILABILITY: hearers(primary_of(shelves))[AVAILABILITY]}):
        until(lambda: kept(shelves) == {"b": (1, "poison", 1)})
    assert [letter.body for letter in dead.letters()] == ["junk"]
    assert (dead.discard({"another"}), dead.discard({junk.id}), dead.letters()) == (0, 1, [])


def test_dead_letters_of_one_process_lie_in_the_outbox(shelves: House) -> None:
    tell(shelves, ("a", 1, "poison"), ("b", 1, "poison"))
    broken = ByHand({AVAILABILITY: failing(shelves, lambda _event: True)}, attempts=1)
    Relay(primary_of(shelves), broken).deliver()
    dead = InOutbox(primary_of(shelves))

    first, second = dead.letters()
    assert (first.place, first.subject, first.attempts) == ("library.outbox", "a", 1)
    assert "poison" in first.fault
    assert (dead.replay({first.id}), dead.discard({second.id})) == (1, 1)
    shelves.drain()
    assert (dead.letters(), kept(shelves)) == ([], {"a": (1, "poison", 1)})


# Failing without losing.


@pytest.mark.parametrize(("retries", "survives"), [(SafeRetries, True), (Retries, False)])
def test_a_failed_message_that_cannot_be_put_aside_comes_back(
    shelves: House, station: Station, retries: type[Retries], survives: bool
) -> None:
    """Dramatiq's own retries are the twin: they lose it."""
    tell(shelves, ("a", 1, "x"))
    with relay(shelves, station.url) as carrying:
        carrying.deliver()
    tried = threading.Event()

    def hear(_event: dict[str, Any]) -> bool:
        tried.set()
        return True

    opened = EventBroker(station.url, attempts=3)
    (ours,) = opened.middleware
    opened.middleware.remove(ours)
    opened.add_middleware(retries(max_retries=2, min_backoff=100))
    broker.listen(opened, AVAILABILITY, failing(shelves, hear))
    worker = EventWorker(opened, threads=1)
    aside = f"{AVAILABILITY}.DQ"
    with closing(rabbitmq.connect(station.url)) as connection:
        channel = connection.channel()
        channel.queue_unbind(aside, rabbitmq.RETURNS, aside)
        worker.start()
        assert tried.wait(20)
        time.sleep(1.5)
        worker.stop()
        opened.close()
        channel.queue_bind(aside, rabbitmq.RETURNS, aside)

    until(lambda: (AVAILABILITY in station.depths()) is survives)


@pytest.mark.parametrize("ours", [True, False])
def test_no_message_is_acknowledged_by_the_tag_of_one_from_an_earlier_connection(station: Station, ours: bool) -> None:
    """Dramatiq's own consumer is the twin: it acknowledges a message that nobody has worked on."""
    opened = EventBroker(station.url, attempts=3)
    broker.listen(opened, AVAILABILITY, lambda _events: None)
    kind: Any = opened.consumer_class if ours else _Stock
    for name in ("first", "slow"):
        put(station, AVAILABILITY, b'{"specversion": "1.0", "id": "%s"}' % name.encode())
    before = kind(opened, AVAILABILITY, 10, 2000)
    first, slow = next(before), next(before)
    before.ack(first)
    before.close()
    put(station, AVAILABILITY, b'{"specversion": "1.0", "id": "untouched"}')
    after = kind(opened, AVAILABILITY, 10, 2000)
    assert [next(after).message_id, next(after).message_id] == ["slow", "untouched"]

    after.ack(slow)
    after.close()
    opened.close()

    ids = [msgspec.json.decode(body)["id"] for _, _, body in waiting(station, AVAILABILITY)]
    assert ids == (["slow", "untouched"] if ours else ["slow"])


class _Stock(_RabbitmqConsumer):
    """Dramatiq's consumer, taught nothing but to read a CloudEvent."""

    __next__ = broker.EventConsumer.__next__
    _understood = broker.EventConsumer._understood  # noqa: SLF001 - what is compared is the acknowledging


def test_a_killed_connection_is_taken_up_again(shelves: House, station: Station) -> None:
    ears = {AVAILABILITY: hearers(primary_of(shelves))[AVAILABILITY]}
    with hearing(station.urls["course"], ears) as worker, relay(shelves, station.url) as carrying:
        until(worker.hears)
        station.control("close_all_connections", "--vhost", station.vhost, "a test")
        tell(shelves, ("a", 1, "x"))
        carrying.deliver()
        until(lambda: kept(shelves) == {"a": (1, "x", 1)})
        until(worker.hears)


def _long_ago(shelves: House) -> Any:
    with primary_of(shelves).read() as session:
        return session.execute(select(outbox.outbox_of("library").c.created_at)).scalars().first()
