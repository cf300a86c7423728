"""Equivalences: classes of courses that count for one another."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from university.course.models import Course, Equivalence
from university.course.repository import catalog, courses, keys
from university.course.service import telling
from university.course.service.finding import course_of
from university.platform import paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, InvalidRequest, NotFound
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest

_UNKNOWN = Words("There is no such course.", "Nie ma takiego przedmiotu.")
_TWICE = Words("The course is named twice.", "Przedmiot podano dwa razy.")


class EquivalenceNotFound(NotFound):
    """No class has this id."""

    title = Words("There is no such equivalence.", "Nie ma takiej równoważności.")


class CourseAlreadyEquivalent(Conflict):
    """A course of the list belongs to another class; `courses` are their codes."""

    title = Words(
        "A course belongs to another class of equivalent courses.", "Przedmiot należy już do innej klasy równoważności."
    )


@dataclass(frozen=True, slots=True)
class CourseClass:
    """A class with its courses by code."""

    id: str
    version: int
    courses: Sequence[Course]


class Equivalences:
    """Use cases of equivalences."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def page(self, course: str | None, wanted: PageRequest) -> Page:
        """Return a page of classes; only that of a course where one is named."""
        with self._replica.read() as session:
            only = course_of(session, course) if course else None
            page = paging.fetch(session, courses.classes_query(only), (Equivalence.id,), wanted)
            return Page(_with_courses(session, page.items), page.next, page.total)

    def get(self, key: str) -> CourseClass:
        """Return a class."""
        with self._replica.read() as session:
            return _with_courses(session, [_found(session, key)])[0]

    def create(self, names: Sequence[str], once: Once) -> CourseClass:
        """Let courses count for one another."""
        with once.begin(self._primary) as session:
            catalog.change(session)
            equivalence = Equivalence()
            session.add(equivalence)
            session.flush()
            _join(session, equivalence, names)
            return once.keep(session, _with_courses(session, [equivalence])[0])

    def change(self, key: str, names: Sequence[str], if_match: IfMatch) -> CourseClass:
        """Let a class consist of other courses."""
        with self._primary.begin() as session:
            catalog.change(session)
            equivalence = _found(session, key, lock=True)
            if_match.check(equivalence.version)
            if _join(session, equivalence, names):
                equivalence.version += 1
            session.flush()
            return _with_courses(session, [equivalence])[0]

    def remove(self, key: str) -> None:
        """Let the courses of a class count for themselves only."""
        with self._primary.begin() as session:
            catalog.change(session)
            equivalence = _found(session, key, lock=True)
            _join(session, equivalence, [])
            session.delete(equivalence)


def _found(session: Session, key: str, *, lock: bool = False) -> Equivalence:
    equivalence = keys.find(session, Equivalence, key, lock=lock)
    if equivalence is None:
        raise EquivalenceNotFound
    return equivalence


def _join(session: Session, equivalence: Equivalence, names: Sequence[str]) -> bool:
    """Make the class consist of these courses and tell everybody concerned; return whether anything changed."""
    present = {course.id: course for course in courses.members(session, [equivalence.id])}
    wanted = _named(session, names)
    taken = [one.code for one in wanted.values() if one.equivalence_id not in {None, equivalence.id}]
    if taken:
        raise CourseAlreadyEquivalent(", ".join(taken), courses=taken)
    if present.keys() == wanted.keys():
        return False
    for course in (present | wanted).values():
        course.equivalence_id = equivalence.id if course.id in wanted else None
    touched = list((present | wanted).values())
    telling.courses_changed(session, touched)
    telling.sections_of_courses_changed(session, touched)
    return True


def _named(session: Session, names: Sequence[str]) -> dict[str, Course]:
    """Return the courses of ids or codes by id; refuse with every name that is unknown or repeated."""
    found = courses.by_keys(session, names)
    seen: set[str] = set()
    faults = []
    for place, name in enumerate(names):
        course = found.get(name)
        if course is None or course.id in seen:
            faults.append((f"courses[{place}]", (_TWICE if course else _UNKNOWN).say()))
        else:
            seen.add(course.id)
    if faults:
        raise InvalidRequest(faults)
    return {course.id: course for course in found.values()}


def _with_courses(session: Session, classes: Sequence[Equivalence]) -> list[CourseClass]:
    members = courses.members(session, [one.id for one in classes])
    return [
        CourseClass(one.id, one.version, [course for course in members if course.equivalence_id == one.id])
        for one in classes
    ]
