"""The students and the instructors: the same number is the same person, however large the university is."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from university.demo.curriculum import Course, Curriculum, Program
from university.demo.names import Mailboxes, person

FIRST_NUMBER = 100001
# How many of the students are in their first, second and third year.
STAGE_WEIGHTS = (42, 33, 25)
STATUSES = ("active", "on-leave", "suspended", "withdrawn")
STATUS_WEIGHTS = (965, 15, 10, 10)
# Exchange students, individual interdisciplinary studies, the sports association.
GROUPS = (("erasmus", 0.015), ("mish", 0.02), ("azs", 0.03))
# More sections than this and a department hires.
SECTIONS_EACH = 5
LECTURES_EACH = 2


@dataclass(frozen=True, slots=True)
class Student:
    """A student as the university knows one when registration opens; `stage` is the year of study."""

    number: str
    given_name: str
    family_name: str
    email: str
    program: str
    stage: int
    groups: tuple[str, ...]
    status: str

    @property
    def is_first(self) -> bool:
        """The one whom a visitor meets first."""
        return self.number == str(FIRST_NUMBER)

    @property
    def is_guest(self) -> bool:
        """An exchange student: here for the coming semester, without a past."""
        return "erasmus" in self.groups


@dataclass(frozen=True, slots=True)
class Instructor:
    """Somebody who teaches for a department."""

    number: str
    given_name: str
    family_name: str
    email: str
    department: str


def students(count: int, seed: int, curriculum: Curriculum) -> Iterator[Student]:
    """So many students with their programs, stages and statuses; the first is a second-year student of computing."""
    mailboxes = Mailboxes("student.example.edu")
    programs = list(curriculum.programs.values())
    shares = [program.share for program in programs]
    for number in range(FIRST_NUMBER, FIRST_NUMBER + count):
        rng = Random(f"{seed}/student/{number}")
        program = rng.choices(programs, shares)[0]
        yield _student(number, program, mailboxes, rng)


def _student(number: int, program: Program, mailboxes: Mailboxes, rng: Random) -> Student:
    stage = rng.choices(range(1, program.stages + 1), STAGE_WEIGHTS[: program.stages])[0]
    status = rng.choices(STATUSES, STATUS_WEIGHTS)[0]
    groups = tuple(name for name, share in GROUPS if rng.random() < share)
    code = program.code
    if number == FIRST_NUMBER:
        code, stage, status, groups = "INF", 2, "active", ()
    given, family = person(rng, foreign=1.0 if "erasmus" in groups else 0.06)
    if "erasmus" in groups:
        stage, status = min(2, program.stages), "active"
    return Student(str(number), given, family, mailboxes.open(given, family), code, stage, groups, status)


class Faculty:
    """All the instructors, hired one by one as the departments need them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._mailboxes = Mailboxes("example.edu")
        self.instructors: list[Instructor] = []
        self.of_department: defaultdict[str, list[Instructor]] = defaultdict(list)

    def hire(self, department: str) -> Instructor:
        """One more instructor of the department."""
        number = f"P{len(self.instructors) + 1:04d}"
        given, family = person(Random(f"{self._seed}/instructor/{number}"))
        hired = Instructor(number, given, family, self._mailboxes.open(given, family), department)
        self.instructors.append(hired)
        self.of_department[department].append(hired)
        return hired


class Duties:
    """Who teaches when in one semester: nobody in two places, nobody more than a fair load."""

    def __init__(self, faculty: Faculty) -> None:
        self._faculty = faculty
        self._hours: defaultdict[str, int] = defaultdict(int)
        self._loads: Counter[str] = Counter()
        self._lectures: Counter[str] = Counter()
        self._of_department: dict[str, list[Instructor]] = {}
        self._of_course: defaultdict[str, list[Instructor]] = defaultdict(list)

    def assign(self, course: Course, hours: int, *, lecture: bool) -> Instructor:
        """Somebody free in these hours (a bit mask of the week), if possible one who teaches the course already."""
        department = course.department
        colleagues = self._of_department.setdefault(department, list(self._faculty.of_department[department]))
        for instructor in (*self._of_course[course.code], *colleagues):
            if self._can(instructor, hours, lecture=lecture):
                break
        else:
            instructor = self._faculty.hire(department)
            colleagues.append(instructor)
        self._take(instructor, course, hours, lecture=lecture)
        return instructor

    def _can(self, instructor: Instructor, hours: int, *, lecture: bool) -> bool:
        number = instructor.number
        if self._loads[number] >= SECTIONS_EACH or self._hours[number] & hours:
            return False
        return not lecture or self._lectures[number] < LECTURES_EACH

    def _take(self, instructor: Instructor, course: Course, hours: int, *, lecture: bool) -> None:
        number = instructor.number
        self._hours[number] |= hours
        self._loads[number] += 1
        self._lectures[number] += lecture
        if instructor not in self._of_course[course.code]:
            self._of_course[course.code].append(instructor)
        if self._loads[number] == SECTIONS_EACH:
            self._of_department[course.department].remove(instructor)
