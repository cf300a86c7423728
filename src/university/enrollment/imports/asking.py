"""What the neighbors know of the classes, courses and students that the rows name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from university.enrollment.clients import CourseClient, StudentClient, TermNotFound
from university.enrollment.imports.reading import COURSE, TERM, Bundle
from university.enrollment.rules.facts import SectionFacts
from university.platform.language import Words
from university.platform.oneroster import ENROLLMENTS, shorten
from university.platform.sheets import Faults

_UNKNOWN = {
    "classSourcedId": Words(
        "The course module does not know “{value}”: import the courses first.",
        "Moduł przedmiotów nie zna „{value}”: najpierw zaimportuj przedmioty.",
    ),
    "userSourcedId": Words(
        "The student module does not know “{value}”: import the students first.",
        "Moduł studentów nie zna „{value}”: najpierw zaimportuj studentów.",
    ),
    COURSE: Words("There is no course “{value}”.", "Nie ma przedmiotu „{value}”."),
    TERM: Words("There is no term “{value}”.", "Nie ma semestru „{value}”."),
}


@dataclass(frozen=True, slots=True)
class Taught:
    """Where an enrollment stands: what it needs to know of an offering, or of a course and term alone."""

    offering_id: str | None
    course_id: str
    course_code: str
    course_title: str
    term_id: str
    term_code: str
    term_ends_on: date
    ects: float
    grading_scale: str | None


@dataclass(slots=True)
class Known:
    """Everything by the keys of the rows; `facts` are the sections as the ledger takes them, packed."""

    sections: dict[str, str] = field(default_factory=dict)
    taught: dict[tuple[str, str], Taught] = field(default_factory=dict)
    students: dict[str, str] = field(default_factory=dict)
    facts: list[bytes] = field(default_factory=list)


class Asking:
    """Asks both neighbors, in bulk."""

    def __init__(self, courses: CourseClient, students: StudentClient) -> None:
        self._courses, self._students = courses, students

    def ask(self, bundles: Sequence[Bundle], faults: Faults, *, trial: bool) -> Known:
        """Return what is known; what is not is a fault, but not in a trial run, in which the files are enough."""
        known = Known()
        live = [bundle for bundle in bundles if not bundle.removed]
        self._ask_sections(known, live)
        self._ask_courses(known, [bundle for bundle in live if not bundle.places])
        users = list(dict.fromkeys(bundle.user for bundle in live))
        known.students = {key: one.id for key, one in self._students.by_keys(users).items()}
        if not trial:
            _note_unknown(known, live, faults)
        return known

    def _ask_sections(self, known: Known, bundles: Iterable[Bundle]) -> None:
        named = {place.group: (bundle.course, bundle.term) for bundle in bundles for place in bundle.places}
        for key, told in self._courses.sections_by_keys(list(named)).items():
            known.sections[key] = told.id
            known.facts.append(msgspec.msgpack.encode(told))
            if named[key] not in known.taught:
                known.taught[named[key]] = _taught(told)

    def _ask_courses(self, known: Known, bundles: Sequence[Bundle]) -> None:
        """Ask about courses that were taken to the end outside of any class, named by their codes."""
        courses = self._courses.courses(list(dict.fromkeys(bundle.course for bundle in bundles)))
        terms = {code: self._term(code) for code in dict.fromkeys(bundle.term for bundle in bundles)}
        for code, term in {(bundle.course, bundle.term) for bundle in bundles}:
            course, found = courses.get(code), terms[term]
            if course and found:
                known.taught[code, term] = Taught(
                    None, course.id, course.code, course.title, *found, ects=course.ects, grading_scale=None
                )

    def _term(self, code: str) -> tuple[str, str, date] | None:
        try:
            term = self._courses.term(code)
        except TermNotFound:
            return None
        return term.id, term.code, term.ends_on


def _taught(told: SectionFacts) -> Taught:
    return Taught(
        offering_id=told.offering.id,
        course_id=told.course.id,
        course_code=told.course.code,
        course_title=told.course.title,
        term_id=told.term.id,
        term_code=told.term.code,
        term_ends_on=told.term.ends_on,
        ects=told.offering.ects,
        grading_scale=told.offering.grading_scale,
    )


def _note_unknown(known: Known, bundles: Iterable[Bundle], faults: Faults) -> None:
    def note(bundle: Bundle, column: str, value: str, among: Mapping[str, object]) -> None:
        if value not in among:
            faults.add(ENROLLMENTS, bundle.line, column, _UNKNOWN[column], value=shorten(value))

    courses, terms = ({called[at]: called for called in known.taught} for at in (0, 1))
    for bundle in bundles:
        note(bundle, "userSourcedId", bundle.user, known.students)
        for place in bundle.places:
            note(bundle, "classSourcedId", place.group, known.sections)
        if not bundle.places:
            note(bundle, COURSE, bundle.course, courses)
            note(bundle, TERM, bundle.term, terms)
