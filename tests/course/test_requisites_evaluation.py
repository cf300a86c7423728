"""A requisite is judged four-valued, on what was completed, runs and is wished for, and says why."""

from decimal import Decimal

import pytest

from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_record import Completed, Record, Running, Standing
from university.course.rules.requisite_text import parse
from university.course.rules.requisite_tree import Consenter
from university.course.rules.requisites import Explained, evaluate, unmet_leaves

MET, CONDITIONAL, UNKNOWN, UNMET = Result.MET, Result.CONDITIONAL, Result.UNKNOWN, Result.UNMET
TERMS = ("2025L", "2026Z", "2026L", "2027Z")


def judged(text: str, record: Record) -> Explained:
    tree = parse(text)
    assert tree is not None
    return evaluate(tree, record)


def outcome(text: str, record: Record) -> tuple[Result, str | None]:
    explained = judged(text, record)
    return explained.result, explained.because


def passed(*done: tuple[str, str | None]) -> Record:
    return Record(completed=tuple(Completed(course, grade) for course, grade in done))


@pytest.mark.parametrize(
    ("text", "grade", "expected"),
    [
        ("A", "3.0", (MET, "completed")),
        ("A", "2.0", (UNMET, "failed")),
        ("A", "D-", (MET, "completed")),
        ("A", "nzal", (UNMET, "failed")),
        ("A", "?", (UNKNOWN, "grade-unknown")),
        ("A", None, (UNKNOWN, "grade-unknown")),
        ("A >= 4.0", "4.0", (MET, "completed")),
        ("A >= 4.0", "3.5", (UNMET, "grade-too-low")),
        ("A >= B-", "B-", (MET, "completed")),
        ("A >= B-", "C+", (UNMET, "grade-too-low")),
        ("A >= B-", "5.0", (UNKNOWN, "grade-not-comparable")),
        ("A >= 3.0", "zal", (UNKNOWN, "grade-not-comparable")),
    ],
)
def test_a_completed_course_counts_by_its_grade(text: str, grade: str | None, expected: tuple[Result, str]) -> None:
    assert outcome(text, passed(("A", grade))) == expected


def test_the_best_of_several_attempts_counts() -> None:
    assert outcome("A", passed(("A", "2.0"), ("A", "4.0"), ("A", "2.0"))) == (MET, "completed")


def test_a_course_never_taken_is_unmet() -> None:
    assert outcome("A", passed(("B", "5.0"))) == (UNMET, "not-taken")


def test_an_equivalent_course_counts_and_is_named() -> None:
    record = Record(completed=(Completed("M-1", "5.0"),), equivalents={"A": frozenset({"M-1"})})

    explained = judged("A", record)

    assert (explained.result, explained.about["course"]) == (MET, "M-1")
    assert judged("M-1", Record(completed=(Completed("A", "5.0"),), equivalents=record.equivalents)).result is UNMET


@pytest.mark.parametrize(
    ("text", "running_in", "result"),
    [
        ("A", "2026L", CONDITIONAL),
        ("A", None, CONDITIONAL),
        ("A", "2027Z", UNMET),
        ("A IN PROGRESS", "2026L", MET),
        ("A IN PROGRESS", "2027Z", MET),
        ("A IN PROGRESS", None, MET),
        ("A >= 4.0 IN PROGRESS", "2026L", CONDITIONAL),
        ("A CONCURRENT", "2026L", MET),
        ("A CONCURRENT", "2027Z", MET),
        ("A WITH", "2027Z", MET),
        ("A WITH", None, MET),
        ("A WITH", "2026L", UNMET),
    ],
)
def test_a_running_course_counts_by_the_timing(text: str, running_in: str | None, result: Result) -> None:
    record = Record(in_progress=(Running("A", term=running_in),), term="2027Z", terms=TERMS)

    assert judged(text, record).result is result


def test_a_course_enrolled_for_a_later_term_comes_too_late() -> None:
    record = Record(in_progress=(Running("A", term="2027Z"),), term="2026L", terms=TERMS)

    for text in ("A", "A IN PROGRESS", "A CONCURRENT", "A WITH"):
        assert judged(text, record).result is UNMET


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", (UNMET, "not-taken")),
        ("A IN PROGRESS", (UNMET, "not-taken")),
        ("A CONCURRENT", (MET, "requested")),
        ("A WITH", (MET, "requested")),
        ("A >= 3.0 CONCURRENT", (CONDITIONAL, "requested")),
    ],
)
def test_a_requested_course_counts_only_where_together_is_enough(text: str, expected: tuple[Result, str]) -> None:
    assert outcome(text, Record(requested=frozenset({"A"}))) == expected


def test_having_completed_is_enough_for_every_timing_but_with() -> None:
    record = passed(("A", "3.0"))

    assert judged("A IN PROGRESS AND A CONCURRENT", record).result is MET
    assert outcome("A WITH", record) == (UNMET, "not-together")


@pytest.mark.parametrize(
    ("taken_in", "expected"),
    [
        ("2026L", (MET, "completed")),
        ("2026Z", (MET, "completed")),
        ("2025L", (UNMET, "too-long-ago")),
        (None, (UNKNOWN, "term-unknown")),
        ("1999Z", (UNKNOWN, "term-unknown")),
    ],
)
def test_within_counts_the_terms_before_the_one_registered_for(
    taken_in: str | None, expected: tuple[Result, str]
) -> None:
    record = Record(completed=(Completed("A", "5.0", term=taken_in),), term="2027Z", terms=TERMS)

    assert outcome("A WITHIN 2 TERMS", record) == expected


