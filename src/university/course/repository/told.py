"""The facts of sections as bytes, kept ready: a version is told the same to everybody."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course.models import Section
from university.course.repository.facts import facts_of
from university.course.repository.keys import as_id

KEPT = 4_096
"""Sections kept ready at most; each takes about five kilobytes."""


@dataclass(frozen=True, slots=True)
class Told:
    """A section's facts as JSON, with the id of its course and the code of its term."""

    facts: msgspec.Raw
    course_id: str
    term: str


class ToldSections:
    """Keeps what one database says of sections; asks for versions every time, for facts only when they are new."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Told] = {}
        self._forgetting = threading.Lock()

    def of(self, session: Session, section_ids: Sequence[str]) -> dict[str, Told]:
        """Return what is told of sections now, by the ids as they were given; ids that nobody has are left out."""
        given = {one: as_id(one) for one in section_ids}
        query = select(Section.id, Section.version).where(Section.id.in_([one for one in given.values() if one]))
        versions = {row.id: row.version for row in session.execute(query)}
        found = {one: self._kept.get((one, version)) for one, version in versions.items()}
        new = [one for one, told in found.items() if told is None]
        if new:
            found |= self._read(session, new)
        return {one: told for one, spelled in given.items() if spelled and (told := found.get(spelled))}

    def _read(self, session: Session, section_ids: Iterable[str]) -> dict[str, Told | None]:
        read: dict[str, Told | None] = {}
        for facts in facts_of(session, section_ids):
            told = Told(msgspec.Raw(msgspec.json.encode(facts)), facts["course"]["id"], facts["term"]["code"])
            read[facts["id"]] = self._kept[facts["id"], facts["version"]] = told
        if len(self._kept) > KEPT:
            with self._forgetting:
                self._forget()
        return read

    def _forget(self) -> None:
        """Let the older half go."""
        for key in list(self._kept)[: KEPT // 2]:
            self._kept.pop(key, None)
