"""Signing in with the university's OpenID Connect provider over HTTP: there, and back."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request

from university.gateway.schemas import OidcCallbackQuery, OidcLoginQuery
from university.gateway.service.enlisting import FederationRefused
from university.gateway.service.federation import Federation
from university.gateway.sessions import Cookies
from university.platform.errors import NotFound
from university.platform.web.routes import PUBLIC, Routes

SIGN_IN = "/sign-in"
"""The page to which a browser comes back that was not let in."""


def declare(routes: Routes, federation: Federation, sessions: Cookies, journeys: Cookies) -> None:
    """Declare the two addresses, at which nothing is where no provider is named."""

    @routes.get("/auth/oidc/login", roles=(PUBLIC,), query=OidcLoginQuery, status=303, refuses=(NotFound,))
    def get_oidc_login(query: dict[str, Any]) -> Response:
        """Lead a browser to the university's sign-in, and from there to `next`, which is a page here."""
        try:
            address, cookie = federation.begin(query.get("next"))
        except FederationRefused as refusal:
            return _led_back(refusal)
        return _led(address, journeys.given(cookie))

    @routes.get("/auth/oidc/callback", roles=(PUBLIC,), query=OidcCallbackQuery, status=303, refuses=(NotFound,))
    def get_oidc_callback(query: dict[str, Any]) -> Response:
        """Take a browser back from the university's sign-in: a session begins, or the sign-in page tells why not."""
        shown = request.headers.get("Cookie")
        try:
            session, wanted = federation.finish(query, journeys.held(shown), sessions.held(shown))
        except FederationRefused as refusal:
            return _led_back(refusal, journeys.taken_back())
        return _led(quote(wanted, safe="/?&=#%:@!$'()*+,;~"), journeys.taken_back(), sessions.given(session))


def _led_back(refusal: FederationRefused, *cookies: str) -> Response:
    return _led(f"{SIGN_IN}?{urlencode({'problem': refusal.code})}", *cookies)


def _led(address: str, *cookies: str) -> Response:
    """Send a browser elsewhere; the address it was at, with a code in it, goes no further."""
    response = Response(status=303, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    response.headers["Location"] = address
    for cookie in cookies:
        response.headers.add("Set-Cookie", cookie)
    del response.headers["Content-Type"]
    return response
