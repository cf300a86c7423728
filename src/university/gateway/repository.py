"""Questions and changes put to the gateway's store."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from university.gateway.models import AccessToken, Account
from university.platform import paging
from university.platform.paging import Page, PageRequest


def account(session: Session, key: str, *, lock: bool = False) -> Account | None:
    """Return the account with this id or username."""
    query = select(Account).where(_named(key))
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def accounts(session: Session, wanted: PageRequest, text: str | None) -> Page:
    """Return a page of accounts by username; `text` is part of the username or the name."""
    query = select(Account)
    if text:
        query = query.where(
            or_(Account.username.icontains(text, autoescape=True), Account.name.icontains(text, autoescape=True))
        )
    return paging.fetch(session, query, [Account.username], wanted)


def token(session: Session, digest: bytes) -> AccessToken | None:
    """Return the token with this digest, expired or not."""
    return session.get(AccessToken, digest)


def newest_token(session: Session, subject: str) -> AccessToken | None:
    """Return the last token given to a subject."""
    query = select(AccessToken).where(AccessToken.subject == subject).order_by(AccessToken.issued_at.desc()).limit(1)
    return session.scalars(query).one_or_none()


def forget_expired_tokens(session: Session, moment: datetime) -> None:
    """Remove the tokens that nobody can use any more."""
    session.execute(delete(AccessToken).where(AccessToken.expires_at <= moment))


def prolong_session(session: Session, digest: bytes, until: datetime) -> None:
    """Let a session last until a moment, unless it ends later already or was ended meanwhile."""
    session.execute(
        update(AccessToken)
        .where(AccessToken.digest == digest, AccessToken.expires_at < until)
        .values(expires_at=until)
        .execution_options(synchronize_session=False)
    )


def end_token(session: Session, digest: bytes) -> None:
    """Remove one token."""
    session.execute(delete(AccessToken).where(AccessToken.digest == digest))


def end_tokens(session: Session, account_id: str) -> Sequence[bytes]:
    """Remove an account's tokens; return their digests."""
    ended = delete(AccessToken).where(AccessToken.account_id == account_id).returning(AccessToken.digest)
    return session.scalars(ended).all()


def _named(key: str) -> ColumnElement[bool]:
    """Match an id or a username; a database is never handed an id that it could not read."""
    try:
        return or_(Account.id == str(UUID(key)), Account.username == key)
    except ValueError:
        return Account.username == key
