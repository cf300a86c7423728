"""Telling the others that sections are different now, because they or what they belong to changed."""

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Section
from university.course.repository.facts import facts_of
from university.course.repository.keys import chunks
from university.platform import outbox


def sections_changed(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Give the sections that meet the conditions their next version, and tell each as it is now."""
    newer = update(Section).where(*conditions).values(version=Section.version + 1).returning(Section.id)
    touched = session.scalars(newer.execution_options(synchronize_session=False))
    for some in chunks(sorted(touched)):
        told = facts_of(session, some)
        outbox.announce(session, *(events.updated(events.SECTION, facts) for facts in told))
