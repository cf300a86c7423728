"""What the gateway decides about accounts and tokens, without asking anybody."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

TOKEN_LIFETIME, LONE_TOKEN_LIFETIME = timedelta(hours=1), timedelta(hours=8)
"""How long an access token lasts: one that can be refreshed, and one that cannot."""
REFRESH_IDLE, REFRESH_LONGEST = timedelta(days=14), timedelta(days=30)
"""How long a refresh token lasts when it is not used, and how long after signing in the last one ends."""
RETRIED = timedelta(seconds=30)
"""How long a refresh token that is used up still gives the same answer, to who lost it."""
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""How long a session lasts after its browser was last heard of, and how long at all."""
NOTED = timedelta(minutes=1)
"""How much later a session must end before that is written down: a browser that is at work costs a write a minute."""
_TOKEN = re.compile(r"university_[\w-]{43}", re.ASCII)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED = str.maketrans("OIL", "011", "- ")
_REFRESH = re.compile(r"university-refresh_[\w-]{43}", re.ASCII)
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


def new_refresh_token() -> str:
    """Return a refresh token that nobody can guess; it opens nothing but the way to further tokens."""
    return f"university-refresh_{secrets.token_urlsafe(32)}"


def successors(refresh_token: str, salt: bytes) -> tuple[str, str]:
    """Return the access token and the refresh token that follow a refresh token, always the same for the same salt.

    Neither who has the token alone, nor who reads the store alone, can tell them.
    """
    made = [
        base64.urlsafe_b64encode(hmac.digest(refresh_token.encode(), purpose + salt, "sha256")).decode().rstrip("=")
        for purpose in (b"access", b"refresh")
    ]
    return f"university_{made[0]}", f"university-refresh_{made[1]}"


def new_session() -> str:
    """Return what a browser holds of its session; it is no bearer token, and no bearer token is one."""
    return f"university-session_{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes | None:
    """Return what the store keeps of a token, or None for a text that never was one."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None


def refresh_digest(refresh_token: str) -> bytes | None:
    """Return what the store keeps of a refresh token, or None for a text that never was one."""
    return hashlib.sha256(refresh_token.encode()).digest() if _REFRESH.fullmatch(refresh_token) else None


def session_digest(session: str) -> bytes | None:
    """Return what the store keeps of a session, or None for a text that never was one."""
    return hashlib.sha256(session.encode()).digest() if _SESSION.fullmatch(session) else None


def prolonged(now: datetime, expires_at: datetime, ends_at: datetime) -> datetime | None:
    """Return when a session ends whose browser is heard of now, or None when that need not be written down."""
    later = min(now + IDLE, ends_at)
    return later if later - expires_at >= NOTED else None


def new_code() -> str:
    """Return a code that nobody can guess (75 bits) and anybody can type: no letter that looks like a digit."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def code_digest(account_id: str, code: str) -> bytes:
    """Return what the store keeps of an account's code, however it was typed."""
    plain = code.upper().translate(_TYPED)
    return hashlib.sha256(f"{account_id} {plain}".encode()).digest()


def folded(username: str) -> str:
    """Return the one spelling of a username."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def missing_bindings(roles: Iterable[str], student_id: str | None, instructor_id: str | None) -> list[str]:
    """Name the fields that the roles need and the account lacks: whose record a student or an instructor is."""
    held = set(roles)
    needs = {"student_id": (Role.STUDENT, student_id), "instructor_id": (Role.INSTRUCTOR, instructor_id)}
    return [name for name, (role, binding) in needs.items() if role in held and binding is None]


class SystemRole(StrEnum):
    """What another system may act as; nobody whose records are somebody's own, and no administrator."""

    REGISTRAR = "registrar"


class Scope(StrEnum):
    """How far another system reaches: a module's reading or writing, or the audit of all. Accounts are no system's."""

    COURSE_READ = "course:read"
    COURSE_WRITE = "course:write"
    STUDENT_READ = "student:read"
    STUDENT_WRITE = "student:write"
    ENROLLMENT_READ = "enrollment:read"
    ENROLLMENT_WRITE = "enrollment:write"
    AUDIT_READ = "audit:read"


SYSTEM_TOKEN_LIFETIME = timedelta(hours=1)
SECRET_LIFETIME, SECRET_LONGEST = timedelta(days=365), timedelta(days=731)
"""How long a system's secret lives unless told, and at most."""
SECRETS = 5
"""How many secrets a system has at most, expired ones included."""
_SYSTEM_TOKEN = re.compile(r"university-system_[\w-]{43}", re.ASCII)
_SECRET = re.compile(r"university-secret_[\w-]{43}", re.ASCII)


def new_system_token() -> str:
    """Return a bearer token of a system; no person's token is one."""
    return f"university-system_{secrets.token_urlsafe(32)}"


def new_secret() -> str:
    """Return what a system proves itself with; its prefix lets scanners find one that leaked."""
    return f"university-secret_{secrets.token_urlsafe(32)}"


def system_token_digest(token: str) -> bytes | None:
    """Return what the store keeps of a system's token, or None for a text that never was one."""
    return hashlib.sha256(token.encode()).digest() if _SYSTEM_TOKEN.fullmatch(token) else None


def secret_digest(secret: str) -> bytes | None:
    """Return what the store keeps of a secret, or None for a text that never was one."""
    return hashlib.sha256(secret.encode()).digest() if _SECRET.fullmatch(secret) else None
