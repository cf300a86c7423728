"""The groups of every course in a semester: as many as the wishes ask for, timed so that a year can attend."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from math import ceil
from operator import or_
from random import Random

from university.demo.curriculum import Course, Curriculum
from university.demo.people import Duties, Faculty, Instructor
from university.demo.terms import Term
from university.demo.timetable import (
    FORMS,
    LECTURES,
    TIMELESS,
    Meeting,
    Pattern,
    Rooms,
    best,
    saturdays,
)

# A block of students who share most of a timetable: program, stage, number.
Block = tuple[str, int, int]
BLOCK_SIZE = 90
# What one lecture hall holds, and the share of a block's wishes that makes a course one of its own.
STREAM_SEATS = 230
CORE_SHARE = 0.4
# Seats for each wish: a popular course disappoints some.
SUPPLY = 1.2
TIGHT_SUPPLY = 0.6
FEWEST_SEATS = 12
FEWEST_TIGHT_SEATS = 6
# With this many seats a student can choose between two groups.
CHOICE_FROM = 12
ERASMUS_SHARE = 0.25


@dataclass(slots=True)
class Section:
    """One group of a course in a semester; `taken` counts the students placed in it."""

    term: Term
    course: Course
    number: str
    component: str
    capacity: int | None
    instructor: Instructor
    parent: "Section | None" = None
    meetings: list[Meeting] = field(default_factory=list)
    mask: int = 0
    taken: int = 0
    reserved: list[dict[str, object]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its natural key: term, course and number."""
        return f"{self.term.code}/{self.course.code}/{self.number}"

    @property
    def waitlist(self) -> int | None:
        """How many may wait: nobody for sport, ten for a popular course, elsewhere as many as want."""
        if self.component == "practicum":
            return 0
        return 10 if "popular" in self.course.flags else None

    def admits(self, mask: int) -> bool:
        """Whether a student who is busy in these hours finds a seat here."""
        return not self.mask & mask and (self.capacity is None or self.taken < self.capacity)


@dataclass(slots=True)
class Stream:
    """The groups that belong together: a lecture and its exercises; `parts` has the choices of every component.

    It is timed for its `blocks`; single students of `others` come too.
    """

    course: Course
    blocks: set[Block]
    others: set[Block]
    seats: int
    parts: list[list[Section]] = field(default_factory=list)


class Semester:
    """Builds the sections of one semester and keeps who and what is taken when."""

    def __init__(self, term: Term, curriculum: Curriculum, faculty: Faculty, seed: int) -> None:
        self._term = term
        self._curriculum = curriculum
        self._rng = Random(f"{seed}/timetable/{term.code}")
        self._duties = Duties(faculty)
        self._rooms = Rooms()
        self._lectures: defaultdict[Block, int] = defaultdict(int)
        self._groups: defaultdict[Block, int] = defaultdict(int)

    def build(self, wishes: dict[str, Counter[Block]]) -> dict[str, list[Stream]]:
        """The streams of every course of the season; all lectures are timed before the groups."""
        sizes: Counter[Block] = Counter()
        for counts in wishes.values():
            for block, count in counts.items():
                sizes[block] = max(sizes[block], count)
        offered = self._curriculum.offered(self._term.season)
        streams = {course.code: list(_streams(course, wishes.get(course.code, Counter()), sizes)) for course in offered}
        numbers: Counter[tuple[str, str]] = Counter()
        for lectures in (True, False):
            for course in offered:
                for stream in streams[course.code]:
                    self._fill(stream, numbers, lectures=lectures)
        return streams

    def _fill(self, stream: Stream, numbers: Counter[tuple[str, str]], *, lectures: bool) -> None:
        for form in stream.course.forms:
            if (form in LECTURES) == lectures:
                stream.parts.append(list(self._component(stream, form, numbers)))

    def _component(self, stream: Stream, form: str, numbers: Counter[tuple[str, str]]) -> Iterator[Section]:
        """The sections of one component."""
        letter = FORMS[form].letter
        for capacity in _capacities(stream, form):
            numbers[stream.course.code, letter] += 1
            index = numbers[stream.course.code, letter]
            yield self._section(stream, form, f"{letter}{index}", index, capacity)

    def _section(self, stream: Stream, form: str, number: str, index: int, capacity: int | None) -> Section:
        course, component = stream.course, FORMS[form].component
        parent = stream.parts[0][0] if stream.parts and stream.course.forms[0] in LECTURES else None
        pattern = self._time(stream, form, index, parent)
        instructor = self._duties.assign(course, pattern.mask if pattern else 0, lecture=form in LECTURES)
        section = Section(self._term, course, number, component, capacity, instructor, parent)
        if pattern:
            section.mask = pattern.mask
            section.meetings = [pattern.meeting(component, self._place(course, component, capacity, pattern))]
        if "erasmus" in course.flags and capacity:
            section.reserved = [_for_guests(self._term, capacity)]
        return section

    def _time(self, stream: Stream, form: str, index: int, parent: Section | None) -> Pattern | None:
        if form in TIMELESS:
            return None
        if form == "F":
            return saturdays(self._term, index)
        visitors = stream.others if form in LECTURES else set()
        claimed = _union(self._lectures, stream.blocks)
        busy = _union(self._groups, stream.blocks) | _union(self._lectures, visitors)
        pattern = best(form, parent.mask if parent else 0, claimed, busy, self._rng)
        taken = self._lectures if form in LECTURES else self._groups
        for block in stream.blocks:
            taken[block] |= pattern.mask
        for block in visitors:
            self._groups[block] |= pattern.mask
        return pattern

    def _place(self, course: Course, component: str, capacity: int | None, pattern: Pattern) -> str:
        if pattern.dates:
            return ""
        building = self._curriculum.departments[course.department].building
        return self._rooms.book(building, component, capacity or 0, pattern.mask)


