"""A student's record as a question brings it, and as the rules of requisites read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from university.course.repository.requisites import Snapshot
from university.course.rules import grades
from university.course.rules.requisite_record import Completed, Record, Running, Standing
from university.course.rules.requisite_tree import Consenter


@dataclass(frozen=True, slots=True)
class CompletedCourse:
    """A course with a grade, under the codes it was told by; ids find what course and term are called now."""

    course: str
    grade: str | None = None
    ects: float | None = None
    term: str | None = None
    course_id: str | None = None
    term_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunningCourse:
    """A course without a grade yet; without a term it is taken to come before."""

    course: str
    ects: float | None = None
    term: str | None = None
    course_id: str | None = None
    term_id: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What a student reached in a test."""

    name: str
    score: float


Giver = Literal["instructor", "department"]


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """A consent that counts for the courses asked for in one section, offering or term, whose id is `within`."""

    giver: Giver
    within: str


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """What is known of a student: None is unknown, an empty list is none.

    Where `gpa` and `ects` (credits earned) are not told, they are computed from what was completed. `consents` count
    for every course, `consents_given` where they were given.
    """

    completed: list[CompletedCourse] = field(default_factory=list)
    in_progress: list[RunningCourse] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)
    program: str | None = None
    stage: int | None = None
    groups: list[str] | None = None
    tests: list[Score] | None = None
    consents: list[Giver] | None = field(default_factory=list)
    consents_given: list[GivenConsent] = field(default_factory=list)
    gpa: float | None = None
    ects: float | None = None


def for_rules(student: StudentRecord, snapshot: Snapshot, term: str | None, requested: Iterable[str]) -> Record:
    """Return the record as the rules read it, for a term and what is requested in it besides."""
    consents = student.consents
    return Record(
        completed=tuple(
            Completed(_course(done, snapshot), done.grade, _exact(done.ects), _term(done, snapshot))
            for done in student.completed
        ),
        in_progress=tuple(
            Running(_course(one, snapshot), _exact(one.ects), _term(one, snapshot)) for one in student.in_progress
        ),
        requested=frozenset(student.requested).union(requested),
        standing=_standing(student, snapshot),
        consents=None if consents is None else frozenset(map(Consenter, consents)),
        equivalents=snapshot.equivalents,
        departments=snapshot.departments,
        term=term,
        terms=tuple(snapshot.terms.values()),
    )


def _course(taken: CompletedCourse | RunningCourse, snapshot: Snapshot) -> str:
    known = snapshot.by_id.get(taken.course_id or "")
    return known.code if known else taken.course


def _term(taken: CompletedCourse | RunningCourse, snapshot: Snapshot) -> str | None:
    return snapshot.terms.get(taken.term_id or "", taken.term)


def _standing(student: StudentRecord, snapshot: Snapshot) -> Standing:
    return Standing(
        program=student.program,
        stage=student.stage,
        groups=None if student.groups is None else frozenset(student.groups),
        tests=None if student.tests is None else {test.name: Decimal(str(test.score)) for test in student.tests},
        gpa=_exact(student.gpa) or _average(student, snapshot),
        credits=_exact(student.ects),
    )


def _average(student: StudentRecord, snapshot: Snapshot) -> Decimal | None:
    """The average of the best attempts, as the transcript counts them: a repeatable course each time."""
    attempts: dict[object, list[tuple[str, Decimal]]] = {}
    for place, done in enumerate(student.completed):
        ects, code = _exact(done.ects), _course(done, snapshot)
        if done.grade and ects:
            known = snapshot.courses.get(code)
            one = min(snapshot.equivalents.get(code, frozenset()) | {code})
            attempts.setdefault(place if known and known.repeatable else one, []).append((done.grade, ects))
    return grades.average(counted for group in attempts.values() for counted in grades.best(group))


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))
