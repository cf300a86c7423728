"""Chores: whoever is first carries one out, and nobody else; one whose holder died is taken over."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from tests.house import House
from tests.platform.chores import EVERY, LOOK, note, noted, sweeping, take_without_condition
from university.platform import database
from university.platform.database import Primary
from university.platform.schedule import LEASE, PATIENCE, Chore, Scheduler, Turns, chores_of

ROOT = Path(__file__).parents[2]
CHORES = chores_of("library")
HOURLY = timedelta(hours=1)


DOING = 2.0
"""Seconds that a round takes: all who look do so meanwhile, on a busy machine too."""


def primary_of(library: House) -> Primary:
    """Return the library's database."""
    return library.modules["library"].primary


def rows(library: House) -> dict[str, Any]:
    """Return what is known of each chore."""
    with primary_of(library).read() as session:
        return {row.name: row for row in session.execute(select(CHORES))}


def rounds(library: House) -> dict[str, int]:
    """Return how many rounds began, and how many ended."""
    return {state: noted(primary_of(library), state) for state in ("began", "ended")}


def idle() -> None:
    """Do nothing."""


def fail() -> None:
    """Do not succeed."""
    raise LookupError("no broom")


def eventually(true: Callable[[], bool], patience: float = 60.0) -> bool:
    """Wait for something; tell whether it came."""
    until = time.monotonic() + patience
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@contextmanager
def looking_after(library: House, *chores: Chore, count: int = 1, lease: float = LEASE) -> Iterator[None]:
    """Let so many schedulers look after chores."""
    schedulers = [Scheduler(primary_of(library), chores, look=LOOK, lease=lease) for _ in range(count)]
    for scheduler in schedulers:
        scheduler.start()
    try:
        yield
    finally:
        for scheduler in schedulers:
            scheduler.stop()


def test_a_chore_is_due_at_once_and_then_when_its_time_has_come(library: House) -> None:
    turns, chore = Turns(primary_of(library)), Chore("sweep", HOURLY, idle)

    assert turns.due([chore]) == [chore]
    assert turns.take(chore)
    assert turns.done(chore)
    assert turns.due([chore]) == []
    assert not turns.take(chore)
    library.travel(timedelta(minutes=61))
    try:
        assert turns.due([chore]) == [chore]
        assert turns.take(chore)
    finally:
        library.travel(timedelta(minutes=-61))


def test_what_was_missed_is_done_once_and_not_made_up_for(library: House) -> None:
    turns, chore = Turns(primary_of(library)), Chore("sweep", HOURLY, idle)
    turns.take(chore)
    turns.done(chore)
    library.travel(timedelta(days=7))
    try:
        assert turns.take(chore)
        turns.done(chore)
        assert not turns.take(chore)
    finally:
        library.travel(timedelta(days=-7))


def test_nobody_takes_what_another_holds_until_the_lease_has_run_out(library: House) -> None:
    first, second = (Turns(primary_of(library), lease=10) for _ in range(2))
    chore = Chore("sweep", HOURLY, idle)

    assert first.take(chore)
    assert second.due([chore]) == []
    assert not second.take(chore)
    library.travel(timedelta(seconds=9))
    first.renew()
    library.travel(timedelta(seconds=9))
    kept = not second.take(chore)
    library.travel(timedelta(seconds=2))
    try:
        assert kept
        assert second.take(chore)
        assert not first.done(chore)
        assert not first.failed(chore)
        assert second.done(chore)
    finally:
        library.travel(timedelta(seconds=-20))


def test_a_chore_that_fails_is_told_and_tried_again_later_each_time(library: House) -> None:
    turns, chore, waits = Turns(primary_of(library)), Chore("sweep", HOURLY, fail), []
    primary = primary_of(library)
    for _ in range(11):
        assert turns.take(chore)
        with primary.read() as session:
            before = database.now(session)
        turns.failed(chore)
        waits.append((rows(library)["sweep"].due_at - before).total_seconds())
        primary.ahead += timedelta(seconds=waits[-1])
    turns.take(chore)
    turns.done(chore)
    primary.ahead = timedelta()

    expected = [*(2**number for number in range(9)), PATIENCE.total_seconds(), PATIENCE.total_seconds()]
    assert all(wanted <= wait < 2 * wanted for wanted, wait in zip(expected, waits, strict=True))
    assert rows(library)["sweep"].failures == 0


