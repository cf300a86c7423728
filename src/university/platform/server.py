"""Serve a WSGI app with gunicorn: one process, threads, the public port and the management port."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from university.platform import telemetry
from university.platform.settings import Settings
from university.platform.web import problems

_log = telemetry.log("server")
_STATUSES: dict[type[Exception], int] = {
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


class Server(BaseApplication):
    """One worker that builds the app after the fork, so that threads and databases belong to it."""

    def __init__(self, settings: Settings, load: Callable[[], Any], stop: Callable[[], None]) -> None:
        self._settings, self._load, self._stop = settings, load, stop
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what we want; nothing comes from its command line."""
        settings = self._settings
        options: dict[str, Any] = {
            "bind": [f"{settings.host}:{settings.port}", f"{settings.host}:{settings.port + 1}"],
            "workers": 1,
            "worker_class": Worker,
            "logger_class": Log,
            "threads": settings.threads,
            "worker_connections": 4000,
            "backlog": 2048,
            "keepalive": 30,
            "graceful_timeout": 25,
            "timeout": 120,
            "control_socket_disable": True,
            "worker_exit": lambda _server, _worker: self._stop(),
            "loglevel": "warning",
            "limit_request_line": 8190,
            # No header may move the root of the addresses or claim another scheme, whoever sends it.
            "forwarder_headers": "",
            "secure_scheme_headers": {},
        }
        assert self.cfg is not None  # noqa: S101 - it was made just before
        for name, value in options.items():
            self.cfg.set(name, value)

    def serve(self) -> None:
        """Serve until told to stop."""
        self.run()

    def load(self) -> Any:
        """Return the app."""
        return self._load()


class Log(Logger):
    """Gunicorn's own lines, among all the others."""

    def setup(self, cfg: Config) -> None:
        """Write what gunicorn says where everything else is written."""
        self.loglevel = self.LOG_LEVELS[cfg.loglevel.lower()]
        self.error_log.setLevel(self.loglevel)
        self.error_log.propagate = True


class Worker(ThreadWorker):
    """A worker that answers unreadable requests with problems too, and never stops in the middle of something."""

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Stop as for SIGTERM: what gunicorn does here takes a lock that the interrupted thread may hold already."""
        self.handle_exit(sig, frame)

    def handle_error(self, _req: Any, client: Any, _addr: Any, exc: Exception) -> None:
        """Say what is wrong with a request that no app has seen, and close the connection."""
        status = next((found for kind, found in _STATUSES.items() if isinstance(exc, kind)), 500)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("request not served", exc_info=exc)
        with telemetry.tracing(None):
            body = problems.document(problems.of_status(status), "/")
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n"
            f"Content-Type: {problems.PROBLEM_JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            util.write_nonblock(client, head.encode() + body)
        except OSError:
            _log.debug("nobody waits for the answer")
