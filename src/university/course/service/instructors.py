"""Instructors: those who teach sections, and whose names offerings are found by."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Instructor
from university.course.repository import instructors, keys, search
from university.course.service.finding import instructor_of
from university.course.service.refusing import refusing
from university.course.texts import tidy
from university.platform import paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, Denied
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import outbox
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal


class InstructorNumberTaken(Conflict):
    """Another instructor has this number."""

    title = Words("Another instructor has this number.", "Inny prowadzący ma już ten numer.")


class NotYourself(Denied):
    """An instructor may look at the own record only."""

    title = Words("You may look at your own record only.", "Możesz oglądać tylko własne dane.")


_TAKEN = {"instructor_number_unique": InstructorNumberTaken}


class Instructors:
    """Use cases of instructors."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def page(self, text: str | None, wanted: PageRequest) -> Page:
        """Return a page of instructors by name; those found by a text where one is given."""
        with self._replica.read() as session:
            return paging.fetch(session, instructors.page_query(text), instructors.IN_ORDER, wanted)

    def get(self, key: str, who: Principal) -> Instructor:
        """Return the instructor of an id or number; instructors see themselves only."""
        with self._replica.read() as session:
            instructor = keys.find(session, Instructor, key)
            if not who.has("registrar") and (instructor is None or instructor.id != who.instructor_id):
                raise NotYourself
            return instructor or instructor_of(session, key)

    def create(self, wish: Mapping[str, Any], once: Once) -> Instructor:
        """Record somebody who teaches."""
        with refusing(_TAKEN), once.begin(self._primary) as session:
            instructor = Instructor()
            _write(session, instructor, wish)
            session.add(instructor)
            session.flush()
            outbox.announce(session, events.created(events.INSTRUCTOR, instructors.facts(instructor)))
            return once.keep(session, instructor)

    def change(self, key: str, wish: Mapping[str, Any], if_match: IfMatch) -> Instructor:
        """Change an instructor; offerings are found by the new name."""
        with refusing(_TAKEN), self._primary.begin() as session:
            instructor = instructor_of(session, key, lock=True)
            if_match.check(instructor.version)
            fold = instructor.fold
            with session.no_autoflush:
                _write(session, instructor, wish)
            if session.is_modified(instructor):
                instructor.version += 1
                session.flush()
                outbox.announce(session, events.updated(events.INSTRUCTOR, instructors.facts(instructor)))
            if instructor.fold != fold:
                search.reindex(session, search.taught(session, instructor.id))
            return instructor


def _write(session: Session, instructor: Instructor, wish: Mapping[str, Any]) -> None:
    number = tidy(wish.get("number", instructor.number))
    if number != instructor.number and keys.exists(session, Instructor.number == number):
        raise InstructorNumberTaken
    for name, value in {**wish, "number": number}.items():
        setattr(instructor, name, value)
    instructor.fold = instructors.folded(instructor)
