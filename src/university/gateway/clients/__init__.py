"""What the gateway needs to know about people, asked from the modules that know them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from university.platform import paging
from university.platform.errors import Refusal
from university.platform.neighbors import Neighbor, Neighborhood, NeighborUnavailable
from university.platform.security import GATEWAY, Keyring, Principal

Learned = TypeVar("Learned")
SERVICE_NAME = "gateway-service"
"""The gateway's own name as a service: the name it vouches for people with is never believed about a service."""
PAGE = 200
"""How many people are read at once."""
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


@dataclass(frozen=True, slots=True)
class Listed:
    """A student or an instructor as lists tell them."""

    id: str
    number: str
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        """What to call them."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people, where the next one begins, and on the first one how many there are."""

    items: tuple[Listed, ...] = ()
    next: str | None = None
    total: int | None = None


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

    def students(self, cursor: str | None) -> PeoplePage:
        """Return a page of all students."""
        return self._listed("student", "/students", cursor)

    def instructors(self, cursor: str | None) -> PeoplePage:
        """Return a page of all instructors."""
        return self._listed("course", "/instructors", cursor)

    def _listed(self, module: str, path: str, cursor: str | None) -> PeoplePage:
        """Return a page of everybody; raise `InvalidRequest` for a cursor that the module did not give out."""
        query = {"limit": PAGE, **({"cursor": cursor} if cursor else {"total": "true"})}
        fault = paging.wrong_cursor() if cursor else None
        return self._public(PeoplePage, module, f"{path}?{urlencode(query)}", fault) or PeoplePage()

    def _student(self, wanted: dict[str, list[str]]) -> Person | None:
        found = self._students.learn(_Students, "POST", "/internal/students", wanted).students
        return found[0].person if found else None

    def _first(self, module: str, path: str) -> Person | None:
        found = self._public(_Page, module, f"{path}?limit=1")
        return found.items[0].person if found and found.items else None

    def _public(self, kind: type[Learned], module: str, target: str, fault: Refusal | None = None) -> Learned | None:
        """Read a module's public API as the registrar's office would; None where there is nothing.

        `fault` is what it means when the module finds fault with the question.
        """
        headers = {"Authorization": f"Bearer {self._keyring.sign(GATEWAY, module, _OFFICE)}"}
        answer = self._neighborhood.send(module, "GET", f"/api/v1{target}", headers)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and fault is not None:
            raise fault
        if answer.status != HTTPStatus.OK:
            raise NeighborUnavailable(f"{module} answered {answer.status}")
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (ValueError, RecursionError) as error:
            raise NeighborUnavailable(f"{module} answered something else") from error
