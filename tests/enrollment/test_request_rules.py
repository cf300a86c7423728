"""Several items judged by pure functions: together whatever their order, in turn as far as they fit, with remedies."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from tests.enrollment.cases import NOW, case, codes, place, section, window
from tests.enrollment.test_remedies import ASKED_OF_PEOPLE, seats, sections
from university.enrollment.rules.case import Case, Remedy, Violation
from university.enrollment.rules.facts import (
    Audience,
    Deadlines,
    Hold,
    Place,
    PoolSeats,
    RequisiteAnswer,
    Seats,
    SectionFacts,
)
from university.enrollment.rules.request import Leaving, Request, judge_in_turn, judge_together

COURSES = ("MAT-101", "FIZ-101", "INF-101", "INF-102")
TAKEN = "HIS-101"


def leaving(one: Place) -> Leaving:
    return Leaving(one, dict.fromkeys((taken.id for taken in one.sections), None))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A student with one or two places who asks for up to four courses, and gives a place back or not."""
    wished = draw(st.lists(st.sampled_from(COURSES), min_size=1, max_size=4))
    adds = {at: (draw(sections(f"{course}-{at}", course)),) for at, course in enumerate(wished)}
    siblings = tuple(draw(sections(f"{course}-S{n}", course)) for course in set(wished) for n in range(2))
    schedule = tuple(
        place(course, draw(sections(f"{course}-X", course))) for course in (TAKEN, "MAT-101")[: draw(st.integers(1, 2))]
    )
    left = [leaving(one) for one in schedule[: draw(st.integers(0, 1))]]
    holds = tuple(
        Hold("hold", "r", "c", (effect,)) for effect in draw(st.sampled_from([(), ("block-add",), ("block-drop",)]))
    )
    known = [*(one for wish in adds.values() for one in wish), *siblings]
    base = case(
        schedule=schedule,
        siblings=siblings,
        standing=replace(case().standing, holds=holds, max_ects=draw(st.sampled_from([None, 9.0, 14.0]))),
        windows=(window(opens_at=NOW + timedelta(hours=draw(st.sampled_from([-1, -1, 1])))),),
        requisites=tuple(RequisiteAnswer(f"id-{course}", course, "MET") for course in set(wished)),
        seats={one.id: draw(seats()) for one in known},
    )
    return Request(replace(base, wish=()), adds, {len(adds) + at: one for at, one in enumerate(left)})


def apply(one: Request, item: int, remedy: Remedy) -> Request:
    """Return the request as it is when a remedy told of an item was carried out."""
    params, known = remedy.params, {sibling.id: sibling for sibling in one.case.siblings}
    wish = one.adds.get(item, ())
    match remedy.action:
        case "remove-item":
            adds = {at: bundle for at, bundle in one.adds.items() if at != params["item"]}
            return replace(one, adds=adds, drops={at: drop for at, drop in one.drops.items() if at != params["item"]})
        case "choose-section":
            kept = tuple(section for section in wish if section.id != params["instead_of"])
            return replace(one, adds={**one.adds, item: (*kept, known[params["section_id"]])})
        case "add-section":
            return replace(one, adds={**one.adds, item: (*wish, known[params["section_id"]])})
        case "drop-enrollment":
            (left,) = [taken for taken in one.case.schedule if taken.enrollment_id == params["enrollment_id"]]
            return replace(one, drops={**one.drops, 99: leaving(left)})
        case "lift-hold":
            return replace(one, case=replace(one.case, standing=replace(one.case.standing, holds=())))
        case "wait-until":
            return replace(one, case=replace(one.case, now=datetime.fromisoformat(params["at"])))
        case "join-waitlist":
            return replace(one, waits=one.waits | {item})
        case action:
            raise AssertionError(f"nobody can carry out {action} in a request")


def same(one: Violation, other: Violation) -> bool:
    about = ("hold_id", "enrollment_id", "with_section_id", "with_item", "component", "because", "window")
    return (one.code, one.section_id) == (other.code, other.section_id) and all(
        one.params.get(name) == other.params.get(name) for name in about
    )


@settings(max_examples=300, deadline=None)
@given(requests())
def test_a_remedy_applied_inside_a_request_makes_its_violation_disappear(one: Request) -> None:
    several = len(one.adds) + len(one.drops) > 1
    for item, violations in judge_together(one).items():
        for violation in violations:
            assert violation.remedies
            for remedy in violation.remedies:
                if remedy.action in ASKED_OF_PEOPLE or (remedy.action == "remove-section" and not several):
                    continue
                after = judge_together(apply(one, item, remedy)).get(item, [])
                assert not any(same(violation, other) for other in after), (violation, remedy)


