"""What the gateway needs to know about people, asked from the modules that know them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec

from university.platform.neighbors import Neighbor, Neighborhood, NeighborUnavailable
from university.platform.security import GATEWAY, Keyring, Principal

SERVICE_NAME = "gateway-service"
"""The gateway's own name as a service: the name it vouches for people with is never believed about a service."""
_OFFICE = Principal(SERVICE_NAME, frozenset({"registrar"}))


@dataclass(frozen=True, slots=True)
class Person:
    """A student or an instructor: the id in their module, and what to call them."""

    id: str
    name: str


class People:
    """Students and instructors."""

    def __init__(self, neighborhood: Neighborhood, keyring: Keyring) -> None:
        self._neighborhood, self._keyring = neighborhood, keyring
        self._students = Neighbor("student", SERVICE_NAME, neighborhood, keyring)

    def student_numbered(self, number: str) -> Person | None:
        """Return the student with this number."""
        return self._student({"numbers": [number]})

    def student_with_id(self, student_id: str) -> Person | None:
        """Return the student with this id."""
        return self._student({"ids": [student_id]})

    def first_student(self) -> Person | None:
        """Return the first student there is."""
        return self._first("student", "/students")

    def first_instructor(self) -> Person | None:
        """Return the first instructor there is."""
        return self._first("course", "/instructors")

    def instructor(self, key: str) -> Person | None:
        """Return the instructor with this id or number."""
        found = self._public("course", f"/instructors/{quote(key, safe='')}")
        return _person(found) if found else None

    def _student(self, wanted: dict[str, list[str]]) -> Person | None:
        found = msgspec.json.decode(self._students.ask("POST", "/internal/students", wanted))["students"]
        return _person(found[0]) if found else None

    def _first(self, module: str, path: str) -> Person | None:
        found = self._public(module, f"{path}?limit=1") or {"items": []}
        return _person(found["items"][0]) if found["items"] else None

    def _public(self, module: str, target: str) -> Any:
        """Read a module's public API as the registrar's office would; None where there is nothing."""
        headers = {"Authorization": f"Bearer {self._keyring.sign(GATEWAY, module, _OFFICE)}"}
        answer = self._neighborhood.send(module, "GET", f"/api/v1{target}", headers)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status == HTTPStatus.OK:
            return msgspec.json.decode(answer.body)
        raise NeighborUnavailable(f"{module} answered {answer.status}")


def _person(found: dict[str, Any]) -> Person:
    return Person(found["id"], f"{found['given_name']} {found['family_name']}")
