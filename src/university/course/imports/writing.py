"""A plan carried out: rows in bulk, those first to which others refer."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from university.course.imports import news
from university.course.imports.planning import Planned
from university.course.models import (
    Availability,
    Course,
    Department,
    Equivalence,
    Instructor,
    Offering,
    Section,
    Slot,
    Teaching,
    Term,
)
from university.course.repository import search, sections, sharing, timing
from university.course.repository.keys import chunks, find_all
from university.course.repository.terms import days_of
from university.course.rules.calendar import Term as Days
from university.platform.oneroster import Facts

_DATES = {"starts_on", "ends_on", "calendar"}
_COUNTED = {"capacity", "status"}
"""What the feed of availability tells of a section."""


def write(session: Session, plan: Planned) -> None:
    """Carry out a plan in the transaction in which it was made, and tell everybody."""
    writer = _Writer(session, plan)
    news.tell_removed(session, plan.removals)
    writer.remove()
    writer.write()
    search.reindex(session, writer.found_anew())
    news.tell(session, plan)


class _Writer:
    """Writes rows, kind after kind."""

    def __init__(self, session: Session, plan: Planned) -> None:
        self._session, self._plan = session, plan

    def remove(self) -> None:
        """Delete what goes; what hangs on it goes along."""
        removals = self._plan.removals
        for some in chunks(removals.instructors):
            self._session.execute(delete(Teaching).where(Teaching.instructor_id.in_(some)))
        for some in chunks(removals.sections):
            apart = update(Section).where(Section.id.in_(some)).values(parent_id=None, shares_seats_with=None)
            self._session.execute(apart)
        for some in chunks(removals.offerings):
            alone = update(Offering).where(Offering.cross_listed_with.in_(some)).values(cross_listed_with=None)
            self._session.execute(alone)
        for some in chunks(removals.canceled):
            self._session.execute(update(Section).where(Section.id.in_(some)).values(status="canceled"))
            self._recount(some)
        for kind, ids in (
            (Section, removals.sections),
            (Offering, removals.offerings),
            (Course, removals.courses),
            (Term, removals.terms),
            (Instructor, removals.instructors),
            (Department, removals.departments),
        ):
            for some in chunks(ids):
                self._session.execute(delete(kind).where(kind.__table__.c.id.in_(some)))

    def write(self) -> None:
        """Insert and update everything."""
        plan = self._plan
        self._insert(Equivalence, ({"id": one} for one in plan.equivalences))
        for kind, difference in (
            (Term, plan.terms),
            (Department, plan.departments),
            (Course, plan.courses),
            (Instructor, plan.instructors),
            (Offering, plan.offerings),
        ):
            self._insert(kind, difference.created.values())
            self._update(kind, difference.updated.values())
        self._renew_dates()
        self._create_sections()
        self._change_sections()
        self._write_teachers()

    def found_anew(self) -> list[str]:
        """Return the offerings that other words find now than before."""
        plan, session = self._plan, self._session
        found = {row["id"] for row in plan.offerings.created.values()}
        renamed = [row["id"] for row in plan.courses.updated.values() if "fold" in row]
        people = [row["id"] for row in plan.instructors.updated.values() if "fold" in row]
        for some in chunks(renamed):
            found.update(session.scalars(select(Offering.id).where(Offering.course_id.in_(some))))
        for some in chunks(list(plan.teachers)):
            found.update(session.scalars(select(Section.offering_id).where(Section.id.in_(some))))
        for some in chunks(people):
            taught = select(Section.offering_id).join(Teaching).where(Teaching.instructor_id.in_(some))
            found.update(session.scalars(taught))
        return sorted(found)

    def _insert(self, kind: type, rows: Iterable[Mapping[str, Any]]) -> None:
        for some in chunks(list(rows)):
            self._session.execute(insert(kind), list(some))

    def _update(self, kind: type, rows: Iterable[Mapping[str, Any]]) -> None:
        for some in chunks(list(rows)):
            self._session.execute(update(kind), list(some))

    def _renew_dates(self) -> None:
        """Let sections meet by the changed days of their term, and offerings be listed by their course's code."""
        changed = [row["id"] for row in self._plan.terms.updated.values() if row.keys() & _DATES]
        for term in find_all(self._session, Term, changed).values():
            timing.remake_occurrences(self._session, term)
        for row in self._plan.courses.updated.values():
            if "code" in row:
                listed = update(Offering).where(Offering.course_id == row["id"]).values(sort_code=row["code"])
                self._session.execute(listed)

    def _create_sections(self) -> None:
        created = [self._concrete(row) for row in self._plan.sections.created.values()]
        above = {row["id"]: row.get("parent_id") for row in created}
        while created:
            ready = [row for row in created if row.get("parent_id") not in above]
            self._insert(Section, ready)
            self._insert(Availability, ({"section_id": row["id"], "term_id": row["term_id"]} for row in ready))
            self._insert(Slot, (slot for row in ready for slot in sections.slot_rows(row["id"], row["meetings"])))
            for row in ready:
                del above[row["id"]]
            created = [row for row in created if row["id"] in above]

    def _change_sections(self) -> None:
        changed = [{**row} for row in self._plan.sections.updated.values()]
        for row in changed:
            del row["version"]  # Telling gives the next one, once, whatever else touches the section.
        met = [row for row in changed if "meetings" in row]
        self._update(Section, (self._concrete(row) if "meetings" in row else row for row in changed))
        for some in chunks([row["id"] for row in met]):
            self._session.execute(delete(Slot).where(Slot.section_id.in_(some)))
        self._insert(Slot, (slot for row in met for slot in sections.slot_rows(row["id"], row["meetings"])))
        guests = sharing.follow(self._session, [row["id"] for row in changed])
        for some in chunks([*(row["id"] for row in changed if row.keys() & _COUNTED), *guests]):
            self._recount(some)

    def _write_teachers(self) -> None:
        for some in chunks(list(self._plan.teachers)):
            self._session.execute(delete(Teaching).where(Teaching.section_id.in_(some)))
        self._insert(
            Teaching,
            (
                {"section_id": section_id, "instructor_id": teacher, "place": place}
                for section_id, teachers in self._plan.teachers.items()
                for place, teacher in enumerate(teachers)
            ),
        )

    def _recount(self, section_ids: Iterable[str]) -> None:
        told = update(Availability).where(Availability.section_id.in_(section_ids)).values(dirty=True)
        self._session.execute(told)

    def _concrete(self, row: Facts) -> Facts:
        """Return a section's row with its meetings made concrete."""
        return {**row, "occurrences": timing.concrete(row["meetings"], self._days[row["term_id"]])}

    @cached_property
    def _days(self) -> dict[str, Days]:
        """The days of the terms in which sections are new or meet otherwise, by id."""
        rows = (*self._plan.sections.created.values(), *self._plan.sections.updated.values())
        ids = {row["term_id"] for row in rows if "term_id" in row}
        return {term.id: days_of(term) for term in find_all(self._session, Term, ids).values()}
