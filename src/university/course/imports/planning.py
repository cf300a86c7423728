"""What the files would make different: everything compared with what is there, in the transaction that writes it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from university.course.imports import columns, removing
from university.course.imports.reading import CYCLE, Catalog
from university.course.models import Course, Department, Instructor, Offering, Section, Teaching, Term
from university.course.repository import courses, instructors, requisites
from university.course.repository.keys import chunks
from university.course.repository.sharing import OF_HOST
from university.course.rules.requisite_graph import find_cycle
from university.course.rules.requisite_json import from_dict
from university.platform import matching, oneroster
from university.platform.database import new_id
from university.platform.imports import Changes
from university.platform.language import Words
from university.platform.matching import Difference, Matched
from university.platform.oneroster import CLASSES, COURSES, ORGS, SESSIONS, USERS, Entry, Facts
from university.platform.sheets import Faults

_MOVED = Words(
    "A class cannot move to another course or term.", "Zajęć nie można przenieść do innego przedmiotu ani semestru."
)
_FOLDED = {"code", "title", "title_en", "given_name", "family_name"}
Kinds = {Term: SESSIONS, Department: ORGS, Course: COURSES, Instructor: USERS, Section: CLASSES}


@dataclass(slots=True)
class Planned:
    """What to create, update and remove of each kind; `teachers` are instructors' ids by the section's id."""

    terms: Difference = field(default_factory=Difference)
    departments: Difference = field(default_factory=Difference)
    courses: Difference = field(default_factory=Difference)
    instructors: Difference = field(default_factory=Difference)
    offerings: Difference = field(default_factory=Difference)
    sections: Difference = field(default_factory=Difference)
    teachers: dict[str, list[str]] = field(default_factory=dict)
    equivalences: list[str] = field(default_factory=list)
    """Classes of equivalent courses to be made."""
    regrouped: set[str] = field(default_factory=set)
    """Classes that courses join or leave."""
    removals: removing.Removals = field(default_factory=removing.Removals)

    def changes(self) -> Changes:
        """Count things, not rows: an offering comes with its classes, a teacher belongs to a class."""
        kinds = (self.terms, self.departments, self.courses, self.instructors, self.sections)
        counted = {row["id"] for rows in (self.sections.created, self.sections.updated) for row in rows.values()}
        return Changes(
            created=sum(len(kind.created) for kind in kinds),
            updated=sum(len(kind.updated) for kind in kinds) + len(self.teachers.keys() - counted),
            removed=len(self.removals),
        )


def plan(session: Session, catalog: Catalog, faults: Faults) -> Planned:
    """Return what is different, noting what cannot be done."""
    return _Planner(session, catalog, faults).planned()


class _Planner:
    """Compares kind after kind, so that each finds the ids of what it refers to."""

    def __init__(self, session: Session, catalog: Catalog, faults: Faults) -> None:
        self._session, self._catalog, self._faults = session, catalog, faults
        self._plan = Planned()

    def planned(self) -> Planned:
        """Return everything."""
        catalog, plan = self._catalog, self._plan
        terms = self._match(catalog.terms, Term, "code")
        plan.terms = matching.compare(catalog.terms, terms)
        departments = self._match(catalog.departments, Department, "code")
        plan.departments = matching.compare(catalog.departments, departments)
        known = self._courses()
        people = self._match(catalog.instructors, Instructor, "number")
        plan.instructors = matching.compare(catalog.instructors, people)
        _fold(plan.instructors, people, instructors.folded)
        sections = self._sections(self._offerings(terms, known), terms)
        self._teachers(sections, people)
        plan.removals = removing.plan(
            self._session,
            {Term: terms, Department: departments, Course: known, Instructor: people, Section: sections},
            lambda kind, key, words: self._faults.add(Kinds[kind], self._line(kind, key), "status", words),
        )
        return plan

    def _line(self, kind: Any, key: str) -> int:
        catalog = self._catalog
        entries: dict[Any, Mapping[str, Entry]] = {
            Term: catalog.terms,
            Department: catalog.departments,
            Course: catalog.courses,
            Instructor: catalog.instructors,
            Section: catalog.sections,
        }
        return entries[kind][key].line

    def _match(self, entries: Mapping[str, Entry], kind: Any, *natural: str) -> Matched:
        table = kind.__table__
        rows = self._session.execute(select(*(column for column in table.c if column.name != "occurrences")))

        def refuse(entry: Entry) -> None:
            value = oneroster.shorten(entry.facts[natural[-1]])
            self._faults.add(Kinds[kind], entry.line, "", matching.TAKEN, value=value)

        return matching.match(entries, rows, natural, refuse)

    def _courses(self) -> Matched:
        entries = self._catalog.courses
        known = self._match(entries, Course, "code")
        self._equate(entries, known)
        self._plan.courses = matching.compare(entries, known)
        _fold(self._plan.courses, known, courses.folded)
        self._plan.regrouped = _regrouped(self._plan.courses, known)
        self._check_cycles(entries, known)
        return known

    def _equate(self, entries: Mapping[str, Entry], known: Matched) -> None:
        """Give the courses that count for one another one equivalence, that which they have if they have one."""
        classes = _classes(
            {e.facts["code"]: e.facts.pop("equivalents") for e in entries.values() if "equivalents" in e.facts}
        )
        present = {row.code: row.equivalence_id for row in known.rows.values()}
        used: set[str] = set()
        ids: dict[str, str | None] = {}
        for members in classes:
            own = next((one for code in members if (one := present.get(code)) and one not in used), None)
            if own is None and len(members) > 1:
                own = new_id()
                self._plan.equivalences.append(own)
            ids |= dict.fromkeys(members, own if len(members) > 1 else None)
            used.update(one for one in (own,) if one)
        for entry in entries.values():
            if not entry.removed and entry.facts["code"] in ids:
                entry.facts["equivalence_id"] = ids[entry.facts["code"]]

    def _check_cycles(self, entries: Mapping[str, Entry], known: Matched) -> None:
        """Note circles that close over courses which the files do not name; others were found while reading."""
        ours = {row.code for row in (*known.rows.values(), *known.removed.values())}
        trees = {code: tree for code, tree in requisites.take(self._session).trees.items() if code not in ours}
        if not trees:
            return
        told = {entry.facts["code"]: entry for entry in entries.values() if not entry.removed}
        trees |= {
            code: from_dict(entry.facts["requisite_tree"])
            for code, entry in told.items()
            if entry.facts["requisite_tree"]
        }
        for code, entry in told.items():
            if path := find_cycle(code, trees.get(code), trees):
                self._faults.add(COURSES, entry.line, "metadata.requisites", CYCLE, path=" → ".join(path))

    def _offerings(self, terms: Matched, known: Matched) -> dict[tuple[str, str], str]:
        """Plan one offering a course and term; return their ids by both keys."""
        wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, entry in self._catalog.sections.items():
            if not entry.removed:
                wanted[entry.course, entry.term].append(key)
        rows = {(row.course_id, row.term_id): row for row in self._session.execute(select(Offering.__table__))}
        ids: dict[tuple[str, str], str] = {}
        for (course, term), members in wanted.items():
            place = {"course_id": known.ids[course], "term_id": terms.ids[term]}
            row = rows.get((place["course_id"], place["term_id"]))
            ids[course, term] = self._offering((course, term), place, members, row)
        return ids

    def _offering(self, called: tuple[str, str], place: Facts, members: Sequence[str], row: Row[Any] | None) -> str:
        sections = [self._catalog.sections[key] for key in members]
        told = next((columns.offering_facts(entry.offering) for entry in sections if entry.offering), {})
        key, code = " ".join(called), self._catalog.courses[called[0]].facts["code"]
        if row is None:
            components = sorted({entry.facts["component"] for entry in sections if entry.parts})
            inferred = {"required_components": components if len(components) > 1 else []}
            made = new_id()
            self._plan.offerings.created[key] = {"id": made, **place, "sort_code": code, **inferred, **told}
            return made
        if changed := {name: value for name, value in told.items() if getattr(row, name) != value}:
            self._plan.offerings.updated[key] = {"id": row.id, "version": row.version + 1, **changed}
        return str(row.id)

    def _sections(self, offerings: Mapping[tuple[str, str], str], terms: Matched) -> Matched:
        entries = self._catalog.sections
        for entry in entries.values():
            if not entry.removed:
                entry.facts["offering_id"] = offerings[entry.course, entry.term]
                entry.facts["term_id"] = terms.ids[entry.term]
        sections = self._match(entries, Section, "offering_id", "number")
        for key, entry in entries.items():
            row = sections.rows.get(key)
            if row is not None and row.offering_id != entry.facts["offering_id"]:
                self._faults.add(CLASSES, entry.line, "courseSourcedId", _MOVED)
            if not entry.removed and entry.tells_parent:
                entry.facts["parent_id"] = sections.ids[entry.parent] if entry.parent else None
        self._plan.sections = matching.compare(entries, sections)
        for key, changed in list(self._plan.sections.updated.items()):
            row = sections.rows[key]
            for name in OF_HOST if row.shares_seats_with else ():
                changed.pop(name, None)  # The seats that it shares are the host's, whatever the file says of them.
            if row.status == "canceled" or not changed.keys() - {"id", "version"}:  # What is called off stays so.
                del self._plan.sections.updated[key]
                continue
            changed["term_id"] = entries[key].facts["term_id"]
        return sections

    def _teachers(self, sections: Matched, people: Matched) -> None:
        """Plan the teachers of those sections where they are different."""
        present: dict[str, list[str]] = defaultdict(list)
        query = select(Teaching.section_id, Teaching.instructor_id).order_by(Teaching.section_id, Teaching.place)
        for some in chunks([row.id for row in sections.rows.values()]):
            for section_id, instructor_id in self._session.execute(query.where(Teaching.section_id.in_(some))):
                present[section_id].append(instructor_id)
        for key, section_id in sections.ids.items():
            wanted = [people.ids[user] for user in self._catalog.sections[key].teachers]
            if wanted != present[section_id]:
                self._plan.teachers[section_id] = wanted


def _classes(told: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the classes that courses form when each counts for those that it names."""
    classes: dict[str, list[str]] = {code: [code] for code in told}
    for code, others in told.items():
        for other in others:
            mine, theirs = classes[code], classes[other]
            if mine is not theirs:
                mine.extend(theirs)
                classes |= dict.fromkeys(theirs, mine)
    return list({id(members): members for members in classes.values()}.values())


def _regrouped(difference: Difference, known: Matched) -> set[str]:
    """Return the equivalences that courses join or leave."""
    moved = {key: row["equivalence_id"] for key, row in difference.updated.items() if "equivalence_id" in row}
    left = {known.rows[key].equivalence_id for key in moved} | {row.equivalence_id for row in known.removed.values()}
    joined = {*moved.values(), *(row.get("equivalence_id") for row in difference.created.values())}
    return {one for one in left | joined if one}


def _fold(difference: Difference, matched: Matched, folded: Any) -> None:
    """Keep the words by which a thing is found beside what they come from."""
    for facts in difference.created.values():
        facts["fold"] = folded(SimpleNamespace(**{"title_en": None, **facts}))
    for key, facts in difference.updated.items():
        if facts.keys() & _FOLDED:
            facts["fold"] = folded(SimpleNamespace(**{**matched.rows[key]._asdict(), **facts}))
