"""What enrollment needs to know of its neighbors, and how it asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from university.enrollment.rules.facts import RequisiteAnswer, SectionFacts, Standing
from university.platform.errors import Unprocessable
from university.platform.language import Words
from university.platform.neighbors import Neighbor, NeighborRefused

BULK = 500
"""Most keys in one question."""


class StudentNotFound(Unprocessable):
    """The student module knows no such student."""

    title = Words("There is no such student.", "Nie ma takiego studenta.")


class TermNotFound(Unprocessable):
    """The course module knows no such term."""

    title = Words("There is no such term.", "Nie ma takiego semestru.")


@dataclass(frozen=True, slots=True)
class RequisiteAnswers:
    """The sections asked about with their facts, those nobody knows, and a judgement a course."""

    sections: tuple[SectionFacts, ...]
    unknown: tuple[str, ...]
    requisites: tuple[RequisiteAnswer, ...]


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A term as the course module tells it."""

    id: str
    code: str
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course of the catalog as the course module tells it."""

    id: str
    code: str
    title: str
    ects: float
    external_key: str | None = None


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """Who a student is, for rosters and imports."""

    id: str
    number: str
    external_key: str | None = None
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class _Sections:
    sections: tuple[SectionFacts, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Courses:
    courses: tuple[CourseFacts, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Students:
    students: tuple[StudentFacts, ...]
    unknown: tuple[str, ...] = field(default=())


class StudentClient:
    """Asks the student module."""

    def __init__(self, neighbor: Neighbor) -> None:
        self._neighbor = neighbor

    def verify(self, student: str) -> Standing:
        """Return a student's standing by id or number; raise `StudentNotFound`, `NeighborUnavailable`."""
        try:
            question = {"student_id": student, "term_id": None}
            return self._neighbor.learn(Standing, "POST", "/internal/verifications", question)
        except NeighborRefused as refused:
            if refused.said == "student-not-found":
                raise StudentNotFound(student_id=student) from refused
            raise

    def by_external_keys(self, keys: Sequence[str]) -> dict[str, StudentFacts]:
        """Return the students known under external keys, by key."""
        found: dict[str, StudentFacts] = {}
        for chunk in _chunks(keys):
            told = self._neighbor.learn(_Students, "POST", "/internal/students", {"external_keys": chunk})
            found |= {one.external_key or "": one for one in told.students}
        return found

    def by_ids(self, ids: Sequence[str]) -> dict[str, StudentFacts]:
        """Return students by id."""
        found: dict[str, StudentFacts] = {}
        for chunk in _chunks(ids):
            told = self._neighbor.learn(_Students, "POST", "/internal/students", {"ids": chunk})
            found |= {one.id: one for one in told.students}
        return found


class CourseClient:
    """Asks the course module."""

    def __init__(self, neighbor: Neighbor) -> None:
        self._neighbor = neighbor

    def check_requisites(self, section_ids: Sequence[str], record: dict[str, Any]) -> RequisiteAnswers:
        """Return the sections' facts and a judgement for each of their courses; raise `NeighborUnavailable`."""
        question = {"section_ids": list(section_ids), "record": record}
        return self._neighbor.learn(RequisiteAnswers, "POST", "/internal/requisite-checks", question)

    def term(self, key: str) -> TermFacts:
        """Return a term by id or code; raise `TermNotFound`."""
        if "/" in key or key in {".", ".."}:
            raise TermNotFound(term=key)  # No code is like that, and no path survives it.
        try:
            return self._neighbor.learn(TermFacts, "GET", f"/internal/terms/{_path(key)}")
        except NeighborRefused as refused:
            if refused.said == "term-not-found":
                raise TermNotFound(term=key) from refused
            raise

    def courses(self, codes: Sequence[str]) -> dict[str, CourseFacts]:
        """Return courses of the catalog by code."""
        found: dict[str, CourseFacts] = {}
        for chunk in _chunks(codes):
            told = self._neighbor.learn(_Courses, "POST", "/internal/courses", {"codes": chunk})
            found |= {one.code: one for one in told.courses}
        return found

    def sections_by_external_keys(self, keys: Sequence[str]) -> dict[str, SectionFacts]:
        """Return the facts of sections known under external keys, by key."""
        found: dict[str, SectionFacts] = {}
        for chunk in _chunks(keys):
            told = self._neighbor.learn(_Sections, "POST", "/internal/sections", {"external_keys": chunk})
            found |= {one.external_key or "": one for one in told.sections}
        return found


def _chunks(keys: Sequence[str]) -> list[list[str]]:
    return [list(keys[start : start + BULK]) for start in range(0, len(keys), BULK)]


def _path(key: str) -> str:
    return quote(key, safe="")
