"""The enrollments' file read to bundles: rows of one student in one course and term belong together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from university.enrollment.rules.grades import passes, written
from university.platform import cells, oneroster
from university.platform.language import Words
from university.platform.oneroster import CLASSES, ENROLLMENTS, ORGS, ROLES, USERS, Keys, Record
from university.platform.sheets import Sheets

FILES = (ORGS, CLASSES, ROLES, USERS, ENROLLMENTS)
STATUSES = ("enrolled", "waitlisted", "review", "dropped", "withdrawn", "completed", "failed", "canceled")
"""An offered seat waits for its student here, and nowhere else."""
ENDED = frozenset({"completed", "failed"})
STATUS = cells.choice("metadata.status", STATUSES, "enrolled")
GRADE = cells.text("metadata.grade", 10, optional=True)
ECTS = cells.number("metadata.ects", 0, 1_000)
POOL = cells.whole("metadata.pool", 0, 100)
SINCE = cells.day("beginDate")
COURSE, TERM, BUNDLE = "metadata.course", "metadata.term", "metadata.enrollment"
"""A course taken to the end outside of any class; the key of a bundle."""
_NO_STUDENT = Words("“{value}” has no role of a student in roles.csv.", "„{value}” nie ma w roles.csv roli studenta.")
_NO_GRADE = Words("No known scale has this grade.", "Takiej oceny nie ma na żadnej znanej skali.")
_EARLY_GRADE = Words(
    "Only a completed or failed course has a grade.", "Ocenę ma tylko przedmiot ukończony lub niezaliczony."
)
_OTHER_GRADE = Words("The grade does not fit the status.", "Ocena nie pasuje do stanu.")
_TWO = Words(
    "The student has another enrollment in this course and term that stands (line {line}).",
    "Student ma już w tym semestrze obowiązujący zapis na ten przedmiot (wiersz {line}).",
)
_OTHERWISE = Words(
    "Line {line} tells another student, course, status or grade of the same enrollment.",
    "Wiersz {line} podaje innego studenta, przedmiot, stan lub ocenę tego samego zapisu.",
)
_STANDING = frozenset({"enrolled", "waitlisted", "review"})


@dataclass(slots=True)
class Place:
    """One class of a bundle; the pool is None where the file does not tell it."""

    group: str
    pool: int | None


@dataclass(slots=True)
class Bundle:
    """One enrollment as its rows tell it; everything is named by its key, or by code where there is no class."""

    key: str
    line: int
    user: str
    course: str
    term: str
    status: str
    grade: str | None
    ects: float | None
    since: date | None
    removed: bool
    places: list[Place] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    """The keys of its rows: the enrollment may be known under any of them."""

    @property
    def agreed(self) -> tuple[str, str, str, str, str | None]:
        """What all rows of a bundle tell alike."""
        return self.user, self.course, self.term, self.status, self.grade


def read(sheets: Sheets) -> list[Bundle]:
    """Return the bundles; faults are noted in the sheets."""
    reader = _Reader(sheets)
    reader.read_places()
    for record in reader.records():
        reader.add(record)
    return reader.bundles()


class _Reader:
    """Reads rows one by one into their bundles."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._keys = {file: Keys(sheets, file) for file in FILES}
        self._classes: dict[str, tuple[str, str]] = {}
        self._students: set[str] = set()
        self._bundles: dict[tuple[str, ...], Bundle] = {}

    def read_places(self) -> None:
        """Read what enrollments refer to."""
        for _ in oneroster.records(self._sheets, ORGS, (), self._keys[ORGS]):
            continue
        for record in oneroster.records(
            self._sheets, CLASSES, ("courseSourcedId", "termSourcedIds"), self._keys[CLASSES]
        ):
            self._classes[record.key] = record.row["courseSourcedId"], record.row["termSourcedIds"]
        holders = oneroster.roles(self._sheets, self._keys[ROLES], self._keys[ORGS])
        self._students = {ref.key for ref in holders.get("student", [])}
        for _ in oneroster.records(self._sheets, USERS, (), self._keys[USERS]):
            continue

    def records(self) -> Iterator[Record]:
        """Yield the rows of students."""
        required = ("classSourcedId", "userSourcedId", "role")
        for record in oneroster.records(self._sheets, ENROLLMENTS, required, self._keys[ENROLLMENTS]):
            if not record.row["role"]:
                record.fault("role", oneroster.EMPTY)
            if record.row["role"].lower() == "student":
                yield record

    def add(self, record: Record) -> None:
        """Put a row into its bundle."""
        place, called = self._place(record), self._called(record)
        user = self._user(record)
        if user is None or called is None:
            return
        bundle = self._bundle(record, user, called)
        name = self._name(record, bundle)
        first = self._bundles.setdefault(name, bundle)
        if first.removed and not bundle.removed:
            bundle.rows.extend(first.rows)
            first = self._bundles[name] = bundle
        if not bundle.removed:
            if first.agreed != bundle.agreed:
                record.fault("", _OTHERWISE, line=first.line)
            self._add_place(record, first, place)
        first.rows.append(record.key)

    def _add_place(self, record: Record, bundle: Bundle, place: Place | None) -> None:
        if place and place.group in [other.group for other in bundle.places]:
            record.fault("classSourcedId", oneroster.TWICE, value=oneroster.shorten(place.group), line=bundle.line)
        elif place:
            bundle.places.append(place)

    def bundles(self) -> list[Bundle]:
        """Return what was read, and note two enrollments that stand side by side."""
        standing: dict[tuple[str, str, str], int] = {}
        for bundle in self._bundles.values():
            if bundle.status in _STANDING and not bundle.removed:
                first = standing.setdefault((bundle.user, bundle.course, bundle.term), bundle.line)
                if first != bundle.line:
                    self._sheets.faults.add(ENROLLMENTS, bundle.line, "", _TWO, line=first)
        return list(self._bundles.values())

    def _place(self, record: Record) -> Place | None:
        self._keys[ORGS].check(record.ref("schoolSourcedId"), optional=True, may_vanish=True)
        if not record.row["classSourcedId"] and record.row[COURSE]:
            return None
        group = self._keys[CLASSES].check(record.ref("classSourcedId"), may_vanish=True)
        return Place(group, POOL.read(record, POOL.column)) if group else None

    def _called(self, record: Record) -> tuple[str, str] | None:
        """Return course and term: the keys of the class's, or codes where there is no class."""
        group = record.row["classSourcedId"]
        if group or not record.row[COURSE]:
            return self._classes.get(group)
        if not record.row[TERM]:
            record.fault(TERM, oneroster.EMPTY)
        return record.row[COURSE], record.row[TERM]

    def _user(self, record: Record) -> str | None:
        user = self._keys[USERS].check(record.ref("userSourcedId"), may_vanish=True)
        if user is None or user in self._students or user in self._keys[USERS].removed or ROLES in self._sheets.broken:
            return user
        record.fault("userSourcedId", _NO_STUDENT, value=oneroster.shorten(user))
        return None

    def _bundle(self, record: Record, user: str, called: tuple[str, str]) -> Bundle:
        gone = record.row["classSourcedId"] in self._keys[CLASSES].removed or user in self._keys[USERS].removed
        status, grade = STATUS.read(record, STATUS.column), GRADE.read(record, GRADE.column)
        if grade and status in STATUSES:
            _check_grade(record, status, grade)
        return Bundle(
            key=record.row[BUNDLE] or record.key,
            line=record.line,
            user=user,
            course=called[0],
            term=called[1],
            status=status,
            grade=grade and written(grade),
            ects=ECTS.read(record, ECTS.column),
            since=SINCE.read(record, SINCE.column),
            removed=record.removed or gone,
        )

    def _name(self, record: Record, bundle: Bundle) -> tuple[str, ...]:
        if record.row[BUNDLE]:
            return (record.row[BUNDLE],)
        return bundle.user, bundle.course, bundle.term, bundle.status


def _check_grade(record: Record, status: str, grade: str) -> None:
    passed = passes(grade)
    if passed is None:
        record.fault(GRADE.column, _NO_GRADE)
    elif status not in ENDED:
        record.fault(GRADE.column, _EARLY_GRADE)
    elif passed != (status == "completed"):
        record.fault(GRADE.column, _OTHER_GRADE)
