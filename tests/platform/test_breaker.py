"""Who does not answer is left alone for a while: decided by outcomes and moments, and seen across the network."""

import time

import pytest
from prometheus_client import REGISTRY

from tests.platform.serving import Line, Stage, playing
from university.platform.neighbors import Neighborhood, NeighborUnavailable, NeighborUnreached
from university.platform.transport.breaker import FIRST_PAUSE, IN_A_ROW, LAST, LONGEST_PAUSE, TOO_MANY, Breaker


def opened(now: float) -> Breaker:
    """Return one that gave up at this moment."""
    breaker = Breaker()
    assert [breaker.failed(now, now) for _ in range(IN_A_ROW)] == [False] * (IN_A_ROW - 1) + [True]
    return breaker


def test_nothing_is_held_against_a_neighbor_at_first() -> None:
    breaker = Breaker()

    assert breaker.wait(0.0) == 0
    assert not breaker.is_open


def test_failures_in_a_row_open_it() -> None:
    breaker = opened(now=10.0)

    assert breaker.is_open
    assert breaker.wait(10.0) == FIRST_PAUSE
    assert breaker.wait(10.25) == FIRST_PAUSE - 0.25


def test_an_answer_between_failures_counts() -> None:
    breaker = Breaker()
    for _ in range(IN_A_ROW - 1):
        breaker.failed(0.0, 0.0)
    breaker.succeeded(0.0)

    assert not breaker.failed(0.0, 0.0)
    assert not breaker.is_open


def test_too_many_failures_among_the_last_outcomes_open_it_too() -> None:
    breaker = Breaker()
    for _ in range(TOO_MANY - 1):
        breaker.failed(0.0, 0.0)
        breaker.succeeded(0.0)

    assert breaker.failed(0.0, 0.0)


def test_old_outcomes_are_forgotten() -> None:
    breaker = Breaker()
    for _ in range(5):
        breaker.failed(0.0, 0.0)
        for _ in range(LAST - 1):
            breaker.succeeded(0.0)

    assert not breaker.is_open


def test_after_the_pause_one_tries_alone() -> None:
    breaker = opened(now=10.0)

    assert breaker.wait(10.0 + FIRST_PAUSE) == 0
    assert breaker.wait(10.0 + FIRST_PAUSE) > 0


def test_an_answer_to_who_tries_closes_it() -> None:
    breaker = opened(now=10.0)
    breaker.wait(11.0)

    assert breaker.succeeded(began=11.0)
    assert breaker.wait(11.0) == 0
    assert not breaker.failed(11.0, 11.0)


def test_each_attempt_that_fails_makes_the_pause_longer_up_to_a_bound() -> None:
    breaker, now, pauses = opened(now=0.0), 0.0, []
    for _ in range(6):
        pauses.append(breaker.wait(now))
        now += pauses[-1]
        assert breaker.wait(now) == 0
        breaker.failed(now, now)

    assert pauses == [1.0, 2.0, 4.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_what_was_asked_before_it_opened_changes_nothing_any_more() -> None:
    breaker = opened(now=10.0)

    assert not breaker.succeeded(began=9.0)
    assert not breaker.failed(began=9.0, now=10.5)
    assert breaker.wait(10.5) == FIRST_PAUSE - 0.5


def test_an_attempt_nobody_reports_on_is_followed_by_another() -> None:
    breaker = opened(now=10.0)
    breaker.wait(11.0)

    assert breaker.wait(11.0 + FIRST_PAUSE) == 0


# Across the network.


def hanging_up(line: Line, stage: Stage) -> None:
    stage.heard.append(line.hear())


def refusing(line: Line, stage: Stage) -> None:
    while heard := line.hear():
        stage.heard.append(heard)
        line.answer(b'{"code":"no"}', status=heard.split()[1][1:].decode() + " X")


def ask(neighborhood: Neighborhood, target: str = "/x", method: str = "POST") -> int:
    return neighborhood.send("library", method, target, {}).status


def test_a_neighbor_that_never_answers_is_not_asked_any_more() -> None:
    with playing(hanging_up) as stage:
        neighborhood = Neighborhood({"library": stage.url}, timeout=5)
        for _ in range(IN_A_ROW):
            with pytest.raises(NeighborUnavailable):
                ask(neighborhood)
        with pytest.raises(NeighborUnreached) as left_alone:
            ask(neighborhood)

    assert len(stage.heard) == IN_A_ROW
    assert left_alone.value.headers["Retry-After"] == "1"
    assert left_alone.value.code == "neighbor-unavailable"


def test_a_neighbor_that_answers_again_is_asked_again() -> None:
    def waking(line: Line, stage: Stage) -> None:
        while heard := line.hear():
            stage.heard.append(heard)
            if len(stage.heard) <= IN_A_ROW:
                return
            line.answer()

    with playing(waking) as stage:
        neighborhood = Neighborhood({"library": stage.url}, timeout=5)
        for _ in range(IN_A_ROW):
            with pytest.raises(NeighborUnavailable):
                ask(neighborhood)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                assert ask(neighborhood) == 200
                break
            except NeighborUnreached:
                time.sleep(0.05)
        assert [ask(neighborhood) for _ in range(3)] == [200] * 3


def test_who_watches_sees_that_a_neighbor_is_left_alone() -> None:
    def counted(outcome: str) -> float:
        told = {"neighbor": "watched", "outcome": outcome}
        return REGISTRY.get_sample_value("university_neighbor_requests_total", told) or 0.0

    with playing(hanging_up) as stage:
        neighborhood = Neighborhood({"watched": stage.url}, timeout=5)
        for _ in range(IN_A_ROW + 3):
            with pytest.raises(NeighborUnavailable):
                neighborhood.send("watched", "POST", "/", {})

    assert (counted("broken"), counted("spared"), counted("answered")) == (IN_A_ROW, 3, 0)
    assert REGISTRY.get_sample_value("university_neighbor_away", {"neighbor": "watched"}) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 429, 500, 503])
def test_whatever_is_answered_is_an_answer(status: int) -> None:
    with playing(refusing) as stage:
        neighborhood = Neighborhood({"library": stage.url}, timeout=5)

        assert [ask(neighborhood, f"/{status}") for _ in range(TOO_MANY * 2)] == [status] * (TOO_MANY * 2)


def test_one_neighbors_silence_is_not_anothers() -> None:
    with playing(hanging_up) as mute, playing(refusing) as stage:
        neighborhood = Neighborhood({"library": mute.url, "archive": stage.url}, timeout=5)
        for _ in range(IN_A_ROW + 1):
            with pytest.raises(NeighborUnavailable):
                ask(neighborhood)

        assert neighborhood.send("archive", "GET", "/200", {}).status == 200
