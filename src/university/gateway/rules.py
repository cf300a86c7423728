"""What the gateway decides about accounts and tokens, without asking anybody."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

TOKEN_LIFETIME = timedelta(hours=8)
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""How long a session lasts after its browser was last heard of, and how long at all."""
NOTED = timedelta(minutes=1)
"""How much later a session must end before that is written down: a browser that is at work costs a write a minute."""
_TOKEN = re.compile(r"university_[\w-]{43}", re.ASCII)
_SESSION = re.compile(r"university-session_[\w-]{43}", re.ASCII)


class Role(StrEnum):
    """What an account may do; `service` is no account's."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"
    REGISTRAR = "registrar"
    ADMIN = "admin"


def new_token() -> str:
    """Return a bearer token that nobody can guess; its prefix lets scanners find one that leaked."""
    return f"university_{secrets.token_urlsafe(32)}"


def new_session() -> str:
    """Return what a browser holds of its session; it is no bearer token, and no bearer token is one."""
    return f"university-session_{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes | None:
    """Return what the store keeps of a token, or None for a text that never was one."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None


def session_digest(session: str) -> bytes | None:
    """Return what the store keeps of a session, or None for a text that never was one."""
    return hashlib.sha256(session.encode()).digest() if _SESSION.fullmatch(session) else None


def prolonged(now: datetime, expires_at: datetime, ends_at: datetime) -> datetime | None:
    """Return when a session ends whose browser is heard of now, or None when that need not be written down."""
    later = min(now + IDLE, ends_at)
    return later if later - expires_at >= NOTED else None


def folded(username: str) -> str:
    """Return the one spelling of a username."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def missing_bindings(roles: Iterable[str], student_id: str | None, instructor_id: str | None) -> list[str]:
    """Name the fields that the roles need and the account lacks: whose record a student or an instructor is."""
    held = set(roles)
    needs = {"student_id": (Role.STUDENT, student_id), "instructor_id": (Role.INSTRUCTOR, instructor_id)}
    return [name for name, (role, binding) in needs.items() if role in held and binding is None]