def test_a_failure_is_counted_and_holds_up_no_other_chore(library: House) -> None:
    counted = {"module": "library", "chore": "fail", "outcome": "failed"}
    before = REGISTRY.get_sample_value("university_chore_seconds_count", counted) or 0
    with looking_after(library, Chore("fail", HOURLY, fail), sweeping(primary_of(library), 0)):
        assert eventually(lambda: rounds(library)["ended"] == 1)
        assert eventually(lambda: bool(rows(library)) and rows(library)["fail"].failures >= 2)

    after = REGISTRY.get_sample_value("university_chore_seconds_count", counted) or 0
    assert after - before >= 2


def test_a_chore_that_takes_long_keeps_its_lease_and_holds_up_no_other(library: House) -> None:
    swept = threading.Event()
    long = Chore("long", HOURLY, lambda: swept.wait(20))
    with looking_after(library, long, sweeping(primary_of(library), 0, every=timedelta()), count=2, lease=6.0):
        eventually(lambda: "long" in rows(library))
        holder = rows(library)["long"].leased_by
        before = rounds(library)["ended"]
        time.sleep(8.0)
        assert rows(library)["long"].leased_by == holder
        assert rounds(library)["ended"] > before
        swept.set()
        assert eventually(lambda: rows(library)["long"].leased_by is None)


@pytest.mark.parametrize("protected", [True, False], ids=["with the condition", "its twin without"])
def test_several_that_look_at_once_do_it_once(
    library: House, monkeypatch: pytest.MonkeyPatch, *, protected: bool
) -> None:
    if not protected:
        monkeypatch.setattr(Turns, "take", take_without_condition)
    with looking_after(library, sweeping(primary_of(library), DOING), count=6):
        assert eventually(lambda: rounds(library)["ended"] > (0 if protected else 1))
        time.sleep(0.5)

    assert (rounds(library)["ended"] == 1) is protected


def test_a_scheduler_that_is_stopped_finishes_what_it_has_in_hand(
    library: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("university.platform.schedule.PARTING", 60.0)
    with looking_after(library, sweeping(primary_of(library), 0.3)):
        assert eventually(lambda: rounds(library)["began"] == 1)

    assert rounds(library) == {"began": 1, "ended": 1}
    assert rows(library)["sweep"].leased_by is None


def test_a_stop_does_not_wait_for_what_takes_longer(library: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("university.platform.schedule.PARTING", 0.2)
    swept, began = threading.Event(), time.monotonic()
    with looking_after(library, Chore("long", HOURLY, lambda: swept.wait(20))):
        eventually(lambda: "long" in rows(library))

    assert time.monotonic() - began < 10
    swept.set()
    assert eventually(lambda: rows(library)["long"].leased_by is None)


def test_a_house_does_what_is_due_and_what_is_named(library: House) -> None:
    assert library.chores() == ["forget"]
    assert library.chores() == []
    assert library.chores("forget") == ["forget"]
    assert library.chores("no such") == []


# Real processes.


@contextmanager
def processes(library: House, count: int, *told: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Let so many processes look after the chore."""
    command = [sys.executable, "-m", "tests.platform.chores", library.settings.primary_of("library"), *told]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(count)]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == b"looking\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("how", ["", "unconditional"], ids=["with the condition", "its twin without"])
def test_processes_carry_out_each_round_once(library: House, how: str) -> None:
    note(primary_of(library), "nothing", "yet")
    turns, chore = Turns(primary_of(library)), Chore("sweep", EVERY, idle)
    turns.take(chore)
    with processes(library, 2, str(DOING), "30", how):
        turns.done(Chore("sweep", timedelta(), idle))
        assert eventually(lambda: rounds(library)["ended"] > (0 if how == "" else 1))
        time.sleep(1.0)

    assert (rounds(library)["ended"] == 1) is (how == "")


def test_what_a_killed_process_held_is_taken_over_when_its_lease_has_run_out(library: House) -> None:
    with processes(library, 2, "120", "5.0") as started:
        assert eventually(lambda: rounds(library)["began"] == 1)
        holder = rows(library)["sweep"].leased_by
        (victim,) = [process for process in started if holder.split("/")[1] == str(process.pid)]
        os.kill(victim.pid, signal.SIGKILL)
        note(primary_of(library), "the next ones are quick", "ended")

        assert eventually(lambda: rounds(library)["ended"] == 2)
        assert rounds(library)["began"] == 2
        assert eventually(lambda: rows(library)["sweep"].leased_by is None)
