"""What a student wants done in a term, and what the neighbors say of it: they are asked once for all items."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, RequisiteAnswers, StudentClient
from university.enrollment.models import Enrollment
from university.enrollment.repository import enrollments, permissions, records, waiting
from university.enrollment.repository.records import Taken
from university.enrollment.rules.case import PLACED, Violation
from university.enrollment.rules.facts import SectionFacts, Standing
from university.enrollment.rules.request import Verdict
from university.enrollment.service import access, record
from university.enrollment.service.access import EnrollmentNotFound
from university.enrollment.service.refusing import NotOffered, NotWaiting, SectionNotFound
from university.platform.database import Primary, is_id
from university.platform.errors import InvalidRequest
from university.platform.language import Words
from university.platform.neighbors import NeighborUnavailable
from university.platform.security import Principal

_OTHER_TERM = Words("Belongs to another term: {term}.", "Należy do innego semestru: {term}.")
_OTHER_COURSE = Words("Belongs to another course: {course}.", "Należy do innego przedmiotu: {course}.")
_TWICE = Words("Named twice in one request.", "Podano dwa razy w jednym zgłoszeniu.")


@dataclass(frozen=True, slots=True)
class Add:
    """A wish for one bundle of sections; who `waits` takes a place in the queue where there is no seat."""

    section_ids: tuple[str, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """A wish to give a place back."""

    enrollment_id: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A wish to leave a course after the days of dropping; it leaves a mark."""

    enrollment_id: str


@dataclass(frozen=True, slots=True)
class Swap:
    """A wish for a bundle instead of a place in another offering, which is kept unless there is a seat."""

    enrollment_id: str
    section_ids: tuple[str, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A wish for other sections of the offering in which the student has a place."""

    enrollment_id: str
    section_ids: tuple[str, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Promote:
    """It is the turn of an enrollment that waits."""

    enrollment_id: str


@dataclass(frozen=True, slots=True)
class Move:
    """The university's own wish for other sections of an offering, because it canceled some."""

    enrollment_id: str
    section_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accept:
    """A wish for the seat that is offered."""

    enrollment_id: str


Item = Add | Drop | Withdraw | Swap | Change | Move | Promote | Accept
ACTIONS = {Add: "add", Drop: "drop", Withdraw: "withdraw", Swap: "swap", Change: "change_sections"}
"""What the items of requests are called."""


def add(section_ids: Sequence[str], *, waits: bool = False) -> Add:
    """Return the wish for sections, each once, their ids as they are kept."""
    return Add(_each(section_ids), waits)


def drop(enrollment_id: str) -> Drop:
    """Return the wish to give a place back, its id as it is kept."""
    return Drop(_spelled(enrollment_id))


def swap(enrollment_id: str, section_ids: Sequence[str], *, waits: bool = False) -> Swap:
    """Return the wish for sections instead of a place, ids as they are kept."""
    return Swap(_spelled(enrollment_id), _each(section_ids), waits)


def change(enrollment_id: str, section_ids: Sequence[str], *, waits: bool = False) -> Change:
    """Return the wish for other sections of an offering, ids as they are kept."""
    return Change(_spelled(enrollment_id), _each(section_ids), waits)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a student wants done in a term; without one, in whichever the first section is of.

    `in_turn` carries out each item that fits, else all or none; a `trial` carries out nothing. `id` goes into the
    history of what is changed.
    """

    student: str
    items: tuple[Item, ...]
    term: str | None = None
    in_turn: bool = False
    trial: bool = False
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item: what is told of it, and the enrollment that it changed."""

    item: Item
    violations: Sequence[Violation] = ()
    enrollment: Enrollment | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What an item comes down to: sections to have, a place to give back, a place that goes on with the sections."""

    section_ids: tuple[str, ...] = ()
    drops: str | None = None
    stays: str | None = None
    waits: bool = False
    queued: bool = False
    withdraws: bool = False
    moves: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The enrollments that it is about."""
        return tuple(key for key in (self.drops, self.stays) if key)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the neighbors said of the items that are not `refused` already, and of which record (`taken`).

    `courses` are the ids of the student's courses and of those asked for, by code; `resting` the enrollments whose
    grades are still to come and bear on the answers.
    """

    standing: Standing
    answers: RequisiteAnswers
    taken: Sequence[Taken]
    term_id: str
    refused: Verdict
    steps: Mapping[int, Step]
    adds: Mapping[int, tuple[SectionFacts, ...]]
    courses: Mapping[str, str]
    resting: Collection[str]

    @property
    def names(self) -> set[str]:
        """The enrollments that the items are about."""
        return {key for step in self.steps.values() for key in step.names}


class Asking:
    """Asks both neighbors, outside of any transaction."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def ask(self, errand: Errand, who: Principal, refused: Verdict) -> Asked:
        """Return what the neighbors say of an errand, beside the items that are refused already.

        Raises `StudentNotFound`, `NotYours`, `EnrollmentNotFound`, `SectionNotFound`, `NotWaiting`, `NotOffered`,
        `NeighborUnavailable`, and `InvalidRequest` for what is named twice or belongs to another term or course.
        """
        standing = self._standing(errand, who)
        with self._primary.read() as session:
            known = records.of_student(session, standing.student_id)
            items = ((at, item) for at, item in enumerate(errand.items) if at not in refused)
            steps = {at: _step(session, item) for at, item in items}
            given = permissions.consents_of(session, standing.student_id) if known.permitted else ()
            named = {at: [_own(session, key, standing, who) for key in step.names] for at, step in steps.items()}
        leaving = {key for step in steps.values() for key in step.names}
        kept = [one for one in known.taken if one.id not in leaving]
        answers = self._check(steps.values(), record.told_to_course(standing, kept, given))
        told = {section.id: section for section in answers.sections}
        adds = {at: tuple(told[key] for key in step.section_ids) for at, step in steps.items() if step.section_ids}
        if faults := list(_faults(errand, steps, adds, named)):
            raise InvalidRequest(faults)
        terms = [section.term.id for wish in adds.values() for section in wish]
        terms += [one.term_id for some in named.values() for one in some]
        courses = record.courses(kept, answers.sections)
        resting = record.resting(kept, answers.requisites, courses)
        return Asked(standing, answers, known.taken, terms[0], refused, steps, adds, courses, resting)

    def _standing(self, errand: Errand, who: Principal) -> Standing:
        """Ask for the standing; who only gives back is not kept waiting for a neighbor that is down."""
        try:
            return access.standing(self._students, errand.student, who)
        except NeighborUnavailable:
            if not all(isinstance(item, Drop | Withdraw) for item in errand.items):
                raise
            heard = self._heard(access.named(errand.student, who))
            if heard is None:
                raise
            access.act_for(who, heard.student_id)
            return heard

    def _heard(self, student_id: str | None) -> Standing | None:
        with self._primary.read() as session:
            return enrollments.standing_heard(session, student_id) if student_id else None

    def _check(self, steps: Iterable[Step], told: dict[str, Any]) -> RequisiteAnswers:
        section_ids = list(dict.fromkeys(key for step in steps for key in step.section_ids))
        if not section_ids:
            return RequisiteAnswers((), (), ())
        answers = self._courses.check_requisites(section_ids, told)
        if answers.unknown:
            raise SectionNotFound(section_ids=list(answers.unknown))
        return answers


def _step(session: Session, item: Item) -> Step:
    """Return what an item comes down to; raise `NotWaiting`, `NotOffered`."""
    match item:
        case Add():
            return Step(item.section_ids, waits=item.waits)
        case Drop():
            return Step(drops=item.enrollment_id)
        case Withdraw():
            return Step(drops=item.enrollment_id, withdraws=True)
        case Swap():
            return Step(item.section_ids, drops=item.enrollment_id, waits=item.waits)
        case Change():
            return Step(item.section_ids, stays=item.enrollment_id, waits=item.waits)
        case Move():
            return Step(item.section_ids, stays=item.enrollment_id, moves=True)
        case Promote() | Accept():
            return queued(session, item)


def queued(session: Session, item: Promote | Accept) -> Step:
    """Return what the turn of an entry comes down to; raise `NotWaiting`, `NotOffered`."""
    entry, enrollment = waiting.entry_of(session, item.enrollment_id), enrollments.get(session, item.enrollment_id)
    offered = enrollment is not None and enrollment.status == "offered"
    if isinstance(item, Accept) and not offered:
        raise NotOffered(status_now=enrollment.status if enrollment else None)
    if entry is None or (isinstance(item, Promote) and offered):
        raise NotWaiting
    instead = enrollments.get(session, entry.instead_of) if entry.instead_of else None
    drops = instead.id if instead is not None and instead.status in PLACED else None
    return Step(tuple(entry.section_ids), drops=drops, stays=item.enrollment_id, queued=True)


def _each(section_ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_spelled(key) for key in section_ids))


