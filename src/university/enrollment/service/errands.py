"""What a student wants done in a term, and what the neighbors say of it: they are asked once for all items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, RequisiteAnswers, StudentClient
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments
from university.enrollment.rules.case import Violation
from university.enrollment.rules.facts import SectionFacts, Standing
from university.enrollment.rules.request import Verdict
from university.enrollment.service import access, record
from university.enrollment.service.access import EnrollmentNotFound
from university.enrollment.service.refusing import SectionNotFound
from university.platform.database import Primary, is_id
from university.platform.errors import InvalidRequest
from university.platform.language import Words
from university.platform.security import Principal

_OTHER_TERM = Words("Belongs to another term: {term}.", "Należy do innego semestru: {term}.")
_TWICE = Words("Named twice in one request.", "Podano dwa razy w jednym zgłoszeniu.")


@dataclass(frozen=True, slots=True)
class Add:
    """A wish for one bundle of sections."""

    section_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """A wish to give a place back."""

    enrollment_id: str


def add(section_ids: Sequence[str]) -> Add:
    """Return the wish for sections, each once, their ids as they are kept."""
    return Add(tuple(dict.fromkeys(_spelled(key) for key in section_ids)))


def drop(enrollment_id: str) -> Drop:
    """Return the wish to give a place back, its id as it is kept."""
    return Drop(_spelled(enrollment_id))


@dataclass(frozen=True, slots=True)
class Errand:
    """What a student wants done in a term; without one, in whichever the first section is of.

    `in_turn` carries out each item that fits, else all or none; a `trial` carries out nothing. `id` goes into the
    history of what is changed.
    """

    student: str
    items: tuple[Add | Drop, ...]
    term: str | None = None
    in_turn: bool = False
    trial: bool = False
    id: str | None = None

    def adds(self, beside: Verdict | None = None) -> dict[int, Add]:
        """Return the adds by position, beside those that are refused already."""
        return {at: one for at, one in enumerate(self.items) if isinstance(one, Add) and at not in (beside or {})}

    def drops(self, beside: Verdict | None = None) -> dict[int, Drop]:
        """Return the drops by position, beside those that are refused already."""
        return {at: one for at, one in enumerate(self.items) if isinstance(one, Drop) and at not in (beside or {})}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item: what forbids it, or the enrollment that it changed."""

    item: Add | Drop
    violations: Sequence[Violation] = ()
    enrollment: Enrollment | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the neighbors said of the items that are not `refused` already, and of which state of the record."""

    standing: Standing
    answers: RequisiteAnswers
    seen: list[tuple[str, int]]
    term_id: str
    refused: Verdict
    adds: Mapping[int, tuple[SectionFacts, ...]]
    drops: Mapping[int, str]


class Asking:
    """Asks both neighbors, outside of any transaction."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def ask(self, errand: Errand, who: Principal, refused: Verdict) -> Asked:
        """Return what the neighbors say of an errand, beside the items that are refused already.

        Raises `StudentNotFound`, `NotYours`, `EnrollmentNotFound`, `SectionNotFound`, `NeighborUnavailable`, and
        `InvalidRequest` for what is named twice or belongs to another term.
        """
        standing = access.standing(self._students, errand.student, who)
        drops = {at: one.enrollment_id for at, one in errand.drops(refused).items()}
        with self._primary.read() as session:
            taken = enrollments.of_student(session, standing.student_id)
            left = {at: _own(session, key, standing, who) for at, key in drops.items()}
        kept = [one for one in taken if one.id not in drops.values()]
        answers = self._check(errand.adds(refused).values(), record.told_to_course(standing, kept))
        told = {section.id: section for section in answers.sections}
        adds = {at: tuple(told[key] for key in one.section_ids) for at, one in errand.adds(refused).items()}
        if faults := list(_faults(errand.term, adds, left)):
            raise InvalidRequest(faults)
        terms = [section.term.id for wish in adds.values() for section in wish] + [one.term_id for one in left.values()]
        return Asked(standing, answers, record.seen(taken), terms[0], refused, adds, drops)

    def _check(self, adds: Iterable[Add], told: dict[str, Any]) -> RequisiteAnswers:
        section_ids = list(dict.fromkeys(key for one in adds for key in one.section_ids))
        if not section_ids:
            return RequisiteAnswers((), (), ())
        answers = self._courses.check_requisites(section_ids, told)
        if answers.unknown:
            raise SectionNotFound(section_ids=list(answers.unknown))
        return answers


def _spelled(key: str) -> str:
    return key.lower() if is_id(key) else key


def _own(session: Session, enrollment_id: str, standing: Standing, who: Principal) -> Enrollment:
    found = enrollments.get(session, enrollment_id)
    if found is None or (who.has(access.STAFF) and found.student_id != standing.student_id):
        raise EnrollmentNotFound
    access.act_for(who, found.student_id)
    return found


def _faults(
    term: str | None, adds: Mapping[int, Sequence[SectionFacts]], drops: Mapping[int, Enrollment]
) -> Iterator[tuple[str, str]]:
    """Yield what is named twice, and what is of another term than the one named."""
    names = [(f"items[{at}].section_ids[{n}]", one.term) for at, wish in adds.items() for n, one in enumerate(wish)]
    for field, its in names:
        if term is not None and _spelled(term) not in {its.id, its.code}:
            yield field, _OTHER_TERM.say(term=its.code)
    seen: set[str] = set()
    for at, one in drops.items():
        if term is not None and _spelled(term) not in {one.term_id, one.term_code}:
            yield f"items[{at}].enrollment_id", _OTHER_TERM.say(term=one.term_code)
        if one.id in seen:
            yield f"items[{at}].enrollment_id", _TWICE.say()
        seen.add(one.id)
