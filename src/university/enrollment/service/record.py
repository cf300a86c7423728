"""A student's record as requisites see it: what was completed, what is running, and how it is told to the neighbor."""

from collections.abc import Mapping, Sequence
from typing import Any

from university.enrollment.models import Enrollment
from university.enrollment.repository.enrollments import TAKEN_TO_THE_END
from university.enrollment.rules.case import ACTIVE, COUNTED
from university.enrollment.rules.facts import Attempt, Place, SectionFacts, Standing
from university.enrollment.rules.grades import passes


def told_to_course(standing: Standing, taken: Sequence[Enrollment]) -> dict[str, Any]:
    """Return the record that the course module judges requisites on; a failed course counts in an average too."""
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
    }


def _named(one: Enrollment) -> dict[str, str]:
    """Return course and term as they were called then, with the ids by which they are found under other names."""
    return {
        "course": one.course_code,
        "course_id": one.course_id,
        "term": one.term_code,
        "term_id": one.term_id,
    }


def attempts(standing: Standing, taken: Sequence[Enrollment]) -> tuple[Attempt, ...]:
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


def schedule(taken: Sequence[Enrollment], term_id: str, sections: Mapping[str, SectionFacts]) -> tuple[Place, ...]:
    """Return the standing enrollments of a term."""
    return tuple(place(one, sections) for one in taken if one.term_id == term_id and one.status in ACTIVE)


def place(one: Enrollment, sections: Mapping[str, SectionFacts]) -> Place:
    """Return an enrollment as the rules see it."""
    known = tuple(sections[key] for key in one.section_ids if key in sections)
    return Place(one.id, one.offering_id, one.course_id, one.course_code, one.status, one.ects, known)


def seen(taken: Sequence[Enrollment]) -> list[tuple[str, int]]:
    """Return what identifies the state of a record: equal when nothing changed in between."""
    return [(one.id, one.version) for one in taken]
