"""Who may see a student: a registrar everybody, a student nobody else."""

from sqlalchemy.orm import Session

from university.platform import auditing
from university.platform.errors import Denied, NotFound
from university.platform.language import Words
from university.platform.security import Principal
from university.student.models import Student
from university.student.repository import students

ME = "me"


class StudentNotFound(NotFound):
    """No student has this id or number."""

    title = Words("There is no such student.", "Nie ma takiego studenta.")


class NotYourOwnData(Denied):
    """A student asks about somebody else; whether that somebody exists is not told."""

    title = Words("You may only see your own data.", "Możesz oglądać tylko własne dane.")


def visible(session: Session, key: str, who: Principal) -> Student:
    """Return the student whom `key` (an id, a number or `me`) names and whom the caller may see.

    Raises `NotYourOwnData` for a student asking about any other, `StudentNotFound`.
    """
    if who.has("registrar") and key != ME:
        student = students.find(session, key)
        if student is None:
            raise StudentNotFound
        auditing.about(student.id)
        return student
    return themself(session, key, who)


def themself(session: Session, key: str, who: Principal) -> Student:
    """Return the student whom `key` names and who is the caller; raise `NotYourOwnData`, `StudentNotFound`."""
    student = students.find(session, who.student_id) if who.student_id else None
    own = {ME} if student is None else {ME, student.id, student.number}
    if own.isdisjoint((key, key.lower())):
        raise NotYourOwnData
    if student is None:
        raise StudentNotFound
    return student


def locked(session: Session, key: str) -> Student:
    """Return the student to be changed, kept from others until the transaction ends; raise `StudentNotFound`."""
    student = students.lock(session, key)
    if student is None:
        raise StudentNotFound
    auditing.about(student.id)
    return student
