"""Students: entered, found, listed and changed by the registrar, seen by themselves, named to other modules."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from university.platform import auditing, paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import states
from university.platform.messaging.states import States, StatesWanted
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.student.models import Student
from university.student.repository import students
from university.student.service import access, news

SEARCHED = frozenset({"number", "given_name", "family_name"})


class StudentNumberTaken(Conflict):
    """Another student has this number."""

    title = Words("This student number is taken.", "Ten numer studenta jest zajęty.")


@dataclass(frozen=True, slots=True)
class Found:
    """The students asked for by key, and the keys that nobody has."""

    students: Sequence[Student]
    unknown: list[str]


class StudentService:
    """What can be done with students."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def find(self, key: str, who: Principal) -> Student:
        """Return a student whom the caller may see."""
        with self._primary.read() as session:
            return access.visible(session, key, who)

    def page(self, filters: Mapping[str, Any], wanted: PageRequest) -> Page:
        """Return a page of the students who fit the filters, by number."""
        with self._replica.read() as session:
            found = paging.fetch(session, students.matching(session, **filters), [Student.number], wanted)
        auditing.about(*(student.id for student in found.items))
        return found

    def create(self, details: Mapping[str, Any], once: Once) -> Student:
        """Enter a new student; raise `StudentNumberTaken`."""
        with once.begin(self._primary) as session:
            student = Student(**details)
            self._refuse_a_taken_number(session, student.number)
            with _unique_number():
                students.add(session, [student])
            auditing.about(student.id)
            news.tell_created(session, [student])
            return once.keep(session, student)

    def change(self, key: str, changes: Mapping[str, Any], if_match: IfMatch) -> Student:
        """Change what is named; what stays as it was is no news. Raise `StudentNotFound` or `StudentNumberTaken`."""
        with self._primary.begin() as session:
            student = access.locked(session, key)
            if_match.check(student.version)
            changed = {field: value for field, value in changes.items() if getattr(student, field) != value}
            if changed:
                self._change(session, student, changed)
            return student

    def among(self, kind: str, keys: Collection[str]) -> Found:
        """Return the students with these keys of one kind: `id`, `number` or `external_key`."""
        column: InstrumentedAttribute[str] = getattr(Student, kind)
        with self._primary.read() as session:
            found = students.among(session, column, keys)
        known = {getattr(student, kind) for student in found}
        return Found(found, [key for key in dict.fromkeys(keys) if (key.lower() if kind == "id" else key) not in known])

    def states(self, wanted: StatesWanted) -> States:
        """Return students as they stand now, for copies to be renewed from."""
        return states.tell(self._primary, {"student": news.states}, wanted)

    def _change(self, session: Session, student: Student, changed: Mapping[str, Any]) -> None:
        if "number" in changed:
            self._refuse_a_taken_number(session, changed["number"], but_by=student.id)
        for field, value in changed.items():
            setattr(student, field, value)
        with _unique_number():
            session.flush()
        if not SEARCHED.isdisjoint(changed):
            students.index(session, [student])
        news.tell_updated(session, [student])

    def _refuse_a_taken_number(self, session: Session, number: str, but_by: str | None = None) -> None:
        if students.is_number_taken(session, number, but_by=but_by):
            raise StudentNumberTaken


@contextmanager
def _unique_number() -> Iterator[None]:
    """Answer the second of two who enter the same number at once as if the first had been seen."""
    try:
        yield
    except IntegrityError as error:
        if students.tells_of_a_taken_number(error):
            raise StudentNumberTaken from error
        raise
