"""Every rule allowed and refused at its boundary."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.enrollment.cases import NOW, TERM, TODAY, case, codes, failed, met, passed, place, section, window
from university.enrollment.rules.facts import (
    Attempt,
    Audience,
    Course,
    Deadlines,
    Hold,
    Occurrence,
    PoolSeats,
    RequisiteAnswer,
    Seats,
    Standing,
)
from university.enrollment.rules.judgement import judge
from university.enrollment.rules.schedule import clashes
from university.enrollment.rules.timing import may_drop


def test_a_student_to_whom_nothing_is_forbidden_may_register() -> None:
    assert judge(case()) == []


@pytest.mark.parametrize("status", ["on-leave", "suspended", "graduated", "withdrawn"])
def test_only_active_students_register(status: str) -> None:
    (violation,) = judge(case(standing=replace(case().standing, status=status)))
    assert violation.code == "student-not-active"
    assert violation.params == {"status": status}


def _hold(**facts: Any) -> Hold:
    return Hold(
        **{"id": "h", "reason": "Unpaid fee", "contact": "fees@example.edu", "effects": ("block-add",), **facts}
    )


@pytest.mark.parametrize(
    ("hold", "blocked"),
    [
        (_hold(), True),
        (_hold(effects=("block-drop",)), False),
        (_hold(starts_on=TODAY), True),
        (_hold(starts_on=TODAY + timedelta(days=1)), False),
        (_hold(ends_on=TODAY), True),
        (_hold(ends_on=TODAY - timedelta(days=1)), False),
    ],
)
def test_a_hold_blocks_from_its_first_through_its_last_day(hold: Hold, blocked: bool) -> None:
    violations = judge(case(standing=replace(case().standing, holds=(hold,))))
    assert codes(violations) == (["hold"] if blocked else [])
    if blocked:
        assert violations[0].params["contact"] == "fees@example.edu"


def test_every_hold_is_told() -> None:
    holds = (_hold(id="one"), _hold(id="two"))
    assert codes(judge(case(standing=replace(case().standing, holds=holds)))) == ["hold", "hold"]


def test_a_window_is_open_from_its_opening_up_to_but_not_at_its_closing() -> None:
    assert judge(case(windows=(window(opens_at=NOW),))) == []
    assert codes(judge(case(windows=(window(opens_at=NOW + timedelta(seconds=1)),)))) == ["window-not-open"]
    assert judge(case(windows=(window(closes_at=NOW + timedelta(microseconds=1)),))) == []
    assert codes(judge(case(windows=(window(closes_at=NOW),)))) == ["window-closed"]


def test_without_a_window_nobody_registers() -> None:
    (violation,) = judge(case(windows=()))
    assert (violation.code, violation.params["opens_at"]) == ("window-not-open", None)


def test_the_next_opening_is_told() -> None:
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=5)
    (violation,) = judge(case(windows=(window(opens_at=later), window(opens_at=soon))))
    assert violation.params["opens_at"] == soon.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("audience", [Audience(program=("MAT",)), Audience(stage=(1,)), Audience(group=("erasmus",))])
def test_a_window_for_others_is_not_mine(audience: Audience) -> None:
    assert codes(judge(case(windows=(window(audience=audience),)))) == ["window-not-open"]
    mine = window(audience=Audience(program=("INF",), stage=(2,), group=("group-a",)))
    assert judge(case(windows=(window(audience=audience), mine))) == []


def test_a_window_may_ask_for_earned_credits() -> None:
    asking = (window(min_ects=10),)
    assert codes(judge(case(windows=asking, attempts=(passed("A", 9.5),)))) == ["window-not-open"]
    assert judge(case(windows=asking, attempts=(passed("A", 10.0),))) == []


def test_the_last_day_of_a_deadline_counts() -> None:
    on_the_day = case(today=date(2026, 10, 14))
    assert judge(on_the_day) == []
    (violation,) = judge(replace(on_the_day, today=date(2026, 10, 15)))
    assert violation.code == "deadline-passed"
    assert violation.params == {"deadline": "add", "until": "2026-10-14", "course": "MAT-101"}


def test_dropping_ends_with_its_own_deadline_and_is_blocked_by_its_own_holds() -> None:
    early = Deadlines(date(2026, 9, 1), TODAY, date(2026, 12, 1))
    dropping = case(section("L1", deadlines=early))
    assert may_drop(dropping) == []
    assert codes(may_drop(replace(dropping, today=TODAY + timedelta(days=1)))) == ["deadline-passed"]
    blocked = replace(dropping.standing, holds=(_hold(effects=("block-drop",)), _hold()))
    assert codes(may_drop(replace(dropping, standing=blocked))) == ["hold"]


@pytest.mark.parametrize(
    ("result", "expected"),
    [("MET", []), ("CONDITIONAL", []), ("UNMET", ["requisites-unmet"]), ("UNKNOWN", ["requisites-unknown"])],
)
def test_missing_data_is_never_a_silent_pass(result: str, expected: list[str]) -> None:
    answer = RequisiteAnswer("id", "MAT-101", result, "MAT-100", {"kind": "course"}, apart_from_corequisites=result)
    violations = judge(case(requisites=(answer,)))
    assert codes(violations) == expected
    if expected:
        assert violations[0].params["tree"] == {"kind": "course"}


def test_a_missing_corequisite_is_told_as_such() -> None:
    answer = RequisiteAnswer("id", "FIZ-101", "UNMET", "FIZ-101L WITH", missing_corequisites=("FIZ-101L",))
    (violation,) = judge(case(requisites=(answer,)))
    assert violation.code == "corequisite-missing"
    assert violation.remedies[0].params == {"course": "FIZ-101L"}


@pytest.mark.parametrize(
    ("audience", "unmet"),
    [
        (Audience(program=("MAT", "FIZ")), {"program": ["MAT", "FIZ"]}),
        (Audience(stage=(3,)), {"stage": [3]}),
        (Audience(group=("erasmus",)), {"group": ["erasmus"]}),
        (Audience(level=("master",)), {"level": ["master"]}),
        (Audience(consent="instructor"), {"consent": "instructor"}),
        (Audience(program=("INF",), stage=(2,), group=("group-a",), level=("bachelor",)), None),
    ],
)
def test_a_restriction_names_what_it_asks_for(audience: Audience, unmet: dict[str, Any] | None) -> None:
    violations = judge(case(section("L1", restrictions=(Audience(), audience))))
    assert codes(violations) == (["restricted"] if unmet else [])
    if unmet:
        assert unmet.items() <= violations[0].params.items()


@pytest.mark.parametrize("status", ["enrolled", "waitlisted", "offered", "review"])
def test_one_standing_enrollment_an_offering(status: str) -> None:
    assert "already-enrolled" in codes(judge(case(schedule=(place("MAT-101", status=status),))))


def test_a_passed_course_is_not_repeated_unless_it_is_repeatable() -> None:
    assert codes(judge(case(attempts=(passed("MAT-101"),)))) == ["repeat-not-allowed"]
    repeatable = Course("id-MAT-101", "MAT-101", "t", repeatable=True)
    assert judge(case(section_of(repeatable), attempts=(passed("MAT-101"),))) == []


def test_what_was_recognized_for_an_equivalent_counts_by_its_code_and_one_of_the_house_by_its_id() -> None:
    answers = (RequisiteAnswer("id-MAT-101", "MAT-101", "MET", equivalents=("MAT-101E",)),)
    recognized, renamed = Attempt("", "MAT-101E", passed=True), Attempt("id-other", "MAT-101", passed=True)
    assert codes(judge(case(requisites=answers, attempts=(recognized,)))) == ["repeat-not-allowed"]
    assert judge(case(requisites=answers, attempts=(renamed,))) == []


def section_of(course: Course) -> Any:
    return replace(section("L1"), course=course)


def test_an_equivalent_or_recognized_course_counts_as_passed() -> None:
    equivalent = section_of(Course("id-MAT-101", "MAT-101", "t", equivalents=("id-MAT-100",)))
    assert codes(judge(case(equivalent, attempts=(passed("MAT-100"),)))) == ["repeat-not-allowed"]
    recognized = Attempt("", "MAT-101", passed=True)
    assert codes(judge(case(attempts=(recognized,)))) == ["repeat-not-allowed"]


def test_attempts_are_counted_up_to_the_limit() -> None:
    twice = section_of(Course("id-MAT-101", "MAT-101", "t", max_attempts=2))
    assert judge(case(twice, attempts=(failed("MAT-101"),))) == []
    (violation,) = judge(case(twice, attempts=(failed("MAT-101"), failed("MAT-101"))))
    assert (violation.code, violation.params["because"]) == ("repeat-not-allowed", "attempts")


def _at(*occurrences: tuple[str, str, str]) -> Any:
    return section("X1", course="FIZ-101", occurrences=occurrences)


@pytest.mark.parametrize(
    ("other", "dates"),
    [
        (("2026-10-05", "11:29", "12:00"), ["2026-10-05"]),
        (("2026-10-05", "11:30", "12:00"), []),
        (("2026-10-05", "08:00", "10:00"), []),
        (("2026-10-05", "08:00", "10:01"), ["2026-10-05"]),
        (("2026-10-05", "10:30", "11:00"), ["2026-10-05"]),
        (("2026-10-06", "10:00", "11:30"), []),
    ],
)
def test_ends_are_half_open_and_only_the_same_date_clashes(other: tuple[str, str, str], dates: list[str]) -> None:
    violations = judge(case(schedule=(place("FIZ-101", _at(other)),)))
    assert [violation.params["dates"] for violation in violations] == ([dates] if dates else [])


_HOURS = st.tuples(st.sampled_from(["2026-10-05", "2026-10-06"]), st.integers(0, 5), st.integers(0, 5)).map(
    lambda at: (at[0], f"{8 + min(at[1:]):02}:00", f"{9 + max(at[1:]):02}:00")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_HOURS, max_size=4), st.lists(_HOURS, max_size=4))
def test_a_clash_is_mutual_and_shares_a_minute(one: list[Occurrence], other: list[Occurrence]) -> None:
    shared = {a[0] for a in one for b in other if a[0] == b[0] and max(a[1], b[1]) < min(a[2], b[2])}
    assert clashes(one, other) == clashes(other, one) == sorted(shared)


def test_odd_and_even_weeks_do_not_clash_until_a_day_runs_as_another() -> None:
    odd = section("L1", occurrences=(("2026-10-05", "10:00", "11:30"), ("2026-10-19", "10:00", "11:30")))
    even = _at(("2026-10-12", "10:00", "11:30"), ("2026-10-26", "10:00", "11:30"))
    assert judge(case(odd, schedule=(place("FIZ-101", even),))) == []
    substituted = _at(*even.occurrences, ("2026-10-19", "10:00", "11:30"))
    (violation,) = judge(case(odd, schedule=(place("FIZ-101", substituted),)))
    assert violation.params["dates"] == ["2026-10-19"]


def test_a_section_without_time_never_clashes() -> None:
    assert judge(case(section("L1", occurrences=()), schedule=(place("FIZ-101", _at()),))) == []
    timed = place("FIZ-101", section("Y", course="FIZ-101"))
    assert judge(case(section("L1", occurrences=()), schedule=(timed,))) == []


def test_a_section_that_was_canceled_takes_nobodys_time() -> None:
    canceled, closed = (replace(section("X1", course="FIZ-101"), status=status) for status in ("canceled", "closed"))
    assert judge(case(schedule=(place("FIZ-101", canceled),))) == []
    assert codes(judge(case(schedule=(place("FIZ-101", closed),)))) == ["time-conflict"]


def test_sections_of_one_bundle_clash_with_each_other_too() -> None:
    bundle = (
        section("L1", required=("lecture", "laboratory")),
        section("B1", component="laboratory", required=("lecture", "laboratory")),
    )
    assert codes(judge(case(*bundle))) == ["time-conflict"]


def test_waiting_enrollments_neither_clash_nor_count() -> None:
    waiting = place("FIZ-101", section("X1", course="FIZ-101"), ects=40.0, status="waitlisted")
    assert judge(case(schedule=(waiting,))) == []


def test_the_smallest_credit_limit_counts_and_may_be_reached() -> None:
    full = place("FIZ-101", ects=35.0)
    assert judge(case(schedule=(full,))) == []
    (violation,) = judge(case(schedule=(replace(full, ects=35.5),)))
    assert violation.params == {"limit": 40, "limited_by": "term", "current": 35.5, "after": 40.5}


def test_credits_add_up_as_on_paper() -> None:
    term = replace(TERM, max_ects=3.3)
    assert judge(case(section("L1", ects=1.1, term=term), schedule=(place("FIZ-101", ects=2.2),))) == []
    assert codes(judge(case(section("L1", ects=1.2, term=term), schedule=(place("FIZ-101", ects=2.2),)))) == [
        "credit-limit"
    ]


@pytest.mark.parametrize(
    ("facts", "limited_by"),
    [
        ({"standing": Standing("ann", 1, "active", max_ects=4)}, "program"),
        ({"windows": (window(max_ects=4),)}, "window"),
        ({"windows": (window(max_ects=4), window(max_ects=4.5))}, "window"),
        ({"windows": (window(max_ects=4), window())}, None),
        ({"windows": (window(max_ects=4), window(max_ects=30, opens_at=NOW + timedelta(days=1)))}, "window"),
    ],
)
def test_program_and_open_windows_limit_credits(facts: dict[str, Any], limited_by: str | None) -> None:
    violations = judge(case(**facts))
    assert [violation.params["limited_by"] for violation in violations] == ([limited_by] if limited_by else [])


def test_a_bundle_needs_one_section_of_each_required_component() -> None:
    lecture = section("L1", required=("lecture", "laboratory"))
    lab = section("B1", component="laboratory", required=("lecture", "laboratory"), occurrences=())
    assert judge(case(lecture, lab)) == []
    (violation,) = judge(case(lecture, siblings=(lab,)))
    assert (violation.code, violation.params["component"]) == ("bundle-incomplete", "laboratory")
    assert [remedy.params["section_id"] for remedy in violation.remedies] == ["B1"]


def test_a_child_needs_its_parent() -> None:
    lecture, lab = section("L1"), section("B1", component="laboratory", parent_id="L1", occurrences=())
    assert judge(case(lecture, lab)) == []
    (violation,) = judge(case(lab, siblings=(lecture,)))
    assert (violation.code, violation.params["parent_id"]) == ("bundle-incomplete", "L1")


def test_a_bundle_has_nothing_twice_and_nothing_foreign() -> None:
    second = section("L2", occurrences=())
    (violation,) = judge(case(section("L1"), second))
    assert (violation.code, violation.params["because"]) == ("bundle-invalid", "too-many")
    foreign = section("X1", course="FIZ-101", occurrences=())
    (violation,) = judge(case(section("L1"), foreign))
    assert (violation.code, violation.params["because"]) == ("bundle-invalid", "several-offerings")
    unasked = section("S1", component="seminar", required=("lecture",), occurrences=())
    (violation,) = judge(case(section("L1", required=("lecture",)), unasked))
    assert (violation.code, violation.params["because"]) == ("bundle-invalid", "not-required")


@pytest.mark.parametrize(
    ("seats", "allowed"),
    [
        (Seats(1), True),
        (Seats(1, taken=1), False),
        (Seats(0), False),
        (Seats(None, taken=100_000), True),
        (Seats(2, taken=1, held=1), False),
        (Seats(2, taken=1, reserved=1), False),
        (Seats(2, taken=3), False),
    ],
)
def test_a_seat_is_there_or_it_is_not(seats: Seats, allowed: bool) -> None:
    violations = judge(case(seats={"L1": seats}))
    assert codes(violations) == ([] if allowed else ["section-full"])


def test_a_reserved_seat_is_for_its_audience_and_told_to_others() -> None:
    for_me = PoolSeats(0, 5, 0, Audience(program=("INF",)))
    for_others = PoolSeats(0, 5, 4, Audience(group=("erasmus",)))
    assert judge(case(seats={"L1": Seats(5, reserved=5, pools=(for_me,))})) == []
    (violation,) = judge(case(seats={"L1": Seats(5, taken=4, reserved=1, pools=(for_others,))}))
    assert violation.params["reserved"] == [{"free": 1, "program": [], "stage": [], "group": ["erasmus"]}]


def test_the_narrowest_pool_that_fits_comes_first() -> None:
    standing = case().standing
    broad = PoolSeats(0, 5, 0, Audience(program=("INF", "MAT")))
    narrow = PoolSeats(1, 5, 0, Audience(program=("INF",), stage=(2,)))
    foreign = PoolSeats(2, 5, 0, Audience(program=("MAT",)))
    used_up = PoolSeats(3, 5, 5, Audience(program=("INF",), stage=(2,), group=("group-a",)))
    seats = Seats(30, reserved=15, pools=(broad, narrow, foreign, used_up))
    assert [pool.position for pool in seats.pools_for(standing)] == [1, 0]


@pytest.mark.parametrize(("status", "code"), [("closed", "section-closed"), ("canceled", "section-canceled")])
def test_only_open_sections_are_registered_for(status: str, code: str) -> None:
    assert codes(judge(case(section("L1", status=status)))) == [code]


def test_all_violations_are_told_at_once() -> None:
    wished = section(
        "L1",
        status="open",
        restrictions=(Audience(program=("MAT",)),),
        deadlines=Deadlines(date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 1)),
        required=("lecture", "laboratory"),
        term=replace(TERM, max_ects=4),
    )
    everything = case(
        wished,
        standing=Standing("ann", 1, "suspended", "INF", holds=(_hold(),)),
        windows=(window(closes_at=datetime(2026, 9, 21, tzinfo=UTC)),),
        requisites=(
            RequisiteAnswer("id", "MAT-101", "UNMET", apart_from_corequisites="UNMET", missing_corequisites=("Z",)),
        ),
        schedule=(place("MAT-101"), place("FIZ-101", section("X1", course="FIZ-101"))),
        attempts=(passed("MAT-101"),),
        seats={"L1": Seats(0)},
    )
    assert codes(judge(everything)) == [
        "student-not-active",
        "hold",
        "window-closed",
        "deadline-passed",
        "bundle-incomplete",
        "restricted",
        "already-enrolled",
        "repeat-not-allowed",
        "requisites-unmet",
        "corequisite-missing",
        "time-conflict",
        "credit-limit",
        "section-full",
    ]


def test_met_requisites_of_two_courses_say_nothing() -> None:
    assert judge(case(requisites=(met("A"), met("B")))) == []
