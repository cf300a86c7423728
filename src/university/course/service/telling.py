"""Telling the others what is different now: the thing itself, and the sections whose facts it is part of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Course, Section
from university.course.repository import courses, facts
from university.course.repository.keys import chunks
from university.platform.messaging import outbox


def sections_changed(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Give the sections that meet the conditions their next version, and tell each as it is now."""
    newer = update(Section).where(*conditions).values(version=Section.version + 1).returning(Section.id)
    touched = session.scalars(newer.execution_options(synchronize_session=False))
    for some in chunks(sorted(touched)):
        told = facts.facts_of(session, some)
        outbox.announce(session, *(events.updated(events.SECTION, one) for one in told))


def courses_changed(session: Session, changed: Sequence[Course]) -> None:
    """Give changed courses their next version and tell them."""
    for course in changed:
        course.version += 1
    session.flush()
    outbox.announce(session, *(events.updated(events.COURSE, one) for one in facts.of_courses(session, changed)))


def sections_of_courses_changed(session: Session, changed: Sequence[Course]) -> None:
    """Tell the sections of changed courses."""
    for some in chunks(changed):
        sections_changed(session, courses.offered([course.id for course in some]))
