"""Codes for setting a password, and the accounts made for them in batches."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from university.gateway.models import Account, Activation
from university.platform import database


def activation(session: Session, account_id: str) -> Activation | None:
    """Return an account's activation, expired or not."""
    return session.get(Activation, account_id)


def remove(session: Session, account_id: str, digest: bytes | None = None) -> bool:
    """Remove an account's activation, where told only this one; tell whether it was there."""
    gone = delete(Activation).where(Activation.account_id == account_id).returning(Activation.account_id)
    if digest is not None:
        gone = gone.where(Activation.digest == digest)
    return session.execute(gone).one_or_none() is not None


def put(session: Session, digests: Mapping[str, bytes], expires_at: datetime) -> None:
    """Give accounts, by id, these codes from now on, each instead of one before."""
    if not digests:
        return
    session.execute(delete(Activation).where(Activation.account_id.in_(digests)))
    rows = [
        {"account_id": account_id, "digest": digest, "expires_at": expires_at} for account_id, digest in digests.items()
    ]
    session.execute(insert(Activation), rows)


def known(session: Session, student_ids: Sequence[str], instructor_ids: Sequence[str]) -> Sequence[Account]:
    """Return the accounts of these students and instructors."""
    query = select(Account).where(or_(Account.student_id.in_(student_ids), Account.instructor_id.in_(instructor_ids)))
    return session.scalars(query).all()


def expired(session: Session, account_ids: Sequence[str], now: datetime) -> set[str]:
    """Return those of these accounts whose code has expired unused."""
    query = select(Activation.account_id).where(Activation.account_id.in_(account_ids), Activation.expires_at <= now)
    return set(session.scalars(query))


def add(session: Session, accounts: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Add accounts whose usernames are free; return their ids by username."""
    if not accounts:
        return {}
    fresh = database.insert(session, Account).values(list(accounts)).on_conflict_do_nothing(index_elements=["username"])
    added = session.execute(fresh.returning(Account.username, Account.id))
    return {row.username: row.id for row in added}
