"""Showing a token where people and services do, and seeing whether it is believed."""

from collections.abc import Iterator
from typing import Any

from tests.house import Reply
from tests.security import minting
from tests.security.minting import ATTACKS, Base
from tests.security.rows import filled
from tests.security.table import accounts, catalog, students, wishes
from tests.security.world import World

Target = tuple[str, str, Any]
_WINDOW, _TERM = wishes.ROWS["create_registration_window"].body, catalog.ROWS["create_term"].body
PERSONS: dict[str, list[Target]] = {
    "course": [("GET", "/api/v1/instructors", None), ("POST", "/api/v1/terms", _TERM)],
    "student": [("GET", "/api/v1/students", None), ("POST", "/api/v1/students", students.NEW)],
    "enrollment": [("GET", "/api/v1/enrollments", None), ("POST", "/api/v1/registration-windows", _WINDOW)],
    "gateway": [("GET", "/api/v1/accounts", None), ("POST", "/api/v1/accounts", accounts.NEW)],
}
"""What a registrar and administrator may ask of each module."""
SERVICES: dict[str, list[Target]] = {
    "course": [("POST", "/internal/courses", {"ids": []}), ("GET", "/internal/openapi.json", None)],
    "student": [("POST", "/internal/students", {"ids": []}), ("GET", "/internal/openapi.json", None)],
    "enrollment": [("POST", "/internal/announcements", {"ids": []}), ("GET", "/internal/openapi.json", None)],
    "gateway": [("GET", "/internal/openapi.json", None)],
}
"""What a neighbor may ask of each module."""
EVERYBODY = {"course": "/api/v1/terms", "gateway": "/api/v1/about"}
"""What needs no token, and takes no wrong one."""


def believed(world: World, name: str) -> list[str]:
    """Return where an attack is not refused as it should be."""
    return [
        f"{module} {target[0]} {target[1]}: {reply.status} {reply.body[:100]!r}"
        for module in PERSONS
        for base, targets in bases(world, module)
        for target in targets
        for reply in [shown(world, module, target, ATTACKS[name](base))]
        if not is_refused(reply)
    ]


def bases(world: World, module: str) -> Iterator[tuple[Base, list[Target]]]:
    """Yield the good tokens of a person and of a neighbor, and what a module serves to each."""
    of_person = Base(world.university.keyring, module)
    yield of_person, PERSONS[module]
    yield minting.of_neighbor(of_person), SERVICES[module]


def shown(world: World, module: str, target: Target, token: str) -> Reply:
    """Ask a module something with a token."""
    method, path, body = target
    headers = {"Authorization": f"Bearer {token}"}
    return world.ask(module, method, path, filled(body, world.facts["a"]), headers)


def is_refused(reply: Reply) -> bool:
    """Tell whether an answer is the problem that a token deserves which nobody believes."""
    return (
        reply.status == 401
        and reply.headers["Content-Type"].startswith("application/problem+json")
        and reply.json["code"] == "invalid-identity"
    )
