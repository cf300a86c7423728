"""What people do with their own account over HTTP: its password, and what they are signed in to."""

from typing import Any

import msgspec
from flask import Response

from university.gateway.api import door
from university.gateway.schemas import ActivationIn, PasswordIn, PasswordOut, SignInList
from university.gateway.service.activating import Activating, InvalidActivation
from university.gateway.service.guarding import GUARDED
from university.gateway.service.owning import NoPassword, Owning, SignInNotFound, WrongPassword
from university.gateway.sessions import Cookies
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.fields import PageQuery
from university.platform.web.routes import PUBLIC, SIGNED_IN, Routes


def declare(routes: Routes, owning: Owning, activating: Activating, cookies: Cookies) -> None:
    """Declare them."""
    _choose(routes, owning, activating, cookies)
    _look_after(routes, owning)


def _choose(routes: Routes, owning: Owning, activating: Activating, cookies: Cookies) -> None:
    @routes.put(
        "/auth/password",
        roles=(SIGNED_IN,),
        takes=PasswordIn,
        gives=PasswordOut,
        refuses=(NoPassword, WrongPassword, *GUARDED),
    )
    def replace_password(who: Principal, body: dict[str, Any]) -> Response:
        """Set the own password; the caller gets another session or other tokens, and everything else ends."""
        renewed = owning.change_password(who, door.shown(), door.address(), **body)
        headers = {"Cache-Control": "no-store"}
        if renewed.session is not None:
            headers["Set-Cookie"] = cookies.given(renewed.session)
        content = msgspec.json.encode(PasswordOut().dump({"tokens": renewed.tokens}))
        return Response(content, 200, content_type="application/json", headers=headers)

    @routes.post(
        "/auth/activation",
        roles=(PUBLIC,),
        takes=ActivationIn,
        status=204,
        refuses=(InvalidActivation, *GUARDED),
    )
    def activate_account(body: dict[str, Any]) -> None:
        """Set an account's password by a code, once."""
        activating.activate(door.address(), **body)


def _look_after(routes: Routes, owning: Owning) -> None:
    @routes.get("/auth/sessions", roles=(SIGNED_IN,), query=PageQuery, gives=SignInList)
    def list_sign_ins(query: dict[str, Any], who: Principal) -> Page:
        """List what the caller is signed in to, the latest first."""
        return owning.sign_ins(who, door.shown(), PageRequest(**query))

    @routes.delete("/auth/sessions/<sign_in_id>", roles=(SIGNED_IN,), refuses=(SignInNotFound,))
    def delete_sign_in(who: Principal, sign_in_id: str) -> None:
        """End one sign-in of the caller's, with its tokens."""
        owning.end_one(who, sign_in_id)

    @routes.delete("/auth/sessions", roles=(SIGNED_IN,))
    def delete_other_sign_ins(who: Principal) -> None:
        """End all that the caller is signed in to, but the one that asks."""
        owning.end_others(who, door.shown())
