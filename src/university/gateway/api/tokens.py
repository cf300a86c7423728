"""Bearer tokens over HTTP: for programs, and for whoever asks who they are."""

from typing import Any

import msgspec
from flask import Response

from university.gateway.api import door
from university.gateway.schemas import CredentialsIn, MeOut, RefreshIn, TokenOut, TokensOut
from university.gateway.service.accounts import Accounts, Me
from university.gateway.service.granting import Given
from university.gateway.service.guarding import GUARDED
from university.gateway.service.refreshing import InvalidRefreshToken, Refreshing
from university.gateway.service.signing_in import InvalidCredentials, SigningIn
from university.platform.security import Principal
from university.platform.web.routes import PUBLIC, SIGNED_IN, Routes


def declare(routes: Routes, signing_in: SigningIn, refreshing: Refreshing, accounts: Accounts) -> None:
    """Declare them."""

    @routes.post(
        "/auth/token", roles=(PUBLIC,), takes=CredentialsIn, gives=TokensOut, refuses=(InvalidCredentials, *GUARDED)
    )
    def create_token(body: dict[str, Any]) -> Response:
        """Sign in and get a bearer token."""
        return told_once(signing_in.sign_in(**body, address=door.address()), 200)

    @routes.post(
        "/auth/token/refresh", roles=(PUBLIC,), takes=RefreshIn, gives=TokensOut, refuses=(InvalidRefreshToken,)
    )
    def create_refreshed_token(body: dict[str, Any]) -> Response:
        """Get the next bearer token and refresh token for a refresh token, which is used up.

        Who lost the answer gets the same one for 30 seconds; a refresh token that comes later again ends the sign-in
        with all its tokens.
        """
        return told_once(refreshing.refresh(body["refresh_token"]), 200)

    @routes.delete("/auth/token", roles=(SIGNED_IN,))
    def delete_token() -> None:
        """Sign out: the token of this request ends, and all that grew from the same sign-in."""
        if (shown := door.shown()) is not None:
            refreshing.end(shown)

    @routes.get("/auth/me", roles=(SIGNED_IN,), gives=MeOut)
    def get_me(who: Principal) -> Me:
        """Tell who the caller is."""
        return accounts.me(who)


def told_once(given: Given, status: int) -> Response:
    """Answer with tokens.

    These operations take no Idempotency-Key: keeping the answer would keep the token, and a second one does no harm.
    """
    schema = TokenOut() if given.refresh_token is None else TokensOut()
    body = msgspec.json.encode(schema.dump(given))
    return Response(body, status, content_type="application/json", headers={"Cache-Control": "no-store"})
