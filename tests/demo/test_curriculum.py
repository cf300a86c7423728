"""The catalog can be studied: it names what exists, runs in no circle, and its programs can be finished."""

from graphlib import TopologicalSorter

import pytest

from university.demo import curriculum
from university.demo.curriculum import Program
from university.demo.requisites import Facts, Passed, parse

CATALOG = curriculum.read()
WORDS = (
    *(" OR ", " AND ", "NOT ", " OF (", " >= 3.5", " WITH", " CONCURRENT", "WITHIN", "CREDITS >= ", " IN MAT"),
    *("STAGE >= ", "PROGRAM IN (", "GROUP IN (", "GPA >= ", "TEST ", "CONSENT INSTRUCTOR"),
)


def test_the_catalog_is_as_large_as_a_university() -> None:
    assert 120 <= len(CATALOG.courses) <= 200
    assert 8 <= len(CATALOG.programs) <= 12
    assert len(CATALOG.departments) > 10


def test_every_course_has_both_titles_a_description_and_sensible_credits() -> None:
    for course in CATALOG.courses.values():
        assert course.title
        assert course.title_en
        assert course.title_en.isascii()
        assert 1 <= course.ects <= 8
        assert course.department in CATALOG.departments
        assert set(course.seasons) <= set("ZL")
        assert course.description.endswith(".")


def test_a_lecture_is_named_before_its_groups() -> None:
    for course in CATALOG.courses.values():
        assert [form for form in course.forms[1:] if form.startswith("W")] == []


def test_polish_letters_are_all_there() -> None:
    text = "".join(course.title + course.topics for course in CATALOG.courses.values()).lower()
    assert set("ąćęłńóśźż") <= set(text)


def test_requisites_name_only_courses_that_exist() -> None:
    for course in CATALOG.courses.values():
        assert (course.requisite.before | course.requisite.alongside) <= CATALOG.courses.keys()


def test_requisites_run_in_no_circle() -> None:
    edges = {course.code: course.requisite.before for course in CATALOG.courses.values()}
    assert len(list(TopologicalSorter(edges).static_order())) == len(CATALOG.courses)


@pytest.mark.parametrize("words", WORDS)
def test_every_kind_of_requisite_occurs(words: str) -> None:
    assert any(words in course.requisite.text for course in CATALOG.courses.values())


@pytest.mark.parametrize("program", CATALOG.programs.values(), ids=CATALOG.programs.keys())
def test_who_passes_everything_can_follow_the_plan(program: Program) -> None:
    facts = Facts(program.code, ())
    for index, semester in enumerate(program.semesters):
        facts.stage, facts.term, facts.taking = index // 2 + 1, index, semester.required
        for code in semester.required:
            course = CATALOG.courses[code]
            assert "ZL"[index % 2] in course.seasons, code
            assert course.requisite.met(facts), code
        for code in semester.required:
            facts.passed[code] = Passed(4.0, CATALOG.courses[code].ects, index)
        # Electives fill a semester up to thirty.
        facts.passed[f"elective {index}"] = Passed(4.0, 4 * semester.electives, index)


@pytest.mark.parametrize("program", CATALOG.programs.values(), ids=CATALOG.programs.keys())
def test_a_semester_of_a_plan_is_neither_idle_nor_overfull(program: Program) -> None:
    for semester in program.semesters:
        credits_earned = sum(CATALOG.courses[code].ects for code in semester.required) + 4 * semester.electives
        assert 20 <= credits_earned <= 34


@pytest.mark.parametrize(
    "text",
    ["MAT-101 AND", "(MAT-101", "2 OF MAT-101", "MAT-101 MAT-102", "FOO >= 3", "PROGRAM INF", "MAT-101 WITHIN 2"],
)
def test_a_broken_requisite_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse(text)


def test_a_grade_below_the_asked_one_does_not_do() -> None:
    facts = Facts("INF", (), passed={"MAT-101": Passed(3.0, 7, 0)})
    assert parse("MAT-101").met(facts)
    assert parse("MAT-101 >= 3.0").met(facts)
    assert not parse("MAT-101 >= 3.5").met(facts)


def test_and_binds_stronger_than_or() -> None:
    facts = Facts("INF", (), passed={"MAT-101": Passed(3.0, 7, 0)})
    assert parse("MAT-101 OR MAT-102 AND MAT-111").met(facts)
    assert not parse("(MAT-101 OR MAT-102) AND MAT-111").met(facts)


def test_an_old_pass_expires() -> None:
    facts = Facts("INF", (), term=5, passed={"CHE-111": Passed(None, 1, 0)})
    assert parse("CHE-111 WITHIN 5 TERMS").met(facts)
    assert not parse("CHE-111 WITHIN 4 TERMS").met(facts)
