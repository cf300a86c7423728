"""The serving process: complete requests go to threads, and it ends only when nobody asks any more.

Gunicorn's own worker spends a thread on a client from the first byte on, and waits for goodbyes where everything waits.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ, BaseSelector
from typing import Any

from gunicorn.http import errors, wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

from university.platform import telemetry
from university.platform.lines import READING, SHORT, Line, Stage, stage_of
from university.platform.web import management, problems

FINISHING = 25
"""Seconds that requests in hand are given at the end."""
_GOODBYE = 2.0
"""Seconds that a client is given to hang up after the last answer."""
_log = telemetry.log("server")


class TooSlow(Exception):
    """A request began and did not come in time."""


_STATUSES: dict[type[Exception], int] = {
    TooSlow: 408,
    errors.InvalidResponseHeader: 500,
    errors.InvalidResponseHeaderName: 500,
    errors.ConfigurationProblem: 500,
    errors.ExpectationFailed: 417,
    errors.LimitRequestLine: 414,
    errors.LimitRequestHeaders: 431,
    errors.UnsupportedTransferCoding: 501,
    errors.ParseException: 400,
}
"""What is wrong with a request that never reaches an app, the special before the general; all else is ours."""


class Visitor(TConn):
    """A client's connection, and what has come of its next request."""

    sock: Line
    timeout: float
    came: bytes = b""


