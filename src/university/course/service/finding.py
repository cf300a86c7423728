"""Finding what a request names, or refusing."""

from sqlalchemy.orm import Session

from university.course.models import Course, Instructor, Offering, Section, Term
from university.course.repository import keys
from university.platform.errors import NotFound
from university.platform.language import Words


class TermNotFound(NotFound):
    """No term has this id or code."""

    title = Words("There is no such term.", "Nie ma takiego semestru.")


class CourseNotFound(NotFound):
    """No course has this id or code."""

    title = Words("There is no such course.", "Nie ma takiego przedmiotu.")


class InstructorNotFound(NotFound):
    """No instructor has this id or number."""

    title = Words("There is no such instructor.", "Nie ma takiego prowadzącego.")


class OfferingNotFound(NotFound):
    """No offering has this id."""

    title = Words("This course is not offered.", "Nie ma takiej edycji przedmiotu.")


class SectionNotFound(NotFound):
    """No section has this id."""

    title = Words("There is no such section.", "Nie ma takiej grupy.")


def term_of(session: Session, key: str, *, lock: bool = False) -> Term:
    """Return the term of an id or code, or refuse with `TermNotFound`."""
    if (term := keys.find(session, Term, key, lock=lock)) is None:
        raise TermNotFound
    return term


def course_of(session: Session, key: str, *, lock: bool = False) -> Course:
    """Return the course of an id or code, or refuse with `CourseNotFound`."""
    if (course := keys.find(session, Course, key, lock=lock)) is None:
        raise CourseNotFound
    return course


def instructor_of(session: Session, key: str, *, lock: bool = False) -> Instructor:
    """Return the instructor of an id or number, or refuse with `InstructorNotFound`."""
    if (instructor := keys.find(session, Instructor, key, lock=lock)) is None:
        raise InstructorNotFound
    return instructor


def offering_of(session: Session, key: str, *, lock: bool = False) -> Offering:
    """Return the offering of an id, or refuse with `OfferingNotFound`."""
    if (offering := keys.find(session, Offering, key, lock=lock)) is None:
        raise OfferingNotFound
    return offering


def section_of(session: Session, key: str, *, lock: bool = False) -> Section:
    """Return the section of an id, or refuse with `SectionNotFound`."""
    if (section := keys.find(session, Section, key, lock=lock)) is None:
        raise SectionNotFound
    return section
