"""What goes back out: a module's answer without its hops, or a problem."""

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from typing import Any

from university.gateway.openapi.pages import Page
from university.gateway.proxy.asking import Environ
from university.gateway.site.pages import HEADERS, File
from university.platform import telemetry
from university.platform.errors import Refusal, problem
from university.platform.transport.exchange import WHOLE, Answer, Flow
from university.platform.web import caching, problems

_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_HOPS = {
    "connection",
    "date",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-powered-by",
}
_HOPS_AND_COOKIES = _HOPS | {"set-cookie"}
_SAFE = ("X-Content-Type-Options", "nosniff")
_NOT_KEPT = ("Cache-Control", caching.NOBODY)
_PAGE_SECONDS = 60
_log = telemetry.log("gateway")


def send(start_response: Any, answer: Answer | Flow) -> Iterable[bytes]:
    """Answer as the WSGI server wants it."""
    start_response(_LINES.get(answer.status, f"{answer.status} Unknown"), answer.headers)
    if isinstance(answer, Flow):
        return Parting(_or_cut(answer.pieces), answer.close)
    return [answer.body] if answer.body else []


def begun(flow: Flow) -> Answer | Flow:
    """Return an answer of which enough is there: one that breaks off before is not begun at all."""
    pieces, held, length = iter(flow.pieces), [], 0
    try:
        for piece in pieces:
            held.append(piece)
            length += len(piece)
            if length > WHOLE:
                return replace(flow, pieces=chain(held, pieces))
    except BaseException:
        flow.close()
        raise
    flow.close()
    return Answer(flow.status, flow.headers, b"".join(held))


def _or_cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces; where they break off, so does the client's connection, lest the answer seem complete."""
    try:
        yield from pieces
    except Exception as error:
        _log.warning("answer broke off", fault=repr(error))
        # The server takes this for a client that has gone: it closes the connection and says nothing more.
        raise BrokenPipeError(errno.EPIPE, "the answer broke off") from error


class Parting:
    """An answer after which something is left to do."""

    def __init__(self, chunks: Iterable[bytes], afterwards: Callable[[], None]) -> None:
        self._chunks, self._afterwards = chunks, afterwards

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        """Do it; the server calls this once the answer is out."""
        self._afterwards()


def of_module(
    answer: Answer | Flow, method: str, told: Iterable[tuple[str, str]] = (), *, may_set_cookies: bool
) -> Answer | Flow:
    """Return a module's answer as it leaves the house, with what else is `told` in headers."""
    hidden = _HOPS if may_set_cookies else _HOPS_AND_COOKIES
    headers = [header for header in answer.headers if header[0].lower() not in hidden]
    if method == "OPTIONS" and answer.status == HTTPStatus.OK and isinstance(answer, Answer):
        return of_options(allowed for name, value in headers if name == "Allow" for allowed in value.split(", "))
    headers += [_SAFE, *told]
    if isinstance(answer, Flow):
        return replace(answer, headers=headers)
    return Answer(answer.status, headers, answer.body)


def of_refusal(refusal: Refusal, path: str, method: str) -> Answer:
    """Return the problem document of a refusal."""
    body = problems.document(problem(refusal), path)
    return _whole(refusal.status, problems.PROBLEM_JSON, body, method, [_NOT_KEPT, *refusal.headers.items()])


def of_surprise(path: str, method: str) -> Answer:
    """Return the problem document of a failure of our own."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR.value
    return _whole(
        status, problems.PROBLEM_JSON, problems.document(problems.of_status(status), path), method, [_NOT_KEPT]
    )


def of_page(page: Page, method: str, if_none_match: str | None) -> Answer:
    """Return a page, or 304 to who has it already."""
    headers = [
        ("ETag", page.etag),
        ("Cache-Control", caching.shared(_PAGE_SECONDS)),
        ("Content-Security-Policy", page.policy),
    ]
    if if_none_match and page.etag in if_none_match:
        return Answer(HTTPStatus.NOT_MODIFIED, headers, b"")
    return _whole(HTTPStatus.OK, page.kind, page.content, method, [*headers, ("Referrer-Policy", "no-referrer")])


def of_file(file: File, environ: Environ, *more: tuple[str, str], status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """Return a page for people or something it is made of, packed for whoever takes that; 304 to who has it."""
    packed = file.packed if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else None
    headers = [("Cache-Control", file.kept), *HEADERS, *more]
    if file.packed is not None:
        headers.append(("Vary", "Accept-Encoding"))
    if status == HTTPStatus.OK:
        etag = f'"{file.etag}"' if packed is None else f'"{file.etag}-gzip"'
        headers.append(("ETag", etag))
        if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return Answer(HTTPStatus.NOT_MODIFIED, headers, b"")
    if packed is not None:
        headers.append(("Content-Encoding", "gzip"))
    content = file.content if packed is None else packed
    told = [("Content-Type", file.kind), ("Content-Length", str(len(content))), *headers]
    return Answer(status, told, b"" if environ["REQUEST_METHOD"] == "HEAD" else content)


def _takes_gzip(accepted: str) -> bool:
    """Tell whether gzip is among the encodings, and its quality not nothing."""
    for encoding in accepted.lower().split(","):
        name, _, quality = encoding.replace(" ", "").partition(";q=")
        if name == "gzip":
            return not quality or quality.strip("0.") != ""
    return False


def of_options(allowed: Iterable[str]) -> Answer:
    """Tell which methods an address takes."""
    return Answer(HTTPStatus.NO_CONTENT, [("Allow", ", ".join(sorted(allowed)))], b"")


def _whole(status: int, kind: str, body: bytes, method: str, headers: list[tuple[str, str]]) -> Answer:
    told = [("Content-Type", kind), ("Content-Length", str(len(body))), _SAFE, *headers]
    return Answer(status, told, b"" if method == "HEAD" else body)