class Worker(ThreadWorker):
    """A worker whose threads see complete requests only, which are answered with problems when unreadable.

    After SIGTERM it is unready, serves on while it drains, and then ends with nothing in hand.
    """

    poller: BaseSelector
    tpool: ThreadPoolExecutor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ends_at: float | None = None
        self._parting: deque[Visitor] = deque()

    def init_process(self) -> None:
        """Begin to serve."""
        self.cfg.set("graceful_timeout", FINISHING)
        wsgi.SERVER = "university"
        self._aside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="management")
        super().init_process()

    def load_wsgi(self) -> None:
        """Let the app know whether it is about to end."""
        super().load_wsgi()
        app = self.wsgi

        def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ[management.DRAINING] = self._ends_at is not None
            answer: Iterable[bytes] = app(environ, start_response)
            return answer

        self.wsgi = serve

    # How it ends.

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Be unready from now on, let every answer close its connection, and end after the time to drain."""
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self.app.drain_seconds
            self.max_keepalived = 0
            if self.app.drain_seconds == 0:
                super().handle_exit(sig, frame)
            self.method_queue.defer(lambda: None)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End now: what gunicorn does here takes a lock that the interrupted thread may hold already."""
        self._ends_at = time.monotonic()
        super().handle_exit(sig, frame)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for what happens next, not past the end."""
        if self.alive and self._ends_at is not None:
            timeout = min(timeout, max(self._ends_at - time.monotonic(), 0.0))
        super().wait_for_and_dispatch_events(timeout)
        if self._ends_at is not None and self._ends_at <= time.monotonic():
            self.alive = False

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's hook
        """At the end, take in who has connected already; whoever comes later is told at once that nobody is here."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            waiting = select.poll()
            waiting.register(listener, select.POLLIN)
            while waiting.poll(0):
                self.accept(listener)
            listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Let nobody who says nothing hold up the end."""
        super()._cap_keepalive(deadline)
        for visitor in self.pending_conns:
            if not visitor.came:
                visitor.timeout = min(visitor.timeout, deadline)

    # How a request comes in.

    def accept(self, listener: Any) -> None:
        """Take a connection in; no thread waits for its first request."""
        try:
            accepted, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            _log.warning("no connection taken in", fault=repr(error))
            return
        self.nr_conns += 1
        self._come(Visitor(self.cfg, Line.of(accepted), address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Take in the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._come(conn)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """Take in more of a request."""
        if self._took(conn):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)

    def _come(self, visitor: Visitor) -> None:
        """Take in what has come of a request, and the rest when it comes."""
        visitor.timeout = time.monotonic() + READING
        if not self._took(visitor):
            self.pending_conns.append(visitor)
            self.poller.register(visitor.sock, EVENT_READ, partial(self.on_pending_socket_readable, visitor))

    def _took(self, visitor: Visitor) -> bool:
        """Take in what has come; tell whether that is all there is to wait for."""
        try:
            more = visitor.sock.take()
        except OSError:
            more = b""
        if more == b"":
            self._leave(visitor)
            return True
        visitor.came += more or b""
        stage = stage_of(visitor.came)
        if stage is Stage.THERE:
            self._serve(visitor)
        elif stage is not Stage.COMING:
            told = errors.LimitRequestLine if stage is Stage.LINE_TOO_LONG else errors.LimitRequestHeaders
            self._refuse(visitor, told("too long"))
        return stage is not Stage.COMING

    def _serve(self, visitor: Visitor) -> None:
        visitor.sock.allow(READING)
        self.enqueue_req(visitor)

    def enqueue_req(self, conn: Any) -> None:
        """Let a thread serve a request; whoever asks how we are does not wait until the others are served.

        Who had to would take a process that has much to do for one that hangs, and end it.
        """
        threads = self._aside if conn.server[1] == self.app.management_port else self.tpool
        served = threads.submit(self.handle, conn)
        served.add_done_callback(lambda end: self.method_queue.defer(self.finish_request, conn, end))

    def handle(self, conn: Any) -> Any:
        """Serve a request in a thread."""
        conn.init()
        conn.parser.unreader.unread(conn.came)
        conn.came = b""
        return super().handle(conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:  # noqa: FBT001 - gunicorn's hook
        """Keep no connection whose request did not come to its end: no thread waits for what nobody reads."""
        conn.sock.allow(0.1)
        return bool(super()._keepalive_after(conn, keepalive))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Wait for the next request of the connection, or say goodbye."""
        kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if not kept:
            self._part(conn)
        elif rest := conn.parser.unreader.take_buffered():
            self._follow(conn, rest)
        else:
            super().finish_request(conn, fs)

    def _follow(self, visitor: Visitor, rest: bytes) -> None:
        """Go on with a request that came together with the one before."""
        visitor.came = rest
        if stage_of(rest) is Stage.THERE:
            self._serve(visitor)
        else:
            self._come(visitor)

    # How a connection ends.

    def murder_pending(self) -> None:
        """Refuse whose request takes too long, and forget who was said goodbye to."""
        now = time.monotonic()
        for visitor in [one for one in self.pending_conns if one.timeout <= now]:
            self.poller.unregister(visitor.sock)
            self.pending_conns.remove(visitor)
            if visitor.came:
                self._refuse(visitor, TooSlow())
            else:
                self._leave(visitor)
        while self._parting and self._parting[0].timeout <= now:
            visitor = self._parting.popleft()
            self.poller.unregister(visitor.sock)
            self._leave(visitor)

    def _refuse(self, visitor: Visitor, error: Exception) -> None:
        self.handle_error(None, visitor.sock, visitor.client, error)
        self._part(visitor)

    def _part(self, visitor: Visitor) -> None:
        """Let a client read its last answer: one that is still sending would lose it if the connection just ended."""
        try:
            visitor.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._leave(visitor)
            return
        visitor.came = b""
        visitor.timeout = time.monotonic() + _GOODBYE
        self._parting.append(visitor)
        self.poller.register(visitor.sock, EVENT_READ, partial(self._listen_on, visitor))

    def _listen_on(self, visitor: Visitor, _client: Any) -> None:
        """Hear nothing of what a client still says, until it hangs up or says too much."""
        try:
            said = visitor.sock.take()
        except OSError:
            said = b""
        visitor.came += said or b""
        if said == b"" or len(visitor.came) > SHORT:
            self.poller.unregister(visitor.sock)
            self._parting.remove(visitor)
            self._leave(visitor)

    def _leave(self, visitor: Visitor) -> None:
        self.nr_conns -= 1
        visitor.close()

    def handle_error(self, _req: Any, client: Any, _addr: Any, exc: Exception) -> None:
        """Say what is wrong with a request that no app has seen."""
        status = next((found for kind, found in _STATUSES.items() if isinstance(exc, kind)), 500)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("request not served", exc_info=exc)
        with telemetry.tracing(None):
            body = problems.document(problems.of_status(status), "/")
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n"
            f"Content-Type: {problems.PROBLEM_JSON}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store\r\n\r\n"
        )
        with suppress(OSError):
            client.settimeout(0)
            client.send(head.encode() + body)
