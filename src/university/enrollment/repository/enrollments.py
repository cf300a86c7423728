"""Enrollments: a student's own under the student's lock, and lists for those who may see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from university.enrollment.models import (
    Enrollment,
    EnrollmentChange,
    EnrollmentSection,
    StudentStanding,
    StudentTerm,
)
from university.enrollment.rules.case import ACTIVE
from university.enrollment.rules.facts import Standing
from university.platform import database
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch

TAKEN_TO_THE_END = frozenset({"completed", "failed"})


def lock_student(session: Session, student_id: str, term_id: str) -> None:
    """Wait for, and keep until the transaction ends, the right to change this student's term."""
    row = {"student_id": student_id, "term_id": term_id}
    session.execute(database.insert(session, StudentTerm).values(row).on_conflict_do_nothing())
    session.execute(select(StudentTerm).filter_by(**row).with_for_update())


def of_student(session: Session, student_id: str) -> Sequence[Enrollment]:
    """Return what the student is taking and has taken to the end, oldest first."""
    query = select(Enrollment).where(
        Enrollment.student_id == student_id, Enrollment.status.in_(ACTIVE | TAKEN_TO_THE_END)
    )
    return session.scalars(query.order_by(Enrollment.id)).all()


def passed(session: Session, student_id: str, term_id: str, course_id: str) -> str | None:
    """Return the id of the enrollment by which the student passed the course in the term."""
    same = {"student_id": student_id, "term_id": term_id, "course_id": course_id, "status": "completed"}
    return session.scalars(select(Enrollment.id).filter_by(**same).limit(1)).one_or_none()


def get(session: Session, enrollment_id: str, *, lock: bool = False) -> Enrollment | None:
    """Return an enrollment by id, locked until the transaction ends when asked."""
    if not is_id(enrollment_id):
        return None
    query = select(Enrollment).where(Enrollment.id == enrollment_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def locked(session: Session, enrollment_ids: Collection[str]) -> dict[str, Enrollment]:
    """Return enrollments by id, kept from others until the transaction ends."""
    if not enrollment_ids:
        return {}
    query = select(Enrollment).where(Enrollment.id.in_(enrollment_ids)).order_by(Enrollment.id)
    return {one.id: one for one in session.scalars(query.with_for_update())}


def history(session: Session, enrollment_id: str) -> Sequence[EnrollmentChange]:
    """Return what became of an enrollment, oldest first."""
    query = select(EnrollmentChange).where(EnrollmentChange.enrollment_id == enrollment_id)
    return session.scalars(query.order_by(EnrollmentChange.at, EnrollmentChange.id)).all()


def page(session: Session, filters: dict[str, str], wanted: PageRequest) -> Page:
    """Return a page of enrollments; filters by `student_id`, `section_id`, `offering_id`, `term_id`, `status`."""
    query: Select[tuple[Enrollment]] = select(Enrollment)
    rest = dict(filters)
    if any(name != "status" and not is_id(value) for name, value in rest.items()):
        return Page([], None, 0 if wanted.total else None)
    if section_id := rest.pop("section_id", None):
        taken = select(EnrollmentSection.enrollment_id).where(EnrollmentSection.section_id == section_id)
        query = query.where(Enrollment.id.in_(taken))
    if status := rest.pop("status", None):
        query = query.where(Enrollment.status.in_(status.split(",")))
    return fetch(session, query.filter_by(**rest), [Enrollment.id], wanted)


def record(
    session: Session, enrollment: Enrollment, *, at: datetime, by: str, reason: str, request_id: str | None = None
) -> None:
    """Write a line into the enrollment's history."""
    enrollment.updated_at = at
    session.add(
        EnrollmentChange(
            enrollment_id=enrollment.id, status=enrollment.status, at=at, by=by, reason=reason, request_id=request_id
        )
    )


def standings_of(session: Session, student_ids: Collection[str]) -> dict[str, tuple[int, str]]:
    """Return (version, status) as last heard of students, kept from others until the transaction ends."""
    query = select(StudentStanding.student_id, StudentStanding.version, StudentStanding.status)
    ordered = query.where(StudentStanding.student_id.in_(student_ids)).order_by(StudentStanding.student_id)
    return {row.student_id: (row.version, row.status) for row in session.execute(ordered.with_for_update())}


def remember_standings(session: Session, standings: Collection[tuple[str, int, str]]) -> dict[str, tuple[int, str]]:
    """Keep the newest (student, version, status) of each; return those whose status is another than before."""
    newest = {student: (version, status) for student, version, status in sorted(standings, key=lambda one: one[1])}
    known = standings_of(session, newest)
    news = {student: told for student, told in newest.items() if known.get(student, (0, ""))[0] < told[0]}
    _keep_standings(session, news)
    return {student: told for student, told in news.items() if known.get(student, (0, ""))[1] != told[1]}


def is_newest(session: Session, standing: Standing) -> bool:
    """Tell whether nothing newer was heard of the student; and nothing will be until the transaction ends."""
    told = {standing.student_id: (standing.version, standing.status)}
    known = standings_of(session, told)
    if known.get(standing.student_id, (0, ""))[0] < standing.version:
        _keep_standings(session, told)
        known = standings_of(session, told)
    return known[standing.student_id][0] <= standing.version


def _keep_standings(session: Session, standings: Mapping[str, tuple[int, str]]) -> None:
    if standings:
        insert = database.insert(session, StudentStanding)
        upsert = insert.on_conflict_do_update(
            index_elements=["student_id"],
            set_={"version": insert.excluded.version, "status": insert.excluded.status},
            where=StudentStanding.version < insert.excluded.version,
        )
        rows = [{"student_id": one, "version": told[0], "status": told[1]} for one, told in sorted(standings.items())]
        session.execute(upsert, rows)


def running_of(session: Session, student_ids: Collection[str], today: date) -> Sequence[Enrollment]:
    """Return the students' enrollments with a seat in terms that have not ended, locked, in order of id."""
    query = select(Enrollment).where(
        Enrollment.student_id.in_(student_ids), Enrollment.status == "enrolled", Enrollment.term_ends_on >= today
    )
    return session.scalars(query.order_by(Enrollment.id).with_for_update()).all()
