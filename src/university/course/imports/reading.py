"""The catalog's files read to plain facts, with every fault that they have among themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from university.course.imports import columns, sections
from university.course.imports.sections import ClassEntry
from university.course.models import CODE
from university.course.rules.calendar import Term as Days
from university.course.rules.calendar_json import read_calendar, substitution_to_dict
from university.course.rules.faults import Faulty
from university.course.rules.requisite_graph import find_cycle
from university.course.rules.requisite_json import to_dict
from university.course.rules.requisite_text import parse
from university.course.rules.requisite_tokens import RequisiteSyntax
from university.course.rules.requisite_tree import Node
from university.course.service.terms import LONGEST
from university.course.texts import tidy
from university.platform import cells, oneroster
from university.platform.imports import Order
from university.platform.language import Words
from university.platform.oneroster import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    ORGS,
    ROLES,
    SESSIONS,
    USERS,
    Entry,
    Facts,
    Keys,
    Record,
)
from university.platform.sheets import Sheets

FILES = (SESSIONS, ORGS, COURSES, CLASSES, USERS, ROLES, ENROLLMENTS)
TERM_TYPES, OTHER_TYPES = ("term", "semester"), ("schoolYear", "gradingPeriod")
"""Sessions that are terms, and those that are not."""
CYCLE = Words("The requisites run in a circle: {path}.", "Wymagania tworzą pętlę: {path}.")
_QUOTE = Words("A code cannot hold a quotation mark.", "Kod nie może zawierać cudzysłowu.")
_COURSE_COLUMNS = (
    *("title", "courseCode", "orgSourcedId"),
    *("metadata.credits", "metadata.description", "metadata.requisites"),
)
_BACKWARD = Words("A term cannot end before it starts.", "Semestr nie może kończyć się przed początkiem.")
_ENDLESS = Words("A term lasts ten years at most.", "Semestr może trwać najwyżej dziesięć lat.")
_SYNTAX = Words("{problem} (character {place})", "{problem} (znak {place})")


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the files tell of the catalog, by key."""

    terms: dict[str, Entry] = field(default_factory=dict)
    departments: dict[str, Entry] = field(default_factory=dict)
    courses: dict[str, Entry] = field(default_factory=dict)
    instructors: dict[str, Entry] = field(default_factory=dict)
    sections: dict[str, ClassEntry] = field(default_factory=dict)


def read(sheets: Sheets, _order: Order) -> Catalog:
    """Return what the files tell; their faults are noted in the sheets."""
    return _Reader(sheets).catalog()


