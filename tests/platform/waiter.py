"""A small app behind the real server: `python -m tests.platform.waiter PORT DRAIN THREADS`."""

import errno
import sys
import time
from collections.abc import Iterable
from typing import Any

from university.platform import telemetry
from university.platform.server import Server
from university.platform.settings import Settings
from university.platform.web.management import by_port, management_app

PIECE, PIECES = b"x" * 50_000, 1_000


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with the length of the body, after as many seconds as the query says."""
    time.sleep(float(environ["QUERY_STRING"] or 0))
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Length", str(PIECES * len(PIECE)))])
        return (PIECE for _ in range(PIECES))
    if environ["PATH_INFO"].startswith("/broken"):
        start_response("200 OK", [("Content-Length", "1000")] if environ["PATH_INFO"] == "/broken/length" else [])
        return broken()
    try:
        body = str(len(environ["wsgi.input"].read())).encode()
    except TimeoutError:
        body = b"slow"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def broken() -> Iterable[bytes]:
    """Yield the beginning of an answer that is never finished."""
    yield b"beginning"
    raise BrokenPipeError(errno.EPIPE, "no more")


def main(port: str, drain: str, threads: str) -> None:
    """Serve until told to stop."""
    telemetry.configure("info")
    settings = Settings(port=int(port), drain_seconds=float(drain), threads=int(threads))
    Server(settings, lambda: by_port(app, management_app({}), settings.port + 1), lambda: None).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
