"""What is known of a student when a requisite is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from university.course.rules.requisite_tree import Consenter


@dataclass(frozen=True, slots=True)
class Completed:
    """A course with a grade, passing or not; a grade or term that is not told is unknown."""

    course: str
    grade: str | None
    ects: Decimal | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A course without a grade yet: of an earlier term, or enrolled in the very term that is registered for."""

    course: str
    ects: Decimal | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The student's own facts; None means that nobody knows. `credits` None means: add up what was completed."""

    program: str | None = None
    stage: int | None = None
    groups: frozenset[str] | None = None
    tests: Mapping[str, Decimal] | None = None
    gpa: Decimal | None = None
    credits: Decimal | None = None


@dataclass(frozen=True)
class Record:
    """Everything that a requisite may rest on.

    `requested` are the courses wished for in the same request. `equivalents` gives the other courses that count for
    a course, `departments` the department of a course. `terms` are the codes of all terms in the order of time and
    `term` is the one registered for: a running course of that same term does not come before it.
    """

    completed: tuple[Completed, ...] = ()
    in_progress: tuple[Running, ...] = ()
    requested: frozenset[str] = frozenset()
    standing: Standing = Standing()
    consents: frozenset[Consenter] | None = frozenset()
    equivalents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    term: str | None = None
    terms: tuple[str, ...] = ()

    def codes(self, course: str) -> frozenset[str]:
        """The course and all that count for it."""
        return self.equivalents.get(course, frozenset()) | {course}

    def terms_ago(self, term: str | None) -> int | None:
        """How many terms before the one registered for; 0 is the same term, None is unknown."""
        then, now = self._places.get(term), self._places.get(self.term)
        return None if then is None or now is None else now - then

    @cached_property
    def _places(self) -> Mapping[str | None, int]:
        return {code: place for place, code in enumerate(self.terms)}
