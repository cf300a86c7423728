"""Questions and changes about the systems that call by themselves."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from university.gateway.models import Integration, IntegrationSecret, IntegrationToken
from university.platform import paging
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest


def integration(session: Session, integration_id: str, *, lock: bool = False) -> Integration | None:
    """Return the integration with this id."""
    if not is_id(integration_id):
        return None
    query = select(Integration).where(Integration.id == integration_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def integrations(session: Session, wanted: PageRequest) -> Page:
    """Return a page of integrations by name."""
    return paging.fetch(session, select(Integration), [Integration.name], wanted)


def among(session: Session, ids: Collection[str]) -> Sequence[Integration]:
    """Return the integrations with these ids, by name."""
    return session.scalars(select(Integration).where(Integration.id.in_(ids)).order_by(Integration.name)).all()


def count_secrets(session: Session, integration_id: str) -> int:
    """Return how many secrets an integration has, expired ones included."""
    query = select(func.count()).where(IntegrationSecret.integration_id == integration_id)
    return session.execute(query).scalar_one()


def secrets(session: Session, integration_id: str, wanted: PageRequest) -> Page:
    """Return a page of an integration's secrets, oldest first."""
    query = select(IntegrationSecret).where(IntegrationSecret.integration_id == integration_id)
    return paging.fetch(session, query, [IntegrationSecret.created_at, IntegrationSecret.id], wanted)


def remove_secret(session: Session, integration_id: str, secret_id: str) -> bool:
    """Remove a secret with its tokens; tell whether there was one."""
    if not is_id(secret_id):
        return False
    gone = (
        delete(IntegrationSecret)
        .where(IntegrationSecret.integration_id == integration_id, IntegrationSecret.id == secret_id)
        .returning(IntegrationSecret.id)
    )
    return session.scalars(gone).one_or_none() is not None


def secret(session: Session, integration_id: str, digest: bytes) -> IntegrationSecret | None:
    """Return an integration's secret with this digest, expired or not."""
    query = select(IntegrationSecret).where(
        IntegrationSecret.digest == digest, IntegrationSecret.integration_id == integration_id
    )
    return session.scalars(query).one_or_none()


def bearer(session: Session, digest: bytes, moment: datetime) -> tuple[Integration, datetime] | None:
    """Return whose token this is and until when it is good, or None for one that is not."""
    query = (
        select(Integration, IntegrationToken.expires_at)
        .join(IntegrationSecret, IntegrationSecret.integration_id == Integration.id)
        .join(IntegrationToken, IntegrationToken.secret_id == IntegrationSecret.id)
        .where(IntegrationToken.digest == digest, IntegrationToken.expires_at > moment, Integration.disabled.is_(False))
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def end_tokens(session: Session, integration_id: str) -> None:
    """Remove an integration's tokens."""
    of = select(IntegrationSecret.id).where(IntegrationSecret.integration_id == integration_id)
    session.execute(delete(IntegrationToken).where(IntegrationToken.secret_id.in_(of)))


def forget_expired_tokens(session: Session, moment: datetime) -> None:
    """Remove the tokens that nobody can use any more."""
    session.execute(delete(IntegrationToken).where(IntegrationToken.expires_at <= moment))
