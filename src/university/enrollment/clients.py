"""What enrollment needs to know of its neighbors, and how it asks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

from university.enrollment.rules.facts import RequisiteAnswer, SectionFacts, Standing
from university.platform.errors import Unprocessable
from university.platform.language import Words
from university.platform.neighbors import Neighbor, NeighborRefused

Kind = Literal["ids", "external_keys"]
_ID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
BULK = 200
"""Most keys in one question: the facts of so many sections are told well within the time that a neighbor has."""


class StudentNotFound(Unprocessable):
    """The student module knows no such student."""

    title = Words("There is no such student.", "Nie ma takiego studenta.")


class TermNotFound(Unprocessable):
    """The course module knows no such term."""

    title = Words("There is no such term.", "Nie ma takiego semestru.")


class OfferingNotFound(Unprocessable):
    """The course module knows no such offering."""

    title = Words("This course is not offered.", "Nie ma takiej edycji przedmiotu.")


@dataclass(frozen=True, slots=True)
class RequisiteAnswers:
    """The sections asked about with their facts, those nobody knows, and a judgement a course.

    `hosts` are further sections, whose seats some of those asked about share.
    """

    sections: tuple[SectionFacts, ...]
    unknown: tuple[str, ...]
    requisites: tuple[RequisiteAnswer, ...]
    hosts: tuple[SectionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A term as the course module tells it."""

    id: str
    code: str
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class OfferingFacts:
    """A course taught in a term, as the course module tells it."""

    id: str
    course_id: str
    term_id: str


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
class Person:
    """A student as a roster tells them; nothing but the id of who is recorded no more."""

    id: str
    number: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    program: str | None = None
    stage: int | None = None


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


@dataclass(frozen=True, slots=True)
class _People:
    students: tuple[Person, ...]
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

    def by_keys(self, keys: Sequence[str]) -> dict[str, StudentFacts]:
        """Return the students known under these external keys, or else ids, by key."""
        found = self._among("external_keys", keys)
        return found | self._among("ids", _ids(keys, found))

    def by_ids(self, ids: Sequence[str]) -> dict[str, StudentFacts]:
        """Return students by id."""
        return self._among("ids", ids)

    def people(self, ids: Sequence[str]) -> dict[str, Person]:
        """Return how a roster tells students, by id."""
        asked = (self._neighbor.learn(_People, "POST", "/internal/students", {"ids": some}) for some in _chunks(ids))
        return {one.id: one for told in asked for one in told.students}

    def _among(self, kind: Kind, keys: Sequence[str]) -> dict[str, StudentFacts]:
        found: dict[str, StudentFacts] = {}
        for chunk in _chunks(keys):
            told = self._neighbor.learn(_Students, "POST", "/internal/students", {kind: chunk})
            found |= {_key(one, kind): one for one in told.students}
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

    def offering(self, offering_id: str) -> OfferingFacts:
        """Return an offering by id; raise `OfferingNotFound`."""
        if not _ID.fullmatch(offering_id.lower()):
            raise OfferingNotFound(offering_id=offering_id)
        try:
            return self._neighbor.learn(OfferingFacts, "GET", f"/internal/offerings/{offering_id.lower()}")
        except NeighborRefused as refused:
            if refused.said == "offering-not-found":
                raise OfferingNotFound(offering_id=offering_id) from refused
            raise

    def courses(self, codes: Sequence[str]) -> dict[str, CourseFacts]:
        """Return courses of the catalog by code."""
        return {one.code: one for one in self._courses("codes", codes)}

    def courses_by_ids(self, ids: Sequence[str]) -> dict[str, CourseFacts]:
        """Return courses of the catalog by id."""
        return {one.id: one for one in self._courses("ids", ids)}

    def _courses(self, kind: str, keys: Sequence[str]) -> Iterator[CourseFacts]:
        for chunk in _chunks(keys):
            yield from self._neighbor.learn(_Courses, "POST", "/internal/courses", {kind: chunk}).courses

    def sections_by_keys(self, keys: Sequence[str]) -> dict[str, SectionFacts]:
        """Return the facts of the sections known under these external keys, or else ids, by key."""
        found = self._sections("external_keys", keys)
        return found | self._sections("ids", _ids(keys, found))

    def sections_by_ids(self, ids: Sequence[str]) -> dict[str, SectionFacts]:
        """Return the facts of sections by id."""
        return self._sections("ids", ids)

    def _sections(self, kind: Kind, keys: Sequence[str]) -> dict[str, SectionFacts]:
        found: dict[str, SectionFacts] = {}
        for chunk in _chunks(keys):
            told = self._neighbor.learn(_Sections, "POST", "/internal/sections", {kind: chunk})
            found |= {_key(one, kind): one for one in told.sections}
        return found


def _key(one: SectionFacts | StudentFacts, kind: Kind) -> str:
    return one.id if kind == "ids" else one.external_key or ""


def _ids(keys: Sequence[str], found: Mapping[str, object]) -> list[str]:
    """Return the keys that were not found and look like ids."""
    return [key for key in keys if key not in found and _ID.fullmatch(key)]


def _chunks(keys: Sequence[str]) -> list[list[str]]:
    return [list(keys[start : start + BULK]) for start in range(0, len(keys), BULK)]


def _path(key: str) -> str:
    return quote(key, safe="")
