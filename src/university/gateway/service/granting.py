"""What somebody gets who has signed in: a browser's session, or an access token with what refreshes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from university.gateway import rules
from university.gateway.models import AccessToken, RefreshToken, SignIn
from university.platform import auditing, database
from university.platform.auditing import Deed
from university.platform.security import Principal


class Kind(StrEnum):
    """What a sign-in is for."""

    BROWSER = "browser"
    API = "api"


@dataclass(frozen=True, slots=True)
class Given:
    """A token as its bearer gets it, perhaps with one to refresh it; `expires_in` in seconds."""

    access_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the kind of token
    refresh_token: str | None = None
    refresh_expires_in: int | None = None


def lone_token(session: Session, bearer: AccessToken) -> Given:
    """Give an access token that nothing refreshes."""
    now = database.now(session)
    sign_in = _signed_in(session, bearer, Kind.API, now, rules.LONE_TOKEN_LIFETIME)
    return _lone(session, sign_in, rules.new_token(), now, now + rules.LONE_TOKEN_LIFETIME)


def tokens(session: Session, bearer: AccessToken) -> Given:
    """Give an access token and what refreshes it."""
    now = database.now(session)
    sign_in = _signed_in(session, bearer, Kind.API, now, rules.REFRESH_LONGEST)
    _audit(session, bearer, "create_token")
    return grown(session, sign_in, rules.new_token(), rules.new_refresh_token(), now)


def session_of(session: Session, bearer: AccessToken) -> str:
    """Give a session."""
    text, now = rules.new_session(), database.now(session)
    sign_in = _signed_in(session, bearer, Kind.BROWSER, now, rules.LONGEST)
    _audit(session, bearer, "create_session")
    _keep(session, sign_in, rules.session_digest(text), now, now + rules.IDLE).ends_at = sign_in.ends_at
    return text


def grown(session: Session, sign_in: SignIn, access: str, refresh: str, now: datetime) -> Given:
    """Give a sign-in these two tokens."""
    until = min(now + rules.REFRESH_IDLE, sign_in.ends_at)
    given = _lone(session, sign_in, access, now, min(now + rules.TOKEN_LIFETIME, sign_in.ends_at))
    digest = rules.refresh_digest(refresh) or b""
    session.add(RefreshToken(digest=digest, sign_in_id=sign_in.id, issued_at=now, expires_at=until))
    return Given(given.access_token, given.expires_in, given.token_type, refresh, seconds(until - now))


def seconds(time: timedelta) -> int:
    """Return whole seconds, none below zero."""
    return max(0, int(time.total_seconds()))


def _lone(session: Session, sign_in: SignIn, text: str, now: datetime, until: datetime) -> Given:
    _keep(session, sign_in, rules.digest(text), now, until)
    return Given(text, seconds(until - now))


def _audit(session: Session, bearer: AccessToken, operation: str) -> None:
    who = Principal(bearer.subject, frozenset(bearer.roles), bearer.student_id, bearer.instructor_id)
    auditing.note(session, Deed(who, operation, auditing.CHANGE))


def _signed_in(session: Session, bearer: AccessToken, kind: Kind, now: datetime, longest: timedelta) -> SignIn:
    sign_in = SignIn(kind=kind, begun_at=now, seen_at=now, ends_at=now + longest, **_identity(bearer))
    session.add(sign_in)
    session.flush()
    return sign_in


def _keep(session: Session, sign_in: SignIn, digest: bytes | None, now: datetime, until: datetime) -> AccessToken:
    token = AccessToken(
        digest=digest or b"", sign_in_id=sign_in.id, issued_at=now, expires_at=until, **_identity(sign_in)
    )
    session.add(token)
    return token


def _identity(of: AccessToken | SignIn) -> dict[str, object]:
    names = ("account_id", "subject", "username", "name", "roles", "student_id", "instructor_id")
    return {name: getattr(of, name) for name in names}
