"""Serve a WSGI app with gunicorn: one process, threads, the public port and the management port."""

import math
import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from university.platform import lines
from university.platform.settings import Settings
from university.platform.threads import FINISHING, Worker

_IN_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes files there that nobody can guess


class Server(BaseApplication):
    """One worker that builds the app after the fork, so that threads and databases belong to it."""

    def __init__(self, settings: Settings, load: Callable[[], Any], stop: Callable[[], None]) -> None:
        self._settings, self._load, self._stop = settings, load, stop
        self.drain_seconds, self.management_port = settings.drain_seconds, settings.port + 1
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
            "graceful_timeout": math.ceil(settings.drain_seconds) + FINISHING + 5,
            "timeout": 120,
            "control_socket_disable": True,
            # A worker shows that it lives by a file; on a disk, that could wait for the disk.
            "worker_tmp_dir": _IN_MEMORY if os.path.isdir(_IN_MEMORY) else None,  # noqa: PTH112 - gunicorn takes text
            "worker_exit": lambda _server, _worker: self._stop(),
            "loglevel": "warning",
            "limit_request_line": lines.LONGEST_LINE,
            "limit_request_fields": 100,
            "limit_request_field_size": 8190,
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
