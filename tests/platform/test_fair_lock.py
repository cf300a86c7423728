"""The writer's lock goes to who has waited longest, and is lost by nobody's giving up."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from university.platform.fair_lock import FairLock


def waiting(turns: FairLock) -> int:
    return len(turns._waiting)  # noqa: SLF001 - who waits shows nowhere else


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.001)


def in_a_thread(do: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    return thread


def test_turns_come_in_the_order_of_asking() -> None:
    turns, came = FairLock(20), list[int]()

    def ask(number: int) -> None:
        with turns.held():
            came.append(number)

    with turns.held():
        asking = []
        for number in range(12):
            asking.append(in_a_thread(lambda number=number: ask(number)))  # type: ignore[misc] # mypy and defaults
            until(lambda number=number: waiting(turns) == number + 1)  # type: ignore[misc] # the same
    for one in asking:
        one.join(20)

    assert came == list(range(12))


def overtaken(lock: Callable[[], AbstractContextManager[object]], waits: Callable[[], bool]) -> int:
    """Return how often a waiter is overtaken by one that asks again at once, a hundred times at most."""
    got, times = threading.Event(), 0

    def wait_once() -> None:
        with lock():
            got.set()

    with lock():
        waiter = in_a_thread(wait_once)
        until(waits)
    for _ in range(100):
        with lock():
            times += not got.is_set()
    waiter.join(20)
    return times


def test_who_had_it_last_overtakes_nobody() -> None:
    turns = FairLock(20)

    assert overtaken(turns.held, lambda: waiting(turns) == 1) == 0


def test_with_a_plain_lock_who_had_it_last_has_it_again() -> None:
    def rounds() -> Iterator[int]:
        for _ in range(50):
            lock, begun = threading.Lock(), time.monotonic()
            yield overtaken(lambda lock=lock: lock, lambda begun=begun: time.monotonic() > begun + 0.05)  # type: ignore[misc] # the same

    assert any(rounds())


def test_who_waits_too_long_is_told_and_holds_up_nobody() -> None:
    turns = FairLock(0.05)
    with turns.held(), pytest.raises(PoolTimeout):
        turns.held().__enter__()

    with turns.held():
        assert waiting(turns) == 0


def test_what_goes_wrong_in_a_turn_ends_it() -> None:
    turns = FairLock(0.05)
    with pytest.raises(ZeroDivisionError), turns.held():
        raise ZeroDivisionError

    with turns.held():
        pass
