"""Places whose requisites are met no more: the registrar sees them by name, and keeps or cancels each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, Person, StudentClient
from university.enrollment.models import BrokenRequisite, Enrollment
from university.enrollment.repository import enrollments, requisites, waiting
from university.enrollment.rules.case import COUNTED
from university.enrollment.service.dropping import NotEnrolled
from university.enrollment.service.leaving import History, let_go
from university.enrollment.service.promoting import Promoting
from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.errors import Conflict, NotFound
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

KEEP, CANCEL = "keep", "cancel"


class RequisiteNotBroken(NotFound):
    """The requisites of this enrollment are not known to be broken."""

    title = Words(
        "No broken requisites are known of this enrollment.", "Nie wiadomo o naruszonych wymaganiach tego zapisu."
    )


class RequisiteSettled(Conflict):
    """Somebody has decided already; `decision` tells how."""

    title = Words("This was decided already.", "Już o tym zdecydowano.")


@dataclass(frozen=True, slots=True)
class ToldBroken:
    """A place whose requisites are met no more, and whose it is."""

    enrollment: Enrollment
    person: Person
    at: datetime
    result: str
    text: str | None
    tree: dict[str, Any] | None
    decision: str | None
    reason: str | None
    settled_by: str | None
    settled_at: datetime | None


class Breaking:
    """Shows and settles broken requisites."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient, promoting: Promoting) -> None:
        self._primary, self._students, self._courses = primary, students, courses
        self._promoting = promoting

    def page(self, term: str | None, *, settled: bool, wanted: PageRequest) -> Page:
        """Return a page of them, oldest first, of a term (id or code); raise `TermNotFound`, `NeighborUnavailable`."""
        term_id = self._courses.term(term).id if term else None
        with self._primary.read() as session:
            found = requisites.page(session, term_id, settled=settled, wanted=wanted)
        people = self._students.people([one.enrollment.student_id for one in found.items])
        return Page([_told(one, people.get(one.enrollment.student_id)) for one in found.items], found.next, found.total)

    def settle(self, enrollment_id: str, decision: str, reason: str, who: Principal, once: Once) -> ToldBroken:
        """Keep the place for good, or cancel it and give its seats back.

        Raises `RequisiteNotBroken`, `RequisiteSettled`, `NotEnrolled`, `NeighborUnavailable`.
        """
        with self._primary.read() as session:
            found = enrollments.get(session, enrollment_id)
        if found is None:
            raise RequisiteNotBroken
        people = self._students.people([found.student_id])
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, found.student_id, found.term_id)
            (place,) = enrollments.locked(session, [found.id]).values()
            known = _open(session, place)
            known.decision, known.reason, known.settled_by = decision, reason, who.subject
            known.settled_at = now = database.now(session)
            history = History(now, who.subject, telemetry.trace_id())
            if decision == CANCEL:
                let_go(session, place, history, status="canceled", reason="requisites-canceled")
            else:
                history.note(session, place, "requisites-kept")
            told, queues = once.keep(session, _told(known, people.get(place.student_id))), waiting.turned(session)
        self._promoting.at_once(queues)
        return told


def _open(session: Session, place: Enrollment) -> BrokenRequisite:
    """Return what is to be decided; raise `RequisiteNotBroken`, `RequisiteSettled`, `NotEnrolled`."""
    known = requisites.broken(session, place.id)
    if known is None:
        raise RequisiteNotBroken
    if known.decision is not None:
        raise RequisiteSettled(decision=known.decision)
    if place.status not in COUNTED:
        raise NotEnrolled(status_now=place.status)
    return known


def _told(known: BrokenRequisite, person: Person | None) -> ToldBroken:
    return ToldBroken(
        known.enrollment,
        person or Person(known.enrollment.student_id),
        known.at,
        known.result,
        known.text,
        known.tree,
        known.decision,
        known.reason,
        known.settled_by,
        known.settled_at,
    )
