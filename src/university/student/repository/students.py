"""Students in the database: found by id, number or external key, searched by folded words, kept unique by number."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from university.student.models import Student, StudentWord
from university.student.rules.names import folded_words
from university.student.rules.words import is_id

_BEYOND_EVERY_WORD = "\U0010ffff"


def find(session: Session, key: str) -> Student | None:
    """Return the student with this id or number."""
    named = _named(key)
    return None if named is None else session.scalars(select(Student).where(named)).one_or_none()


def lock(session: Session, key: str) -> Student | None:
    """Return the student with this id or number, kept from others until the transaction ends.

    What only hangs on the student may be added meanwhile: while everybody is told of a window no office waits.
    """
    named = _named(key)
    if named is None:
        return None
    return session.scalars(select(Student).where(named).with_for_update(key_share=True)).one_or_none()


def id_of(session: Session, key: str) -> str | None:
    """Return the id of the student with this id or number."""
    named = _named(key)
    return None if named is None else session.scalars(select(Student.id).where(named)).one_or_none()


def is_number_taken(session: Session, number: str, *, but_by: str | None = None) -> bool:
    """Tell whether a student, other than the one with the id `but_by`, has this number."""
    holder = session.scalars(select(Student.id).where(Student.number == number)).one_or_none()
    return holder not in (None, but_by)


def tells_of_a_taken_number(error: IntegrityError) -> bool:
    """Tell whether the database refused a change because of the number: each names the constraint in its own way."""
    told = str(error.orig)
    return "student_number_unique" in told or "student.number" in told


def add(session: Session, students: Sequence[Student]) -> None:
    """Write new students so that they can be found."""
    session.add_all(students)
    session.flush()
    _insert_words(session, students)


def index(session: Session, students: Sequence[Student]) -> None:
    """Make changed students found by what they are called now."""
    session.flush()
    session.execute(delete(StudentWord).where(StudentWord.student_id.in_([student.id for student in students])))
    _insert_words(session, students)


def among(session: Session, column: InstrumentedAttribute[str], keys: Collection[str]) -> Sequence[Student]:
    """Return the students whose id, number or external key is one of the keys, by number."""
    askable = [key.lower() for key in keys if is_id(key)] if column is Student.id else _printable(keys)
    return session.scalars(select(Student).where(column.in_(askable)).order_by(Student.number)).all()


def matching(
    session: Session,
    *,
    q: str | None = None,
    ids: Collection[str] | None = None,
    program: str | None = None,
    stage: int | None = None,
    status: str | None = None,
    group: str | None = None,
) -> Select[Student]:
    """Return the question for the students who fit all that is given; `q` are beginnings of number and names."""
    found = select(Student)
    if ids is not None:
        found = found.where(Student.id.in_([one.lower() for one in ids if is_id(one)]))
    for column, wanted in ((Student.program, program), (Student.stage, stage), (Student.status, status)):
        if wanted is not None:
            found = found.where(column == wanted)
    if group is not None:
        found = found.where(_in_group(session, group))
    return found if q is None else found.where(*_begins_with(q))


def _printable(keys: Iterable[str]) -> list[str]:
    """Return the keys that PostgreSQL can be asked about."""
    return [key for key in keys if "\0" not in key]


def _named(key: str) -> ColumnElement[bool] | None:
    if "\0" in key:
        return None
    return Student.id == key.lower() if is_id(key) else Student.number == key


def _insert_words(session: Session, students: Iterable[Student]) -> None:
    rows = [
        {"student_id": student.id, "word": word}
        for student in students
        for word in folded_words(student.number, student.given_name, student.family_name)
    ]
    if rows:
        session.execute(insert(StudentWord), rows)


def _begins_with(q: str) -> Iterable[ColumnElement[bool]]:
    """A word matches every word that begins with it; a question without any word matches nothing."""
    words = folded_words(q)
    if not words:
        return [literal(value=False)]
    return [
        Student.id.in_(
            select(StudentWord.student_id).where(StudentWord.word >= word, StudentWord.word < word + _BEYOND_EVERY_WORD)
        )
        for word in sorted(words)
    ]


def _in_group(session: Session, group: str) -> ColumnElement[bool]:
    """Tell whether a student belongs to a group; each database has its own way to look into JSON."""
    if session.get_bind().dialect.name == "sqlite":
        member = func.json_each(Student.groups).table_valued("value")
        return exists(select(literal(1)).select_from(member).where(member.c.value == group))
    return type_coerce(Student.groups, JSONB).contains([group])