def archived(term: Term, curriculum: Curriculum, faculty: Faculty) -> list[Section]:
    """The courses of a semester that is over: of each one section without time, as the archive keeps them."""
    sections: list[Section] = []
    for position, course in enumerate(curriculum.offered(term.season)):
        teachers = faculty.of_department[course.department]
        instructor = teachers[position % len(teachers)]
        sections.append(Section(term, course, "1", "lecture", None, instructor))
    return sections


def _streams(course: Course, counts: Counter[Block], sizes: Counter[Block]) -> Iterator[Stream]:
    """Blocks together as long as one hall holds them; what has no time needs no parting."""
    supply = TIGHT_SUPPLY if "popular" in course.flags else SUPPLY
    hall = STREAM_SEATS / supply if TIMELESS.isdisjoint(course.forms) else float("inf")
    fewest = FEWEST_TIGHT_SEATS if "popular" in course.flags else FEWEST_SEATS
    stream, wanted = Stream(course, set(), set(), fewest), 0
    for block in sorted(counts):
        if wanted and wanted + counts[block] > hall:
            yield stream
            stream, wanted = Stream(course, set(), set(), fewest), 0
        wanted += counts[block]
        stream.seats = max(fewest, ceil(wanted * supply))
        (stream.blocks if counts[block] >= CORE_SHARE * sizes[block] else stream.others).add(block)
    yield stream


def _union(hours: dict[Block, int], blocks: set[Block]) -> int:
    """The hours of all these blocks together."""
    return reduce(or_, (hours[block] for block in blocks), 0)


def _capacities(stream: Stream, form: str) -> list[int | None]:
    """The seats of each section; a lecture has room for all the groups of its stream."""
    if form == "O":
        return [None]
    if form in LECTURES:
        groups = [_split(stream.seats, other) for other in stream.course.forms if other not in LECTURES]
        return [max((count * each for count, each in groups), default=stream.seats)]
    count, each = _split(stream.seats, form)
    return [each] * count


def _split(seats: int, form: str) -> tuple[int, int]:
    """How many groups, and the seats of each."""
    count = max(ceil(seats / FORMS[form].seats), 2 if seats >= CHOICE_FROM else 1)
    return count, ceil(seats / count)


def _for_guests(term: Term, capacity: int) -> dict[str, object]:
    """A pool for exchange students, until the last days of registration."""
    seats = max(1, int(capacity * ERASMUS_SHARE))
    until = f"{term.add_until.isoformat()}T00:00:00Z"
    return {"seats": seats, "program": [], "stage": [], "group": ["erasmus"], "until": until}
