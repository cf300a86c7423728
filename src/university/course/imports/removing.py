"""What files ask to remove: what nothing rests on goes; a class in which somebody has a place is canceled and stays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course.models import (
    Availability,
    Course,
    Department,
    Instructor,
    Offering,
    Section,
    Teaching,
    Term,
)
from university.course.repository.keys import chunks
from university.platform.language import Words
from university.platform.matching import Matched

_TAUGHT = Words("Classes are or were taught here, so it stays.", "Są lub były tu zajęcia, więc zostaje.")
_NEEDING = select(Section.id, Section.parent_id, Section.shares_seats_with)
Note = Callable[[Any, str, Words], None]


@dataclass(frozen=True, slots=True)
class Removals:
    """What goes, by id; canceled sections stay."""

    terms: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    courses: list[str] = field(default_factory=list)
    instructors: list[str] = field(default_factory=list)
    offerings: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    canceled: list[str] = field(default_factory=list)
    untaught: list[str] = field(default_factory=list)
    """Sections that stay and lose a teacher."""

    def __len__(self) -> int:
        """Count what people see: an offering is nothing of its own."""
        kinds = (self.terms, self.departments, self.courses, self.instructors, self.sections, self.canceled)
        return sum(map(len, kinds))


def plan(session: Session, matched: Mapping[Any, Matched], note: Note) -> Removals:
    """Return what can go; what is asked for and cannot is noted."""
    going = {kind: {row.id: key for key, row in found.removed.items()} for kind, found in matched.items()}
    for row in matched[Section].removed.values():
        if row.status == "canceled":
            del going[Section][row.id]
    if not any(going.values()):
        return Removals()
    kept = _kept(session, going[Section])
    deleted = [one for one in going[Section] if one not in kept]
    canceled = [one for one in going[Section] if one in kept]
    bare = _bare_offerings(session, going, set(deleted), note)
    return Removals(
        list(going[Term]),
        list(going[Department]),
        list(going[Course]),
        list(going[Instructor]),
        bare,
        deleted,
        canceled,
        _taught(session, list(going[Instructor]), set(deleted)),
    )


def _kept(session: Session, section_ids: Iterable[str]) -> set[str]:
    """Return the sections that cannot vanish: somebody has or waits for a place, or a section that stays needs it."""
    going = list(section_ids)
    kept: set[str] = set()
    places = Availability.taken + Availability.held + Availability.waiting
    for some in chunks(going):
        query = select(Availability.section_id).where(Availability.section_id.in_(some), places > 0)
        kept.update(session.scalars(query))
    needed = {
        (row.id, above)
        for some in chunks(going)
        for row in session.execute(_NEEDING.where(Section.parent_id.in_(some) | Section.shares_seats_with.in_(some)))
        for above in (row.parent_id, row.shares_seats_with)
    }
    staying = {above for one, above in needed if one in kept or one not in set(going)}
    return kept | {above for above in staying if above in set(going)}


def _taught(session: Session, instructors: Sequence[str], going: set[str]) -> list[str]:
    taught = {
        section
        for some in chunks(instructors)
        for section in session.scalars(select(Teaching.section_id).where(Teaching.instructor_id.in_(some)))
    }
    return sorted(taught - going)


def _bare_offerings(
    session: Session, going: Mapping[Any, Mapping[str, str]], sections: set[str], note: Note
) -> list[str]:
    """Return the offerings that go with their term or course; one that is still taught keeps both."""
    bare: set[str] = set()
    for kind, owner in ((Term, Offering.term_id), (Course, Offering.course_id)):
        taught: set[str] = set()
        for some in chunks(list(going[kind])):
            query = select(Offering.id, owner.label("owner"), Section.id.label("section")).outerjoin(Section)
            for row in session.execute(query.where(owner.in_(some))):
                bare.add(row.id)
                if row.section and row.section not in sections:
                    taught.add(row.owner)
        for one in sorted(taught):
            note(kind, going[kind][one], _TAUGHT)
    return sorted(bare)
