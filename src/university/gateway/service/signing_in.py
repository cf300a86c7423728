"""Sign people in by name and password, and recognize the bearer of a token again."""

import threading
import time
from dataclasses import dataclass

from sqlalchemy.orm import Session

from university.gateway import repository, rules
from university.gateway.models import AccessToken, Account
from university.gateway.service import passwords
from university.gateway.service.demo import Demo, Guest
from university.platform import database
from university.platform.database import Primary
from university.platform.errors import Unauthenticated
from university.platform.language import Words
from university.platform.security import Principal

RECHECKED = 5.0
"""Seconds after which the store is asked again about a token."""
REMEMBERED = 20_000


class InvalidCredentials(Unauthenticated):
    """The name or the password is wrong; which of them is not told."""

    title = Words("The username or the password is wrong.", "Nazwa użytkownika lub hasło są błędne.")


class InvalidToken(Unauthenticated):
    """The access token was never given out, has expired or was ended."""

    title = Words("The access token is not valid; sign in again.", "Token jest nieważny; zaloguj się ponownie.")

    def __init__(self) -> None:
        super().__init__()
        self.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'


@dataclass(frozen=True, slots=True)
class Given:
    """A token as its bearer gets it; `expires_in` in seconds."""

    access_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the kind of token


class SigningIn:
    """Gives out tokens and knows their bearers."""

    def __init__(self, primary: Primary, demo: Demo | None, recheck_after: float = RECHECKED) -> None:
        self._primary, self._demo, self._recheck_after = primary, demo, recheck_after
        self._bearers: dict[bytes, tuple[float, Principal]] = {}
        self._lock = threading.Lock()

    def sign_in(self, username: str, password: str) -> Given:
        """Return a token; raise `InvalidCredentials`."""
        with self._primary.read() as session:
            account = repository.account(session, rules.folded(username))
        if account is not None:
            if not passwords.fits(password, account.password_hash) or account.disabled:
                raise InvalidCredentials
            return self.give(account)
        guest = self._demo.guest(username, password) if self._demo else None
        if guest is None:
            passwords.fits(password, None)
            raise InvalidCredentials
        with self._primary.begin() as session:
            return _given(session, _token_of_guest(username, guest))

    def give(self, account: Account) -> Given:
        """Return a token for an account, whoever asks; raise `InvalidCredentials` when it has changed meanwhile."""
        with self._primary.begin() as session:
            present = repository.account(session, account.id, lock=True)
            if present is None or present.version != account.version or present.disabled:
                raise InvalidCredentials
            return _given(session, _token_of(present))

    def bearer(self, token: str) -> Principal:
        """Return who bears this token; raise `InvalidToken`."""
        digest = rules.digest(token)
        if digest is None:
            raise InvalidToken
        until, principal = self._bearers.get(digest, (0.0, None))
        if principal is None or until <= time.monotonic():
            until, principal = self._look_up(digest)
            with self._lock:
                if len(self._bearers) >= REMEMBERED:
                    self._bearers.clear()
                self._bearers[digest] = (until, principal)
        return principal

    def forget(self, digests: list[bytes]) -> None:
        """Stop recognizing tokens at once in this process; others notice within seconds."""
        with self._lock:
            for digest in digests:
                self._bearers.pop(digest, None)

    def _look_up(self, digest: bytes) -> tuple[float, Principal]:
        with self._primary.read() as session:
            token = repository.token(session, digest)
            left = (token.expires_at - database.now(session)).total_seconds() if token else 0.0
        if token is None or left <= 0:
            self.forget([digest])
            raise InvalidToken
        principal = Principal(token.subject, frozenset(token.roles), token.student_id, token.instructor_id)
        return time.monotonic() + min(left, self._recheck_after), principal


def _given(session: Session, token: AccessToken) -> Given:
    text = rules.new_token()
    token.digest = rules.digest(text) or b""
    token.issued_at = database.now(session)
    token.expires_at = token.issued_at + rules.TOKEN_LIFETIME
    repository.forget_expired_tokens(session, token.issued_at)
    session.add(token)
    return Given(text, int(rules.TOKEN_LIFETIME.total_seconds()))


def _token_of(account: Account) -> AccessToken:
    return AccessToken(
        account_id=account.id,
        subject=account.id,
        username=account.username,
        name=account.name,
        roles=account.roles,
        student_id=account.student_id,
        instructor_id=account.instructor_id,
    )


def _token_of_guest(username: str, guest: Guest) -> AccessToken:
    return AccessToken(
        subject=guest.subject,
        username=username,
        name=guest.name,
        roles=[guest.role],
        student_id=guest.student_id,
        instructor_id=guest.instructor_id,
    )
