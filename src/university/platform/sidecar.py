"""The management port of a process that serves nothing else: a worker, a relay."""

import threading
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from university.platform.settings import Settings
from university.platform.web.management import WsgiApp


class Sidecar:
    """Answers on the management port, beside the work, until stopped."""

    def __init__(self, settings: Settings, app: WsgiApp) -> None:
        self._server = make_server(settings.host, settings.port + 1, app, _Server, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, name="management", daemon=True)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    """Nobody who is slow to ask holds up another."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Says nothing of requests: only machines ask here."""

    timeout = 10

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
