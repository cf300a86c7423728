"""Make accounts for everybody who studies or teaches here, a batch at a time, each with a code to activate it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from university.gateway import rules
from university.gateway.clients import Listed, People
from university.gateway.models import Account
from university.gateway.repository import activations
from university.gateway.rules import Role
from university.gateway.service.activating import VALID, Coded
from university.platform import database
from university.platform.database import Primary, new_id


class Whom(StrEnum):
    """Whom accounts are made for."""

    STUDENTS = "students"
    INSTRUCTORS = "instructors"


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one page of people: codes for some; the rest have an account, or another has their username."""

    items: Sequence[Coded]
    present: int
    taken: Sequence[str]
    next: str | None
    total: int | None


class Provisioning:
    """Makes accounts for those whom the modules know."""

    def __init__(self, primary: Primary, people: People) -> None:
        self._primary, self._people = primary, people

    def batch(self, whom: Whom, cursor: str | None) -> Batch:
        """Make what is missing for one page of people.

        An account is missing, or a code where the one given has expired unused. The username is the number.
        """
        page = self._people.students(cursor) if whom == Whom.STUDENTS else self._people.instructors(cursor)
        people = page.items
        with self._primary.begin() as session:
            now = database.now(session)
            ids = _missing(session, whom, people, now)
            codes = {account_id: Coded(username, rules.new_code()) for username, account_id in ids.items()}
            digests = {account_id: rules.code_digest(account_id, coded.code) for account_id, coded in codes.items()}
            activations.put(session, digests, now + VALID)
            present = {_binding(one, whom) for one in activations.known(session, *_ids(whom, people))}
        taken = [person.number for person in people if person.id not in present]
        items = sorted(codes.values(), key=lambda coded: coded.username)
        return Batch(items, len(people) - len(items) - len(taken), taken, page.next, page.total)


def _missing(session: Session, whom: Whom, people: Sequence[Listed], now: datetime) -> dict[str, str]:
    """Add the accounts that are not there; return those, and those whose code has expired, as ids by username."""
    known = activations.known(session, *_ids(whom, people))
    expired = activations.expired(session, [account.id for account in known if not account.password_hash], now)
    bound = {_binding(account, whom) for account in known}
    fresh = {rules.folded(person.number): person for person in people if person.id not in bound}
    added = activations.add(session, [_account(whom, name, person, now) for name, person in fresh.items()])
    return added | {account.username: account.id for account in known if account.id in expired}


def _account(whom: Whom, username: str, person: Listed, now: datetime) -> dict[str, object]:
    is_student = whom == Whom.STUDENTS
    return {
        "id": new_id(),
        "username": username,
        "password_hash": "",
        "name": person.name,
        "roles": [Role.STUDENT if is_student else Role.INSTRUCTOR],
        "student_id": person.id if is_student else None,
        "instructor_id": None if is_student else person.id,
        "disabled": False,
        "version": 1,
        "created_at": now,
    }


def _binding(account: Account, whom: Whom) -> str | None:
    return account.student_id if whom == Whom.STUDENTS else account.instructor_id


def _ids(whom: Whom, people: Sequence[Listed]) -> tuple[list[str], list[str]]:
    """Return the ids of students, and those of instructors."""
    ids = [person.id for person in people]
    return (ids, []) if whom == Whom.STUDENTS else ([], ids)
