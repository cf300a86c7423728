"""The enrollments as the rows of an export: what `reading` reads."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from university.enrollment.clients import StudentClient, StudentFacts
from university.enrollment.imports import reading
from university.enrollment.models import Enrollment, EnrollmentSection, Section
from university.platform import oneroster, paging
from university.platform.database import Primary
from university.platform.exports import Exports
from university.platform.oneroster import UNIVERSITY, derived
from university.platform.paging import Page, PageRequest

_SEATS = select(
    EnrollmentSection.enrollment_id, EnrollmentSection.section_id, EnrollmentSection.pool, Section.external_key
).outerjoin(Section, Section.id == EnrollmentSection.section_id)
Seats = Sequence[Row[*tuple[Any, ...]]]


class EnrollmentExports(Exports):
    """The enrollment module's part of an export; a page may have more rows than asked for, one for each section."""

    def __init__(self, primary: Primary, students: StudentClient) -> None:
        self._primary, self._students = primary, students
        super().__init__({"enrollments": self._enrollments})

    def _enrollments(self, wanted: PageRequest) -> Page:
        with self._primary.read() as session:
            page = paging.fetch(session, select(Enrollment), [Enrollment.id], wanted)
            ids = [enrollment.id for enrollment in page.items]
            seats = session.execute(_SEATS.where(EnrollmentSection.enrollment_id.in_(ids))).all()
        students = self._students.by_ids(list(dict.fromkeys(enrollment.student_id for enrollment in page.items)))
        return Page(list(_rows(page.items, seats, students)), page.next, page.total)


def _rows(
    enrollments: Sequence[Enrollment], seats: Seats, students: Mapping[str, StudentFacts]
) -> Iterator[dict[str, str]]:
    held: dict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for seat in sorted(seats, key=lambda seat: seat.external_key or seat.section_id):
        held[seat.enrollment_id].append(seat)
    for enrollment in enrollments:
        student = students.get(enrollment.student_id)
        told = _told(enrollment, (student.external_key if student else None) or enrollment.student_id)
        key = enrollment.external_key or enrollment.id
        own = held[enrollment.id]
        if not own:
            yield {
                **oneroster.head(key),
                **told,
                reading.COURSE: enrollment.course_code,
                reading.TERM: enrollment.term_code,
            }
        for place, seat in enumerate(own):
            group = seat.external_key or seat.section_id
            yield {
                **oneroster.head(derived("seat", key, group) if place else key),
                **told,
                "classSourcedId": group,
                reading.POOL.column: reading.POOL.write(seat.pool),
            }


def _told(enrollment: Enrollment, student_key: str) -> dict[str, str]:
    """Return what every row of an enrollment tells; an offered seat goes back to its queue."""
    status = "waitlisted" if enrollment.status == "offered" else enrollment.status
    return {
        "schoolSourcedId": UNIVERSITY,
        "userSourcedId": student_key,
        "role": "student",
        "beginDate": enrollment.created_at.date().isoformat(),
        reading.BUNDLE: enrollment.external_key or enrollment.id,
        reading.STATUS.column: reading.STATUS.write(status),
        reading.GRADE.column: reading.GRADE.write(enrollment.grade),
        reading.ECTS.column: reading.ECTS.write(enrollment.ects),
    }
