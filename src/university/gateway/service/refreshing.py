"""Give further tokens to who holds a refresh token; one that comes twice was stolen, and ends what grew from it."""

import secrets

from sqlalchemy.orm import Session

from university.gateway import repository, rules
from university.gateway.models import RefreshToken, SignIn
from university.gateway.repository import sign_ins
from university.gateway.service import granting
from university.gateway.service.granting import Given
from university.gateway.service.signing_in import SigningIn
from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.errors import Unauthenticated
from university.platform.language import Words

_log = telemetry.log("gateway")


class InvalidRefreshToken(Unauthenticated):
    """The refresh token was never given out, has expired, was used up or ended."""

    title = Words("The refresh token is not valid; sign in again.", "Token odświeżania jest nieważny; zaloguj się.")


class Refreshing:
    """Refreshes tokens, and ends them."""

    def __init__(self, primary: Primary, signing_in: SigningIn) -> None:
        self._primary, self._signing_in = primary, signing_in

    def refresh(self, text: str) -> Given:
        """Return the tokens that follow a refresh token, which is used up; raise `InvalidRefreshToken`.

        Whoever lost the answer gets the same one again for half a minute, unless what it gave was refreshed meanwhile.
        """
        digest = rules.refresh_digest(text)
        if digest is None:
            raise InvalidRefreshToken
        with self._primary.begin() as session:
            found = sign_ins.refreshed_by(session, digest)
            if found is None or not self._signing_in.admits(found[1].account_id):
                raise InvalidRefreshToken
            given = _follow(session, text, *found)
            if given is not None:
                return given
            ended = _end_stolen(session, *found)
        self._signing_in.forget(ended)
        raise InvalidRefreshToken

    def end(self, digest: bytes) -> None:
        """End a token with its family."""
        with self._primary.begin() as session:
            ended = sign_ins.end_token(session, digest)
        self._signing_in.forget(list(ended))


def _follow(session: Session, text: str, token: RefreshToken, sign_in: SignIn) -> Given | None:
    """Return what follows a refresh token, or None when nothing does."""
    now = database.now(session)
    if token.expires_at <= now:
        return None
    if token.used_at is None:
        token.used_at, token.salt = now, secrets.token_bytes(32)
        sign_in.seen_at = now
        return granting.grown(session, sign_in, *rules.successors(text, token.salt), now)
    if token.salt is None or now - token.used_at > rules.RETRIED:
        return None
    access, refresh = rules.successors(text, token.salt)
    kept = repository.token(session, rules.digest(access) or b"")
    next_one = sign_ins.refresh_token(session, rules.refresh_digest(refresh))
    if kept is None or next_one is None or next_one.used_at is not None:
        return None
    lasting = [granting.seconds(one.expires_at - now) for one in (kept, next_one)]
    return Given(access, lasting[0], refresh_token=refresh, refresh_expires_in=lasting[1])


def _end_stolen(session: Session, token: RefreshToken, sign_in: SignIn) -> list[bytes]:
    """End the family of a token that was used up before; return the digests of the tokens that end."""
    if token.used_at is None:
        return []
    _log.warning("refresh token used twice", subject=sign_in.subject)
    return list(sign_ins.end(session, sign_in.subject, only=sign_in.id))
