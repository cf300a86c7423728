"""A requisite's text is read as its grammar says, and a faulty one names the place."""

from decimal import Decimal

import pytest

from university.course.rules.requisite_text import MAX_DEPTH, MAX_NODES, parse, render
from university.course.rules.requisite_tokens import MAX_LENGTH, RequisiteSyntax
from university.course.rules.requisite_tree import (
    And,
    Consenter,
    ConsentLeaf,
    CourseLeaf,
    CreditsLeaf,
    GpaLeaf,
    GroupLeaf,
    Node,
    NOf,
    Not,
    Or,
    ProgramLeaf,
    ScoreLeaf,
    StageLeaf,
    Timing,
    courses,
)

A, B, C = CourseLeaf("A"), CourseLeaf("B"), CourseLeaf("C")


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_a_blank_text_demands_nothing(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A AND B OR C", Or((And((A, B)), C))),
        ("A AND (B OR C)", And((A, Or((B, C))))),
        ("A OR B OR C", Or((A, B, C))),
        ("(A OR B) OR C", Or((Or((A, B)), C))),
        ("NOT A AND B", And((Not(A), B))),
        ("NOT (A AND B)", Not(And((A, B)))),
        ("NOT NOT A", Not(Not(A))),
        ("2 OF (A, B AND C, C)", NOf(2, (A, And((B, C)), C))),
        ("((A))", A),
        ("1 OF(A)AND(B)", And((NOf(1, (A,)), B))),
    ],
)
def test_not_binds_tightest_and_or_loosest(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("MATH-101", CourseLeaf("MATH-101")),
        ("  CSE   100A ", CourseLeaf("CSE 100A")),
        ("6.042", CourseLeaf("6.042")),
        ("ŻÓŁĆ-1", CourseLeaf("ŻÓŁĆ-1")),
        ("Z\u0307-1", CourseLeaf("Ż-1")),
        ("C++ 101", CourseLeaf("C++ 101")),
        ('"ART & STAGE 1"', CourseLeaf("ART & STAGE 1")),
        ("CSE 8A >= B-", CourseLeaf("CSE 8A", grade="B-")),
        ("MATH-101>=4.0", CourseLeaf("MATH-101", grade="4.0")),
        ("WF-1 >= ZAL", CourseLeaf("WF-1", grade="zal")),
        ("PHYS 2CL WITH", CourseLeaf("PHYS 2CL", timing=Timing.WITH)),
        ("PHYS 2C CONCURRENT", CourseLeaf("PHYS 2C", timing=Timing.CONCURRENT)),
        ("PHYS 2C IN PROGRESS", CourseLeaf("PHYS 2C", timing=Timing.IN_PROGRESS)),
        ("A >= 3.0 IN PROGRESS WITHIN 2 TERMS", CourseLeaf("A", "3.0", Timing.IN_PROGRESS, 2)),
        ("CREDITS >= 60", CreditsLeaf(Decimal(60))),
        ("CREDITS >= 7.5 IN Applied MATH", CreditsLeaf(Decimal("7.5"), "Applied MATH")),
        ("GPA >= 3.25", GpaLeaf(Decimal("3.25"))),
        ("TEST Matura - Physics >= 70", ScoreLeaf("Matura - Physics", Decimal(70))),
        ("PROGRAM IN (INF, Data Science)", ProgramLeaf(("INF", "Data Science"))),
        ("STAGE >= 2", StageLeaf(2)),
        (
            'GROUP IN (erasmus, friends of physics, "a, b (c)")',
            GroupLeaf(("erasmus", "friends of physics", "a, b (c)")),
        ),
        ("CONSENT INSTRUCTOR", ConsentLeaf(Consenter.INSTRUCTOR)),
        ("CONSENT DEPARTMENT", ConsentLeaf(Consenter.DEPARTMENT)),
    ],
)
def test_every_leaf_is_read(text: str, leaf: Node) -> None:
    assert parse(text) == leaf


