"""Keep an account for everybody whom the provider vouches for, as its claims and the modules know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from university.gateway import repository
from university.gateway.clients import People
from university.gateway.models import Account
from university.gateway.repository import federated
from university.gateway.rules import Role
from university.gateway.service import claiming
from university.gateway.service.claiming import Claims
from university.gateway.service.signing_in import SigningIn
from university.platform import database
from university.platform.database import Primary
from university.platform.errors import Denied
from university.platform.language import Words


class FederationRefused(Denied):
    """Somebody is not signed in who came from the provider; the sign-in page tells why by the code."""


class NumberUnknown(FederationRefused):
    """The provider tells a student's or instructor's number that the university does not know."""

    title = Words(
        "The university does not know your number; ask the registrar's office.",
        "Uczelnia nie zna Twojego numeru; zgłoś się do dziekanatu.",
    )


class NobodyHere(FederationRefused):
    """The provider tells neither a number nor a role that means anything here."""

    title = Words("Your account has no role here.", "Twoje konto nie ma tu żadnej roli.")


class SignInDisabled(FederationRefused):
    """An administrator has disabled the account."""

    title = Words("This account is disabled.", "To konto jest wyłączone.")


class NameNotFree(FederationRefused):
    """Other accounts have every username that this one could have; none of them is taken over."""

    title = Words(
        "Another account has your username; ask an administrator.",
        "Inne konto ma Twoją nazwę użytkownika; zgłoś się do administratora.",
    )


@dataclass(frozen=True, slots=True)
class _Person:
    """Who somebody is here."""

    name: str
    roles: list[str]
    student_id: str | None
    instructor_id: str | None


class Enlisting:
    """Makes accounts for people of the provider, and keeps them up to date."""

    def __init__(self, primary: Primary, people: People, signing_in: SigningIn, claims: Claims) -> None:
        self._primary, self._people, self._signing_in, self._claims = primary, people, signing_in, claims

    def account_of(self, issuer: str, told: Mapping[str, Any]) -> Account:
        """Return the account of whom the claims are about; raise a `FederationRefused`, or `NeighborUnavailable`.

        It is known by issuer and subject alone: no other account becomes theirs, whatever it is called.
        """
        person = self._person(told)
        try:
            return self._kept(issuer, told, person)
        except IntegrityError:
            # The same person came in twice at once for the first time, or somebody took the name just now.
            return self._kept(issuer, told, person)

    def _kept(self, issuer: str, told: Mapping[str, Any], person: _Person) -> Account:
        ended: list[bytes] = []
        with self._primary.begin() as session:
            account = federated.account_of(session, issuer, told["sub"])
            if account is None:
                account = _new(session, issuer, told)
                _write(account, person)
                session.add(account)
            elif account.disabled:
                raise SignInDisabled
            elif _write(account, person):
                account.version += 1
                ended += repository.end_tokens(session, account.id)
        self._signing_in.forget(ended)
        return account

    def _person(self, told: Mapping[str, Any]) -> _Person:
        roles = self._claims.offices(told)
        names, student_id, instructor_id = [claiming.name(told)], None, None
        if number := self._claims.student(told):
            student = self._people.student_numbered(number)
            if student is None:
                raise NumberUnknown
            roles.add(Role.STUDENT)
            student_id, names = student.id, [*names, student.name]
        if number := self._claims.instructor(told):
            instructor = self._people.instructor(number)
            if instructor is None:
                raise NumberUnknown
            roles.add(Role.INSTRUCTOR)
            instructor_id, names = instructor.id, [*names, instructor.name]
        if not roles:
            raise NobodyHere
        name = next((one for one in names if one), told["sub"])
        return _Person(name[:200], sorted(roles), student_id, instructor_id)


def _write(account: Account, person: _Person) -> bool:
    """Write who somebody is to the account; tell whether what it may do is another now."""
    account.name = person.name
    before = (account.roles, account.student_id, account.instructor_id)
    account.roles, account.student_id, account.instructor_id = person.roles, person.student_id, person.instructor_id
    return before != (account.roles, account.student_id, account.instructor_id)


def _new(session: Session, issuer: str, told: Mapping[str, Any]) -> Account:
    """Return a new account under a username that no other has; it has no password."""
    wanted = claiming.username(told)
    place = (urlsplit(issuer).hostname or "").casefold()
    names = [wanted, f"{wanted}@{place}"] if wanted else []
    free = next((name for name in names if len(name) <= 120 and not repository.account(session, name)), None)  # noqa: PLR2004 - as the column has it
    if free is None and names:
        raise NameNotFree
    key = database.new_id()
    return Account(
        id=key,
        username=free or f"{key}@{place}"[:120],
        password_hash="",
        issuer=issuer,
        subject=told["sub"],
        disabled=False,
        version=1,
        created_at=database.now(session),
    )
