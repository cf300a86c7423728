"""Keep the accounts: who may sign in, as whom, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from university.gateway import repository, rules
from university.gateway.clients import People, Person
from university.gateway.models import Account
from university.gateway.repository import activations
from university.gateway.service import choosing, passwords
from university.gateway.service.granting import Given
from university.gateway.service.signing_in import SigningIn
from university.platform import database
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, InvalidRequest, NotFound, Unauthenticated, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

_NEEDED = Words("The roles need it.", "Role tego wymagają.")
_NOBODY = Words("There is nobody like that.", "Nie ma takiej osoby.")
_PLAIN = ("name", "roles", "student_id", "instructor_id", "disabled")


class AccountNotFound(NotFound):
    """No account has this id or username."""

    title = Words("There is no such account.", "Nie ma takiego konta.")


class UsernameTaken(Conflict):
    """Another account has this username."""

    title = Words("This username is taken.", "Ta nazwa użytkownika jest zajęta.")


class AccountDisabled(Conflict):
    """The account exists, but nobody may sign in with it."""

    title = Words("This account is disabled.", "To konto jest wyłączone.")


@dataclass(frozen=True, slots=True)
class Me:
    """What a caller is told about themselves."""

    username: str
    name: str
    roles: Sequence[str]
    student_id: str | None
    instructor_id: str | None


class Accounts:
    """The accounts of this university."""

    def __init__(self, primary: Primary, replica: Replica, people: People, signing_in: SigningIn) -> None:
        self._primary, self._replica = primary, replica
        self._people, self._signing_in = people, signing_in

    def me(self, who: Principal) -> Me:
        """Return the caller's name, roles and bindings, as they were when the caller signed in."""
        with self._primary.read() as session:
            token = repository.newest_token(session, who.subject)
        if token is None:
            raise Unauthenticated
        return Me(token.username, token.name, sorted(who.roles), who.student_id, who.instructor_id)

    def list(self, wanted: PageRequest, text: str | None) -> Page:
        """Return a page of accounts by username."""
        with self._replica.read() as session:
            return repository.accounts(session, wanted, text)

    def get(self, key: str) -> Account:
        """Return the account with this id or username; raise `AccountNotFound`."""
        with self._primary.read() as session:
            return _found(repository.account(session, rules.folded(key)))

    def create(self, wish: dict[str, Any], once: Once) -> Account:
        """Return a new account; raise `UsernameTaken`, or `InvalidRequest` for bindings that lead nowhere."""
        choosing.check("password", wish["username"], wish["password"])
        wish = self._bound(wish)
        _check_bindings(wish.get("roles", ()), wish.get("student_id"), wish.get("instructor_id"))
        account = Account(username=rules.folded(wish["username"]), version=1)
        _apply(account, wish)
        try:
            with once.begin(self._primary) as session:
                _add(session, account)
                return once.keep(session, account)
        except IntegrityError as error:
            raise UsernameTaken from error

    def change(self, key: str, wish: dict[str, Any], if_match: IfMatch) -> Account:
        """Return the changed account; whoever used it signs in again."""
        if "password" in wish:
            choosing.check("password", self.get(key).username, wish["password"])
        wish = self._bound(wish)
        with self._primary.begin() as session:
            account = _found(repository.account(session, rules.folded(key), lock=True))
            if_match.check(account.version)
            _apply(account, wish)
            _check_bindings(account.roles, account.student_id, account.instructor_id)
            account.version += 1
            if "password_hash" in wish:
                activations.remove(session, account.id)
            ended = repository.end_tokens(session, account.id)
        self._signing_in.forget(list(ended))
        return account

    def remove(self, key: str) -> None:
        """Remove an account with its tokens."""
        with self._primary.begin() as session:
            account = _found(repository.account(session, rules.folded(key), lock=True))
            ended = repository.end_tokens(session, account.id)
            session.delete(account)
        self._signing_in.forget(list(ended))

    def give_token(self, key: str) -> Given:
        """Return a token for an account; raise `AccountDisabled`."""
        account = self.get(key)
        if account.disabled:
            raise AccountDisabled
        return self._signing_in.give(account)

    def sign_out(self, key: str) -> None:
        """End an account's tokens."""
        with self._primary.begin() as session:
            account = _found(repository.account(session, rules.folded(key), lock=True))
            ended = repository.end_tokens(session, account.id)
        self._signing_in.forget(list(ended))

    def _bound(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Return the wish with student and instructor as ids that their modules know, and the password as a hash."""
        bound = dict(wish)
        if key := bound.get("student_id"):
            person = self._people.student_with_id(key) or self._people.student_numbered(key)
            bound["student_id"] = _known("student_id", person)
        if key := bound.get("instructor_id"):
            person = self._people.instructor(key)
            bound["instructor_id"] = _known("instructor_id", person)
        if "password" in bound:
            bound["password_hash"] = passwords.hashed(bound.pop("password"))
        return bound


def _add(session: Session, account: Account) -> None:
    if repository.account(session, account.username):
        raise UsernameTaken
    account.created_at = database.now(session)
    session.add(account)
    session.flush()


def _apply(account: Account, wish: dict[str, Any]) -> None:
    for name in (*_PLAIN, "password_hash"):
        if name in wish:
            setattr(account, name, wish[name])
    account.roles = sorted(set(account.roles))


def _found(account: Account | None) -> Account:
    if account is None:
        raise AccountNotFound
    return account


def _known(field: str, person: Person | None) -> str:
    if person is None:
        raise invalid(field, _NOBODY)
    return person.id


def _check_bindings(roles: Sequence[str], student_id: str | None, instructor_id: str | None) -> None:
    missing = rules.missing_bindings(roles, student_id, instructor_id)
    if missing:
        raise InvalidRequest([(name, _NEEDED.say()) for name in missing])
