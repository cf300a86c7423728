"""A remedy that was carried out makes its violation disappear, whatever else is wrong; both languages can tell it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from tests.enrollment.cases import NOW, TERM, TODAY, apply, case, place, section, window
from university.enrollment import texts
from university.enrollment.rules.case import Case, Violation
from university.enrollment.rules.facts import Audience, Hold, PoolSeats, RequisiteAnswer, Seats, SectionFacts, Standing
from university.enrollment.rules.judgement import judge
from university.platform import language

ASKED_OF_PEOPLE = {"ask-permission", "ask-consent"}
HOURS = st.sampled_from(["08:00", "09:00", "10:00", "11:00", "12:00"])
REQUIRED = ("lecture", "laboratory")


@st.composite
def sections(draw: st.DrawFn, key: str, course: str = "MAT-101", component: str = "lecture") -> SectionFacts:
    start = draw(HOURS)
    day = draw(st.sampled_from(["2026-10-05", "2026-10-06"]))
    return section(
        key,
        course,
        component=component,
        required=draw(st.sampled_from([(), REQUIRED])) if course != "MAT-101" else REQUIRED,
        occurrences=((day, start, f"{int(start[:2]) + 2:02}:00"),),
        status=draw(st.sampled_from(["open", "open", "open", "closed", "canceled"])),
        restrictions=draw(st.sampled_from([(), (), (Audience(program=("MAT",)),), (Audience(consent="instructor"),)])),
        term=replace(TERM, max_ects=draw(st.sampled_from([None, 4.0, 10.0, 40.0]))),
    )


@st.composite
def seats(draw: st.DrawFn) -> Seats:
    capacity = draw(st.sampled_from([None, 0, 1, 30]))
    pool = PoolSeats(0, 1, 0, Audience(group=(draw(st.sampled_from(["group-a", "erasmus"])),)))
    pools = (pool,) if draw(st.booleans()) else ()
    return Seats(capacity, taken=draw(st.integers(0, 2)), reserved=len(pools), pools=pools)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    wish = tuple(
        draw(
            st.sampled_from(
                [
                    (draw(sections("L1")),),
                    (draw(sections("B1", component="laboratory")),),
                    (draw(sections("L1")), draw(sections("B1", component="laboratory"))),
                    (draw(sections("L1")), draw(sections("L2"))),
                ]
            )
        )
    )
    taken = {one.id for one in wish}
    siblings = tuple(
        one
        for one in [
            *[draw(sections(f"L{n}")) for n in range(3, 6)],
            *[draw(sections(f"B{n}", component="laboratory")) for n in range(3, 6)],
        ]
        if one.id not in taken
    )
    holds = tuple(
        Hold(f"hold{n}", "r", "c", ("block-add",), ends_on=TODAY + timedelta(days=draw(st.integers(-1, 1))))
        for n in range(draw(st.integers(0, 2)))
    )
    answers = RequisiteAnswer(
        "id-MAT-101",
        "MAT-101",
        "UNMET",
        "MAT-100",
        apart_from_corequisites=draw(st.sampled_from(["MET", "UNMET", "UNKNOWN", "CONDITIONAL"])),
        missing_corequisites=draw(st.sampled_from([(), ("FIZ-101",)])),
        remedies=(({"kind": "course", "course": "MAT-100", "text": "MAT-100"},),),
    )
    schedule = [place("FIZ-101", draw(sections("X1", "FIZ-101")), ects=draw(st.sampled_from([1.0, 5.0, 36.0])))]
    schedule += [place("MAT-101", status=draw(st.sampled_from(["enrolled", "waitlisted"])))] * draw(st.integers(0, 1))
    return case(
        *wish,
        siblings=siblings,
        standing=Standing(
            "ann",
            1,
            draw(st.sampled_from(["active", "suspended"])),
            "INF",
            2,
            groups=("group-a",),
            holds=holds,
            max_ects=draw(st.sampled_from([None, 6.0])),
        ),
        windows=(window(opens_at=NOW + timedelta(hours=draw(st.integers(-1, 1)))),) * draw(st.integers(0, 1)),
        requisites=(answers,),
        schedule=tuple(schedule),
        seats={one.id: draw(seats()) for one in (*wish, *siblings)},
    )


def _same(one: Violation, other: Violation) -> bool:
    """Tell whether two violations are the same complaint; amounts may have changed, what it is about not."""
    about = {"hold_id", "enrollment_id", "with_section_id", "component", "because", "course", "parent_id", "window"}
    return (one.code, one.section_id) == (other.code, other.section_id) and all(
        one.params.get(name) == other.params.get(name) for name in about
    )


@settings(max_examples=300, deadline=None)
@given(cases())
def test_a_remedy_applied_makes_its_violation_disappear(one: Case) -> None:
    for violation in judge(one):
        assert violation.remedies, f"{violation.code} leaves the student without a way out"
        for remedy in violation.remedies:
            if remedy.action in ASKED_OF_PEOPLE:
                continue
            left = [other for other in judge(apply(one, remedy)) if _same(violation, other)]
            assert left == [], f"{remedy.action} does not mend {violation.code}"


@settings(max_examples=200, deadline=None)
@given(cases(), st.sampled_from(language.LANGUAGES))
def test_every_violation_and_remedy_is_told_in_both_languages(one: Case, spoken: str) -> None:
    language.choose(spoken)
    for violation in judge(one):
        told = texts.tell(violation)
        for message in [told["message"], *(remedy["message"] for remedy in told["remedies"])]:
            assert message
            assert not {"{", "}"} & set(message)
    language.choose("en")


@pytest.mark.parametrize(
    ("spoken", "sentences"),
    [
        ("en", ["Only active students register; this student's status is on leave.", "the department"]),
        ("pl", ["Rejestrują się tylko aktywni studenci; status tego studenta: na urlopie.", "jednostka prowadząca"]),
    ],
)
def test_known_words_are_said_in_the_language_of_the_request(spoken: str, sentences: list[str]) -> None:
    language.choose(spoken)
    away = replace(case().standing, status="on-leave")
    status, restricted = judge(case(section("L1", restrictions=(Audience(consent="department"),)), standing=away))
    told = [texts.tell(status)["message"], texts.tell(restricted)["remedies"][0]["message"]]
    assert told[0] == sentences[0]
    assert sentences[1] in told[1]
    assert texts.tell(status)["params"] == {"status": "on-leave"}
    needs = ("lecture", "laboratory")
    (missing,) = judge(case(section("L1", required=needs)))
    assert ("laboratorium" in texts.tell(missing)["message"]) is (spoken == "pl")
    language.choose("en")


@pytest.mark.parametrize(
    ("spoken", "sentence"),
    [("en", "Registration opens for you at 2026-09-26T10:00:00Z."), ("pl", "Twoja rejestracja otwiera się 2026-09-26")],
)
def test_the_language_of_the_request_is_spoken(spoken: str, sentence: str) -> None:
    language.choose(spoken)
    (violation,) = judge(case(windows=(window(opens_at=datetime(2026, 9, 26, 10, tzinfo=UTC)),)))
    assert texts.tell(violation)["message"].startswith(sentence)
    language.choose("en")