@settings(max_examples=200, deadline=None)
@given(requests())
def test_whatever_is_carried_out_in_turn_stands_on_its_own_too(one: Request) -> None:
    accepted = {item for item, violations in judge_in_turn(one).items() if not violations}

    alone = Request(
        one.case,
        {item: wish for item, wish in one.adds.items() if item in accepted},
        {item: left for item, left in one.drops.items() if item in accepted},
    )

    assert not any(judge_together(alone).values())


@settings(max_examples=200, deadline=None)
@given(requests())
def test_the_order_of_items_does_not_matter_to_a_request_that_is_judged_whole(one: Request) -> None:
    moved = {at: len(one.adds) - 1 - at for at in one.adds}
    turned = replace(one, adds={moved[at]: wish for at, wish in one.adds.items()})

    before, after = judge_together(one), judge_together(turned)

    assert {at: sorted(codes(before[at])) for at in one.adds} == {
        at: sorted(codes(after[moved[at]])) for at in one.adds
    }


def test_touching_items_do_not_clash_and_overlapping_ones_do_on_both() -> None:
    first = section("L1", "MAT-101")
    after = section("L2", "FIZ-101", occurrences=(("2026-10-05", "11:30", "13:00"),))
    across = section("L3", "FIZ-101", occurrences=(("2026-10-05", "11:29", "13:00"),))

    assert verdict(asking(first, after)) == [[], []]
    assert verdict(asking(first, across)) == [["time-conflict"], ["time-conflict"]]


def test_credits_up_to_the_limit_fit_and_one_more_does_not() -> None:
    standing = replace(case().standing, max_ects=10.0)
    exact, over = section("L2", "FIZ-101", occurrences=()), section("L2", "FIZ-101", ects=5.5, occurrences=())

    assert verdict(asking(section("L1"), exact, standing=standing)) == [[], []]
    assert verdict(asking(section("L1"), over, standing=standing)) == [["credit-limit"], ["credit-limit"]]


def test_a_seat_given_back_to_a_pool_is_there_for_the_audience_of_the_pool_only() -> None:
    wished = section("L1")
    pool = PoolSeats(0, 1, 1, Audience(program=("INF",)))
    full = Seats(1, taken=1, pools=(pool,))

    for program, expected in (("INF", []), ("MAT", ["section-full"])):
        standing = replace(case().standing, program=program)
        one = asking(wished, standing=standing, seats={"L1": full}, schedule=(place("MAT-101", wished),))
        one = replace(one, drops={1: Leaving(one.case.schedule[0], {"L1": 0})})
        assert verdict(one) == [expected, []]
    assert full.given_back(None).open == 1
    assert full.given_back(0).open == 0


def test_a_full_section_stays_full_for_who_gives_back_another_seat() -> None:
    wished, other = section("L1"), section("X1", TAKEN)
    one = asking(wished, seats={"L1": Seats(1, taken=1)}, schedule=(place(TAKEN, other),))

    assert verdict(replace(one, drops={1: leaving(one.case.schedule[0])})) == [["section-full"], []]


def test_the_last_day_to_drop_counts_for_drops_in_requests() -> None:
    for until, expected in ((NOW.date(), []), (NOW.date() - timedelta(days=1), ["deadline-passed"])):
        held = section("X1", TAKEN, deadlines=Deadlines(NOW.date(), until, until))
        one = asking(section("L1"), schedule=(place(TAKEN, held),))
        assert verdict(replace(one, drops={1: leaving(one.case.schedule[0])})) == [[], expected]


def test_only_an_item_of_several_can_be_left_out() -> None:
    full = {"seats": {"L1": Seats(0), "L2": Seats(9)}}
    alone, beside = (
        asking(section("L1"), **full),
        asking(section("L1"), section("L2", "FIZ-101", occurrences=()), **full),
    )

    assert [remedy.action for remedy in judge_together(alone)[0][0].remedies] == ["join-waitlist", "remove-section"]
    (_wait, remedy) = judge_together(beside)[0][0].remedies
    assert (remedy.action, remedy.params["item"]) == ("remove-item", 0)


def asking(*wished: SectionFacts, **facts: Any) -> Request:
    """Return a request that adds each section as an item of its own."""
    adds = {at: (one,) for at, one in enumerate(wished)}
    answers = tuple(RequisiteAnswer(one.course.id, one.course.code, "MET") for one in wished)
    base: Case = case(*wished, requisites=answers, **facts)
    return Request(replace(base, wish=()), adds, {})


def verdict(one: Request) -> list[list[str]]:
    return [codes(violations) for violations in judge_together(one).values()]
