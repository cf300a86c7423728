"""Sections follow the wishes: more students, more groups; a popular course disappoints some."""

from collections import Counter

import pytest

from university.demo import curriculum, terms
from university.demo.people import Faculty
from university.demo.sections import Block, Section, Semester

CATALOG = curriculum.read()
WINTER = terms.semester(2 * 2026)


def _sections(course: str, wishes: dict[Block, int]) -> list[Section]:
    streams = Semester(WINTER, CATALOG, Faculty(1), 1).build({course: Counter(wishes)})
    return [section for stream in streams[course] for part in stream.parts for section in part]


def _seats(sections: list[Section], component: str) -> int:
    return sum(section.capacity or 0 for section in sections if section.component == component)


@pytest.mark.parametrize("count", [1, 20, 150, 1000])
def test_an_ordinary_course_has_a_seat_for_every_wish(count: int) -> None:
    sections = _sections(
        "INF-101", {("INF", 1, number): min(90, count - 90 * number) for number in range(-(-count // 90))}
    )
    assert _seats(sections, "lecture") >= _seats(sections, "laboratory") >= count
    assert all((section.capacity or 0) <= 16 for section in sections if section.component == "laboratory")


def test_a_popular_course_disappoints_some() -> None:
    sections = _sections("INF-323", {("INF", 2, 0): 80})
    assert 0 < _seats(sections, "laboratory") < 80


def test_a_course_that_nobody_wants_yet_is_offered_all_the_same() -> None:
    assert _seats(_sections("MAT-331", {}), "lecture") > 0


def test_a_large_course_is_given_in_several_halls() -> None:
    sections = _sections("PSY-101", {("PSY", 1, number): 90 for number in range(10)})
    lectures = [section for section in sections if section.component == "lecture"]
    assert len(lectures) > 3
    assert {section.parent.number for section in sections if section.parent} == {lecture.number for lecture in lectures}


def test_the_courses_of_one_year_do_not_collide() -> None:
    block = ("INF", 2, 0)
    wishes = {code: Counter({block: 60}) for code in CATALOG.programs["INF"].semesters[2].required}
    streams = Semester(WINTER, CATALOG, Faculty(1), 1).build(wishes)
    lectures = [stream.parts[0][0].mask for code in wishes for stream in streams[code] if code.startswith("INF")]
    assert sum(mask.bit_count() for mask in lectures) == sum(lectures, 0).bit_count()
