"""People whom the provider vouches for, and the states of sign-ins that are used up."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from university.gateway.models import Account, UsedState
from university.platform import database


def account_of(session: Session, issuer: str, subject: str) -> Account | None:
    """Return the account of somebody at a provider, which is ours until the transaction ends."""
    query = select(Account).where(Account.issuer == issuer, Account.subject == subject).with_for_update()
    return session.scalars(query).one_or_none()


def use_up(session: Session, digest: bytes, until: datetime) -> bool:
    """Use up a state, to be remembered until a moment; tell whether it was there to be used."""
    used = database.insert(session, UsedState.__table__).values(digest=digest, expires_at=until)
    return session.execute(used.on_conflict_do_nothing().returning(UsedState.digest)).one_or_none() is not None


def forget_states(session: Session, now: datetime) -> None:
    """Forget the states that are over anyway."""
    session.execute(delete(UsedState).where(UsedState.expires_at <= now))
