"""Courses of the catalog: created, changed, removed while nothing rests on them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Course, Offering
from university.course.repository import catalog, courses, facts, keys, search
from university.course.service import requisites, telling
from university.course.service.finding import course_of
from university.course.service.refusing import refusing
from university.course.texts import tidy
from university.platform import paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import outbox
from university.platform.paging import Page, PageRequest

_IN_SECTIONS = {"code", "title", "title_en", "department", "level", "ects", "max_attempts", "repeatable"}
_FOUND_BY = {"code", "title", "title_en"}
_QUOTE = Words("A code cannot hold a quotation mark.", "Kod nie może zawierać cudzysłowu.")


class CourseCodeTaken(Conflict):
    """Another course has this code."""

    title = Words("Another course has this code.", "Inny przedmiot ma już ten kod.")


class CourseInUse(Conflict):
    """The course is or was offered, so it stays."""

    title = Words("The course is offered in a term, so it stays.", "Przedmiot ma edycje w semestrach, więc zostaje.")


_TAKEN = {"course_code_unique": CourseCodeTaken}
_OFFERED = {"offering_course_id_exists": CourseInUse}


class Courses:
    """Use cases of courses."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def page(self, filters: Mapping[str, Any], wanted: PageRequest) -> Page:
        """Return a page of courses by code."""
        with self._replica.read() as session:
            return paging.fetch(session, courses.page_query(filters), courses.IN_ORDER, wanted)

    def get(self, key: str) -> Course:
        """Return the course of an id or code."""
        with self._replica.read() as session:
            return course_of(session, key)

    def create(self, wish: Mapping[str, Any], once: Once) -> Course:
        """Put a course into the catalog."""
        with refusing(_TAKEN), once.begin(self._primary) as session:
            catalog.change(session)
            course = Course()
            _write(session, course, wish)
            session.add(course)
            session.flush()
            outbox.announce(session, events.created(events.COURSE, *facts.of_courses(session, [course])))
            return once.keep(session, course)

    def change(self, key: str, wish: Mapping[str, Any], if_match: IfMatch) -> Course:
        """Change a course and, with it, what its offerings and sections say of it."""
        with refusing(_TAKEN), self._primary.begin() as session:
            catalog.change(session)
            course = course_of(session, key, lock=True)
            if_match.check(course.version)
            with session.no_autoflush:
                _write(session, course, wish)
            if session.is_modified(course):
                telling.courses_changed(session, [course])
                _follow(session, course, wish)
            return course

    def remove(self, key: str) -> None:
        """Take a course that is not offered out of the catalog."""
        with refusing(_OFFERED), self._primary.begin() as session:
            catalog.change(session)
            course = course_of(session, key, lock=True)
            if keys.exists(session, Offering.course_id == course.id):
                raise CourseInUse
            others = [one for one in courses.class_of(session, course) if one.id != course.id]
            course.version += 1
            told = facts.of_courses(session, [course])
            session.delete(course)
            session.flush()
            outbox.announce(session, events.deleted(events.COURSE, *told))
            telling.courses_changed(session, others)
            telling.sections_of_courses_changed(session, others)


def _write(session: Session, course: Course, wish: Mapping[str, Any]) -> None:
    """Put the wished values into the row once they fit the catalog."""
    code = course.code
    for name, value in wish.items():
        if name == "code":
            course.code = _free_code(session, course, tidy(value))
        elif name != "requisites":
            setattr(course, name, value)
    if "requisites" in wish:
        requisites.write(session, course, wish["requisites"])
    elif code != course.code:
        requisites.check_cycle(session, course.code, requisites.tree_of(course))
    course.fold = courses.folded(course)


def _free_code(session: Session, course: Course, code: str) -> str:
    if '"' in code:
        raise invalid("code", _QUOTE)
    if code != course.code and keys.exists(session, Course.code == code):
        raise CourseCodeTaken
    return code


def _follow(session: Session, course: Course, wish: Mapping[str, Any]) -> None:
    """Let offerings and sections say of the course what is true now."""
    if wish.keys() & _FOUND_BY:
        search.reindex(session, courses.rename_offerings(session, course))
    if wish.keys() & _IN_SECTIONS:
        telling.sections_of_courses_changed(session, [course])
