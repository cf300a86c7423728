"""Codes by which people set their first password: made for them, handed out on paper, good once."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from university.gateway import repository, rules
from university.gateway.repository import activations
from university.gateway.service import choosing, passwords
from university.gateway.service.accounts import AccountDisabled, AccountNotFound
from university.gateway.service.guarding import Guard
from university.gateway.service.signing_in import SigningIn
from university.platform import database
from university.platform.database import Primary
from university.platform.errors import Unauthenticated
from university.platform.language import Words

VALID = timedelta(days=30)
"""How long a code can be used."""
_NONE = bytes(32)


class InvalidActivation(Unauthenticated):
    """The name or the code is wrong, or the code was used or has expired; which of them is not told."""

    title = Words(
        "The username or the code is wrong, or the code is no longer valid.",
        "Nazwa użytkownika lub kod są błędne albo kod jest już nieważny.",
    )


@dataclass(frozen=True, slots=True)
class Coded:
    """A username, and the code to activate its account."""

    username: str
    code: str


class Activating:
    """Makes codes for accounts, and takes them for passwords."""

    def __init__(self, primary: Primary, signing_in: SigningIn, guard: Guard) -> None:
        self._primary, self._signing_in, self._guard = primary, signing_in, guard

    def renew(self, key: str) -> Coded:
        """Return a new code for an account, instead of one before; raise `AccountNotFound`, `AccountDisabled`.

        A password that there is already stays good until the code is used.
        """
        code = rules.new_code()
        with self._primary.begin() as session:
            account = repository.account(session, rules.folded(key), lock=True)
            if account is None:
                raise AccountNotFound
            if account.disabled:
                raise AccountDisabled
            digests = {account.id: rules.code_digest(account.id, code)}
            activations.put(session, digests, database.now(session) + VALID)
        return Coded(account.username, code)

    def activate(self, address: str | None, *, username: str, code: str, password: str) -> None:
        """Set a password by a code, once; raise `InvalidActivation`, and what the guard does.

        Raises `InvalidRequest` first for a password that may not be chosen, whether there is such an account or not.
        """
        choosing.check("password", username, password)
        with self._guard.attempt(username, address):
            account_id, digest = self._check(username, code)
            self._set(account_id, digest, passwords.hashed(password))

    def _check(self, username: str, code: str) -> tuple[str, bytes]:
        """Return whose code it is, and its digest."""
        with self._primary.read() as session:
            account = repository.account(session, rules.folded(username))
            kept = activations.activation(session, account.id) if account else None
            now = database.now(session)
        digest = rules.code_digest(account.id if account else "", code)
        is_right = hmac.compare_digest(digest, kept.digest if kept else _NONE)
        if account is None or kept is None or not is_right or kept.expires_at <= now or account.disabled:
            raise InvalidActivation
        return account.id, digest

    def _set(self, account_id: str, digest: bytes, password_hash: str) -> None:
        with self._primary.begin() as session:
            account = repository.account(session, account_id, lock=True)
            if account is None or account.disabled or not activations.remove(session, account_id, digest):
                raise InvalidActivation
            account.password_hash = password_hash
            account.version += 1
            ended = repository.end_tokens(session, account_id)
        self._signing_in.forget(list(ended))
