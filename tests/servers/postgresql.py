"""PostgreSQL servers of a test's own: a primary and a streaming replica, to be paused, killed and promoted."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import URL

ACCOUNT = "postgres"
"""Whom root lends the servers to: PostgreSQL refuses to run as root."""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "hot_standby": "on",
    "wal_log_hints": "on",
    "logging_collector": "off",
    # Tests kill processes, never the machine: waiting for the disk would prove nothing.
    "fsync": "off",
}


class Server:
    """One PostgreSQL server; `Server.primary` makes one, `replicated` another that follows it."""

    def __init__(self, folder: Path, name: str, port: int, password: str | None = None) -> None:
        self.name, self.port, self._password = name, port, password
        self._data, self._log = folder / name, folder / f"{name}.log"

    @classmethod
    def primary(cls, folder: Path, *, auth: str = "trust", password: str | None = None) -> "Server":
        """Make and start a server whose superuser is `postgres`; others sign in by `auth`."""
        server = cls(folder, "primary", free_port(), password)
        words = folder / "password"
        asked = []
        if password is not None:
            words.write_text(password)
            _lend(words)
            asked = [f"--pwfile={words}"]
        _run("initdb", "-D", server._data, "-U", "postgres", f"--auth={auth}", "-E", "UTF8", "--locale=C.UTF-8", *asked)
        server._configure()
        hba = server._data / "pg_hba.conf"
        hba.write_text(f"host replication postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 {auth}\n")
        server.start()
        return server

    def replicated(self, *, synchronous: bool = False) -> "Server":
        """Make and start a server that follows this one; when `synchronous`, no commit returns before it has it."""
        follower = Server(self._data.parent, "replica", free_port(), self._password)
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name=replica"
        _run(
            "pg_basebackup",
            "-d",
            source,
            "-D",
            follower._data,
            "-R",
            "-X",
            "stream",
            "-C",
            "-S",
            "replica",
            "-c",
            "fast",
        )
        follower._configure()
        follower.start()
        if synchronous:
            self.sql("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (replica)'")
            self.sql("SELECT pg_reload_conf()")
            wait_for(lambda: self.sql("SELECT sync_state FROM pg_stat_replication") == [("quorum",)])
        return follower

    def url(self, database: str = "postgres") -> str:
        """Return the superuser's address of a database."""
        address = URL.create("postgresql", "postgres", self._password, "127.0.0.1", self.port, database)
        return address.render_as_string(hide_password=False)

    def sql(self, statement: str, *values: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser and return its rows."""
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it and wait until it answers."""
        _run("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-t", "60", "start")

    def stop(self) -> None:
        """End it, in whatever state it is."""
        with suppress(subprocess.CalledProcessError):
            _run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """End it as `kill -9` does: without a word to anybody, its backends included."""
        pid = self._pid()
        backends = [row[0] for row in self.sql("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")]
        for one in (pid, *backends):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        # What nobody has waited for yet would look alive to pg_ctl.
        wait_for(lambda: not _listens(self.port))
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def pause(self) -> None:
        """Let a replica take in what comes, but show nothing of it."""
        self.sql("SELECT pg_wal_replay_pause()")
        wait_for(lambda: self.sql("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])

    def resume(self) -> None:
        """Let a replica catch up."""
        self.sql("SELECT pg_wal_replay_resume()")

    def delay(self, milliseconds: int) -> None:
        """Let a replica show every commit so much later."""
        self.sql(f"ALTER SYSTEM SET recovery_min_apply_delay = {milliseconds}")
        self.sql("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Make the replica a primary; return when it takes writes."""
        _run("pg_ctl", "-D", self._data, "-w", "promote")
        # A primary that waits for a replica which does not exist would never commit.
        self.sql("ALTER SYSTEM RESET synchronous_standby_names")
        self.sql("SELECT pg_reload_conf()")

    def caught_up_with(self, primary: "Server") -> bool:
        """Tell whether a replica shows all that is committed now."""
        ((position,),) = primary.sql("SELECT pg_current_wal_flush_lsn()::text")
        return self.sql("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", position) == [(True,)]

    def _configure(self) -> None:
        lines = [f"{name} = '{value}'" for name, value in {**_SETTINGS, "port": self.port}.items()]
        file = self._data / "postgresql.conf"
        file.write_text("\n".join(lines) + "\n")

    def _pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def folder_of_servers() -> Iterator[Path]:
    """Give a folder that the servers' account may enter; end every server in it afterwards."""
    if _program("initdb") is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's programs are missing, and CI must have them")
        pytest.skip("no PostgreSQL programs on this machine")
    folder = Path(tempfile.mkdtemp(prefix="university-servers-"))
    _lend(folder)
    try:
        yield folder
    finally:
        for data in (file.parent for file in folder.glob("*/postmaster.pid")):
            Server(folder, data.name, 0).stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a free port below those that outgoing connections take."""
    while True:
        port = random.randrange(10_000, 32_000)
        if not _listens(port):
            return port


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _program(name: str) -> str | None:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(installed[-1]) if installed else None)


def _run(program: str, *arguments: object) -> None:
    as_account = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
    command = [*as_account, str(_program(program)), *map(str, arguments)]
    with tempfile.TemporaryFile() as told:  # not a pipe: a started server would keep it open
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, cwd="/", check=False)
        told.seek(0)
        if ended.returncode:
            raise subprocess.CalledProcessError(ended.returncode, command, told.read())


def _lend(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, ACCOUNT)
