"""What the gateway needs to know about people, asked from the modules that know them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

import msgspec

from university.platform.neighbors import Neighbor, Neighborhood, NeighborUnavailable
from university.platform.security import GATEWAY, Keyring, Principal

Learned = TypeVar("Learned")
SERVICE_NAME = "gateway-service"
"""The gateway's own name as a service: the name it vouches for people with is never believed about a service."""
_OFFICE = Principal(SERVICE_NAME, frozenset({"registrar"}))


@dataclass(frozen=True, slots=True)
class Person:
    """A student or an instructor: the id in their module, and what to call them."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Named:
    """What modules tell of a person."""

    id: str
    given_name: str
    family_name: str

    @property
    def person(self) -> Person:
        return Person(self.id, f"{self.given_name} {self.family_name}")


@dataclass(frozen=True, slots=True)
class _Students:
    students: tuple[_Named, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    items: tuple[_Named, ...]


class People:
    """Students and instructors; each question raises `NeighborUnavailable` when it is not answered sensibly."""

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
        found = self._public(_Named, "course", f"/instructors/{quote(key, safe='')}")
        return found.person if found else None

    def _student(self, wanted: dict[str, list[str]]) -> Person | None:
        found = self._students.learn(_Students, "POST", "/internal/students", wanted).students
        return found[0].person if found else None

    def _first(self, module: str, path: str) -> Person | None:
        found = self._public(_Page, module, f"{path}?limit=1")
        return found.items[0].person if found and found.items else None

    def _public(self, kind: type[Learned], module: str, target: str) -> Learned | None:
        """Read a module's public API as the registrar's office would; None where there is nothing."""
        headers = {"Authorization": f"Bearer {self._keyring.sign(GATEWAY, module, _OFFICE)}"}
        answer = self._neighborhood.send(module, "GET", f"/api/v1{target}", headers)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status != HTTPStatus.OK:
            raise NeighborUnavailable(f"{module} answered {answer.status}")
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (ValueError, RecursionError) as error:
            raise NeighborUnavailable(f"{module} answered something else") from error
