"""The whole university, made in one go: students live, semesters are timed, tables are filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from university.demo import curriculum, formalities, histories, people, placement, terms
from university.demo.curriculum import Curriculum
from university.demo.histories import Record
from university.demo.people import Faculty, Student
from university.demo.roster import Roster, Table
from university.demo.sections import Block, Section, Semester, Stream, archived
from university.demo.terms import Terms

Streams = dict[str, list[Stream]]
Lived = tuple[Student, Record]


@dataclass(frozen=True)
class University:
    """The data of a made-up university: tables by file name for the import, and what is posted after it.

    `windows`, `holds` and `recognized` are bodies of the API's calls; the latter two carry the student's number as
    `student_id`, windows the code of the `term` that students register for as `term_id`.
    """

    term: str
    tables: dict[str, Table]
    windows: list[formalities.Fact]
    holds: list[formalities.Fact]
    recognized: list[formalities.Fact]


@dataclass(frozen=True)
class Timetables:
    """What is taught in every semester: one archived section of each past course, streams of groups since."""

    past: dict[tuple[int, str], Section]
    running: Streams
    target: Streams
    blocks: dict[str, Block]

    def sections(self) -> Iterator[Section]:
        """All of them, a parent before its children."""
        yield from self.past.values()
        for streams in (self.running, self.target):
            for stream in chain.from_iterable(streams.values()):
                yield from chain.from_iterable(stream.parts)


def generate(students: int, *, seed: int = 1, today: date) -> University:
    """A university of so many students on that day; the same for the same arguments."""
    catalog = curriculum.read()
    around = terms.around(today)
    enrolled = list(people.students(students, seed, catalog))
    records = [(student, histories.live(student, around, catalog, seed)) for student in enrolled]
    faculty = Faculty(seed)
    timetables = _timetables(records, around, catalog, faculty, seed)
    roster = Roster(today, around.target)
    roster.add_terms(around)
    roster.add_catalog(catalog)
    roster.add_instructors(faculty.instructors, around.past[0].starts_on)
    _add_teaching(roster, timetables)
    _add_students(roster, records, timetables)
    roster.add_manifest()
    return University(
        around.target.code,
        roster.tables,
        formalities.windows(around.target, today),
        formalities.holds(enrolled, today, seed),
        formalities.recognized(records, catalog),
    )


def _timetables(records: list[Lived], around: Terms, catalog: Curriculum, faculty: Faculty, seed: int) -> Timetables:
    """The semester that students register for first, so that the first instructor teaches in it."""
    blocks = placement.blocks(student for student, _ in records)
    wanted = placement.demand((blocks[student.number], record.wishes) for student, record in records)
    target = Semester(around.target, catalog, faculty, seed).build(wanted)
    running: Streams = {}
    if around.running:
        taken = placement.demand((blocks[student.number], record.running) for student, record in records)
        running = Semester(around.running, catalog, faculty, seed).build(taken)
    past = [section for term in around.past for section in archived(term, catalog, faculty)]
    return Timetables({(section.term.index, section.course.code): section for section in past}, running, target, blocks)


def _add_teaching(roster: Roster, timetables: Timetables) -> None:
    for section in timetables.sections():
        roster.add_section(section)
        roster.add_teaching(section)


def _add_students(roster: Roster, records: list[Lived], timetables: Timetables) -> None:
    for student, record in records:
        roster.add_student(student)
        for term, course, status, grade in record.attempts:
            roster.add_enrollment(timetables.past[term, course], student, status, grade)
        for section in placement.seat(record.running, timetables.blocks[student.number], timetables.running):
            roster.add_enrollment(section, student, "enrolled", "")
