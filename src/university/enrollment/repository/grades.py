"""Grades in the database: every one that was posted, and whose requisites must be judged anew because of it."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university.enrollment.models import Enrollment, EnrollmentSection, GradeChange
from university.enrollment.rules.grades import Given


def of_enrollment(session: Session, enrollment_id: str) -> Sequence[GradeChange]:
    """Return every grade posted for an enrollment, oldest first."""
    query = select(GradeChange).where(GradeChange.enrollment_id == enrollment_id)
    return session.scalars(query.order_by(GradeChange.at, GradeChange.id)).all()


def given(session: Session, graded: Iterable[Enrollment]) -> dict[str, Given]:
    """Return what enrollments were given so far, by id; what was recorded otherwise counts as a first attempt."""
    known = {one.id: one.grade for one in graded}
    last = select(GradeChange.enrollment_id, func.max(GradeChange.attempt).label("attempt"))
    rows = session.execute(last.where(GradeChange.enrollment_id.in_(known)).group_by(GradeChange.enrollment_id))
    attempts = {row.enrollment_id: row.attempt for row in rows}
    return {key: Given(grade, attempts.get(key, int(grade is not None))) for key, grade in known.items()}


def in_section(session: Session, section_id: str) -> Sequence[Enrollment]:
    """Return every enrollment that ever held a section, in order of coming."""
    held = select(EnrollmentSection.enrollment_id).where(EnrollmentSection.section_id == section_id)
    return session.scalars(select(Enrollment).where(Enrollment.id.in_(held)).order_by(Enrollment.id)).all()


def students_of(session: Session, enrollment_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return (student, term) of enrollments by id."""
    rows = session.execute(
        select(Enrollment.id, Enrollment.student_id, Enrollment.term_id).where(Enrollment.id.in_(enrollment_ids))
    )
    return {row.id: (row.student_id, row.term_id) for row in rows}
