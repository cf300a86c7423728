"""Let people change their own password, and see and end what they are signed in to."""

from dataclasses import dataclass
from datetime import datetime

from university.gateway import repository
from university.gateway.models import Account, SignIn
from university.gateway.repository import activations, sign_ins
from university.gateway.service import choosing, granting, passwords
from university.gateway.service.granting import Given, Kind
from university.gateway.service.guarding import Guard
from university.gateway.service.signing_in import SigningIn, bearer_of
from university.platform import database
from university.platform.database import Primary
from university.platform.errors import Conflict, Denied, NotFound
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal


class NoPassword(Conflict):
    """The caller signs in without a password of this university."""

    title = Words("You have no password here that could be changed.", "Nie masz tu hasła, które można zmienić.")


class WrongPassword(Denied):
    """The present password is another one."""

    title = Words("The present password is wrong.", "Obecne hasło jest błędne.")


class SignInNotFound(NotFound):
    """The caller is signed in to nothing of this id."""

    title = Words("You are not signed in there.", "Nie ma takiego zalogowania.")


@dataclass(frozen=True, slots=True)
class Renewed:
    """What the caller goes on with: a new session, or new tokens."""

    session: str | None = None
    tokens: Given | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """One sign-in of the caller's; `current` is the one that asks."""

    id: str
    kind: str
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    current: bool


class Owning:
    """What people do with their own account."""

    def __init__(self, primary: Primary, signing_in: SigningIn, guard: Guard) -> None:
        self._primary, self._signing_in, self._guard = primary, signing_in, guard

    def change_password(
        self, who: Principal, shown: bytes | None, address: str | None, *, current: str, new: str
    ) -> Renewed:
        """Set the caller's password and return what they go on with; all else that they were signed in to ends.

        Raises `NoPassword`, `InvalidRequest` for one that may not be chosen, `WrongPassword`, and what the guard does.
        """
        with self._primary.read() as session:
            account = repository.account(session, who.subject) if database.is_id(who.subject) else None
        if account is None or not account.password_hash:
            raise NoPassword
        choosing.check("new", account.username, new)
        with self._guard.attempt(account.username, address):
            if not passwords.fits(current, account.password_hash):
                raise WrongPassword
            return self._renew(account, passwords.hashed(new), shown)

    def sign_ins(self, who: Principal, shown: bytes | None, wanted: PageRequest) -> Page:
        """Return a page of what the caller is signed in to, the latest first."""
        with self._primary.read() as session:
            found = sign_ins.sign_ins(session, who.subject, database.now(session), wanted)
            current = sign_ins.sign_in_of(session, shown) if shown else None
        return Page([_known(one, current) for one in found.items], found.next, found.total)

    def end_one(self, who: Principal, sign_in_id: str) -> None:
        """End one sign-in of the caller's; raise `SignInNotFound`."""
        with self._primary.begin() as session:
            if not database.is_id(sign_in_id) or not sign_ins.exists_for(session, who.subject, sign_in_id):
                raise SignInNotFound
            ended = sign_ins.end(session, who.subject, only=sign_in_id)
        self._signing_in.forget(list(ended))

    def end_others(self, who: Principal, shown: bytes | None) -> None:
        """End all that the caller is signed in to, but what is asking."""
        with self._primary.begin() as session:
            current = sign_ins.sign_in_of(session, shown) if shown else None
            ended = sign_ins.end(session, who.subject, but=current)
        self._signing_in.forget(list(ended))

    def _renew(self, account: Account, password_hash: str, shown: bytes | None) -> Renewed:
        with self._primary.begin() as session:
            present = repository.account(session, account.id, lock=True)
            if present is None or present.version != account.version or present.disabled:
                raise WrongPassword
            kind = sign_ins.kind_of(session, shown) if shown else None
            present.password_hash = password_hash
            present.version += 1
            activations.remove(session, present.id)
            ended = repository.end_tokens(session, present.id)
            bearer = bearer_of(present)
            is_browser = kind == Kind.BROWSER
            renewed = (
                Renewed(session=granting.session_of(session, bearer))
                if is_browser
                else Renewed(tokens=granting.tokens(session, bearer))
            )
        self._signing_in.forget(list(ended))
        return renewed


def _known(one: SignIn, current: str | None) -> Known:
    return Known(one.id, one.kind, one.begun_at, one.seen_at, one.ends_at, one.id == current)
