"""A student's record as requisites see it: what was completed, what is running, and how it is told to the neighbor."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from university.enrollment.models import Enrollment
from university.enrollment.repository.enrollments import TAKEN_TO_THE_END
from university.enrollment.repository.records import Taken
from university.enrollment.rules.case import ACTIVE, COUNTED
from university.enrollment.rules.facts import Attempt, Place, RequisiteAnswer, SectionFacts, Standing
from university.enrollment.rules.grades import passes
from university.enrollment.rules.permits import Permission
from university.enrollment.rules.resting import rests_on


def told_to_course(standing: Standing, taken: Sequence[Taken], given: Iterable[Permission] = ()) -> dict[str, Any]:
    """Return the record that the course module judges requisites on; a failed course counts in an average too.

    Of the permissions `given`, those that are somebody's consent are told where they hold; whether they still do is
    judged here.
    """
    finished = [
        {**_named(one), "grade": one.grade, "ects": one.ects}
        for one in taken
        if one.status == "completed" or (one.status == "failed" and one.grade and passes(one.grade) is False)
    ]
    recognized = [
        {"course": one.course, "grade": one.grade, "ects": one.ects, "term": one.term} for one in standing.recognized
    ]
    return {
        "completed": finished + recognized,
        "in_progress": [{**_named(one), "ects": one.ects} for one in taken if one.status in COUNTED],
        "requested": [],
        "program": standing.program,
        "stage": standing.stage,
        "groups": standing.groups,
        "tests": standing.tests,
        "consents": [],
        "consents_given": [{"giver": giver, "within": one.within} for one in given for giver in one.givers],
    }


def _named(one: Taken) -> dict[str, str]:
    """Return course and term as they were called then, with the ids by which they are found under other names."""
    return {
        "course": one.course_code,
        "course_id": one.course_id,
        "term": one.term_code,
        "term_id": one.term_id,
    }


def courses(taken: Iterable[Taken], wished: Iterable[SectionFacts]) -> dict[str, str]:
    """Return the ids of a student's courses and of those asked for, by code."""
    own = {one.course_code: one.course_id for one in taken}
    return own | {section.course.code: section.course.id for section in wished}


def resting(taken: Iterable[Taken], answers: Iterable[RequisiteAnswer], named: Mapping[str, str]) -> frozenset[str]:
    """Return the enrollments that conditional answers rest on: their grades must not come unseen meanwhile."""
    trees = [answer.tree for answer in answers if answer.result == "CONDITIONAL"]
    bearing = {course_id for tree in trees for course_id in rests_on(tree, named)}
    return frozenset(one.id for one in taken if one.course_id in bearing)


def attempts(standing: Standing, taken: Sequence[Taken]) -> tuple[Attempt, ...]:
    """Return what was taken to the end here, and what was recognized from elsewhere."""
    own = [
        Attempt(one.course_id, one.course_code, one.status == "completed", one.grade, one.ects, one.term_code)
        for one in taken
        if one.status in TAKEN_TO_THE_END
    ]
    recognized = [
        Attempt("", one.course, passed=True, grade=one.grade, ects=one.ects, term=one.term)
        for one in standing.recognized
    ]
    return tuple(own + recognized)


def schedule(taken: Sequence[Taken], term_id: str, sections: Mapping[str, SectionFacts]) -> tuple[Place, ...]:
    """Return the standing enrollments of a term."""
    return tuple(place(one, sections) for one in taken if one.term_id == term_id and one.status in ACTIVE)


def place(one: Enrollment | Taken, sections: Mapping[str, SectionFacts]) -> Place:
    """Return an enrollment as the rules see it."""
    known = tuple(sections[key] for key in one.section_ids if key in sections)
    return Place(one.id, one.offering_id, one.course_id, one.course_code, one.status, one.ects, known)
