"""Events: told beside the change, delivered to everybody who hears, applied once."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text, update

from tests.house import House
from tests.platform.asking import SOLARIS, ask, buy
from tests.platform.library import Book, Shelf, count, hearers, shelve
from university.platform import clock, database, telemetry
from university.platform.database import Primary
from university.platform.messaging import broker, inbox
from university.platform.messaging.delivery import ATTEMPTS, ByHand
from university.platform.messaging.outbox import Event, announce, outbox_of
from university.platform.messaging.relay import Relay

ROOT = Path(__file__).parents[2]
AVAILABILITY, STUDY_RECORD = "course.availability", "student.study-record"
TRACE = "0af7651916cd43dd8448eb211c80319c"
OUTBOX = outbox_of("library")
CloudEvents = list[dict[str, Any]]


def primary_of(library: House) -> Primary:
    """Return the library's database."""
    return library.modules["library"].primary


def tell(library: House, *facts: tuple[str, int, str]) -> None:
    """Announce the state of things: subject, version, state."""
    with primary_of(library).begin() as session:
        announce(session, *(Event("enrollment.updated.v1", name, version, {"state": s}) for name, version, s in facts))


def kept(library: House, subscription: str = AVAILABILITY) -> dict[str, tuple[int, str, int]]:
    """Return what a hearer holds: version, state and how often it applied something, by subject."""
    with primary_of(library).read() as session:
        rows = session.scalars(select(Shelf).where(Shelf.name == subscription))
        return {row.subject: (row.version, row.state, row.applied) for row in rows}


def statuses(library: House) -> list[tuple[str, int]]:
    """Return status and attempts of each event in the outbox."""
    with primary_of(library).read() as session:
        return [(row.status, row.attempts) for row in session.execute(select(OUTBOX).order_by(OUTBOX.c.id))]


def make_due(library: House) -> None:
    """Let the time of the next attempt come."""
    with primary_of(library).begin() as session:
        session.execute(update(OUTBOX).values(retry_at=OUTBOX.c.created_at))


def failing(library: House, fails: Callable[[dict[str, Any]], bool]) -> Callable[[CloudEvents], None]:
    """Return a hearer that applies a batch in one transaction, and fails on some events."""

    def hear(events: CloudEvents) -> None:
        def apply(session: Any, fresh: CloudEvents) -> None:
            for event in fresh:
                if fails(event):
                    raise LookupError("poison")
                shelve(AVAILABILITY, session, [event])

        inbox.hear(primary_of(library), AVAILABILITY, events, apply)

    return hear


# Telling.


def test_an_event_is_a_whole_cloud_event(library: House) -> None:
    header = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    book = ask(library, "POST", "/books", SOLARIS, headers=header).json

    (event,) = library.announced("library")

    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", event.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", event.pop("time"))
    assert re.fullmatch(f"00-{TRACE}-[0-9a-f]{{16}}-01", event.pop("traceparent"))
    assert event == {
        "specversion": "1.0",
        "source": "/university/library",
        "type": "university.enrollment.created.v1",
        "subject": book["id"],
        "datacontenttype": "application/json",
        "aggregateversion": 1,
        "data": {"state": "LEM-1"},
    }


def test_an_event_outside_of_any_trace_has_none(library: House) -> None:
    tell(library, ("a", 1, "x"))

    assert "traceparent" not in library.announced("library")[0]


def test_a_change_and_its_event_commit_together_or_not_at_all(library: House) -> None:
    with suppress(LookupError), primary_of(library).begin() as session:
        announce(session, Event("enrollment.created.v1", "a", 1, {}))
        raise LookupError
    ask(library, "POST", "/books", SOLARIS)
    ask(library, "POST", "/books", SOLARIS)

    assert count(primary_of(library), Book) == len(statuses(library)) == 1


def test_telling_nothing_costs_nothing(library: House) -> None:
    with primary_of(library).begin() as session:
        announce(session)

    assert statuses(library) == []


def test_events_of_one_transaction_keep_their_order(library: House) -> None:
    tell(library, *((f"thing-{number}", 1, str(number)) for number in range(300)))

    assert [event["data"]["state"] for event in library.announced("library")] == [str(number) for number in range(300)]


# Hearing.


def test_everybody_who_hears_is_told(library: House) -> None:
    buy(library, "LEM-1")

    library.drain()

    assert list(kept(library).values()) == list(kept(library, STUDY_RECORD).values()) == [(1, "LEM-1", 1)]
    assert statuses(library) == [("sent", 0)]


def test_what_nobody_hears_is_no_error(library: House) -> None:
    with primary_of(library).begin() as session:
        announce(session, Event("nothing.happened.v1", "a", 1, {}))

    library.drain()

    assert statuses(library) == [("sent", 0)]


def test_more_than_a_batch_is_delivered_batch_by_batch(library: House) -> None:
    tell(library, *((f"thing-{number}", 1, "x") for number in range(250)))
    relay = Relay(primary_of(library), ByHand(library.hearers()))

    assert [relay.pending(), relay.deliver(), relay.pending(), relay.deliver(), relay.deliver()] == [
        250,
        200,
        50,
        50,
        0,
    ]
    assert len(kept(library)) == 250


