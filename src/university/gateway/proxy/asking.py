"""What a request may bring in: its address, its body within limits, and the few headers that modules read."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from university.platform.errors import Malformed, Refusal, TooLarge
from university.platform.language import Words

PIECE, FORGOTTEN, FORGETTING = 65_536, 16_777_216, 5.0
"""Bytes read at once, bytes of a refused body that are taken in at most, and the seconds this may take."""
HELD = 1_048_576
"""Bytes of a body that wait in memory; a longer one waits in the folder for temporary files until it is complete."""
SHORT = 65_536
"""Bytes of a body that the server takes in before it gives the request to a thread."""
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
    "HTTP_X_READ_AFTER": "X-Read-After",
}
"""All that is passed on: whatever else comes from outside (identities, deadlines, cookies, hops) stays outside."""


class BodyIncomplete(Malformed):
    """The body ended before its announced length, or was not readable at all."""

    title = Words("The body is not complete.", "Treść jest niekompletna.")


class BodyTooSlow(Refusal):
    """The body came too slowly."""

    status = 408
    title = Words("The body came too slowly.", "Treść nadchodziła zbyt wolno.")


@dataclass(slots=True)
class Body:
    """A complete body of `length` bytes, in memory or in a file."""

    content: bytes | BinaryIO = b""
    length: int = 0

    def close(self) -> None:
        """Forget it."""
        if not isinstance(self.content, bytes):
            self.content.close()


NOTHING = Body()


def path_of(environ: Environ) -> str | None:
    """Return the decoded path, or None for one that could mean something else to a module than to the gateway."""
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeDecodeError:
        return None
    return path if _ADDRESS.fullmatch(path) else None


def page_of(environ: Environ) -> str | None:
    """Return the decoded path of a page, which may end with a slash, or None for one that names nothing."""
    try:
        path: str = environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeDecodeError:
        return None
    return path if path == "/" or _ADDRESS.fullmatch(path.removesuffix("/")) else None


def reads_pages(environ: Environ) -> bool:
    """Tell whether a person is looking, with a browser that wants a page."""
    return "text/html" in environ.get("HTTP_ACCEPT", "")


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


def is_long(environ: Environ) -> bool:
    """Tell whether a thread may have to wait for the body."""
    if "HTTP_TRANSFER_ENCODING" in environ or "HTTP_EXPECT" in environ:
        return True
    length: str = environ.get("CONTENT_LENGTH") or "0"
    return not (length.isascii() and length.isdigit() and int(length) <= SHORT)


def body_of(environ: Environ, limit: int) -> Body:
    """Return the whole body.

    Raises `TooLarge` before anything past the limit is read, `BodyIncomplete` when it breaks off, `BodyTooSlow`.
    """
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return _announced(stream, length, limit)
    if environ.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" in environ:
        return _collected(stream, limit)
    return NOTHING


def forget_rest(environ: Environ) -> None:
    """Take in what is left of a body nobody wanted, up to a bound: who cannot finish sending hears no refusal."""
    stream, until = environ["wsgi.input"], time.monotonic() + FORGETTING
    with suppress(BodyIncomplete, BodyTooSlow):
        for _ in range(FORGOTTEN // PIECE):
            if time.monotonic() > until or not _read(stream, PIECE):
                return


def _announced(stream: Any, length: str, limit: int) -> Body:
    if not (length.isascii() and length.isdigit()):
        raise BodyIncomplete
    if int(length) > limit:
        raise TooLarge
    body = _collected(stream, int(length)) if int(length) > HELD else _held(_read(stream, int(length)))
    if body.length < int(length):
        body.close()
        raise BodyIncomplete
    return body


def _collected(stream: Any, limit: int) -> Body:
    """Return all that comes, piece by piece; raise `TooLarge` for one byte more than the limit."""
    file = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 - the body is closed once it was passed on
    body = Body(cast("BinaryIO", file))
    try:
        while length := _pour(stream, file, limit - body.length):
            body = replace(body, length=body.length + length)
    except BaseException:
        body.close()
        raise
    file.seek(0)
    return body


def _pour(stream: Any, file: SpooledTemporaryFile[bytes], room: int) -> int:
    """Move a piece; return its bytes, or raise `TooLarge` when there is less room."""
    piece = _read(stream, min(PIECE, room + 1))
    if len(piece) > room:
        raise TooLarge
    return file.write(piece)


def _held(content: bytes) -> Body:
    return Body(content, len(content))


def _read(stream: Any, size: int) -> bytes:
    try:
        body: bytes = stream.read(size)
    except TimeoutError as error:
        raise BodyTooSlow from error
    except Exception as error:
        # Each server has exceptions of its own for a body that breaks off or is wrongly chunked.
        raise BodyIncomplete from error
    return body
