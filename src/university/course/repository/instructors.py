"""Questions about instructors."""

from sqlalchemy import Select, select

from university.course import events
from university.course.models import Instructor
from university.course.repository.courses import says
from university.course.texts import found_by

IN_ORDER = (Instructor.family_name, Instructor.given_name, Instructor.id)


def page_query(text: str | None) -> Select[Instructor]:
    """Return the question for instructors: of a number, or with names that start as the words of a text."""
    query = select(Instructor)
    return query.where(says(Instructor.fold, text) | (Instructor.number == text)) if text and text.strip() else query


def folded(instructor: Instructor) -> str:
    """Return the words by which an instructor is found, each after a space."""
    found = found_by(instructor.given_name, instructor.family_name)
    return "".join(f" {word}" for word in sorted(found))


def facts(instructor: Instructor) -> events.InstructorFacts:
    """Return what others may know: no names."""
    return {"id": instructor.id, "version": instructor.version}
