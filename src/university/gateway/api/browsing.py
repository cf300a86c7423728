"""Sessions of browsers over HTTP."""

from typing import Any

from flask import Response, request

from university.gateway.api import door
from university.gateway.schemas import CredentialsIn
from university.gateway.service.guarding import GUARDED
from university.gateway.service.signing_in import InvalidCredentials, SigningIn
from university.gateway.sessions import Cookies, CsrfFailed
from university.platform.web.routes import PUBLIC, Routes


def declare(routes: Routes, signing_in: SigningIn, cookies: Cookies) -> None:
    """Declare them."""

    @routes.post(
        "/auth/session",
        roles=(PUBLIC,),
        takes=CredentialsIn,
        status=204,
        refuses=(InvalidCredentials, *GUARDED, CsrfFailed),
    )
    def create_session(body: dict[str, Any]) -> Response:
        """Sign in as a browser, which gets a cookie.

        Needs the header `X-CSRF: 1`, as every change does that comes with the cookie.
        """
        before = cookies.held(request.headers.get("Cookie"))
        return with_cookie(cookies.given(signing_in.begin_session(**body, before=before, address=door.address())))

    @routes.delete("/auth/session", roles=(PUBLIC,), refuses=(CsrfFailed,))
    def delete_session() -> Response:
        """Sign out as a browser: its session ends, and it forgets the cookie.

        Needs the header `X-CSRF: 1`. Who is signed out already stays so.
        """
        held = cookies.held(request.headers.get("Cookie"))
        if held is not None:
            signing_in.end_session(held)
        return with_cookie(cookies.taken_back())


def with_cookie(cookie: str) -> Response:
    """Answer with a cookie and nothing else."""
    response = Response(status=204, headers={"Cache-Control": "no-store", "Set-Cookie": cookie})
    del response.headers["Content-Type"]
    return response