def test_within_never_makes_a_failed_course_better() -> None:
    assert outcome("A WITHIN 2 TERMS", passed(("A", "2.0"))) == (UNMET, "failed")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("MET AND CON", CONDITIONAL),
        ("CON AND UNK", UNKNOWN),
        ("UNK AND BAD", UNMET),
        ("BAD OR UNK", UNKNOWN),
        ("UNK OR CON", CONDITIONAL),
        ("CON OR MET", MET),
        ("NOT MET", UNMET),
        ("NOT BAD", MET),
        ("NOT CON", CONDITIONAL),
        ("NOT UNK", UNKNOWN),
        ("1 OF (BAD, UNK, CON, MET)", MET),
        ("2 OF (BAD, UNK, CON, MET)", CONDITIONAL),
        ("3 OF (BAD, UNK, CON, MET)", UNKNOWN),
        ("4 OF (BAD, UNK, CON, MET)", UNMET),
    ],
)
def test_branches_combine_the_four_results(text: str, result: Result) -> None:
    record = Record(
        completed=(Completed("MET", "5.0"), Completed("UNK", "?"), Completed("BAD", "2.0")),
        in_progress=(Running("CON"),),
    )

    assert judged(text, record).result is result


def history(*sizes: int | None) -> tuple[Completed, ...]:
    return tuple(
        Completed(f"MATH {number}", "4.0", None if ects is None else Decimal(ects)) for number, ects in enumerate(sizes)
    )


@pytest.mark.parametrize(
    ("completed", "running", "result"),
    [
        (history(30, 30), (), MET),
        (history(30, 29), (), UNMET),
        (history(30, 29), (Running("X", Decimal(1)),), CONDITIONAL),
        (history(30, 29), (Running("MATH 0", Decimal(30)),), UNMET),
        (history(30, None), (), UNKNOWN),
        (history(60, None), (), MET),
        ((*history(59), Completed("X", "?", Decimal(1))), (), UNKNOWN),
        ((*history(59), Completed("X", "2.0", Decimal(9))), (), UNMET),
        (history(30) * 2, (), UNMET),
    ],
)
def test_credits_are_added_up_once_a_course(
    completed: tuple[Completed, ...], running: tuple[Running, ...], result: Result
) -> None:
    assert judged("CREDITS >= 60", Record(completed, running)).result is result


def test_credits_told_by_the_standing_are_taken_as_told() -> None:
    record = Record(history(60), standing=Standing(credits=Decimal(59)))

    assert outcome("CREDITS >= 60", record) == (UNMET, "too-few")


def test_credits_of_a_department_need_the_departments_of_courses() -> None:
    known = Record(history(6, 6), departments={"MATH 0": "MATH", "MATH 1": "PHYS"})

    assert judged("CREDITS >= 6 IN MATH", known).result is MET
    assert judged("CREDITS >= 7 IN MATH", known).result is UNMET
    assert judged("CREDITS >= 7 IN MATH", Record(history(6, 6), departments={"MATH 0": "MATH"})).result is UNKNOWN


STANDING = Standing("INF", 2, frozenset({"erasmus"}), {"Matura": Decimal(70)}, Decimal("3.25"))


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("GPA >= 3.25", True),
        ("GPA >= 3.26", False),
        ("TEST Matura >= 70", True),
        ("TEST Matura >= 71", False),
        ("TEST IELTS >= 1", False),
        ("PROGRAM IN (MAT, INF)", True),
        ("PROGRAM IN (MAT)", False),
        ("STAGE >= 2", True),
        ("STAGE >= 3", False),
        ("GROUP IN (erasmus, honors)", True),
        ("GROUP IN (honors)", False),
        ("CONSENT INSTRUCTOR", True),
        ("CONSENT DEPARTMENT", False),
    ],
)
def test_the_students_own_facts_are_judged_at_their_boundary(text: str, met: bool) -> None:
    record = Record(standing=STANDING, consents=frozenset({Consenter.INSTRUCTOR}))

    assert judged(text, record).result is (MET if met else UNMET)


@pytest.mark.parametrize(
    "text", ["GPA >= 0", "TEST Matura >= 0", "PROGRAM IN (INF)", "STAGE >= 1", "GROUP IN (a)", "CONSENT DEPARTMENT"]
)
def test_a_fact_that_nobody_knows_is_unknown(text: str) -> None:
    assert outcome(text, Record(consents=None)) == (UNKNOWN, "not-known")


def test_a_student_in_no_group_is_known_to_be_in_none() -> None:
    assert outcome("GROUP IN (a)", Record(standing=Standing(groups=frozenset()))) == (UNMET, "not-among")


def test_every_node_is_explained() -> None:
    told = judged("A >= 4.0 AND (NOT B OR GPA >= 3)", passed(("A", "3.5"))).to_dict()

    assert told["result"] == "UNMET"
    assert told["text"] == "A >= 4.0 AND (NOT B OR GPA >= 3)"
    items = told["items"]
    assert isinstance(items, list)
    assert items[0] == {
        "kind": "course",
        "course": "A",
        "grade": "4.0",
        "timing": None,
        "within_terms": None,
        "text": "A >= 4.0",
        "result": "UNMET",
        "because": "grade-too-low",
        "about": {"course": "A", "grade": "3.5", "term": None},
    }
    assert [item["result"] for item in items[1]["items"]] == ["MET", "UNKNOWN"]


def test_only_what_stands_in_the_way_is_unmet() -> None:
    explained = judged("(A OR B) AND (A OR C) AND NOT A AND D", passed(("A", "3.0"), ("C", "2.0")))

    assert [leaf.to_dict()["text"] for leaf in unmet_leaves(explained)] == ["NOT A", "D"]
