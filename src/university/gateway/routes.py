"""The one table of public addresses: which module answers, whosever prefix the address shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PREFIX = "/api/v1/"
ROUTES: Mapping[str, str] = {
    "about": "gateway",
    "accounts": "gateway",
    "audit/actors": "gateway",
    "audit/course": "course",
    "audit/enrollment": "enrollment",
    "audit/gateway": "gateway",
    "audit/student": "student",
    "auth": "gateway",
    "integrations": "gateway",
    "availability": "course",
    "broken-requisites": "enrollment",
    "courses": "course",
    "equivalences": "course",
    "instructors": "course",
    "offerings": "course",
    "offerings/{id}/waitlist": "enrollment",
    "requisite-parses": "course",
    "sections": "course",
    "sections/{id}/grades": "enrollment",
    "sections/{id}/grades.csv": "enrollment",
    "sections/{id}/roster": "enrollment",
    "sections/{id}/roster.csv": "enrollment",
    "terms": "course",
    "students": "student",
    "students/{id}/erasure": "gateway",
    "students/{id}/export": "gateway",
    "students/{id}/completed-courses": "enrollment",
    "completed-courses": "enrollment",
    "enrollments": "enrollment",
    "consent-requests": "enrollment",
    "permissions": "enrollment",
    "plans": "enrollment",
    "registration-policies": "enrollment",
    "registration-requests": "enrollment",
    "registration-windows": "enrollment",
}
"""Each address with everything below it; the longest one that fits decides, and `{id}` stands for any one part."""
MODULES = tuple(sorted(set(ROUTES.values())))


@dataclass(frozen=True, slots=True)
class Route:
    """An entry of the table: its address as a template, and the module that answers there."""

    template: str
    module: str


@dataclass(slots=True)
class _Step:
    """What may follow after a part of an address."""

    route: Route | None = None
    next: dict[str, "_Step"] = field(default_factory=dict)


def _grown(table: Mapping[str, str]) -> _Step:
    root = _Step()
    for address, module in table.items():
        step = root
        for part in address.split("/"):
            step = step.next.setdefault(part, _Step())
        step.route = Route(PREFIX + address, module)
    return root


_ROOT = _grown(ROUTES)


def find(path: str) -> Route | None:
    """Return the route of a decoded path, or None when nothing public lives there."""
    if not path.startswith(PREFIX):
        return None
    step, found = _ROOT, None
    for part in path[len(PREFIX) :].split("/"):
        following = step.next.get(part) or step.next.get("{id}")
        if following is None:
            break
        step, found = following, following.route or found
    return found
