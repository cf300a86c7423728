"""What belongs to a student's standing in the database: holds, recognized credits, test scores."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from university.student.models import Hold, RecognizedCredit, ScoredTest, Student
from university.student.rules.standing import Standing, StandingCredit, StandingHold, StandingTest
from university.student.rules.words import is_id

Part = TypeVar("Part", Hold, RecognizedCredit, ScoredTest)
_HOLDS = select(Hold.id, Hold.reason, Hold.contact, Hold.effects, Hold.starts_on, Hold.ends_on).order_by(Hold.id)
_CREDITS = select(
    RecognizedCredit.course, RecognizedCredit.grade, RecognizedCredit.ects, RecognizedCredit.term
).order_by(RecognizedCredit.id)
_TESTS = select(ScoredTest.name, ScoredTest.score).order_by(ScoredTest.id)
_RECORD = Student.__table__.c
# Most students have none of these: one statement that says so saves three. Columns of the table itself, not of the
# entity: nothing but rows is wanted, and those come sooner.
_HAS = tuple(
    select(part.id).where(part.student_id == _RECORD.id).exists().label(name)
    for name, part in (
        ("has_holds", Hold.__table__.c),
        ("has_credits", RecognizedCredit.__table__.c),
        ("has_tests", ScoredTest.__table__.c),
    )
)
_STUDENT = select(
    _RECORD.id,
    _RECORD.version,
    _RECORD.status,
    _RECORD.program,
    _RECORD.stage,
    _RECORD.level,
    _RECORD.groups,
    _RECORD.max_ects,
    *_HAS,
)
_BY_ID = _STUDENT.where(_RECORD.id == bindparam("key"))
_BY_NUMBER = _STUDENT.where(_RECORD.number == bindparam("key"))


def standing(session: Session, key: str) -> Standing | None:
    """Return the standing of the student with this id or number, holds that have ended included."""
    if "\0" in key:
        return None
    row = session.execute(
        _BY_ID if is_id(key) else _BY_NUMBER, {"key": key.lower() if is_id(key) else key}
    ).one_or_none()
    return None if row is None else _standing_of(session, row)


def holds_of(session: Session, student_ids: Collection[str]) -> Sequence[Hold]:
    """Return every hold of these students."""
    return session.scalars(select(Hold).where(Hold.student_id.in_(student_ids)).order_by(Hold.id)).all()


def part(session: Session, kind: type[Part], student_id: str, part_id: str) -> Part | None:
    """Return one hold, credit or score of a student."""
    if not is_id(part_id):
        return None
    found = select(kind).where(kind.id == part_id.lower(), kind.student_id == student_id)
    return session.scalars(found).one_or_none()


def is_recognized(session: Session, student_id: str, course: str) -> bool:
    """Tell whether the course is recognized already."""
    found = select(RecognizedCredit.id).where(
        RecognizedCredit.student_id == student_id, RecognizedCredit.course == course
    )
    return session.scalars(found).one_or_none() is not None


def _standing_of(session: Session, row: Row[*tuple[Any, ...]]) -> Standing:
    holds = session.execute(_HOLDS.where(Hold.student_id == row.id)) if row.has_holds else ()
    recognized = session.execute(_CREDITS.where(RecognizedCredit.student_id == row.id)) if row.has_credits else ()
    tests = session.execute(_TESTS.where(ScoredTest.student_id == row.id)) if row.has_tests else ()
    return Standing(
        student_id=row.id,
        version=row.version,
        status=row.status,
        program=row.program,
        stage=row.stage,
        level=row.level,
        groups=row.groups,
        holds=[StandingHold(*hold) for hold in holds],
        max_ects=row.max_ects,
        recognized=[StandingCredit(*credit) for credit in recognized],
        tests=[StandingTest(*test) for test in tests],
    )
