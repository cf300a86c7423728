"""Forget who somebody was: what remains of a former student leads to nobody."""

from sqlalchemy.orm import Session

from university.platform.errors import Conflict
from university.platform.language import Words
from university.student.repository import students
from university.student.rules.names import pseudonym
from university.student.rules.words import StudentStatus
from university.student.service import news

LEFT = (StudentStatus.GRADUATED, StudentStatus.WITHDRAWN)
NOBODY = "N."
"""What stands for given and family name: nomen nescio."""


class StudentStillHere(Conflict):
    """Somebody who has not left cannot be erased."""

    title = Words("This student has not left.", "Ta osoba nadal studiuje.")


def pseudonymize(session: Session, student_id: str) -> None:
    """Write over what says who a student is, and tell the others; raise `StudentStillHere`.

    What the row keeps (program, stage, status) counts people and names none. Who is not known, or was erased before,
    is left as it is.
    """
    student = students.lock(session, student_id)
    if student is None or student.number == pseudonym(student.id):
        return
    if student.status not in LEFT:
        raise StudentStillHere
    student.given_name = student.family_name = NOBODY
    student.number, student.email = pseudonym(student.id), f"{student.id}@erased.invalid"
    student.external_key, student.groups = None, []
    news.tell_updated(session, [student])