@pytest.mark.parametrize(
    ("text", "fault", "position"),
    [
        ("MATH-101 AND", "expected", 12),
        ("AND MATH-101", "expected", 0),
        ("A OR OR B", "expected", 5),
        ("(A OR B", "expected", 7),
        ("A)", "expected", 1),
        ("A, B", "expected", 1),
        ("()", "expected", 1),
        ("((((", "expected", 4),
        ("NOT", "expected", 3),
        ("A >= ", "expected", 5),
        ("A >= Q", "unknown-grade", 5),
        ("A >= 3.0 IN", "expected", 11),
        ("A WITHIN TERMS", "expected", 9),
        ("A WITHIN 2", "expected", 10),
        ("A WITHIN 0 TERMS", "expected", 9),
        ("A CONCURRENT WITH", "expected", 13),
        ("A > 3", "unexpected-character", 2),
        ("A & B", "unexpected-character", 2),
        ("A\u200bB", "unexpected-character", 1),
        ("A and B", "keyword-case", 2),
        ("A AND (B Or C)", "keyword-case", 9),
        ("3 OF (A, B)", "count-out-of-range", 0),
        ("0 OF (A, B)", "expected", 0),
        ("2 OF A", "expected", 5),
        ("2 OF (A B", "expected", 9),
        ("CREDITS 60", "expected", 8),
        ("CREDITS >= many", "expected", 11),
        ("CREDITS >= 60 IN", "expected", 16),
        ("CREDITS >= 1234567", "expected", 11),
        ("STAGE >= 1.5", "expected", 9),
        ("GPA >= -1", "expected", 7),
        ("TEST >= 5", "expected", 5),
        ("PROGRAM INF", "expected", 8),
        ("PROGRAM IN ()", "expected", 12),
        ("GROUP IN (a,)", "expected", 12),
        ("CONSENT DEAN", "expected", 8),
        ("CSE 1 GPA >= 3.0", "expected", 6),
        ('"A', "unclosed-quote", 0),
        ('A AND ""', "expected", 6),
        ('"A\x07"', "unexpected-character", 2),
        ('"A" B', "expected", 4),
    ],
)
def test_a_faulty_text_names_its_position(text: str, fault: str, position: int) -> None:
    with pytest.raises(RequisiteSyntax) as refused:
        parse(text)

    assert (refused.value.fault, refused.value.position) == (fault, position)
    assert refused.value.message("en") != refused.value.message("pl")


def test_a_fault_is_told_in_both_languages() -> None:
    with pytest.raises(RequisiteSyntax) as refused:
        parse("A OR")

    assert refused.value.message("en") == "Expected a requisite, found the end."
    assert refused.value.message("pl") == "Oczekiwano: wymaganie, znaleziono: koniec tekstu."


@pytest.mark.parametrize("opening", ["(", "NOT ", "NOT (", "1 OF ("])
def test_depth_is_bounded_with_the_position_of_the_first_too_deep(opening: str) -> None:
    words = opening.replace("NOT (", "NOT|(").split("|")
    levels = MAX_DEPTH // len(words)
    closing = ")" * opening.count("(")

    assert parse(opening * levels + "A" + closing * levels) is not None
    with pytest.raises(RequisiteSyntax) as refused:
        parse(opening * (levels + 1) + "A" + closing * (levels + 1))
    assert (refused.value.fault, refused.value.position) == ("too-deep", len(opening) * levels)


def test_a_thousand_parentheses_do_not_exhaust_the_stack() -> None:
    with pytest.raises(RequisiteSyntax, match="nested deeper"):
        parse("(" * 4_000)


def test_length_is_bounded() -> None:
    assert parse("A" * MAX_LENGTH) is not None
    with pytest.raises(RequisiteSyntax) as refused:
        parse("A" * (MAX_LENGTH + 1))
    assert (refused.value.fault, refused.value.position) == ("text-too-long", MAX_LENGTH)


def test_nodes_are_bounded() -> None:
    assert parse(" OR ".join(["A"] * (MAX_NODES - 1))) is not None
    with pytest.raises(RequisiteSyntax, match="more than 500"):
        parse(" OR ".join(["A"] * MAX_NODES))


def test_rendering_uses_no_needless_parentheses() -> None:
    tree = parse("((A AND ((B)))) OR (NOT (C)) OR 2  OF ( A,(B OR C) ,C )")

    assert tree is not None
    assert render(tree) == "A AND B OR NOT C OR 2 OF (A, B OR C, C)"


def test_mentions_tell_timing_and_whether_a_course_is_avoided() -> None:
    tree = parse("A AND NOT (B OR NOT C WITH) AND 1 OF (D CONCURRENT, GPA >= 3)")
    mentions = [(m.leaf.course, m.leaf.timing, m.negated, m.is_hard) for m in courses(tree)]

    assert mentions == [
        ("A", None, False, True),
        ("B", None, True, False),
        ("C", Timing.WITH, False, False),
        ("D", Timing.CONCURRENT, False, False),
    ]
    assert list(courses(None)) == []
