"""Whom news is for: active students of programs, stages and groups, with so many credits earned."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university.student.models import RecognizedCredit, RecordedEnrollment, Student
from university.student.rules.words import EnrollmentStatus, StudentStatus


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant; an empty list means everybody. Credits are counted as far as this module has heard of them."""

    program: Collection[str] = ()
    stage: Collection[int] = ()
    group: Collection[str] = ()
    min_ects: float = 0.0


def members(session: Session, audience: Audience) -> set[str]:
    """Return the ids of the active students whom an audience means."""
    query = select(Student.id, Student.groups).where(Student.status == StudentStatus.ACTIVE)
    if audience.program:
        query = query.where(Student.program.in_(audience.program))
    if audience.stage:
        query = query.where(Student.stage.in_(audience.stage))
    groups = set(audience.group)
    found = {row.id for row in session.execute(query) if not groups or not groups.isdisjoint(row.groups)}
    if audience.min_ects > 0:
        earned = _earned(session)
        found = {key for key in found if earned[key] >= audience.min_ects}
    return found


def _earned(session: Session) -> defaultdict[str, float]:
    """Return the credits earned, by student: each completed course once, and what was recognized."""
    best = (
        select(RecordedEnrollment.student_id, func.max(RecordedEnrollment.ects).label("ects"))
        .where(RecordedEnrollment.status == EnrollmentStatus.COMPLETED)
        .group_by(RecordedEnrollment.student_id, RecordedEnrollment.course_id)
    )
    earned: defaultdict[str, float] = defaultdict(float)
    for query in (best, select(RecognizedCredit.student_id, RecognizedCredit.ects)):
        for row in session.execute(query):
            earned[row.student_id] += row.ects or 0.0
    return earned
