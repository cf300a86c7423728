"""The catalog as requisites see it: every tree, department, equivalence and the order of terms, kept while it lasts."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course.models import Course
from university.course.repository import catalog, terms
from university.course.rules.requisite_json import from_dict
from university.course.rules.requisite_tree import Node


@dataclass(frozen=True)
class Known:
    """One course as requisites see it."""

    id: str
    code: str
    title: str
    title_en: str | None
    department: str | None
    requisites: str | None
    tree: Node | None
    repeatable: bool = False


@dataclass(frozen=True)
class Snapshot:
    """The catalog at one revision."""

    revision: int
    courses: Mapping[str, Known]
    """By code."""
    equivalents: Mapping[str, frozenset[str]]
    """The other codes that count for a code."""
    terms: Mapping[str, str]
    """The codes of terms by id, in the order of time."""

    @cached_property
    def trees(self) -> dict[str, Node]:
        """The trees by the code of the course."""
        return {code: course.tree for code, course in self.courses.items() if course.tree}

    @cached_property
    def departments(self) -> dict[str, str]:
        """The departments by the code of the course."""
        return {code: course.department for code, course in self.courses.items() if course.department}

    @cached_property
    def by_id(self) -> dict[str, Known]:
        """The courses by id."""
        return {course.id: course for course in self.courses.values()}


class Snapshots:
    """Keeps the last snapshot of one database, and takes another when the catalog has changed."""

    def __init__(self) -> None:
        self._last: Snapshot | None = None
        self._taking = threading.Lock()

    def present(self, session: Session, revision: int | None = None) -> Snapshot:
        """Return the catalog as it is now, or at least as it was at a revision that was just read."""
        if revision is None:
            revision = catalog.revision(session)
        last = self._last
        if last is not None and last.revision == revision:
            return last
        with self._taking:
            self._last = take(session, revision)
            return self._last


def take(session: Session, revision: int = 0) -> Snapshot:
    """Return a fresh snapshot as this session sees the catalog, also with what it has not committed yet."""
    told = (
        Course.id,
        Course.code,
        Course.title,
        Course.title_en,
        Course.department,
        Course.requisites,
        Course.requisite_tree,
        Course.equivalence_id,
        Course.repeatable,
    )
    courses: dict[str, Known] = {}
    classes: dict[str, set[str]] = defaultdict(set)
    for row in session.execute(select(*told)):
        tree = from_dict(row.requisite_tree) if row.requisite_tree else None
        named = row.id, row.code, row.title, row.title_en, row.department
        courses[row.code] = Known(*named, row.requisites, tree, row.repeatable)
        if row.equivalence_id:
            classes[row.equivalence_id].add(row.code)
    equivalents = {code: frozenset(members - {code}) for members in classes.values() for code in members}
    return Snapshot(revision, courses, equivalents, terms.codes_in_order(session))