def _spelled(key: str) -> str:
    return key.lower() if is_id(key) else key


def _own(session: Session, enrollment_id: str, standing: Standing, who: Principal) -> Enrollment:
    found = enrollments.get(session, enrollment_id)
    if found is None or (who.has(access.STAFF) and found.student_id != standing.student_id):
        raise EnrollmentNotFound
    access.act_for(who, found.student_id)
    return found


def _faults(
    errand: Errand,
    steps: Mapping[int, Step],
    adds: Mapping[int, Sequence[SectionFacts]],
    named: Mapping[int, Sequence[Enrollment]],
) -> Iterator[tuple[str, str]]:
    """Yield what is named twice, and what is of another term, or another course, than it should be."""
    term = None if errand.term is None else _spelled(errand.term)
    seen: set[str] = set()
    for at, step in steps.items():
        offering = named[at][-1].offering_id if step.stays else None
        for n, section in enumerate(adds.get(at, ())):
            field = f"items[{at}].section_ids[{n}]"
            if term is not None and term not in {section.term.id, section.term.code}:
                yield field, _OTHER_TERM.say(term=section.term.code)
            if offering is not None and section.offering.id != offering:
                yield field, _OTHER_COURSE.say(course=section.course.code)
        for one in named[at]:
            field = f"items[{at}].enrollment_id"
            if term is not None and term not in {one.term_id, one.term_code}:
                yield field, _OTHER_TERM.say(term=one.term_code)
            if one.id in seen:
                yield field, _TWICE.say()
            seen.add(one.id)
