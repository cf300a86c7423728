"""Let systems in by their secrets, and recognize the bearer of a system's token again."""

import threading
import time
from datetime import timedelta

from sqlalchemy.orm import Session

from university.gateway import rules
from university.gateway.models import IntegrationSecret, IntegrationToken
from university.gateway.repository import integrations
from university.gateway.service.granting import Given
from university.gateway.service.signing_in import RECHECKED, REMEMBERED, InvalidToken
from university.platform import database
from university.platform.database import Primary
from university.platform.errors import Unauthenticated
from university.platform.language import Words
from university.platform.security import Principal


class InvalidClient(Unauthenticated):
    """The id or the secret is wrong, or the secret is over, or the system is disabled; which of them is not told."""

    title = Words("The client's id or its secret is wrong.", "Identyfikator klienta lub jego sekret są błędne.")


class Systems:
    """Gives tokens to systems, and knows their bearers.

    A secret is too long to be guessed, so that wrong ones are neither counted nor slowed down.
    """

    def __init__(self, primary: Primary, recheck_after: float = RECHECKED) -> None:
        self._primary, self._recheck_after = primary, recheck_after
        self._bearers: dict[bytes, tuple[float, Principal]] = {}
        self._forgotten = 0
        self._lock = threading.Lock()

    def token(self, client_id: str, client_secret: str) -> Given:
        """Return a token for who has a system's secret; raise `InvalidClient`."""
        digest, text = rules.secret_digest(client_secret), rules.new_system_token()
        with self._primary.read() as session:
            self._secret(session, client_id, digest)
        with self._primary.begin() as session:
            # Only who has a secret comes to lock anything; whoever changes a system locks it before its secrets.
            system = integrations.integration(session, client_id, lock=True)
            secret, now = self._secret(session, client_id, digest), database.now(session)
            if system is None or system.disabled or secret.expires_at <= now:
                raise InvalidClient
            system.used_at = secret.used_at = now
            lifetime = min(rules.SYSTEM_TOKEN_LIFETIME, secret.expires_at - now)
            integrations.forget_expired_tokens(session, now)
            kept = rules.system_token_digest(text) or b""
            session.add(IntegrationToken(digest=kept, secret_id=secret.id, expires_at=now + lifetime))
        return Given(text, lifetime // timedelta(seconds=1))

    def bearer(self, token: str) -> Principal | None:
        """Return whose token it is, or None for what is no system's token; raise `InvalidToken`."""
        digest = rules.system_token_digest(token)
        if digest is None:
            return None
        until, principal = self._bearers.get(digest, (0.0, None))
        if principal is None or until <= time.monotonic():
            forgotten = self._forgotten
            until, principal = self._look_up(digest)
            with self._lock:
                if len(self._bearers) >= REMEMBERED:
                    self._bearers.clear()
                # Who was looked up before something was ended, and would be remembered after, is looked up again.
                if forgotten == self._forgotten:
                    self._bearers[digest] = (until, principal)
        return principal

    def forget(self) -> None:
        """Look every bearer up again at once in this process; others notice within seconds."""
        with self._lock:
            self._forgotten += 1
            self._bearers.clear()

    @staticmethod
    def _secret(session: Session, client_id: str, digest: bytes | None) -> IntegrationSecret:
        found = integrations.secret(session, client_id, digest) if digest and database.is_id(client_id) else None
        if found is None:
            raise InvalidClient
        return found

    def _look_up(self, digest: bytes) -> tuple[float, Principal]:
        with self._primary.read() as session:
            now = database.now(session)
            found = integrations.bearer(session, digest, now)
        if found is None:
            with self._lock:
                self._bearers.pop(digest, None)
            raise InvalidToken
        system, expires_at = found
        principal = Principal(system.id, frozenset(system.roles), scopes=frozenset(system.scopes))
        return time.monotonic() + min((expires_at - now).total_seconds(), self._recheck_after), principal
