"""Who may keep an answer, and for how long."""

from flask import Response, request

from university.platform import positions

PRIVATE, NOBODY = "private, no-cache", "no-store"
"""Its reader may keep it and must ask each time whether it still holds; nobody may keep it at all."""

_VARYING = ("Accept-Language", "Authorization", "Cookie")
_ALL_VARYING = ", ".join(_VARYING)
_OWN = ("HTTP_AUTHORIZATION", "HTTP_X_READ_AFTER")


def shared(seconds: int) -> str:
    """Return how a cache that serves everybody is told to; a browser asks it each time whether anything changed."""
    return f"public, max-age=0, s-maxage={seconds}"


def may_share(response: Response, seconds: int) -> Response:
    """Let caches give everybody the answer for some seconds, or for none.

    Never an answer to who signed in or has just written: they get what is true now.
    """
    if seconds and not any(header in request.environ for header in _OWN):
        response.headers["Cache-Control"] = shared(seconds)
        response.vary.add(positions.HEADER)
    return response


def bound(response: Response) -> Response:
    """Let nobody keep a refusal, and only its reader what was not declared to be everybody's.

    Modules read no cookie, but the gateway does: to whoever stands before it, a browser's session is as a token.
    """
    response.headers.setdefault("Cache-Control", PRIVATE if response.status_code < 400 else NOBODY)
    if "Vary" in response.headers:
        response.vary.update(_VARYING)
    else:
        response.headers["Vary"] = _ALL_VARYING
    return response
