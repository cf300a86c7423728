"""Shares of their limits that callers took, kept for no longer than they count."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from university.gateway.models import Share
from university.platform import database

_ALONE = text("SELECT pg_advisory_xact_lock(:key), set_config('synchronous_commit', 'off', true)")


def taken(session: Session, digest: bytes, seconds: float) -> tuple[int, float]:
    """Return how much a caller took in the last seconds, and how many seconds ago the oldest of it.

    Nobody else takes anything for this caller until the transaction ends. Its commit waits for no disk where the
    database can be told so: losing the last shares in a crash does no harm.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(digest[:8], signed=True)
        session.execute(_ALONE, {"key": key})
    now = database.now(session)
    mine = (Share.digest == digest, Share.given_at > now - timedelta(seconds=seconds))
    row: Any = session.execute(select(func.sum(Share.size), func.min(Share.given_at)).where(*mine)).one()
    return (0, 0.0) if row[0] is None else (int(row[0]), (now - row[1]).total_seconds())


def give(session: Session, digest: bytes, size: int) -> None:
    """Note a share."""
    session.execute(
        insert(Share).values(id=database.new_id(), digest=digest, size=size, given_at=database.now(session))
    )


def forget(session: Session, seconds: float) -> None:
    """Remove what was taken longer ago."""
    session.execute(delete(Share).where(Share.given_at <= database.now(session) - timedelta(seconds=seconds)))
