"""Looking up many things at once for neighbors: what exists, and which names nobody has."""

from collections.abc import Mapping, Sequence
from typing import Any

from university.course.events import TermFacts
from university.course.models import Course
from university.course.repository import courses, facts, keys, sections
from university.course.service.finding import term_of
from university.platform.database import Primary
from university.platform.errors import invalid
from university.platform.language import Words

_ONE_LIST = Words("Give exactly one list of names.", "Podaj dokładnie jedną listę nazw.")
_COURSE_NAMES = {"codes": Course.code, "ids": Course.id, "external_keys": Course.external_key}
Found = dict[str, list[Any]]


class LookingUp:
    """Use cases of neighbors that know names and want facts; asked of the primary."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary

    def term(self, key: str) -> TermFacts:
        """Return the facts of a term by id or code."""
        with self._primary.read() as session:
            return facts.of_term(term_of(session, key))

    def sections(self, named: Mapping[str, Sequence[str] | None]) -> Found:
        """Return the facts of sections named by `ids` or `external_keys`, and the names that are unknown."""
        kind, names = _only(named)
        with self._primary.read() as session:
            ids = sections.ids_by_key(session, names) if kind == "external_keys" else {one: one for one in names}
            told = facts.facts_of(session, ids.values())
        known = {section["id"] for section in told}
        return {"sections": told, "unknown": [name for name in names if ids.get(name, "").lower() not in known]}

    def courses(self, named: Mapping[str, Sequence[str] | None]) -> Found:
        """Return courses named by `codes`, `ids` or `external_keys`, and the names that are unknown."""
        kind, names = _only(named)
        spelled = {name: keys.as_id(name) if kind == "ids" else name for name in names}
        with self._primary.read() as session:
            found = courses.brief(session, _COURSE_NAMES[kind], filter(None, spelled.values()))
        unknown = [name for name, spelling in spelled.items() if spelling not in found]
        return {"courses": list(found.values()), "unknown": unknown}


def _only(named: Mapping[str, Sequence[str] | None]) -> tuple[str, Sequence[str]]:
    given = [(kind, names) for kind, names in named.items() if names is not None]
    if len(given) != 1:
        raise invalid("", _ONE_LIST)
    return given[0]
