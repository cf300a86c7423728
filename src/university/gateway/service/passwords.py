"""Passwords are kept as Argon2id hashes; checking one costs the same whether or not the account exists."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The least cost that OWASP recommends: 19 MiB, so that a handful of sign-ins at once fits into a small process.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """Return the hash to keep."""
    return _HASHER.hash(_normal(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Tell whether the password belongs to the hash; without a hash it never does, after the same work."""
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


@cache
def _nobodys_hash() -> str:
    return hashed(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """Return the one spelling of a password, however the keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)
