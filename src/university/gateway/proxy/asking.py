"""What a request may bring in: its address, its body within limits, and the few headers that modules read."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from university.platform.errors import Malformed, TooLarge
from university.platform.language import Words

PIECE, FORGOTTEN, FORGETTING = 65_536, 16_777_216, 5.0
"""Bytes read at once, bytes of a refused body that are taken in at most, and the seconds this may take."""
Environ = Mapping[str, Any]
# Every part of an address has a name: none is empty, `.` or `..`, and none holds a control character.
_ADDRESS = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[^/\x00-\x1f\x7f]+)+")
_PASSED = {
    "HTTP_ACCEPT": "Accept",
    "HTTP_ACCEPT_LANGUAGE": "Accept-Language",
    "CONTENT_TYPE": "Content-Type",
    "HTTP_IDEMPOTENCY_KEY": "Idempotency-Key",
    "HTTP_IF_MATCH": "If-Match",
    "HTTP_IF_MODIFIED_SINCE": "If-Modified-Since",
    "HTTP_IF_NONE_MATCH": "If-None-Match",
    "HTTP_USER_AGENT": "User-Agent",
}
"""All that is passed on: whatever else comes from outside (identities, deadlines, cookies, hops) stays outside."""


class BodyIncomplete(Malformed):
    """The body ended before its announced length, or was not readable at all."""

    title = Words("The body is not complete.", "Treść jest niekompletna.")


def path_of(environ: Environ) -> str | None:
    """Return the decoded path, or None for one that could mean something else to a module than to the gateway."""
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeDecodeError:
        return None
    return path if _ADDRESS.fullmatch(path) else None


def target_of(path: str, environ: Environ) -> str:
    """Return the path and query as they are passed on."""
    address = quote(path, safe="/!$&'()*+,;=:@~")
    query = environ.get("QUERY_STRING")
    return f"{address}?{query}" if query else address


def headers_of(environ: Environ) -> dict[str, str]:
    """Return the headers to pass on."""
    return {name: environ[key] for key, name in _PASSED.items() if environ.get(key)}


def bearer_of(environ: Environ) -> str | None:
    """Return the bearer token, "" for any other kind of authorization, or None when there is none."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_upload(environ: Environ) -> bool:
    """Tell whether the body is a form with files."""
    kind: str = environ.get("CONTENT_TYPE", "")
    return kind.lower().startswith("multipart/form-data")


def body_of(environ: Environ, limit: int) -> bytes:
    """Return the whole body; raise `TooLarge` before reading past the limit, `BodyIncomplete` when it breaks off."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return _announced(stream, length, limit)
    if environ.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" in environ:
        return _chunked(stream, limit)
    return b""


def forget_rest(environ: Environ) -> None:
    """Take in what is left of a body nobody wanted, up to a bound: who cannot finish sending hears no refusal."""
    stream, until = environ["wsgi.input"], time.monotonic() + FORGETTING
    with suppress(BodyIncomplete):
        for _ in range(FORGOTTEN // PIECE):
            if time.monotonic() > until or not _read(stream, PIECE):
                return


def _announced(stream: Any, length: str, limit: int) -> bytes:
    if not (length.isascii() and length.isdigit()):
        raise BodyIncomplete
    if int(length) > limit:
        raise TooLarge
    body = _read(stream, int(length))
    if len(body) < int(length):
        raise BodyIncomplete
    return body


def _chunked(stream: Any, limit: int) -> bytes:
    body = _read(stream, limit + 1)
    if len(body) > limit:
        raise TooLarge
    return body


def _read(stream: Any, size: int) -> bytes:
    try:
        body: bytes = stream.read(size)
    except Exception as error:
        # Each server has exceptions of its own for a body that breaks off or is wrongly chunked.
        raise BodyIncomplete from error
    return body
