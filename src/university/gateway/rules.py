"""What the gateway decides about accounts and tokens, without asking anybody."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

TOKEN_LIFETIME = timedelta(hours=8)
_TOKEN = re.compile(r"university_[\w-]{43}")


class Role(StrEnum):
    """What an account may do; `service` is no account's."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"
    REGISTRAR = "registrar"
    ADMIN = "admin"


def new_token() -> str:
    """Return a bearer token that nobody can guess; its prefix lets scanners find one that leaked."""
    return f"university_{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes | None:
    """Return what the store keeps of a token, or None for a text that never was one."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None


def folded(username: str) -> str:
    """Return the one spelling of a username."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def missing_bindings(roles: Iterable[str], student_id: str | None, instructor_id: str | None) -> list[str]:
    """Name the fields that the roles need and the account lacks: whose record a student or an instructor is."""
    held = set(roles)
    needs = {"student_id": (Role.STUDENT, student_id), "instructor_id": (Role.INSTRUCTOR, instructor_id)}
    return [name for name, (role, binding) in needs.items() if role in held and binding is None]
