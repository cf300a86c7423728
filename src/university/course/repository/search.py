"""The words by which offerings are found, written when what they come from changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from university.course.models import Course, Instructor, Offering, SearchWord, Section, Teaching
from university.course.repository.keys import chunks


def reindex(session: Session, offering_ids: Iterable[str]) -> None:
    """Write anew the words of offerings: their course's code and titles, their instructors' names."""
    for some in chunks(list(dict.fromkeys(offering_ids))):
        session.execute(delete(SearchWord).where(SearchWord.offering_id.in_(some)))
        if rows := list(_rows(session, some)):
            session.execute(insert(SearchWord), rows)


def taught(session: Session, instructor_id: str) -> list[str]:
    """Return the ids of the offerings in which an instructor teaches."""
    sections = select(Section.offering_id).join(Teaching).where(Teaching.instructor_id == instructor_id)
    return list(session.scalars(sections.distinct()))


def _rows(session: Session, offering_ids: Sequence[str]) -> Iterator[dict[str, str]]:
    names: dict[str, set[str]] = defaultdict(set)
    teachers = select(Section.offering_id, Instructor.fold).select_from(Section).join(Teaching).join(Instructor)
    for offering_id, fold in session.execute(teachers.where(Section.offering_id.in_(offering_ids)).distinct()):
        names[offering_id].update(fold.split())
    courses = select(Offering.id, Offering.term_id, Course.fold).join(Course)
    for offering_id, term_id, fold in session.execute(courses.where(Offering.id.in_(offering_ids))):
        for word in names[offering_id].union(fold.split()):
            yield {"term_id": term_id, "word": word, "offering_id": offering_id}
