"""Failures to sign in, counted under keyed digests."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from university.gateway.models import Attempts
from university.platform import database


def ours(session: Session, digest: bytes, now: datetime) -> Attempts:
    """Return what is counted under a digest, which nobody else counts until the transaction ends."""
    fresh = database.insert(session, Attempts).values(
        digest=digest, failures=0, counted_at=now, closed_until=now, forgotten_at=now
    )
    session.execute(fresh.on_conflict_do_nothing())
    return session.scalars(select(Attempts).where(Attempts.digest == digest).with_for_update()).one()


def forgive(session: Session, digest: bytes) -> None:
    """Forget all failures under a digest."""
    session.execute(delete(Attempts).where(Attempts.digest == digest))


def take_back(session: Session, digest: bytes, closed_until: datetime, now: datetime) -> None:
    """Take one failure back, with the pause that it brought; one that another failure brought stays."""
    mine = update(Attempts).where(Attempts.digest == digest).execution_options(synchronize_session=False)
    session.execute(mine.where(Attempts.closed_until == closed_until).values(closed_until=now))
    session.execute(mine.where(Attempts.failures > 0).values(failures=Attempts.failures - 1))


def forget(session: Session, now: datetime) -> None:
    """Remove what does not matter any more."""
    session.execute(delete(Attempts).where(Attempts.forgotten_at <= now))
