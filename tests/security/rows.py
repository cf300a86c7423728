"""How a row of the authorization table is written: who gets which answer, and a request that is right otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CALLERS = ("nobody", "owner", "other student", "teacher", "other teacher", "registrar", "admin", "service")
"""The columns of a row, in order. The owner's and the teacher's is the side that the request is about."""


@dataclass(frozen=True)
class Row:
    """The status each caller gets, one word a column; what the path, query and body name, `$` names a fact of a side.

    A request of the row succeeds unless the caller may not make it: its body is valid, its things exist, and each case
    begins with the same university.
    """

    statuses: str
    at: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> dict[str, int]:
        """The status by caller."""
        words = self.statuses.split()
        if len(words) != len(CALLERS):
            raise ValueError(f"{self.statuses}: {len(CALLERS)} statuses, one for each of {', '.join(CALLERS)}")
        return dict(zip(CALLERS, map(int, words), strict=True))


ANYHOW = {"If-Match": "*"}
"""For a change whatever the version."""


def filled(template: Any, facts: Mapping[str, str]) -> Any:
    """Return something with every `$name` replaced by the fact of this name."""
    if isinstance(template, str):
        return facts[template[1:]] if template.startswith("$") else template.format_map(facts)
    if isinstance(template, list):
        return [filled(one, facts) for one in template]
    if isinstance(template, dict):
        return {name: filled(one, facts) for name, one in template.items()}
    return template
