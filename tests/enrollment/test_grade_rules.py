"""Scales: which grades there are, which pass, and what a posting makes of scale."""

import pytest
from hypothesis import given, settings, strategies as st

from university.course.rules import grades as of_requisites
from university.course.schemas.offerings import GradingScale
from university.enrollment.rules.grades import SCALES, Given, Posted, Scale, Wanted, passes, post, scale_of, written

PL, PASS, US = SCALES["pl"], SCALES["pl-pass"], SCALES["us"]
scales = st.sampled_from(sorted(SCALES)).map(SCALES.__getitem__)


def outcome(verdict: Posted | str) -> tuple[str, int] | str:
    return verdict if isinstance(verdict, str) else (verdict.outcome, verdict.attempt)


def test_every_scale_of_an_offering_has_grades() -> None:
    assert SCALES.keys() == {scale.value for scale in GradingScale}


def test_requisites_know_every_grade_that_can_be_posted_and_whether_it_passes() -> None:
    for scale in SCALES.values():
        for grade in scale.allowed:
            assert of_requisites.is_pass(grade) is passes(grade) is (grade in scale.passing)


@pytest.mark.parametrize(
    ("scale", "text", "kept"),
    [
        ("pl", "5", "5.0"),
        ("pl", "5,0", "5.0"),
        ("pl", " 5.0 ", "5.0"),
        ("pl", "4,5", "4.5"),
        ("pl", "2", "2.0"),
        ("pl", "4.7", None),
        ("pl", "2.5", None),
        ("pl", "1.0", None),
        ("pl", "5.5", None),
        ("pl", "05", None),
        ("pl", "4.50", None),
        ("pl", "zal", None),
        ("pl", "A", None),
        ("pl", "", None),
        ("pl-pass", "ZAL", "zal"),
        ("pl-pass", "NZal", "nzal"),
        ("pl-pass", "5.0", None),
        ("us", "b+", "B+"),
        ("us", "a-", "A-"),
        ("us", "F", "F"),
        ("us", "F-", None),
        ("us", "E", None),
        ("us", "P", None),
        ("us-pass", "np", "NP"),
        ("us-pass", "p", "P"),
    ],
)
def test_a_grade_is_kept_as_its_scale_writes_it(scale: str, text: str, kept: str | None) -> None:
    assert SCALES[scale].find(text) == kept


def test_the_lowest_grade_that_passes_is_a_three_or_a_d_minus() -> None:
    assert [scale.passing[0] for scale in SCALES.values()] == ["3.0", "zal", "D-", "P"]


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        (Given(), Wanted("4.0"), ("posted", 1)),
        (Given(), Wanted("2.0"), ("posted", 1)),
        (Given(), Wanted("4.0", attempt=1), ("posted", 1)),
        (Given(), Wanted("4.0", attempt=2), "attempt-not-open"),
        (Given("4.0", 1), Wanted("4"), ("unchanged", 1)),
        (Given("4.0", 1), Wanted("4.5"), "reason-missing"),
        (Given("4.0", 1), Wanted("4.5", reason="Mistyped."), ("corrected", 1)),
        (Given("4.0", 1), Wanted("4.5", attempt=2), "attempt-not-open"),
        (Given("2.0", 1), Wanted("3.0"), ("second-attempt", 2)),
        (Given("2.0", 1), Wanted("2.0"), ("unchanged", 1)),
        (Given("2.0", 1), Wanted("2.0", attempt=2), ("second-attempt", 2)),
        (Given("2.0", 1), Wanted("3.0", reason="Mistyped."), ("corrected", 1)),
        (Given("2.0", 1), Wanted("3.0", attempt=1), "reason-missing"),
        (Given("2.0", 1), Wanted("3.0", attempt=2, reason="Late."), ("second-attempt", 2)),
        (Given("2.0", 2), Wanted("3.0"), "reason-missing"),
        (Given("2.0", 2), Wanted("3.0", reason="Mistyped."), ("corrected", 2)),
        (Given("2.0", 2), Wanted("2.0", attempt=1), "attempt-not-open"),
        (Given("3.0", 2), Wanted("2.0"), "reason-missing"),
        (Given("excellent", 1), Wanted("5.0"), "reason-missing"),
        (Given("4.0", 1), Wanted("excellent", reason="True."), "grade-not-on-scale"),
    ],
)
def test_a_failing_grade_may_be_followed_by_one_more_attempt(
    before: Given, wanted: Wanted, after: tuple[str, int] | str
) -> None:
    assert outcome(post(PL, before, wanted)) == after


def test_an_american_scale_knows_no_second_attempt() -> None:
    assert outcome(post(US, Given("F", 1), Wanted("A"))) == "reason-missing"
    assert outcome(post(US, Given("F", 1), Wanted("A", attempt=2))) == "attempt-not-open"
    assert outcome(post(PASS, Given("nzal", 1), Wanted("zal"))) == ("second-attempt", 2)


def test_an_enrollment_without_a_scale_has_that_of_its_grade() -> None:
    assert [scale_of(None, grade).name for grade in ("4,5", "NP", "b", None, "excellent")] == [
        "pl",
        "us-pass",
        "us",
        "pl",
        "pl",
    ]
    assert scale_of("us", "4.5").name == "us"


def test_a_grade_recorded_from_elsewhere_is_written_as_its_scale_does() -> None:
    assert [written(grade) for grade in ("5", "4,5", "ZAL", "b+", "excellent")] == [
        "5.0",
        "4.5",
        "zal",
        "B+",
        "excellent",
    ]


@settings(deadline=None)
@given(scale=scales, data=st.data())
def test_what_was_posted_stays_so_when_it_is_posted_again(scale: Scale, data: st.DataObject) -> None:
    grade = data.draw(st.sampled_from(scale.allowed))
    before = Given(data.draw(st.sampled_from([None, *scale.allowed])), data.draw(st.integers(1, scale.attempts)))
    verdict = post(scale, before if before.grade else Given(), Wanted(grade, reason="Because."))
    assert isinstance(verdict, Posted)
    assert verdict.passed is (grade in scale.passing)
    again = post(scale, Given(verdict.grade, verdict.attempt), Wanted(verdict.grade))
    assert outcome(again) == ("unchanged", verdict.attempt)


@settings(deadline=None)
@given(scale=scales, texts=st.lists(st.text(max_size=4), max_size=8), data=st.data())
def test_no_history_has_more_attempts_than_the_scale_and_none_follows_a_pass(
    scale: Scale, texts: list[str], data: st.DataObject
) -> None:
    now = Given()
    for text in [*texts, *data.draw(st.lists(st.sampled_from(scale.allowed), max_size=8))]:
        attempt = data.draw(st.sampled_from([None, 1, 2]))
        verdict = post(scale, now, Wanted(text, attempt, data.draw(st.sampled_from([None, "Because."]))))
        if isinstance(verdict, Posted):
            assert verdict.attempt <= scale.attempts
            if verdict.attempt > max(now.attempt, 1):
                assert now.grade in scale.failing
            now = Given(verdict.grade, verdict.attempt)
