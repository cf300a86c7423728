"""Systems over HTTP: their tokens, and how administrators let them in."""

from typing import Any

import msgspec
from flask import Response

from university.gateway.api.tokens import told_once
from university.gateway.models import Integration
from university.gateway.schemas import TokenOut
from university.gateway.schemas.integrations import (
    ClientCredentialsIn,
    IntegrationIn,
    IntegrationList,
    IntegrationOut,
    IntegrationPatch,
    IntegrationSecretIn,
    IntegrationSecretList,
    NewIntegrationSecretOut,
)
from university.gateway.service.integrations import (
    IntegrationNameTaken,
    IntegrationNotFound,
    Integrations,
    IntegrationSecretNotFound,
    TooManyIntegrationSecrets,
)
from university.gateway.service.systems import InvalidClient, Systems
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import PageQuery
from university.platform.web.routes import PUBLIC, Routes

ADMIN = ("admin",)
_GONE = (IntegrationNotFound,)


def declare(routes: Routes, systems: Systems, integrations: Integrations) -> None:
    """Declare them."""
    _let_in(routes, systems)
    _read(routes, integrations)
    _write(routes, integrations)
    _keep_secrets(routes, integrations)


def _let_in(routes: Routes, systems: Systems) -> None:
    @routes.post(
        "/auth/client-token", roles=(PUBLIC,), takes=ClientCredentialsIn, gives=TokenOut, refuses=(InvalidClient,)
    )
    def create_client_token(body: dict[str, Any]) -> Response:
        """Get a bearer token as a system, for one of its secrets."""
        return told_once(systems.token(**body), 200)


def _read(routes: Routes, integrations: Integrations) -> None:
    @routes.get("/integrations", roles=ADMIN, query=PageQuery, gives=IntegrationList)
    def list_integrations(query: dict[str, Any]) -> Page:
        """List the systems that may call by themselves, by name."""
        return integrations.list(PageRequest(**query))

    @routes.get("/integrations/<key>", roles=ADMIN, gives=IntegrationOut, refuses=_GONE)
    def get_integration(key: str) -> Integration:
        """Get an integration."""
        return integrations.get(key)


def _write(routes: Routes, integrations: Integrations) -> None:
    @routes.post(
        "/integrations",
        roles=ADMIN,
        takes=IntegrationIn,
        gives=IntegrationOut,
        status=201,
        location="/integrations/{id}",
        refuses=(IntegrationNameTaken,),
    )
    def create_integration(body: dict[str, Any], once: Once) -> Integration:
        """Let a system in, once it has a secret."""
        return integrations.create(body, once)

    @routes.patch(
        "/integrations/<key>",
        roles=ADMIN,
        takes=IntegrationPatch,
        gives=IntegrationOut,
        refuses=(*_GONE, IntegrationNameTaken),
    )
    def change_integration(key: str, body: dict[str, Any], if_match: IfMatch) -> Integration:
        """Change an integration; its tokens end."""
        return integrations.change(key, body, if_match)

    @routes.delete("/integrations/<key>", roles=ADMIN, refuses=_GONE)
    def delete_integration(key: str) -> None:
        """Remove an integration with its secrets; its tokens end."""
        integrations.remove(key)


def _keep_secrets(routes: Routes, integrations: Integrations) -> None:
    @routes.get("/integrations/<key>/secrets", roles=ADMIN, query=PageQuery, gives=IntegrationSecretList, refuses=_GONE)
    def list_integration_secrets(key: str, query: dict[str, Any]) -> Page:
        """List an integration's secrets, oldest first; none is shown again."""
        return integrations.secrets(key, PageRequest(**query))

    @routes.post(
        "/integrations/<key>/secrets",
        roles=ADMIN,
        takes=IntegrationSecretIn,
        gives=NewIntegrationSecretOut,
        status=201,
        refuses=(*_GONE, TooManyIntegrationSecrets),
    )
    def create_integration_secret(key: str, body: dict[str, Any]) -> Response:
        """Give an integration a further secret, which is shown this once."""
        made = integrations.new_secret(key, body["name"], body.get("expires_at"))
        # As with tokens: an Idempotency-Key would keep the answer, and with it the secret.
        content = msgspec.json.encode(NewIntegrationSecretOut().dump(made))
        return Response(content, 201, content_type="application/json", headers={"Cache-Control": "no-store"})

    @routes.delete("/integrations/<key>/secrets/<secret_id>", roles=ADMIN, refuses=(*_GONE, IntegrationSecretNotFound))
    def delete_integration_secret(key: str, secret_id: str) -> None:
        """Remove a secret; the tokens given for it end."""
        integrations.remove_secret(key, secret_id)
