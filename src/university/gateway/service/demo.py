"""The accounts of development mode: four names and every student's number, all with the password `demo`."""

from dataclasses import dataclass

from university.gateway.clients import People, Person
from university.gateway.rules import Role

PASSWORD = "demo"  # noqa: S105 - printed at every start of development mode
NAMES = {Role.REGISTRAR: "Demo Registrar", Role.ADMIN: "Demo Administrator"}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody signed in without an account."""

    subject: str
    name: str
    role: Role
    student_id: str | None = None
    instructor_id: str | None = None


class Demo:
    """Knows the guests; exists in development mode only."""

    def __init__(self, people: People) -> None:
        self._people = people

    def guest(self, username: str, password: str) -> Guest | None:
        """Return who signs in under this name; None for a wrong password or a name that is nobody's."""
        if password != PASSWORD:
            return None
        match username:
            case Role.REGISTRAR | Role.ADMIN:
                return Guest(username, NAMES[Role(username)], Role(username))
            case Role.INSTRUCTOR:
                return _instructor(self._people.first_instructor())
            case Role.STUDENT:
                return _student(self._people.first_student())
            case _:
                return _student(self._people.student_numbered(username))


def _student(person: Person | None) -> Guest | None:
    return Guest(person.id, person.name, Role.STUDENT, student_id=person.id) if person else None


def _instructor(person: Person | None) -> Guest | None:
    return Guest(person.id, person.name, Role.INSTRUCTOR, instructor_id=person.id) if person else None
