"""What each student took, passed and failed, semester by semester, and what the student wants next."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from university.demo.curriculum import Course, Curriculum, Program
from university.demo.people import Student
from university.demo.requisites import Facts, Passed
from university.demo.terms import Terms

# What a student takes in one semester at most, in ECTS.
CREDIT_LIMIT = 34
DROPPED_SHARE = 0.02
# The grade for a score up to a bound; below the first the course is failed.
BOUNDS = ((-1.45, 2.0), (-0.6, 3.0), (0.0, 3.5), (0.6, 4.0), (1.2, 4.5), (9.9, 5.0))
HARD_DEPARTMENTS = {"MAT", "FIZ"}
# The first student failed this once, so that a visitor finds requisites of every kind.
FIRST_FAILURE = "MAT-101"


class Attempt(NamedTuple):
    """One course taken in a semester that is over; the grade is empty when it was dropped."""

    term: int
    course: str
    status: str
    grade: str


@dataclass(slots=True)
class Record:
    """A student's past, the courses of the running semester, those wanted next, and what came from elsewhere."""

    attempts: list[Attempt] = field(default_factory=list)
    running: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    recognized: dict[str, float] = field(default_factory=dict)


def live(student: Student, terms: Terms, curriculum: Curriculum, seed: int) -> Record:
    """The record of a student who chose within the rules and had some luck."""
    return _Life(student, curriculum, Random(f"{seed}/history/{student.number}")).through(terms)


class _Life:
    """One student on the way through the program."""

    def __init__(self, student: Student, curriculum: Curriculum, rng: Random) -> None:
        self._student = student
        self._curriculum = curriculum
        self._program: Program = curriculum.programs[student.program]
        self._rng = rng
        self._ability = 0.9 if student.is_first else rng.gauss(0.15, 0.7)
        self._tries: Counter[str] = Counter()
        self._facts = Facts(student.program, student.groups)
        self._record = Record()

    def through(self, terms: Terms) -> Record:
        target = terms.target
        last = 2 * self._student.stage - (target.season == "Z")
        if self._student.is_guest:
            self._arrive()
        for semester in range(last if self._student.is_guest else 1, last + 1):
            index = target.index - (last - semester)
            self._facts.stage, self._facts.term = (semester + 1) // 2, index
            chosen = self._choose(semester, "ZL"[index % 2])
            if index == target.index:
                self._record.wishes = tuple(chosen)
            elif terms.running and index == terms.running.index:
                self._begin(chosen)
            else:
                self._finish(chosen)
        return self._record

    def _arrive(self) -> None:
        """A guest brings three courses of the program's first year."""
        early = [course for semester in self._program.semesters[:2] for course in semester.required]
        courses = [self._curriculum.courses[code] for code in early]
        for course in self._rng.sample([course for course in courses if course.graded], 3):
            grade = self._rng.choice((3.5, 4.0, 4.5, 5.0))
            self._record.recognized[course.code] = grade
            self._facts.passed[course.code] = Passed(grade, course.ects, 0)

    def _choose(self, semester: int, season: str) -> list[str]:
        """What is due and allowed, repeats first, and the electives of the semester."""
        chosen: list[str] = []
        self._facts.taking = chosen
        for course in self._due(semester, season):
            self._take(course, chosen)
        wanted = len(chosen) + self._program.semesters[semester - 1].electives
        for course in self._tempting(season):
            if len(chosen) == wanted:
                break
            self._take(course, chosen)
        return chosen

    def _take(self, course: Course, chosen: list[str]) -> None:
        """One more course, if it is neither taken nor passed, allowed, and not too much."""
        if course.code in self._facts.passed or course.code in chosen:
            return
        load = sum(self._curriculum.courses[code].ects for code in chosen)
        if load + course.ects <= CREDIT_LIMIT and course.requisite.met(self._facts):
            chosen.append(course.code)

    def _due(self, semester: int, season: str) -> Iterator[Course]:
        for plan in self._program.semesters[:semester]:
            for code in plan.required:
                course = self._curriculum.courses[code]
                if season in course.seasons:
                    yield course

    def _tempting(self, season: str) -> list[Course]:
        """The electives of the program, the popular first, and some that anybody may take."""
        general = self._rng.sample(self._curriculum.general, len(self._curriculum.general))
        own = self._rng.sample(self._program.electives, len(self._program.electives))
        courses = [self._curriculum.courses[code] for code in (*general[:1], *own, *general[1:])]
        open_ones = [course for course in courses if season in course.seasons]
        popular_first = self._rng.random() < 0.5
        return sorted(open_ones, key=lambda course: "popular" not in course.flags) if popular_first else open_ones

    def _begin(self, chosen: list[str]) -> None:
        """The running semester; what comes after may count on it."""
        if self._student.status != "active":
            return
        self._record.running = tuple(chosen)
        for code in chosen:
            self._facts.passed[code] = Passed(4.0, self._curriculum.courses[code].ects, self._facts.term)

    def _finish(self, chosen: list[str]) -> None:
        for code in chosen:
            course = self._curriculum.courses[code]
            status, grade = self._outcome(course)
            self._tries[code] += 1
            self._record.attempts.append(Attempt(self._facts.term, code, status, grade))
            if status == "completed":
                mark = float(grade) if course.graded else None
                self._facts.passed[code] = Passed(mark, course.ects, self._facts.term)

    def _outcome(self, course: Course) -> tuple[str, str]:
        """Status and grade; the first student fails exactly one course."""
        repeated = self._tries[course.code] > 0
        if self._student.is_first and course.code == FIRST_FAILURE and not repeated:
            return "failed", "2.0"
        if not self._student.is_first and self._rng.random() < DROPPED_SHARE:
            return "dropped", ""
        score = self._score(course, repeated=repeated)
        if not course.graded:
            return ("completed", "zal") if score > -2 else ("failed", "nzal")
        grade = next(grade for bound, grade in BOUNDS if score < bound)
        return "failed" if grade < 3 else "completed", str(grade)

    def _score(self, course: Course, *, repeated: bool) -> float:
        score = self._ability + self._rng.gauss(0, 0.8)
        score -= 0.3 if course.department in HARD_DEPARTMENTS else 0.0
        score += 0.5 if repeated else 0.0
        return max(score, -0.8) if self._student.is_first else min(score, 9.0)
