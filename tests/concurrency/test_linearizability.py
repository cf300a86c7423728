"""The judge of histories on its own: what it lets pass, what it flags, and that it comes to an end."""

import pytest

from tests.concurrency.linearizability import (
    Already,
    Answer,
    Dropped,
    Enrolled,
    Full,
    NotEnrolled,
    Operation,
    Roster,
    UndecidedError,
    contradictions,
    explained,
)

ANN, BOB, EVE = (Enrolled(name, f"{name}-1") for name in ("ann", "bob", "eve"))


def told(*spans: tuple[int, int, Answer], section: str = "A") -> list[Operation]:
    return [Operation(began, ended, section, answer) for began, ended, answer in spans]


def shown(*enrollments: str) -> Roster:
    return Roster(frozenset(enrollments))


@pytest.mark.parametrize(
    "history",
    [
        pytest.param([], id="nothing happened"),
        pytest.param(told((0, 1, ANN), (2, 3, Full("bob"))), id="the seat goes to the first"),
        pytest.param(told((0, 9, ANN), (1, 2, Full("bob"))), id="full before the winner was told"),
        pytest.param(told((0, 1, ANN), (2, 3, Already("ann"))), id="asked twice"),
        pytest.param(told((0, 5, ANN), (1, 6, Already("ann"))), id="asked twice at once"),
        pytest.param(told((0, 1, ANN), (2, 9, Dropped("ann", "ann-1")), (3, 4, BOB)), id="taken over during a drop"),
        pytest.param(
            told((0, 1, ANN), (2, 3, Dropped("ann", "ann-1")), (4, 5, NotEnrolled("ann", "ann-1"))), id="dropped twice"
        ),
        pytest.param(
            told((0, 1, ANN), (2, 3, Dropped("ann", "ann-1")), (4, 5, Enrolled("ann", "ann-2"))), id="came back"
        ),
        pytest.param(told((0, 9, ANN), (1, 2, shown()), (3, 4, shown("ann-1"))), id="seen from some moment on"),
        pytest.param(told((0, 9, ANN), (1, 9, shown("ann-1")), (1, 9, shown())), id="seen by one of two at once"),
    ],
)
def test_what_one_clerk_could_have_told_passes(history: list[Operation]) -> None:
    assert explained(history, capacity=1)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(told((0, 1, ANN), (2, 3, BOB)), id="oversold one after the other"),
        pytest.param(told((0, 9, ANN), (0, 9, BOB)), id="oversold at once"),
        pytest.param(told((0, 1, Full("bob")), (2, 3, ANN)), id="full before anybody came"),
        pytest.param(
            told((0, 1, ANN), (2, 3, Dropped("ann", "ann-1")), (4, 5, Full("bob"))), id="a seat given back is lost"
        ),
        pytest.param(told((0, 1, ANN), (2, 3, Full("ann"))), id="the holder is told full"),
        pytest.param(told((0, 1, Already("ann"))), id="already in without having come"),
        pytest.param(told((0, 1, Dropped("ann", "ann-1"))), id="dropped without having come"),
        pytest.param(
            told((0, 1, ANN), (2, 9, Dropped("ann", "ann-1")), (2, 9, Dropped("ann", "ann-1"))), id="dropped twice"
        ),
        pytest.param(told((0, 1, ANN), (2, 3, NotEnrolled("ann", "ann-1"))), id="a standing place denied"),
        pytest.param(told((0, 1, ANN), (2, 3, shown())), id="a stale roster"),
        pytest.param(told((0, 9, ANN), (1, 2, shown("ann-1")), (3, 4, shown())), id="rosters go back in time"),
        pytest.param(told((0, 1, ANN), (2, 3, shown("ann-1", "bob-1"))), id="a roster shows what never was"),
    ],
)
def test_what_no_clerk_could_have_told_is_flagged(history: list[Operation]) -> None:
    assert not explained(history, capacity=1)


def test_one_seat_more_explains_what_one_seat_less_does_not() -> None:
    history = told((0, 9, ANN), (0, 9, BOB), (0, 9, Full("eve")))

    assert [explained(history, capacity) for capacity in (1, 2, 3)] == [False, True, False]


def test_sections_are_judged_apart() -> None:
    good, bad = told((0, 1, ANN), (4, 5, Full("bob"))), told((2, 3, EVE), (6, 7, BOB), section="B")

    assert contradictions([*good, *bad], {"A": 1, "B": 1}) == {"B": bad}
    assert contradictions([*good, *bad], {"A": 1, "B": 2}) == {}


def test_states_are_tried_once_however_many_roads_lead_to_them() -> None:
    """Twelve who look at once can be put into 12! orders, through no more than 2^12 states."""
    looking = told(*[(1, 9, shown()) for _ in range(12)], (0, 10, ANN), (11, 12, shown()))

    assert not explained(looking, capacity=1, most_states=10_000)


def test_a_history_too_wild_to_judge_is_never_called_good() -> None:
    wild = told(*[(1, 9, Enrolled(f"s{n}", f"e{n}")) for n in range(24)], (10, 11, shown()))

    with pytest.raises(UndecidedError):
        explained(wild, capacity=24, most_states=1_000)
