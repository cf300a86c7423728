"""The facts of sections as bytes, kept ready: a version is told the same to everybody."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from university.course.models import Section
from university.course.repository import catalog
from university.course.repository.facts import facts_of
from university.course.repository.keys import as_id

KEPT = 4_096
"""Sections kept ready at most; each takes about five kilobytes."""
_SECTION = Section.__table__.c
_VERSIONS = select(_SECTION.id, _SECTION.version, catalog.REVISION.scalar_subquery().label("catalog")).where(
    _SECTION.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Told:
    """A section's facts as JSON, with its course, its term, whose seats it shares and what it is part of."""

    facts: msgspec.Raw
    course_id: str
    term: str
    seats_of: str | None
    part_of: frozenset[str]


class ToldSections:
    """Keeps what one database says of sections; asks for versions every time, for facts only when they are new."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Told] = {}
        self._forgetting = threading.Lock()

    def of(self, session: Session, section_ids: Sequence[str]) -> tuple[dict[str, Told], int | None]:
        """Return what is told of sections now, by the ids as they were given; ids that nobody has are left out.

        With them comes the catalog's revision at that moment; where no section is found it is not known.
        """
        given = {one: as_id(one) for one in section_ids}
        rows = session.execute(_VERSIONS, {"ids": [one for one in given.values() if one]}).all()
        versions = {row.id: row.version for row in rows}
        found = {one: self._kept.get((one, version)) for one, version in versions.items()}
        new = [one for one, told in found.items() if told is None]
        if new:
            found |= self._read(session, new)
        told = {one: known for one, spelled in given.items() if spelled and (known := found.get(spelled))}
        return told, rows[0].catalog if rows else None

    def _read(self, session: Session, section_ids: Iterable[str]) -> dict[str, Told | None]:
        read: dict[str, Told | None] = {}
        for facts in facts_of(session, section_ids):
            part_of = frozenset({facts["id"], facts["offering"]["id"], facts["term"]["id"]})
            encoded = msgspec.Raw(msgspec.json.encode(facts))
            told = Told(encoded, facts["course"]["id"], facts["term"]["code"], facts["seats_of"], part_of)
            read[facts["id"]] = self._kept[facts["id"], facts["version"]] = told
        if len(self._kept) > KEPT:
            with self._forgetting:
                self._forget()
        return read

    def _forget(self) -> None:
        """Let the older half go."""
        for key in list(self._kept)[: KEPT // 2]:
            self._kept.pop(key, None)
