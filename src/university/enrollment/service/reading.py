"""Looking at enrollments: one's own, those of one's sections, or all of them."""

from collections.abc import Sequence

from university.enrollment.clients import CourseClient
from university.enrollment.models import Enrollment, EnrollmentChange
from university.enrollment.repository import enrollments, ledger
from university.enrollment.service import access
from university.enrollment.service.access import EnrollmentNotFound, NotYours
from university.platform.database import Primary
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal


class Reading:
    """Shows enrollments to those who may see them; always from the primary, because one's own must be current."""

    def __init__(self, primary: Primary, courses: CourseClient) -> None:
        self._primary, self._courses = primary, courses

    def get(self, enrollment_id: str, who: Principal) -> Enrollment:
        """Return an enrollment; raise `EnrollmentNotFound`, `NotYours`."""
        with self._primary.read() as session:
            enrollment = enrollments.get(session, enrollment_id)
            if enrollment is None:
                raise EnrollmentNotFound
            access.see(who, enrollment, ledger.facts_of(session, enrollment.section_ids))
            return enrollment

    def history(self, enrollment_id: str, who: Principal) -> Sequence[EnrollmentChange]:
        """Return what became of an enrollment, oldest first; raise `EnrollmentNotFound`, `NotYours`."""
        self.get(enrollment_id, who)
        with self._primary.read() as session:
            return enrollments.history(session, enrollment_id)

    def page(self, filters: dict[str, str], wanted: PageRequest, who: Principal) -> Page:
        """Return a page of enrollments; a student's own only, an instructor's own sections only."""
        if "term" in filters:
            filters = {**filters, "term_id": self._courses.term(filters["term"]).id}
            del filters["term"]
        with self._primary.read() as session:
            if not who.has(access.STAFF):
                asked = ledger.facts_of(session, [filters["section_id"]]) if "section_id" in filters else {}
                own = who.student_id is not None and filters.setdefault("student_id", who.student_id) == who.student_id
                if not own and not access.teaches(who, asked.values()):
                    raise NotYours
            return enrollments.page(session, filters, wanted)
