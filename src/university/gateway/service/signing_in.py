"""Sign people in by name and password, and recognize the bearer of a token again."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from university.gateway import repository, rules
from university.gateway.models import AccessToken, Account
from university.gateway.repository import sign_ins
from university.gateway.service import granting, passwords
from university.gateway.service.demo import Demo, Guest
from university.gateway.service.granting import Given
from university.gateway.service.guarding import Guard
from university.platform.database import Primary
from university.platform.errors import Unauthenticated
from university.platform.language import Words
from university.platform.security import Principal

RECHECKED = 5.0
"""Seconds after which the store is asked again about a token."""
REMEMBERED = 20_000
Granted = TypeVar("Granted")


class InvalidCredentials(Unauthenticated):
    """The name or the password is wrong; which of them is not told."""

    title = Words("The username or the password is wrong.", "Nazwa użytkownika lub hasło są błędne.")


class InvalidToken(Unauthenticated):
    """The access token was never given out, has expired or was ended."""

    title = Words("The access token is not valid; sign in again.", "Token jest nieważny; zaloguj się ponownie.")

    def __init__(self) -> None:
        super().__init__()
        self.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'


class InvalidSession(Unauthenticated):
    """The browser's session has ended, was ended, or never was one."""

    title = Words("You are no longer signed in; sign in again.", "Sesja się zakończyła; zaloguj się ponownie.")


class SigningIn:
    """Gives out tokens and sessions, and knows their bearers."""

    def __init__(self, primary: Primary, demo: Demo | None, guard: Guard, recheck_after: float = RECHECKED) -> None:
        self._primary, self._demo, self._guard, self._recheck_after = primary, demo, guard, recheck_after
        self._bearers: dict[bytes, tuple[float, Principal]] = {}
        self._forgotten = 0
        self._lock = threading.Lock()

    def sign_in(self, username: str, password: str, address: str | None = None) -> Given:
        """Return tokens; raise `InvalidCredentials`, or what the guard does."""
        with self._guard.attempt(username, address):
            return self._admit(username, password, granting.tokens)

    def begin_session(self, username: str, password: str, before: str | None, address: str | None = None) -> str:
        """Return a new session; the one that the browser had before ends. Raises what `sign_in` does."""
        with self._guard.attempt(username, address):
            text = self._admit(username, password, granting.session_of)
        if before is not None:
            self.end_session(before)
        return text

    def vouched(self, account: Account, before: str | None) -> str:
        """Return a new session for whom a provider vouches; raise `InvalidCredentials` when the account has changed.

        The session that the browser had before ends.
        """
        text = self._grant(account, granting.session_of)
        if before is not None:
            self.end_session(before)
        return text

    def end_session(self, text: str) -> None:
        """End a session, if it is one: at once in this process, within seconds in others."""
        digest = rules.session_digest(text)
        if digest is not None:
            with self._primary.begin() as session:
                ended = sign_ins.end_token(session, digest)
            self.forget([digest, *ended])

    def give(self, account: Account) -> Given:
        """Return a token for an account, whoever asks; raise `InvalidCredentials` when it has changed meanwhile."""
        return self._grant(account, granting.lone_token)

    def bearer(self, token: str) -> Principal:
        """Return who bears this token; raise `InvalidToken`."""
        return self._known(rules.digest(token), InvalidToken)

    def visitor(self, text: str) -> Principal:
        """Return whose session it is, which lasts on from now; raise `InvalidSession`."""
        return self._known(rules.session_digest(text), InvalidSession)

    def admits(self, account_id: str | None) -> bool:
        """Tell whether who has this account may come in; who has none is a guest, and a stranger in production mode.

        The store may have been used in development mode before.
        """
        return account_id is not None or self._demo is not None

    def forget(self, digests: list[bytes]) -> None:
        """Stop recognizing tokens at once in this process; others notice within seconds."""
        with self._lock:
            self._forgotten += 1
            for digest in digests:
                self._bearers.pop(digest, None)

    def _admit(self, username: str, password: str, grant: Callable[[Session, AccessToken], Granted]) -> Granted:
        """Grant something to whom name and password belong; raise `InvalidCredentials`."""
        with self._primary.read() as session:
            account = repository.account(session, rules.folded(username))
        if account is not None:
            if not passwords.fits(password, account.password_hash) or account.disabled:
                raise InvalidCredentials
            return self._grant(account, grant)
        guest = self._demo.guest(username, password) if self._demo else None
        if guest is None:
            passwords.fits(password, None)
            raise InvalidCredentials
        with self._primary.begin() as session:
            return grant(session, _token_of_guest(username, guest))

    def _grant(self, account: Account, grant: Callable[[Session, AccessToken], Granted]) -> Granted:
        """Grant something to an account; raise `InvalidCredentials` when it has changed meanwhile."""
        with self._primary.begin() as session:
            present = repository.account(session, account.id, lock=True)
            if present is None or present.version != account.version or present.disabled:
                raise InvalidCredentials
            return grant(session, bearer_of(present))

    def _known(self, digest: bytes | None, refusal: type[Unauthenticated]) -> Principal:
        if digest is None:
            raise refusal
        until, principal = self._bearers.get(digest, (0.0, None))
        if principal is None or until <= time.monotonic():
            forgotten = self._forgotten
            until, principal = self._look_up(digest, refusal)
            with self._lock:
                if len(self._bearers) >= REMEMBERED:
                    self._bearers.clear()
                # Who was looked up before something was ended, and would be remembered after, is looked up again.
                if forgotten == self._forgotten:
                    self._bearers[digest] = (until, principal)
        return principal

    def _look_up(self, digest: bytes, refusal: type[Unauthenticated]) -> tuple[float, Principal]:
        with self._primary.read() as session:
            token = repository.bearer(session, digest)
        if token is None or token.expires_at <= token.now or not self.admits(token.account_id):
            self.forget([digest])
            raise refusal
        if token.ends_at is not None and (later := rules.prolonged(token.now, token.expires_at, token.ends_at)):
            with self._primary.begin() as session:
                repository.prolong_session(session, token, later)
        principal = Principal(token.subject, frozenset(token.roles), token.student_id, token.instructor_id)
        left = (token.expires_at - token.now).total_seconds()
        return time.monotonic() + min(left, self._recheck_after), principal


def bearer_of(account: Account) -> AccessToken:
    """Return who somebody with this account is."""
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
