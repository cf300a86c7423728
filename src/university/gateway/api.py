"""The gateway's own operations: signing in, and the accounts."""

from typing import Any

import msgspec
from flask import Response, request

from university.gateway.models import Account
from university.gateway.schemas import (
    AboutOut,
    AccountIn,
    AccountList,
    AccountOut,
    AccountPatch,
    AccountQuery,
    CredentialsIn,
    MeOut,
    TokenOut,
)
from university.gateway.service.accounts import AccountDisabled, AccountNotFound, Accounts, Me, UsernameTaken
from university.gateway.service.signing_in import Given, InvalidCredentials, SigningIn
from university.gateway.service.telling import About, Telling
from university.gateway.sessions import Cookies, CsrfFailed
from university.platform.conditions import IfMatch
from university.platform.database import Primary
from university.platform.idempotency import Once
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import PUBLIC, SIGNED_IN, Routes

ADMIN = ("admin",)


def routes(
    signing_in: SigningIn, cookies: Cookies, accounts: Accounts, telling: Telling, primary: Primary
) -> list[Routes]:
    """Return what the gateway serves itself."""
    declared = Routes("gateway", primary)
    _tell(declared, telling)
    _sign_in(declared, signing_in, accounts)
    _browse(declared, signing_in, cookies)
    _read(declared, accounts)
    _write(declared, accounts)
    return [declared]


def _tell(routes: Routes, telling: Telling) -> None:
    @routes.get("/about", roles=(PUBLIC,), gives=AboutOut, shared_for=1)
    def get_about() -> About:
        """Tell the university's time and time zone, and the release that answers."""
        return telling.about()


def _sign_in(routes: Routes, signing_in: SigningIn, accounts: Accounts) -> None:
    @routes.post("/auth/token", roles=(PUBLIC,), takes=CredentialsIn, gives=TokenOut, refuses=(InvalidCredentials,))
    def create_token(body: dict[str, Any]) -> Response:
        """Sign in and get a bearer token."""
        return _told_once(signing_in.sign_in(**body), 200)

    @routes.get("/auth/me", roles=(SIGNED_IN,), gives=MeOut)
    def get_me(who: Principal) -> Me:
        """Tell who the caller is."""
        return accounts.me(who)


def _browse(routes: Routes, signing_in: SigningIn, cookies: Cookies) -> None:
    @routes.post(
        "/auth/session",
        roles=(PUBLIC,),
        takes=CredentialsIn,
        status=204,
        refuses=(InvalidCredentials, CsrfFailed),
    )
    def create_session(body: dict[str, Any]) -> Response:
        """Sign in as a browser, which gets a cookie.

        Needs the header `X-CSRF: 1`, as every change does that comes with the cookie.
        """
        before = cookies.held(request.headers.get("Cookie"))
        return _with_cookie(cookies.given(signing_in.begin_session(**body, before=before)))

    @routes.delete("/auth/session", roles=(PUBLIC,), refuses=(CsrfFailed,))
    def delete_session() -> Response:
        """Sign out as a browser: its session ends, and it forgets the cookie.

        Needs the header `X-CSRF: 1`. Who is signed out already stays so.
        """
        held = cookies.held(request.headers.get("Cookie"))
        if held is not None:
            signing_in.end_session(held)
        return _with_cookie(cookies.taken_back())


def _read(routes: Routes, accounts: Accounts) -> None:
    @routes.get("/accounts", roles=ADMIN, query=AccountQuery, gives=AccountList)
    def list_accounts(query: dict[str, Any]) -> Page:
        """List accounts by username."""
        text = query.pop("q", None)
        return accounts.list(PageRequest(**query), text)

    @routes.get("/accounts/<key>", roles=ADMIN, gives=AccountOut, refuses=(AccountNotFound,))
    def get_account(key: str) -> Account:
        """Get an account by id or username."""
        return accounts.get(key)


def _write(routes: Routes, accounts: Accounts) -> None:
    @routes.post(
        "/accounts",
        roles=ADMIN,
        takes=AccountIn,
        gives=AccountOut,
        status=201,
        location="/accounts/{id}",
        refuses=(UsernameTaken,),
    )
    def create_account(body: dict[str, Any], once: Once) -> Account:
        """Create an account."""
        return accounts.create(body, once)

    @routes.patch("/accounts/<key>", roles=ADMIN, takes=AccountPatch, gives=AccountOut, refuses=(AccountNotFound,))
    def change_account(key: str, body: dict[str, Any], if_match: IfMatch) -> Account:
        """Change an account; its tokens end."""
        return accounts.change(key, body, if_match)

    @routes.delete("/accounts/<key>", roles=ADMIN, refuses=(AccountNotFound,))
    def delete_account(key: str) -> None:
        """Remove an account; its tokens end."""
        accounts.remove(key)

    @routes.post(
        "/accounts/<key>/tokens",
        roles=ADMIN,
        gives=TokenOut,
        status=201,
        refuses=(AccountNotFound, AccountDisabled),
    )
    def create_account_token(key: str) -> Response:
        """Give out a bearer token for an account, for a program that signs in without a password."""
        return _told_once(accounts.give_token(key), 201)

    @routes.delete("/accounts/<key>/tokens", roles=ADMIN, refuses=(AccountNotFound,))
    def delete_account_tokens(key: str) -> None:
        """End every token of an account."""
        accounts.sign_out(key)


def _told_once(given: Given, status: int) -> Response:
    """Answer with a token.

    These operations take no Idempotency-Key: keeping the answer would keep the token, and a second one does no harm.
    """
    body = msgspec.json.encode(TokenOut().dump(given))
    return Response(body, status, content_type="application/json", headers={"Cache-Control": "no-store"})


def _with_cookie(cookie: str) -> Response:
    """Answer with a cookie and nothing else."""
    response = Response(status=204, headers={"Cache-Control": "no-store", "Set-Cookie": cookie})
    del response.headers["Content-Type"]
    return response
