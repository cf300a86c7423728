"""Looking at enrollments: one's own, those of one's sections, or all of them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.models import Enrollment, EnrollmentChange
from university.enrollment.repository import enrollments, ledger
from university.enrollment.service import access
from university.enrollment.service.access import EnrollmentNotFound, NotYours
from university.enrollment.service.waitlists import show_places
from university.platform.database import Primary
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal


class Reading:
    """Shows enrollments to those who may see them; always from the primary, because one's own must be current."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def get(self, enrollment_id: str, who: Principal) -> Enrollment:
        """Return an enrollment; raise `EnrollmentNotFound`, `NotYours`."""
        with self._primary.read() as session:
            enrollment = enrollments.get(session, enrollment_id)
            if enrollment is None:
                raise EnrollmentNotFound
            access.see(who, enrollment, ledger.facts_of(session, enrollment.section_ids))
            show_places(session, [enrollment], who)
            return enrollment

    def history(self, enrollment_id: str, who: Principal) -> Sequence[EnrollmentChange]:
        """Return what became of an enrollment, oldest first; raise `EnrollmentNotFound`, `NotYours`."""
        self.get(enrollment_id, who)
        with self._primary.read() as session:
            return enrollments.history(session, enrollment_id)

    def page(self, filters: dict[str, str], wanted: PageRequest, who: Principal) -> Page:
        """Return a page of enrollments; a student's own only, an instructor's own sections only."""
        found = dict(filters)
        if "term" in found:
            found["term_id"] = self._courses.term(found.pop("term")).id
        if "student_id" in found:
            found["student_id"] = access.student_id(self._students, found["student_id"], who)
        with self._primary.read() as session:
            if not who.has(access.STAFF):
                found = _within_reach(session, found, who)
            page = enrollments.page(session, found, wanted)
            show_places(session, page.items, who)
            return page


def _within_reach(session: Session, filters: dict[str, str], who: Principal) -> dict[str, str]:
    """Return the filters bounded to a section that the caller teaches, else to the caller; raise `NotYours`."""
    if "section_id" in filters and access.teaches(who, ledger.facts_of(session, [filters["section_id"]]).values()):
        return filters
    if who.student_id is None or filters.get("student_id", who.student_id) != who.student_id:
        raise NotYours
    return {**filters, "student_id": who.student_id}