def test_a_repeated_delivery_changes_nothing(library: House) -> None:
    tell(library, ("a", 1, "one"), ("a", 2, "two"))
    events = library.announced("library")
    applied: list[CloudEvents] = []

    for batch in (events, events, [events[0]], [*events, *events], []):
        inbox.hear(primary_of(library), AVAILABILITY, batch, lambda _session, fresh: applied.append(fresh))

    assert applied == [events]


def test_each_subscription_hears_for_itself(library: House) -> None:
    tell(library, ("a", 1, "one"))
    (event,) = library.announced("library")
    heard: list[str] = []

    for name in (AVAILABILITY, STUDY_RECORD, AVAILABILITY):
        inbox.hear(primary_of(library), name, [event], lambda session, _fresh: heard.append(session.info["schema"]))

    assert heard == ["library", "library"]


def test_of_two_deliveries_at_the_same_time_one_applies(library: House) -> None:
    tell(library, *((f"thing-{number}", 1, "x") for number in range(20)))
    events = library.announced("library")
    applied: list[int] = []
    faults: list[Exception] = []

    def hear(batch: CloudEvents) -> None:
        try:
            inbox.hear(primary_of(library), AVAILABILITY, batch, lambda _session, fresh: applied.append(len(fresh)))
        except Exception as error:  # noqa: BLE001 - the test tells it
            faults.append(error)

    threads = [threading.Thread(target=hear, args=(batch,)) for batch in (events, list(reversed(events)), events[5:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert sum(applied) == 20


def test_an_effect_that_fails_leaves_the_event_unheard(library: House) -> None:
    tell(library, ("a", 1, "one"))
    (event,) = library.announced("library")

    with pytest.raises(LookupError):
        failing(library, lambda _event: True)([event])
    failing(library, lambda _event: False)([event])

    assert kept(library) == {"a": (1, "one", 1)}


def test_a_late_event_never_overwrites_a_newer_state(library: House) -> None:
    tell(library, ("a", 1, "one"), ("a", 2, "two"), ("a", 3, "three"))
    one, two, three = library.announced("library")
    hear = failing(library, lambda _event: False)

    for event in (two, one, three, two):
        hear([event])

    assert kept(library) == {"a": (3, "three", 2)}


# Failing.


def test_poison_is_set_aside_while_the_others_go_on(library: House) -> None:
    tell(library, ("a", 1, "fine"), ("b", 1, "poison"), ("c", 1, "fine"))
    relay = Relay(primary_of(library), ByHand({AVAILABILITY: failing(library, lambda event: event["subject"] == "b")}))

    assert relay.deliver() == 3
    assert kept(library) == {"a": (1, "fine", 1), "c": (1, "fine", 1)}
    assert statuses(library) == [("sent", 0), ("pending", 1), ("sent", 0)]


def test_one_hearer_that_fails_does_not_hold_back_another(library: House) -> None:
    tell(library, ("a", 1, "x"))
    sound = hearers(primary_of(library))
    relay = Relay(
        primary_of(library),
        ByHand({AVAILABILITY: failing(library, lambda _event: True), STUDY_RECORD: sound[STUDY_RECORD]}),
    )

    relay.deliver()

    assert (kept(library), kept(library, STUDY_RECORD)) == ({}, {"a": (1, "x", 1)})
    assert statuses(library) == [("pending", 1)]


def test_a_hearer_that_fails_twice_is_asked_a_third_time_and_the_other_applies_once(library: House) -> None:
    tell(library, ("a", 1, "x"))
    tries: list[str] = []

    def fails_twice(event: dict[str, Any]) -> bool:
        tries.append(event["subject"])
        return len(tries) <= 2

    sound, unsound = hearers(primary_of(library))[STUDY_RECORD], failing(library, fails_twice)
    relay = Relay(primary_of(library), ByHand({AVAILABILITY: unsound, STUDY_RECORD: sound}))
    for _ in range(3):
        relay.deliver()
        make_due(library)

    assert kept(library) == kept(library, STUDY_RECORD) == {"a": (1, "x", 1)}
    assert statuses(library) == [("sent", 2)]


def test_attempts_come_ever_later_and_end_after_twenty(library: House) -> None:
    tell(library, ("a", 1, "x"))
    relay = Relay(primary_of(library), ByHand({AVAILABILITY: failing(library, lambda _event: True)}))
    waits: list[float] = []

    for _ in range(ATTEMPTS):
        assert relay.deliver() == 1
        with primary_of(library).begin() as session:
            wait = session.execute(select(OUTBOX.c.retry_at)).scalar_one() - database.now(session)
            waits.append(wait.total_seconds())
        make_due(library)

    expected = [min(60, 0.1 * 2**attempt) for attempt in range(ATTEMPTS)]
    assert all(due - 5 < wait <= due for wait, due in zip(waits, expected, strict=True))
    assert statuses(library) == [("dead", 20)]
    assert (relay.deliver(), relay.pending()) == (0, 0)
    with primary_of(library).read() as session:
        assert "poison" in (session.scalar(select(OUTBOX.c.fault)) or "")


def test_an_event_sent_by_another_relay_is_not_woken_again(library: House) -> None:
    tell(library, ("a", 1, "x"))

    def overtaken(_events: CloudEvents) -> None:
        Relay(primary_of(library), ByHand({})).deliver()
        raise LookupError

    Relay(primary_of(library), ByHand({AVAILABILITY: overtaken})).deliver()

    assert statuses(library) == [("sent", 0)]


# Relays.


def test_two_relays_on_one_outbox_apply_everything_once(library: House) -> None:
    tell(library, *((f"thing-{number}", 1, "x") for number in range(150)))
    relays = [Relay(primary_of(library), ByHand(library.hearers())) for _ in range(2)]
    for relay in relays:
        relay.start()
    for number in range(5):
        tell(library, (f"thing-{number}", 2, "y"))

    _until(lambda: relays[0].pending() == 0)
    for relay in relays:
        relay.stop()

    assert {state for _, state, _ in kept(library).values()} == {"x", "y"}
    assert [kept(library)[f"thing-{number}"] for number in range(5)] == [(2, "y", 2)] * 5
    assert sum(applied for _, _, applied in kept(library).values()) == 155


def test_a_relay_outlives_what_interrupts_it(library: House) -> None:
    tell(library, ("a", 1, "x"))
    interrupted = threading.Event()

    class Broken(dict[str, Any]):
        """Hearers that cannot even be looked up at first."""

        def __contains__(self, name: object) -> bool:
            if interrupted.is_set():
                return super().__contains__(name)
            interrupted.set()
            raise LookupError

    relay = Relay(primary_of(library), ByHand(Broken(library.hearers())))
    relay.start()
    _until(lambda: kept(library) != {})
    relay.stop()

    assert kept(library) == {"a": (1, "x", 1)}


def _spoil(library: House) -> None:
    """Put something into the outbox that nobody can read."""
    spoiled = {"id": database.new_id(), "type": "enrollment.x.v1", "subject": "a", "version": 1, "body": "{"}
    with primary_of(library).begin() as session:
        session.execute(OUTBOX.insert().values(**spoiled, created_at=database.now(session)))


def test_an_event_that_cannot_be_read_does_not_hold_back_the_others(library: House) -> None:
    _spoil(library)
    tell(library, ("a", 1, "x"))

    Relay(primary_of(library), ByHand(library.hearers())).deliver()

    assert kept(library) == {"a": (1, "x", 1)}
    assert statuses(library) == [("pending", 1), ("sent", 0)]


def test_a_hearer_goes_on_with_the_trace_of_the_event(library: House) -> None:
    ask(library, "POST", "/books", SOLARIS, headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    traces: list[str | None] = []
    station = broker.open_broker()
    broker.listen(station, AVAILABILITY, lambda _events: traces.append(telemetry.trace_id()))
    hear = station.get_actor(AVAILABILITY)

    Relay(primary_of(library), ByHand({AVAILABILITY: lambda events: hear(events=events)})).deliver()

    assert traces == [TRACE]
    assert telemetry.trace_id() is None


def test_looking_for_pending_events_reads_their_index_only(library: House) -> None:
    tell(library, *((f"thing-{number}", 1, "x") for number in range(300)))
    relay = Relay(primary_of(library), ByHand({}))
    while relay.deliver():
        continue
    with primary_of(library).begin() as session:
        if session.connection().dialect.name == "postgresql":
            session.execute(text("ANALYZE library.outbox"))
        connection, plans = session.connection(), []
        for asked in (relay._look, relay._due):  # noqa: SLF001 - what is looked for
            due = asked.params(clock.told(session))
            said = str(due.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
            explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
            plans.append("\n".join(str(row) for row in connection.execute(text(explain + said))))

    assert all("ix_outbox_pending" in plan for plan in plans)


def _until(done: Callable[[], bool]) -> None:
    ended = threading.Event()
    for _ in range(400):
        if done():
            return
        ended.wait(0.025)
    pytest.fail("it never came to that")


# Dying.


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_relay_killed_around_the_commit_of_a_hearer_loses_nothing_and_applies_once(
    library: House, point: str
) -> None:
    tell(library, ("a", 1, "one"), ("b", 1, "one"))
    url = library.settings.primary_of("library")

    killed = subprocess.run([sys.executable, "-m", "tests.platform.dying", point, url], cwd=ROOT, check=False)
    applied_before = len(kept(library))
    library.drain()

    assert killed.returncode == -signal.SIGKILL
    assert applied_before == (0 if point == "before" else 2)
    assert kept(library) == kept(library, STUDY_RECORD) == {"a": (1, "one", 1), "b": (1, "one", 1)}
    assert statuses(library) == [("sent", 0), ("sent", 0)]


def test_events_are_readable_by_any_reader_of_json(library: House) -> None:
    tell(library, ("zażółć", 1, "\u2603 \u05d0 \"'\\"))

    with primary_of(library).read() as session:
        body = session.scalar(select(OUTBOX.c.body)) or ""
    assert msgspec.json.decode(body)["data"]["state"] == "\u2603 \u05d0 \"'\\"
