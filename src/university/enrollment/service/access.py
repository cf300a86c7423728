"""Who may act for and see whom."""

from collections.abc import Iterable

from university.enrollment import clients
from university.enrollment.clients import StudentClient
from university.enrollment.models import Enrollment
from university.enrollment.rules.facts import SectionFacts, Standing
from university.platform import auditing
from university.platform.database import is_id
from university.platform.errors import Denied, NotFound
from university.platform.language import Words
from university.platform.security import Principal

STAFF, ME = "registrar", "me"


class NotYours(Denied):
    """A student acts for themselves only, an instructor sees the own sections only."""

    title = Words("This belongs to somebody else.", "To należy do kogoś innego.")


class EnrollmentNotFound(NotFound):
    """There is no such enrollment."""

    title = Words("There is no such enrollment.", "Nie ma takiego zapisu.")


class SectionNotFound(NotFound):
    """There is no such section at this address."""

    title = Words("There is no such section.", "Nie ma takiej grupy.")


class StudentNotFound(NotFound):
    """There is no such student at this address."""

    title = clients.StudentNotFound.title


def standing(students: StudentClient, key: str, who: Principal) -> Standing:
    """Return the standing of the student whom an id, a number or `me` names, and for whom the caller may act.

    Raises `NotYours` for a student who names anybody else, whether or not there is such a somebody;
    `clients.StudentNotFound`, `NeighborUnavailable`.
    """
    try:
        found = students.verify(who.student_id if key == ME and who.student_id else key)
    except clients.StudentNotFound:
        if who.has(STAFF):
            raise
        raise NotYours from None
    act_for(who, found.student_id)
    return found


def named(key: str, who: Principal) -> str | None:
    """Return the id of the student whom an id or `me` names, without asking anybody; None for a number."""
    if key == ME:
        return who.student_id
    return key.lower() if is_id(key) else None


def student_id(students: StudentClient, key: str, who: Principal) -> str:
    """Return the id of the student whom an id, a number or `me` names; the key itself when it names nobody."""
    if key == ME and who.student_id:
        return who.student_id
    if is_id(key):
        return key.lower()
    try:
        return students.verify(key).student_id
    except clients.StudentNotFound:
        return key


def act_for(who: Principal, student_id: str) -> None:
    """Return quietly when the caller may act for the student; raise `NotYours`."""
    if not who.has(STAFF) and who.student_id != student_id:
        raise NotYours
    auditing.about(student_id)


def see(who: Principal, enrollment: Enrollment, sections: dict[str, SectionFacts]) -> None:
    """Return quietly when the caller may see the enrollment; raise `NotYours`."""
    auditing.about(enrollment.student_id)
    if who.has(STAFF) or who.student_id == enrollment.student_id:
        return
    if not teaches(who, sections.values()):
        raise NotYours


def teaches(who: Principal, sections: Iterable[SectionFacts]) -> bool:
    """Tell whether the caller is an instructor of one of the sections."""
    return who.has("instructor") and any(who.instructor_id in section.instructor_ids for section in sections)
