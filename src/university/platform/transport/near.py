"""Ask a WSGI app in this process as if it were far away."""

import io
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from university.platform.transport.exchange import WHOLE, Answer, Flow, Request

WsgiApp = Callable[..., Iterable[bytes]]


def call_wsgi(app: WsgiApp, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Serve one request by a WSGI app in this thread."""
    answer = open_wsgi(app, Request(method, target, headers, body, len(body)))
    return answer.gathered() if isinstance(answer, Flow) else answer


def open_wsgi(app: WsgiApp, request: Request) -> Answer | Flow:
    """Serve one request by a WSGI app in this thread; a long answer comes piece by piece."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        told[:] = [int(status.split(" ", 1)[0]), headers]

    chunks = app(_environ(request), start_response)
    close = getattr(chunks, "close", _nothing)
    if told and request.method != "HEAD" and _is_long(*told):
        return Flow(told[0], told[1], chunks, close)
    try:
        content = b"".join(chunks)
    finally:
        close()
    return Answer(told[0], told[1], content)


def _environ(request: Request) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    body = request.body
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(request.length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body) if isinstance(body, bytes) else body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ


def _is_long(status: int, headers: list[tuple[str, str]]) -> bool:
    """Tell whether the body may be too long to be held; one of untold length is made as it is read."""
    for name, value in headers:
        if name.lower() == "content-length":
            return len(value) > 5 and int(value) > WHOLE
    return status not in {204, 304}


def _nothing() -> None:
    """Close what needs no closing."""
