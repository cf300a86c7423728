"""Accounts over HTTP, for administrators."""

from typing import Any

from flask import Response

from university.gateway.api.tokens import told_once
from university.gateway.models import Account
from university.gateway.schemas import AccountIn, AccountList, AccountOut, AccountPatch, AccountSearchIn, TokenOut
from university.gateway.service.accounts import AccountDisabled, AccountNotFound, Accounts, UsernameTaken
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import PageQuery
from university.platform.web.routes import Routes

ADMIN = ("admin",)


def declare(routes: Routes, accounts: Accounts) -> None:
    """Declare them."""
    _read(routes, accounts)
    _write(routes, accounts)


def _read(routes: Routes, accounts: Accounts) -> None:
    @routes.get("/accounts", roles=ADMIN, query=PageQuery, gives=AccountList)
    def list_accounts(query: dict[str, Any]) -> Page:
        """List accounts by username."""
        return accounts.list(PageRequest(**query), None)

    @routes.post("/accounts/search", roles=ADMIN, scope="read", takes=AccountSearchIn, gives=AccountList)
    def search_accounts(body: dict[str, Any]) -> Page:
        """Find accounts by username or name; what is looked for stays out of the address."""
        text = body.pop("q", None)
        return accounts.list(PageRequest(**body), text)

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
        return told_once(accounts.give_token(key), 201)

    @routes.delete("/accounts/<key>/tokens", roles=ADMIN, refuses=(AccountNotFound,))
    def delete_account_tokens(key: str) -> None:
        """End every token of an account."""
        accounts.sign_out(key)
