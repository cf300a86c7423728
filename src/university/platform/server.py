"""Serve a WSGI app with gunicorn: one process, threads, the public port and the management port."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from university.platform.settings import Settings


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
            "worker_class": "gthread",
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
        }
        for name, value in options.items():
            self.cfg.set(name, value)  # type: ignore[union-attr]

    def load(self) -> Any:
        """Return the app."""
        return self._load()