class _Reader:
    """Reads file after file, so that each finds the keys that it refers to."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._keys = {file: Keys(sheets, file) for file in FILES}
        self._days: dict[str, Days] = {}

    def catalog(self) -> Catalog:
        """Return everything."""
        terms = dict(self._terms())
        departments = dict(self._departments())
        courses = dict(self._courses(departments))
        classes = sections.read(self._records(CLASSES, sections.REQUIRED), self._keys, courses, terms, self._days)
        instructors = self._instructors()
        self._teachings(classes, instructors)
        return Catalog(terms, departments, courses, instructors, classes)

    def _records(self, file: str, required: tuple[str, ...]) -> Iterator[Record]:
        return oneroster.records(self._sheets, file, required, self._keys[file])

    def _terms(self) -> Iterator[tuple[str, Entry]]:
        parents, codes = [], dict[str, int]()
        for record in self._records(SESSIONS, ("title", "type", "startDate", "endDate", "parentSourcedId")):
            kind = record.row["type"]
            if kind not in (*TERM_TYPES, *OTHER_TYPES):
                record.fault("type", oneroster.NOT_CHOICE, choices=", ".join((*TERM_TYPES, *OTHER_TYPES)))
            if record.removed:
                yield record.key, Entry.removal(record)
                continue
            parents.append(record.ref("parentSourcedId"))
            if kind not in OTHER_TYPES:
                entry = self._term(record)
                oneroster.is_single(record, "title", entry.facts["code"], codes)
                yield record.key, entry
        for parent in parents:
            self._keys[SESSIONS].check(parent, optional=True)

    def _term(self, record: Record) -> Entry:
        facts = cells.facts(record, columns.TERM)
        facts["code"] = tidy(facts.get("code") or facts["title"])
        if len(facts["code"]) > CODE:
            record.fault("title", oneroster.TOO_LONG, most=CODE)
        if "/" in facts["code"]:
            record.fault("title", cells.NO_SLASH)
        starts_on, ends_on = facts["starts_on"], facts["ends_on"]
        if starts_on and ends_on and ends_on < starts_on:
            record.fault("endDate", _BACKWARD)
        elif starts_on and ends_on and ends_on - starts_on > LONGEST:
            record.fault("endDate", _ENDLESS)
        elif starts_on and ends_on:
            self._days[record.key] = _days(record, facts)
        return Entry(record.key, record.line, removed=False, facts=facts)

    def _departments(self) -> Iterator[tuple[str, Entry]]:
        parents, codes = [], dict[str, int]()
        for record in self._records(ORGS, ("name", "type", "identifier", "parentSourcedId")):
            if record.removed:
                yield record.key, Entry.removal(record)
                continue
            parents.append(record.ref("parentSourcedId"))
            if record.row["type"] == "department":
                facts = cells.facts(record, columns.DEPARTMENT)
                oneroster.is_single(record, "identifier", facts["code"], codes)
                yield record.key, Entry(record.key, record.line, removed=False, facts=facts)
        for parent in parents:
            self._keys[ORGS].check(parent, optional=True)

    def _courses(self, departments: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
        codes: dict[str, int] = {}
        equivalents: list[tuple[Record, str]] = []
        trees: dict[str, Node] = {}
        read: dict[str, Record] = {}
        for record in self._records(COURSES, _COURSE_COLUMNS):
            if record.removed:
                yield record.key, Entry.removal(record)
                continue
            facts = self._course(record, departments)
            code = facts["code"]
            if oneroster.is_single(record, "courseCode", code, codes) and (tree := _tree(record, facts)):
                trees[code], read[code] = tree, record
            yield record.key, Entry(record.key, record.line, removed=False, facts=facts)
            equivalents += [(record, code) for code in facts.get("equivalents", ())]
        for record, code in equivalents:
            if code not in codes:
                named = {"value": oneroster.shorten(code), "file": COURSES}
                record.fault(columns.EQUIVALENTS.column, oneroster.DANGLING, **named)
        for code, tree in trees.items():
            if path := find_cycle(code, tree, trees):
                read[code].fault("metadata.requisites", CYCLE, path=" → ".join(path))

    def _course(self, record: Record, departments: Mapping[str, Entry]) -> Facts:
        facts = cells.facts(record, columns.COURSE)
        facts["code"] = tidy(facts["code"])
        if '"' in facts["code"]:
            record.fault("courseCode", _QUOTE)
        org = self._keys[ORGS].check(record.ref("orgSourcedId"), optional=True)
        facts["department"] = departments[org].facts["code"] if org and org in departments else None
        self._keys[SESSIONS].check(record.ref("schoolYearSourcedId"), optional=True)
        if columns.EQUIVALENTS.column in record.row:
            facts["equivalents"] = columns.EQUIVALENTS.read(record, columns.EQUIVALENTS.column)
        return facts

    def _instructors(self) -> dict[str, Entry]:
        """Return those who have the role of a teacher; everybody else is somebody else's part."""
        teachers = oneroster.roles(self._sheets, self._keys[ROLES], self._keys[ORGS]).get("teacher", [])
        wanted, numbers = {teacher.key for teacher in teachers}, dict[str, int]()
        found: dict[str, Entry] = {}
        for record in self._records(USERS, ("givenName", "familyName", "identifier", "email")):
            if record.removed:
                found[record.key] = Entry.removal(record)
            elif record.key in wanted:
                facts = cells.facts(record, columns.INSTRUCTOR)
                facts["number"] = tidy(facts["number"])
                oneroster.is_single(record, "identifier", facts["number"], numbers)
                found[record.key] = Entry(record.key, record.line, removed=False, facts=facts)
        for teacher in teachers:
            self._keys[USERS].check(teacher, may_vanish=True)
        return found

    def _teachings(self, classes: Mapping[str, ClassEntry], instructors: Mapping[str, Entry]) -> None:
        """Give every class its teachers, the primary ones first."""
        for record in self._records(ENROLLMENTS, ("classSourcedId", "userSourcedId", "role")):
            if record.removed or record.row["role"].lower() != "teacher":
                continue
            self._keys[ORGS].check(record.ref("schoolSourcedId"), optional=True)
            group = self._keys[CLASSES].check(record.ref("classSourcedId"), may_vanish=True)
            user = self._keys[USERS].check(record.ref("userSourcedId"), may_vanish=True)
            if user and user not in instructors:
                self._note_no_teacher(record, user)
            elif user and group and not instructors[user].removed and group not in self._keys[CLASSES].removed:
                _add_teacher(classes[group].teachers, user, first=record.row["primary"].lower() == "true")

    def _note_no_teacher(self, record: Record, user: str) -> None:
        if ROLES not in self._sheets.broken:
            record.fault("userSourcedId", _NO_TEACHER, value=oneroster.shorten(user))


_NO_TEACHER = Words(
    "“{value}” has no role of a teacher in roles.csv.", "„{value}” nie ma w roles.csv roli nauczyciela."
)


def _add_teacher(teachers: list[str], user: str, *, first: bool) -> None:
    if user not in teachers:
        teachers.insert(0 if first else len(teachers), user)


def _days(record: Record, facts: Facts) -> Days:
    """Return the term's days, and keep its calendar as it is written."""
    starts_on, ends_on = facts["starts_on"], facts["ends_on"]
    try:
        calendar = read_calendar(facts.get("calendar") or [], starts_on, ends_on)
    except Faulty as error:
        sections.note_all(record, "metadata.calendar", error)
        return Days(starts_on, ends_on)
    if "calendar" in facts:
        facts["calendar"] = [substitution_to_dict(day) for day in calendar]
    return Days(starts_on, ends_on, calendar)


def _tree(record: Record, facts: dict[str, Any]) -> Node | None:
    """Return what the requisites say, and keep it beside them."""
    try:
        tree = parse(facts["requisites"] or "")
    except RequisiteSyntax as error:
        said = Words(error.message("en"), error.message("pl"))
        place = error.position + 1
        told = (words.format(problem=problem, place=place) for words, problem in zip(_SYNTAX, said, strict=True))
        record.fault("metadata.requisites", Words(*told))
        return None
    facts["requisites"] = facts["requisites"] if tree else None
    facts["requisite_tree"] = to_dict(tree) if tree else None
    return tree
