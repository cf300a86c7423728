"""Accounts for everybody over HTTP, for administrators."""

from typing import Any

import msgspec
from flask import Response

from university.gateway.schemas import CodeOut, ProvisioningIn, ProvisioningOut
from university.gateway.service.accounts import AccountDisabled, AccountNotFound
from university.gateway.service.activating import Activating
from university.gateway.service.provisioning import Provisioning
from university.platform.web.fields import Out
from university.platform.web.routes import Routes

ADMIN = ("admin",)


def declare(routes: Routes, provisioning: Provisioning, activating: Activating) -> None:
    """Declare them."""

    @routes.post("/accounts/provisioning", roles=ADMIN, takes=ProvisioningIn, gives=ProvisioningOut)
    def provision_accounts(body: dict[str, Any]) -> Response:
        """Make accounts for a page of students or instructors that have none, each with a code to activate it.

        Codes are told this once. Repeating it makes what is missing only: an account, or a code where the one given
        has expired.
        """
        return _told_once(ProvisioningOut(), provisioning.batch(**body), 200)

    @routes.post(
        "/accounts/<key>/activation", roles=ADMIN, gives=CodeOut, status=201, refuses=(AccountNotFound, AccountDisabled)
    )
    def create_account_activation(key: str) -> Response:
        """Give an account a new code by which its password is set; the code before ends."""
        return _told_once(CodeOut(), activating.renew(key), 201)


def _told_once(schema: Out, content: Any, status: int) -> Response:
    """Answer with codes; no Idempotency-Key, for keeping the answer would keep them."""
    body = msgspec.json.encode(schema.dump(content))
    return Response(body, status, content_type="application/json", headers={"Cache-Control": "no-store"})
