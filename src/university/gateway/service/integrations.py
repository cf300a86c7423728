"""Keep the systems that call by themselves: what they may, and the secrets they prove themselves with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from university.gateway import rules
from university.gateway.models import Integration, IntegrationSecret
from university.gateway.repository import integrations
from university.gateway.service.systems import Systems
from university.platform import database
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, NotFound, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest

_WHEN = Words("A secret ends in the future, and within two years.", "Sekret wygasa w przyszłości i w ciągu dwóch lat.")


class IntegrationNotFound(NotFound):
    """No integration has this id."""

    title = Words("There is no such integration.", "Nie ma takiej integracji.")


class IntegrationNameTaken(Conflict):
    """Another integration has this name."""

    title = Words("This name is taken.", "Ta nazwa jest zajęta.")


class IntegrationSecretNotFound(NotFound):
    """The integration has no such secret, or it was removed."""

    title = Words("There is no such secret.", "Nie ma takiego sekretu.")


class TooManyIntegrationSecrets(Conflict):
    """The integration has as many secrets as one may have."""

    title = Words(
        "This integration has five secrets already; remove one first.",
        "Ta integracja ma już pięć sekretów; najpierw usuń jeden.",
    )


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made, with the text that is shown this once."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    client_id: str
    client_secret: str


class Integrations:
    """The integrations of this university."""

    def __init__(self, primary: Primary, replica: Replica, systems: Systems) -> None:
        self._primary, self._replica, self._systems = primary, replica, systems

    def list(self, wanted: PageRequest) -> Page:
        """Return a page of integrations by name."""
        with self._replica.read() as session:
            return integrations.integrations(session, wanted)

    def get(self, key: str) -> Integration:
        """Return one; raise `IntegrationNotFound`."""
        with self._primary.read() as session:
            return _found(integrations.integration(session, key))

    def create(self, wish: dict[str, Any], once: Once) -> Integration:
        """Return a new one, without a secret yet; raise `IntegrationNameTaken`."""
        integration = Integration(version=1, disabled=False)
        _apply(integration, wish)
        try:
            with once.begin(self._primary) as session:
                integration.created_at = database.now(session)
                session.add(integration)
                session.flush()
                return once.keep(session, integration)
        except IntegrityError as error:
            raise IntegrationNameTaken from error

    def change(self, key: str, wish: dict[str, Any], if_match: IfMatch) -> Integration:
        """Return the changed one; it asks for tokens anew. Raises `IntegrationNameTaken`."""
        try:
            with self._primary.begin() as session:
                integration = _found(integrations.integration(session, key, lock=True))
                if_match.check(integration.version)
                _apply(integration, wish)
                integration.version += 1
                integrations.end_tokens(session, integration.id)
        except IntegrityError as error:
            raise IntegrationNameTaken from error
        self._systems.forget()
        return integration

    def remove(self, key: str) -> None:
        """Remove one with its secrets and tokens."""
        with self._primary.begin() as session:
            session.delete(_found(integrations.integration(session, key, lock=True)))
        self._systems.forget()

    def secrets(self, key: str, wanted: PageRequest) -> Page:
        """Return a page of its secrets, oldest first."""
        with self._replica.read() as session:
            return integrations.secrets(session, _found(integrations.integration(session, key)).id, wanted)

    def new_secret(self, key: str, name: str, expires_at: datetime | None) -> NewSecret:
        """Return a new secret beside those there are; raise `TooManyIntegrationSecrets`, or `InvalidRequest`."""
        text = rules.new_secret()
        with self._primary.begin() as session:
            integration = _found(integrations.integration(session, key, lock=True))
            now = database.now(session)
            expires_at = expires_at or now + rules.SECRET_LIFETIME
            if not now < expires_at <= now + rules.SECRET_LONGEST:
                raise invalid("expires_at", _WHEN)
            if integrations.count_secrets(session, integration.id) >= rules.SECRETS:
                raise TooManyIntegrationSecrets
            digest = rules.secret_digest(text) or b""
            secret = IntegrationSecret(
                integration_id=integration.id, name=name, digest=digest, created_at=now, expires_at=expires_at
            )
            session.add(secret)
            session.flush()
        return NewSecret(secret.id, name, now, expires_at, None, integration.id, text)

    def remove_secret(self, key: str, secret_id: str) -> None:
        """Remove a secret with the tokens given for it; raise `IntegrationSecretNotFound`."""
        with self._primary.begin() as session:
            integration = _found(integrations.integration(session, key, lock=True))
            if not integrations.remove_secret(session, integration.id, secret_id):
                raise IntegrationSecretNotFound
        self._systems.forget()


def _apply(integration: Integration, wish: dict[str, Any]) -> None:
    for name in ("name", "disabled"):
        if name in wish:
            setattr(integration, name, wish[name])
    for name in ("roles", "scopes"):
        if name in wish:
            setattr(integration, name, sorted(set(wish[name])))


def _found(integration: Integration | None) -> Integration:
    if integration is None:
        raise IntegrationNotFound
    return integration
