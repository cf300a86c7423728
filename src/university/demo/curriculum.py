"""The catalog read from its text: departments, courses with their requisites, programs with their plans."""

import re
from dataclasses import dataclass
from functools import cache

from university.demo.catalog import computing, economy, humanities, mathematics, programs, sciences, shared, society
from university.demo.requisites import Requisite, parse

TEXTS = (computing, mathematics, sciences, economy, society, humanities, shared)
# What the letters of a course's forms mean in its description.
SPOKEN = {
    "W": "wykład",
    "WW": "wykład dwa razy w tygodniu",
    "O": "wykład zdalny bez stałych godzin",
    "C": "ćwiczenia",
    "L": "laboratorium",
    "B": "laboratorium co dwa tygodnie",
    "S": "seminarium",
    "K": "konwersatorium w wybranych tygodniach",
    "J": "lektorat",
    "A": "zajęcia sportowe",
    "P": "praca indywidualna i konsultacje",
    "F": "zajęcia terenowe w soboty",
}
# Forms that end with a mere pass.
UNGRADED = {"A", "O", "P", "F"}


@dataclass(frozen=True)
class Department:
    """A department, the faculty it belongs to and the building where it teaches."""

    code: str
    name: str
    building: str
    faculty: str


@dataclass(frozen=True)
class Course:
    """A course of the catalog; `forms` are letters of SPOKEN, one for each component."""

    code: str
    title: str
    title_en: str
    topics: str
    ects: int
    seasons: str
    forms: tuple[str, ...]
    flags: frozenset[str]
    requisite: Requisite

    @property
    def department(self) -> str:
        """The code before the dash."""
        return self.code.partition("-")[0]

    @property
    def description(self) -> str:
        """What a student reads in the catalog."""
        forms = ", ".join(SPOKEN[form] for form in self.forms)
        ending = "Zaliczenie bez oceny." if not self.graded else "Zaliczenie na ocenę."
        return f"Tematy: {self.topics}. Zajęcia: {forms}. {ending}"

    @property
    def level(self) -> str:
        """Bachelor or master."""
        return "master" if "master" in self.flags else "bachelor"

    @property
    def language(self) -> str:
        """In which it is taught."""
        return "en" if "en" in self.flags else "pl"

    @property
    def graded(self) -> bool:
        """Whether it ends with a grade and not with a mere pass."""
        return UNGRADED.isdisjoint(self.forms)


@dataclass(frozen=True)
class Semester:
    """What a program asks for in one semester."""

    required: tuple[str, ...]
    electives: int


@dataclass(frozen=True)
class Program:
    """A program of study; `share` is its weight among the students."""

    code: str
    level: str
    share: int
    name: str
    semesters: tuple[Semester, ...]
    electives: tuple[str, ...]

    @property
    def stages(self) -> int:
        """How many years it lasts."""
        return len(self.semesters) // 2


@dataclass(frozen=True)
class Curriculum:
    """Everything that the university teaches, by code."""

    faculties: dict[str, str]
    departments: dict[str, Department]
    courses: dict[str, Course]
    programs: dict[str, Program]
    general: tuple[str, ...]

    def offered(self, season: str) -> list[Course]:
        """The courses of a season, in the order of the catalog."""
        return [course for course in self.courses.values() if season in course.seasons]


@cache
def read() -> Curriculum:
    """The whole catalog; read once, never changed."""
    faculties, departments = _departments()
    courses = [_course(block) for text in TEXTS for block in _blocks(text.COURSES)]
    return Curriculum(
        faculties,
        departments,
        {course.code: course for course in courses},
        {program.code: program for program in map(_program, _blocks(programs.PROGRAMS))},
        tuple(programs.GENERAL.split()),
    )


def _blocks(text: str) -> list[list[str]]:
    return [block.splitlines() for block in re.split(r"\n\n+", text.strip())]


def _course(lines: list[str]) -> Course:
    head, titles, topics, *rest = lines
    code, ects, seasons, forms, *flags = head.split()
    title, _, title_en = titles.partition(" = ")
    requisite = parse(rest[0].removeprefix("< ") if rest else "")
    return Course(
        code, title, title_en, topics, int(ects), seasons, tuple(forms.split("+")), frozenset(flags), requisite
    )


def _program(lines: list[str]) -> Program:
    head, *plans, electives = lines
    code, level, share, name = head.split(maxsplit=3)
    return Program(code, level, int(share), name, tuple(map(_semester, plans)), tuple(electives.split()))


def _semester(line: str) -> Semester:
    words = line.split()
    required = tuple(word for word in words if not word.isdigit())
    return Semester(required, sum(int(word) for word in words if word.isdigit()))


def _departments() -> tuple[dict[str, str], dict[str, Department]]:
    faculties: dict[str, str] = {}
    departments: dict[str, Department] = {}
    for head, *lines in _blocks(programs.FACULTIES):
        faculty, _, title = head.partition(" ")
        faculties[faculty] = title
        for line in lines:
            code, _, rest = line.partition(" ")
            name, _, building = rest.partition(" @ ")
            departments[code] = Department(code, name, building, faculty)
    return faculties, departments
