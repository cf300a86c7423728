"""What the files would make different among the enrollments, in the transaction that writes it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from university.enrollment.imports.asking import Known, Taught
from university.enrollment.imports.reading import Bundle
from university.enrollment.models import Enrollment, EnrollmentSection
from university.enrollment.rules.case import ACTIVE, SEATED
from university.platform.database import new_id
from university.platform.imports import Changes
from university.platform.oneroster import Facts

CHUNK = 500
_ID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
Seats = list[tuple[str, int | None]]
"""Sections with the pools that their seats came from."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An enrollment that becomes different: what of it, and its seats when those change."""

    row: Row[Any]
    facts: Facts
    before: Seats
    after: Seats


@dataclass(slots=True)
class Planned:
    """What to create and to change; `taken` and `held` are the differences in seats by section (and pool)."""

    created: list[tuple[str, Bundle]] = field(default_factory=list)
    updated: list[Changed] = field(default_factory=list)
    removed: list[Changed] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    pooled: Counter[tuple[str, int]] = field(default_factory=Counter)

    def changes(self) -> Changes:
        """Count enrollments."""
        return Changes(len(self.created), len(self.updated), len(self.removed))

    def count(self, status: str, seats: Seats, sign: int) -> None:
        """Count the seats that an enrollment of this status gives back (-1) or takes (1)."""
        for section, pool in seats:
            if status in SEATED:
                self.taken[section] += sign
            if status == "offered":
                self.held[section] += sign
            if status in SEATED and pool is not None:
                self.pooled[section, pool] += sign


def plan(session: Session, bundles: Sequence[Bundle], known: Known) -> Planned:
    """Return what is different."""
    planned = Planned()
    for some in _chunks(bundles):
        found = _Found(session, some, known)
        for bundle in some:
            row = found.row_of(bundle)
            if row is not None:
                _compare(planned, bundle, row, found.seats[row.id], known)
            elif not bundle.removed:
                made = new_id()
                planned.created.append((made, bundle))
                planned.count(bundle.status, seats_of(bundle, known), 1)
    return planned


def seats_of(bundle: Bundle, known: Known) -> Seats:
    """Return the sections of a bundle, as far as they are known, in order of id."""
    return sorted((known.sections[place.group], place.pool) for place in bundle.places if place.group in known.sections)


def _compare(planned: Planned, bundle: Bundle, row: Row[Any], before: Seats, known: Known) -> None:
    if bundle.removed:
        if row.status in ACTIVE | SEATED:
            planned.count(row.status, before, -1)
            planned.removed.append(Changed(row, {"status": "canceled"}, before, before))
        return
    pools = dict(before)
    after = sorted((one, pools.get(one) if pool is None else pool) for one, pool in seats_of(bundle, known))
    own_key = None if row.id in (bundle.key, *bundle.rows) else bundle.key
    told = {"external_key": row.external_key or own_key, "status": bundle.status, "grade": bundle.grade}
    if bundle.ects is not None:
        told["ects"] = bundle.ects
    facts = {name: value for name, value in told.items() if getattr(row, name) != value}
    if facts or after != before:
        planned.count(row.status, before, -1)
        planned.count(bundle.status, after, 1)
        planned.updated.append(Changed(row, facts, before, after))


class _Found:
    """The enrollments that some bundles could be: those of their keys, else those that stand without a key."""

    def __init__(self, session: Session, bundles: Sequence[Bundle], known: Known) -> None:
        keys = {key for bundle in bundles for key in (bundle.key, *bundle.rows)}
        users = {known.students[bundle.user] for bundle in bundles if bundle.user in known.students}
        self._known = known
        self._by_key = {row.external_key: row for row in _rows(session, Enrollment.external_key, keys)}
        ids = filter(_ID.fullmatch, keys)
        own = _rows(session, Enrollment.id, ids, Enrollment.external_key.is_(None))
        self._by_key |= {row.id: row for row in own}
        keyless = (
            Enrollment.external_key.is_(None),
            Enrollment.offering_id.is_not(None),
            Enrollment.status.in_(ACTIVE),
        )
        rows = _rows(session, Enrollment.student_id, users, *keyless)
        self._standing = {(row.student_id, row.offering_id): row for row in rows}
        found = [row.id for row in (*self._by_key.values(), *self._standing.values())]
        self.seats: dict[str, Seats] = defaultdict(list)
        for seat in _rows(session, EnrollmentSection.enrollment_id, found):
            self.seats[seat.enrollment_id].append((seat.section_id, seat.pool))
        for seats in self.seats.values():
            seats.sort()

    def row_of(self, bundle: Bundle) -> Row[Any] | None:
        """Return the enrollment that a bundle is, each once."""
        for key in (bundle.key, *bundle.rows):
            if key in self._by_key:
                return self._by_key[key]
        taught: Taught | None = self._known.taught.get((bundle.course, bundle.term))
        student = self._known.students.get(bundle.user)
        return self._standing.pop((student, taught.offering_id), None) if taught and student else None


def _rows(session: Session, column: Any, values: Iterable[str], *conditions: Any) -> Iterator[Row[Any]]:
    for some in _chunks(list(values)):
        yield from session.execute(select(column.table).where(column.in_(some), *conditions))


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
