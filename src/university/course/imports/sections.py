"""Classes read to the facts of sections and of the offerings that they make together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from university.course.imports import columns
from university.course.models import CODE, COMPONENT
from university.course.rules.calendar import Meeting, Term as Days
from university.course.rules.calendar_json import meeting_to_dict, read_meetings
from university.course.rules.faults import Faulty
from university.course.texts import tidy
from university.platform import cells, oneroster
from university.platform.language import Words
from university.platform.oneroster import CLASSES, COURSES, ORGS, SESSIONS, Entry, Facts, Keys, Record, Ref

REQUIRED = (
    *("title", "courseSourcedId", "classCode", "schoolSourcedId", "termSourcedIds"),
    *("metadata.capacity", "metadata.meetings"),
)
WITHOUT_COMPONENT = "independent"
"""The component of a class that neither names one nor meets."""
_ONE_TERM = Words("A class belongs to exactly one term.", "Zajęcia należą do dokładnie jednego semestru.")
_NO_TERM = Words("“{value}” is not a term.", "„{value}” nie jest semestrem.")
_OTHER_PARENT = Words(
    "The parent belongs to another course or term.", "Grupa nadrzędna należy do innego przedmiotu lub semestru."
)
_OWN_PARENT = Words("A class cannot stand above itself.", "Grupa nie może być nadrzędna wobec siebie samej.")
_TOO_MANY_RESERVED = Words(
    "More seats are reserved ({seats}) than the class has.", "Zarezerwowano więcej miejsc ({seats}), niż ma grupa."
)
_NOTHING_TO_RESERVE = Words(
    "A class without a limit has no seats to reserve.", "Grupa bez limitu nie ma miejsc do rezerwowania."
)
_TOLD_OTHERWISE = Words(
    "Line {line} tells something else of the same offering.",
    "Wiersz {line} mówi co innego o tym samym przedmiocie w semestrze.",
)


@dataclass(frozen=True, slots=True)
class ClassEntry(Entry):
    """What a row tells of a section: `course`, `term`, `parent` and `teachers` are keys.

    `parts` tells that the file names components, so that the sections of an offering are parts of a whole.
    """

    course: str = ""
    term: str = ""
    parent: str | None = None
    tells_parent: bool = False
    parts: bool = False
    offering: Facts = field(default_factory=dict)
    teachers: list[str] = field(default_factory=list)


def read(
    records: Iterable[Record],
    keys: Mapping[str, Keys],
    courses: Mapping[str, Entry],
    terms: Mapping[str, Entry],
    days: Mapping[str, Days],
) -> dict[str, ClassEntry]:
    """Return the classes by key; faults among them are noted."""
    reader = _Reader(keys, courses, terms, days)
    found: dict[str, ClassEntry] = {}
    for record in records:
        found[record.key] = reader.removal(record) if record.removed else reader.entry(record)
    reader.check_parents(found)
    return found


class _Reader:
    """Remembers what must occur only once, or always alike."""

    def __init__(
        self,
        keys: Mapping[str, Keys],
        courses: Mapping[str, Entry],
        terms: Mapping[str, Entry],
        days: Mapping[str, Days],
    ) -> None:
        self._keys, self._courses, self._terms, self._days = keys, courses, terms, days
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._offerings: dict[tuple[str, str], tuple[int, Facts]] = {}
        self._parents: list[tuple[Record, Ref]] = []

    def removal(self, record: Record) -> ClassEntry:
        """Return the entry of a class that asks for deletion."""
        return ClassEntry(record.key, record.line, removed=True, facts={})

    def entry(self, record: Record) -> ClassEntry:
        """Return the entry of a class."""
        course = self._keys[COURSES].check(record.ref("courseSourcedId")) or ""
        term = self._term(record)
        self._keys[ORGS].check(record.ref("schoolSourcedId"), optional=True)
        facts = self._facts(record, term)
        if course and term:
            self._check_number(record, (course, term, facts["number"]))
        parent = record.row["metadata.parent"] or None
        if parent:
            self._parents.append((record, record.ref("metadata.parent")))
        return ClassEntry(
            key=record.key,
            line=record.line,
            removed=False,
            facts=facts,
            course=course,
            term=term,
            parent=parent,
            tells_parent="metadata.parent" in record.row,
            parts=bool(record.row["metadata.component"]),
            offering=self._offering(record, (course, term)),
        )

    def check_parents(self, found: Mapping[str, ClassEntry]) -> None:
        """Note parents that are no sections of the same offering."""
        for record, ref in self._parents:
            parent, child = self._keys[CLASSES].check(ref), found[record.key]
            above = found.get(parent or "")
            if above and any(a and b and a != b for a, b in ((above.course, child.course), (above.term, child.term))):
                record.fault(ref.column, _OTHER_PARENT)
            elif _is_above_itself(child, found):
                record.fault(ref.column, _OWN_PARENT)

    def _term(self, record: Record) -> str:
        ref = record.ref("termSourcedIds")
        if "," in ref.key:
            record.fault(ref.column, _ONE_TERM)
            return ""
        term = self._keys[SESSIONS].check(ref) or ""
        if term and term not in self._terms:
            record.fault(ref.column, _NO_TERM, value=oneroster.shorten(term))
            return ""
        return term

    def _facts(self, record: Record, term: str) -> Facts:
        facts = cells.facts(record, columns.SECTION)
        facts["number"] = _number(record)
        component = tidy(facts.get("component") or "")
        meetings, facts["meetings"] = facts["meetings"], []
        if term in self._days:
            found = [meeting_to_dict(meeting) for meeting in _meetings(record, meetings, self._days[term])]
            component = component or _component(found)
            facts["meetings"] = [{**meeting, "component": meeting["component"] or component} for meeting in found]
        facts["component"] = component or WITHOUT_COMPONENT
        _check_reserved(record, facts)
        return facts

    def _check_number(self, record: Record, called: tuple[str, str, str]) -> None:
        """Note a second section of this number in the same course and term."""
        first = self._numbers.setdefault(called, record.line)
        if first != record.line:
            record.fault("classCode", oneroster.TWICE, value=called[2], line=first)

    def _offering(self, record: Record, called: tuple[str, str]) -> Facts:
        """Return what the row says of its offering, which no other row may contradict."""
        if not record.row[columns.OFFERING.column]:
            return {}
        told: Facts = columns.OFFERING.read(record, columns.OFFERING.column)
        line, first = self._offerings.setdefault(called, (record.line, told))
        if told != first:
            record.fault(columns.OFFERING.column, _TOLD_OTHERWISE, line=line)
        return told


def note_all(record: Record, column: str, error: Faulty) -> None:
    """Note every fault that the rules found in a cell."""
    for fault in error.faults:
        record.fault(column, Words(*(f"{fault.field}: {fault.message(language)}" for language in ("en", "pl"))))


def _number(record: Record) -> str:
    """Return the section's number: its own column's, else the class code, else the title."""
    column = next((name for name in ("metadata.number", "classCode") if record.row[name]), "title")
    number: str = cells.code(column, CODE).read(record, column)
    return tidy(number)


def _meetings(record: Record, told: Any, days: Days) -> tuple[Meeting, ...]:
    try:
        return read_meetings(told, days)
    except Faulty as error:
        note_all(record, "metadata.meetings", error)
        return ()


def _component(meetings: list[Facts]) -> str:
    """Return the component of a class that names none: that of its first meeting."""
    named: str = meetings[0]["component"] if meetings else ""
    return named[:COMPONENT] or WITHOUT_COMPONENT


def _check_reserved(record: Record, facts: Facts) -> None:
    pools = facts.get("reserved") or []
    seats = sum(pool["seats"] for pool in pools)
    if pools and facts["capacity"] is None:
        record.fault("metadata.reserved", _NOTHING_TO_RESERVE)
    elif pools and seats > facts["capacity"]:
        record.fault("metadata.reserved", _TOO_MANY_RESERVED, seats=seats)


def _is_above_itself(child: ClassEntry, found: Mapping[str, ClassEntry]) -> bool:
    seen: set[str] = set()
    above = found.get(child.parent or "")
    while above is not None and above.key not in seen:
        if above is child:
            return True
        seen.add(above.key)
        above = found.get(above.parent or "")
    return False
