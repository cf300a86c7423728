"""Every change of a student gets a new version and is told to the others."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.platform.messaging import outbox
from university.platform.messaging.outbox import Event
from university.platform.messaging.states import StatesWanted
from university.student import events
from university.student.models import Hold, Student
from university.student.repository import standing


def tell_created(session: Session, students: Sequence[Student]) -> None:
    """Announce students just added; an import may have brought holds along."""
    holds = _holds(session, students)
    outbox.announce(session, *(events.student_created(_facts(student, holds[student.id])) for student in students))


def tell_updated(session: Session, students: Sequence[Student]) -> None:
    """Give locked students their next version and announce how they stand now."""
    for student in students:
        student.version += 1
    session.flush()
    holds = _holds(session, students)
    outbox.announce(session, *(events.student_updated(_facts(student, holds[student.id])) for student in students))


def tell_deleted(session: Session, students: Sequence[Student]) -> None:
    """Announce students about to be deleted, with a version of their own."""
    told = [replace(_facts(student, []), version=student.version + 1) for student in students]
    outbox.announce(session, *map(events.student_deleted, told))


def states(session: Session, wanted: StatesWanted) -> list[Event]:
    """Return the wanted students, in order of ids, as they stand now."""
    students = session.scalars(wanted.narrow(select(Student), Student.id)).all()
    holds = _holds(session, students)
    return [events.student_updated(_facts(student, holds[student.id])) for student in students]


def _holds(session: Session, students: Sequence[Student]) -> dict[str, list[Hold]]:
    holds: dict[str, list[Hold]] = defaultdict(list)
    for hold in standing.holds_of(session, [student.id for student in students]):
        holds[hold.student_id].append(hold)
    return holds


def _facts(student: Student, holds: Sequence[Hold]) -> events.StudentFacts:
    return events.StudentFacts(
        id=student.id,
        version=student.version,
        external_key=student.external_key,
        status=student.status,
        program=student.program,
        stage=student.stage,
        level=student.level,
        groups=student.groups,
        max_ects=student.max_ects,
        holds=[events.HoldFacts(hold.id, hold.effects, hold.starts_on, hold.ends_on) for hold in holds],
    )
