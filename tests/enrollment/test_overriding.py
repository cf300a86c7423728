"""Severities of a term and permissions of a student: what is named is permitted, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.enrollment.cases import NOW, case, codes, judge, met, section
from university.enrollment.rules.case import Case, Violation
from university.enrollment.rules.facts import Audience, Hold, Policy, Seats
from university.enrollment.rules.overriding import used, weigh
from university.enrollment.rules.permits import (
    CONSENT,
    FATAL,
    NEVER_OFF,
    OFF,
    OVERRIDABLE,
    PERMITTED,
    SOFTENED,
    STRUCTURAL,
    WARNING,
    Permission,
)

FULL = section("L1", restrictions=(Audience(program=("MAT",)),))
ALL = tuple(sorted({*OVERRIDABLE, *STRUCTURAL}))


def permission(*rules: str, **facts: Any) -> Permission:
    return Permission(**{"id": "p1", "student_id": "ann", "term_id": "term", "rules": rules, **facts})


def barred(*permissions: Permission, **facts: Any) -> Case:
    """Return a case of a full section that admits other programs only, asked for by somebody with a hold."""
    one = case(FULL, seats={"L1": Seats(0)}, permissions=permissions, **facts)
    return replace(one, standing=replace(one.standing, holds=(Hold("h", "Library", "desk", ("block-add",)),)))


def told(one: Case, spent: Mapping[str, int] | None = None) -> dict[str, str]:
    return {violation.code: violation.severity for violation in weigh(one, judge(one), spent)}


def test_a_permission_allows_what_it_names_and_nothing_else() -> None:
    one = barred(permission("section-full", "restricted"))

    weighed = weigh(one, judge(one))

    assert told(one) == {"hold": FATAL, "restricted": PERMITTED, "section-full": PERMITTED}
    assert used(weighed) == {"p1": ["restricted", "section-full"]}
    assert [violation.remedies for violation in weighed[1:]] == [(), ()]


@pytest.mark.parametrize(
    "facts",
    [
        {"student_id": "bob"},
        {"expires_at": NOW},
        {"expires_at": NOW - timedelta(seconds=1)},
        {"uses": 2, "used": 2},
        {"revoked": True},
        {"section_id": "L2"},
        {"offering_id": "offering-INF-1"},
    ],
    ids=str,
)
def test_a_permission_that_does_not_hold_here_allows_nothing(facts: dict[str, Any]) -> None:
    assert set(told(barred(permission("section-full", **facts))).values()) == {FATAL}


@pytest.mark.parametrize(
    "facts",
    [
        {"expires_at": NOW + timedelta(seconds=1)},
        {"uses": 2, "used": 1},
        {"section_id": "L1"},
        {"offering_id": "offering-MAT-101"},
    ],
    ids=str,
)
def test_a_permission_that_holds_here_allows(facts: dict[str, Any]) -> None:
    assert told(barred(permission("section-full", **facts)))["section-full"] == PERMITTED


def test_the_narrowest_permission_is_used_first_and_then_what_expires_first() -> None:
    wide, narrow = permission("section-full", id="a"), permission("section-full", id="b", section_id="L1")
    soon = permission("section-full", id="c", section_id="L1", expires_at=NOW + timedelta(days=1))

    assert used(weigh(barred(wide, narrow), judge(barred()))) == {"b": ["section-full"]}
    assert used(weigh(barred(wide, narrow, soon), judge(barred()))) == {"c": ["section-full"]}


def test_a_permission_that_is_used_anyway_is_used_for_the_rest_too() -> None:
    both, one = permission("restricted", "section-full", id="both"), permission("section-full", id="a", section_id="L1")

    assert used(weigh(barred(both, one), judge(barred()))) == {"both": ["restricted", "section-full"]}


def test_uses_by_other_items_count_and_uses_by_the_same_enrollment_do_not() -> None:
    last, gone = permission("section-full", uses=3, used=2), permission("section-full", used=1, covers=frozenset({"e"}))

    assert told(barred(last))["section-full"] == PERMITTED
    assert told(barred(last), {"p1": 1})["section-full"] == FATAL
    assert told(barred(gone))["section-full"] == FATAL
    assert told(barred(gone, enrollment_id="other"))["section-full"] == FATAL
    assert told(barred(gone, enrollment_id="e"))["section-full"] == PERMITTED


def test_a_permission_for_one_section_says_nothing_of_another_of_the_same_bundle() -> None:
    lecture, laboratory = section("L1"), section("B1", component="laboratory")
    one = case(lecture, laboratory, seats={"L1": Seats(0), "B1": Seats(0)})
    weighed = weigh(replace(one, permissions=(permission("section-full", section_id="L1"),)), judge(one))

    assert [violation.severity for violation in weighed if violation.code == "section-full"] == [PERMITTED, FATAL]


def test_a_term_may_warn_or_be_silent() -> None:
    warned, silent = (Policy({"restricted": severity, "section-full": severity}) for severity in (WARNING, OFF))

    assert told(barred(policy=warned)) == {"hold": FATAL, "restricted": WARNING, "section-full": FATAL}
    assert told(barred(policy=silent)) == {"hold": FATAL, "section-full": FATAL}


def test_what_is_unknown_is_never_passed_over_in_silence() -> None:
    unknown = replace(met(), result="UNKNOWN", apart_from_corequisites="UNKNOWN", text="MAT-1")
    one = case(requisites=(unknown,), policy=Policy(dict.fromkeys(SOFTENED, OFF)))

    assert told(one) == dict.fromkeys(NEVER_OFF, WARNING)


def test_no_section_is_taken_without_the_one_that_it_belongs_to() -> None:
    child = section("B1", parent_id="L1")
    one = case(child, permissions=(permission("bundle-incomplete"),), policy=Policy({"bundle-incomplete": OFF}))
    alone = case(section("B1", required=("lecture", "laboratory")), permissions=one.permissions)

    assert told(one) == {"bundle-incomplete": FATAL}
    assert told(alone) == {"bundle-incomplete": PERMITTED}


@pytest.mark.parametrize("facts", [{"consent": "instructor"}, {"rules": (CONSENT,)}], ids=str)
def test_a_requisite_that_rests_on_consent_uses_the_permission_that_gives_it(facts: dict[str, Any]) -> None:
    rests = replace(met(), rests_on_consent=True, text="CONSENT INSTRUCTOR")
    one, given_ = case(requisites=(rests,)), permission(**{"rules": (), **facts})

    assert told(one) == {"requisites-unmet": FATAL}
    assert told(replace(one, permissions=(given_,))) == {"requisites-unmet": PERMITTED}
    unmet = replace(rests, apart_from_corequisites="UNMET", rests_on_consent=False)
    assert told(replace(one, requisites=(unmet,), permissions=(given_,))) == {"requisites-unmet": FATAL}


PERMISSIONS = st.builds(
    Permission,
    id=st.sampled_from("pqrs"),
    student_id=st.sampled_from(["ann", "bob"]),
    term_id=st.just("term"),
    rules=st.lists(st.sampled_from(ALL), max_size=4).map(tuple),
    section_id=st.sampled_from([None, "L1", "L2"]),
    uses=st.integers(1, 3),
    used=st.integers(0, 3),
    expires_at=st.sampled_from([None, NOW, NOW + timedelta(hours=1)]),
    revoked=st.booleans(),
    covers=st.sampled_from([frozenset[str](), frozenset({"e"})]),
)
VIOLATIONS = st.lists(
    st.builds(Violation, st.sampled_from(ALL), section_id=st.sampled_from([None, "L1", "L3"])), max_size=5
)
POLICIES = st.builds(Policy, st.dictionaries(st.sampled_from(ALL), st.sampled_from([FATAL, WARNING, OFF])))


@settings(deadline=None)
@given(
    st.lists(PERMISSIONS, max_size=4, unique_by=lambda one: one.id),
    VIOLATIONS,
    POLICIES,
    st.sampled_from([None, "e"]),
    st.dictionaries(st.sampled_from("pqrs"), st.integers(0, 2)),
)
def test_nothing_is_permitted_that_is_not_named_and_no_use_is_exceeded(
    permissions: list[Permission],
    violations: list[Violation],
    policy: Policy,
    enrollment: str | None,
    spent: dict[str, int],
) -> None:
    one = case(permissions=tuple(permissions), policy=policy, enrollment_id=enrollment)

    weighed = weigh(one, violations, spent)

    by_id = {known.id: known for known in permissions}
    for violation in weighed:
        if violation.permission_id is not None:
            by = by_id[violation.permission_id]
            assert violation.severity == PERMITTED
            assert violation.code in by.rules
            assert by.student_id == "ann"
            assert by.stands(NOW)
            assert enrollment in by.covers or by.used + spent.get(by.id, 0) < by.uses
        else:
            assert violation.severity in {FATAL, WARNING}
    structural = [code for code in codes(violations) if code in STRUCTURAL]
    assert [code for code in codes(weighed) if code in STRUCTURAL] == structural
    assert all(violation.severity == FATAL for violation in weighed if violation.code in STRUCTURAL)
    softened = {code for code, severity in policy.severities.items() if severity != FATAL} & set(SOFTENED)
    for violation in violations:
        if violation.code not in softened:
            assert violation.code in codes(weighed)
