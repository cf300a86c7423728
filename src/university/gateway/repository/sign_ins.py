"""Who signed in, and the refresh tokens that keep that alive."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from university.gateway.models import AccessToken, RefreshToken, SignIn
from university.platform import paging
from university.platform.paging import Page, PageRequest


def refreshed_by(session: Session, digest: bytes) -> tuple[RefreshToken, SignIn] | None:
    """Return a refresh token, used up or not, with the sign-in it grew from, which is ours until the transaction ends.

    Everything that grows from a sign-in, or ends it, waits for its row first: nothing is missed, nothing given twice.
    """
    of = select(RefreshToken.sign_in_id).where(RefreshToken.digest == digest).scalar_subquery()
    sign_in = session.scalars(select(SignIn).where(SignIn.id == of).with_for_update()).one_or_none()
    if sign_in is None:
        return None
    token = session.scalars(select(RefreshToken).where(RefreshToken.digest == digest)).one_or_none()
    return None if token is None else (token, sign_in)


def refresh_token(session: Session, digest: bytes | None) -> RefreshToken | None:
    """Return the refresh token with this digest."""
    return None if digest is None else session.get(RefreshToken, digest)


def sign_in_of(session: Session, digest: bytes) -> str | None:
    """Return which sign-in a token or a session belongs to."""
    return session.scalar(select(AccessToken.sign_in_id).where(AccessToken.digest == digest))


def kind_of(session: Session, digest: bytes) -> str | None:
    """Return what kind of sign-in a token or a session belongs to."""
    query = select(SignIn.kind).join(AccessToken, AccessToken.sign_in_id == SignIn.id)
    return session.scalar(query.where(AccessToken.digest == digest))


def exists_for(session: Session, subject: str, sign_in_id: str) -> bool:
    """Tell whether somebody has a sign-in of this id."""
    return session.scalar(select(SignIn.id).where(SignIn.id == sign_in_id, SignIn.subject == subject)) is not None


def sign_ins(session: Session, subject: str, now: datetime, wanted: PageRequest) -> Page:
    """Return a page of what somebody is signed in to now, the latest first."""
    query = select(SignIn).where(SignIn.subject == subject, _is_alive(now))
    return paging.fetch(session, query, [SignIn.begun_at, SignIn.id], wanted, falling=True)


def end(session: Session, subject: str, *, only: str | None = None, but: str | None = None) -> Sequence[bytes]:
    """End what somebody signed in to: all, only one, or all but one; return the digests of the tokens that end."""
    named = select(SignIn.id).where(SignIn.subject == subject).order_by(SignIn.id)
    if only is not None:
        named = named.where(SignIn.id == only)
    if but is not None:
        named = named.where(SignIn.id != but)
    ids = session.scalars(named.with_for_update()).all()
    ended = delete(AccessToken).where(AccessToken.sign_in_id.in_(ids)).returning(AccessToken.digest)
    digests = session.scalars(ended).all()
    session.execute(delete(SignIn).where(SignIn.id.in_(ids)))
    return digests


def end_token(session: Session, digest: bytes) -> Sequence[bytes]:
    """End a token or a session with all that grew from the same sign-in; return the digests of the tokens that end."""
    if (sign_in_id := sign_in_of(session, digest)) is not None:
        session.execute(select(SignIn.id).where(SignIn.id == sign_in_id).with_for_update())
    same = AccessToken.sign_in_id == sign_in_id if sign_in_id else AccessToken.digest == digest
    ended = session.scalars(delete(AccessToken).where(same).returning(AccessToken.digest)).all()
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))
    return ended


def forget_ended(session: Session, now: datetime) -> None:
    """Remove what nobody can use any more."""
    session.execute(delete(AccessToken).where(AccessToken.expires_at <= now))
    session.execute(delete(RefreshToken).where(RefreshToken.expires_at <= now))
    grown = [exists().where(kind.sign_in_id == SignIn.id) for kind in (AccessToken, RefreshToken)]
    session.execute(delete(SignIn).where(~or_(*grown)).execution_options(synchronize_session=False))


def _is_alive(now: datetime) -> ColumnElement[bool]:
    token = exists().where(AccessToken.sign_in_id == SignIn.id, AccessToken.expires_at > now)
    refresh = exists().where(
        RefreshToken.sign_in_id == SignIn.id, RefreshToken.used_at.is_(None), RefreshToken.expires_at > now
    )
    return or_(token, refresh)
