"""Which enrollment each grade of a request is for: rows name enrollments or students, of one section."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from university.enrollment.clients import StudentClient
from university.enrollment.models import Enrollment
from university.enrollment.rules import grade_file
from university.enrollment.rules.grades import GRADABLE, Wanted
from university.enrollment.service.grade_faults import GradeFault, Spot


@dataclass(frozen=True, slots=True)
class Row:
    """A grade for whom an enrollment, or the id or number of a student, names; exactly one of them is told."""

    wanted: Wanted
    enrollment_id: str | None = None
    student: str | None = None
    version: int | None = None
    spot: Spot = field(default_factory=Spot)

    @property
    def named(self) -> str:
        """The field that names the student."""
        if self.enrollment_id is not None:
            return "enrollment_id"
        return "student" if self.spot.line is None else "number"


@dataclass(frozen=True, slots=True)
class Entry:
    """A grade for an enrollment."""

    enrollment_id: str
    wanted: Wanted
    version: int | None = None
    spot: Spot = field(default_factory=Spot)
    named: str = "grade"


def of_file(content: bytes) -> tuple[list[Row], list[GradeFault]]:
    """Return the grades that a file tells, and everything that is wrong in it."""
    rows, faults = grade_file.read(content)
    told = [GradeFault(one.code, one.column, Spot(line=one.line), one.params) for one in faults]
    return [
        Row(Wanted(row.grade, row.attempt, row.reason), student=row.number, spot=Spot(line=row.line)) for row in rows
    ], told


def resolved(
    rows: Sequence[Row], held: Iterable[Enrollment], students: StudentClient
) -> tuple[list[Entry], list[GradeFault]]:
    """Return the enrollment for each row, and the rows that name nobody in the section, or somebody twice.

    Asks for numbers only when rows name students by them; raises `NeighborUnavailable`.
    """
    by_id = {one.id: one for one in held}
    of_student = _by_student(by_id.values())
    names = {row.student for row in rows if row.student is not None} - of_student.keys()
    if names:
        people = students.people(list(of_student))
        of_student |= {one.number: of_student[one.id] for one in people.values() if one.number in names}
    faults, entries = [], list[Entry]()
    seen: set[str] = set()
    for row in rows:
        found = _found(row, by_id, of_student)
        if isinstance(found, str) or found.id in seen:
            faults.append(GradeFault(found if isinstance(found, str) else "named-twice", row.named, row.spot))
        else:
            seen.add(found.id)
            entries.append(Entry(found.id, row.wanted, row.version, row.spot, row.named))
    return entries, faults


def _found(row: Row, by_id: Mapping[str, Enrollment], of_student: Mapping[str, Enrollment]) -> Enrollment | str:
    if (row.enrollment_id is None) == (row.student is None):
        return "student-not-named"
    key = row.enrollment_id or row.student or ""
    among = by_id if row.enrollment_id is not None else of_student
    return among.get(key) or among.get(key.lower()) or "not-in-section"


def _by_student(held: Iterable[Enrollment]) -> dict[str, Enrollment]:
    """Return the enrollment of each student by id: of several the last one that can be graded, else the last."""
    ordered = sorted(held, key=lambda one: (one.status in GRADABLE, one.id))
    return {one.student_id: one for one in ordered}
