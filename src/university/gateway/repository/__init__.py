"""Questions and changes put to the gateway's store: accounts, and what they signed in to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from university.gateway.models import AccessToken, Account, SignIn
from university.platform import clock, paging
from university.platform.paging import Page, PageRequest

_TOKEN = AccessToken.__table__.c
_BEARER = select(
    _TOKEN.digest,
    _TOKEN.account_id,
    _TOKEN.sign_in_id,
    _TOKEN.subject,
    _TOKEN.roles,
    _TOKEN.student_id,
    _TOKEN.instructor_id,
    _TOKEN.expires_at,
    _TOKEN.ends_at,
    clock.Now().label("now"),
).where(_TOKEN.digest == bindparam("shown"))
"""Of the columns and not of the entity, which costs twice the time: it is asked for every few seconds of everybody."""


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


def accounts_among(session: Session, ids: Collection[str]) -> Sequence[Account]:
    """Return the accounts with these ids, by username."""
    return session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.username)).all()


def token(session: Session, digest: bytes) -> AccessToken | None:
    """Return the token with this digest, expired or not."""
    return session.get(AccessToken, digest)


def bearer(session: Session, digest: bytes) -> Row[Any] | None:
    """Return what the token with this digest tells, expired or not, and what time it is `now`."""
    return session.execute(_BEARER, {"shown": digest, **clock.told(session)}).one_or_none()


def newest_token(session: Session, subject: str) -> AccessToken | None:
    """Return the last token given to a subject."""
    query = select(AccessToken).where(AccessToken.subject == subject).order_by(AccessToken.issued_at.desc()).limit(1)
    return session.scalars(query).one_or_none()


def prolong_session(session: Session, token: Row[Any], until: datetime) -> None:
    """Let a session that is heard of last until a moment, unless it ends later already or was ended meanwhile."""
    session.execute(
        update(AccessToken)
        .where(AccessToken.digest == token.digest, AccessToken.expires_at < until)
        .values(expires_at=until)
        .execution_options(synchronize_session=False)
    )
    session.execute(update(SignIn).where(SignIn.id == token.sign_in_id).values(seen_at=token.now))


def end_tokens(session: Session, account_id: str) -> Sequence[bytes]:
    """End all that an account signed in to; return the digests of the tokens that end."""
    # Whoever is refreshing one of them is waited for, so that no token is missed.
    session.execute(select(SignIn.id).where(SignIn.account_id == account_id).order_by(SignIn.id).with_for_update())
    ended = delete(AccessToken).where(AccessToken.account_id == account_id).returning(AccessToken.digest)
    digests = session.scalars(ended).all()
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    return digests


def _named(key: str) -> ColumnElement[bool]:
    """Match an id or a username; a database is never handed an id that it could not read."""
    try:
        return or_(Account.id == str(UUID(key)), Account.username == key)
    except ValueError:
        return Account.username == key
