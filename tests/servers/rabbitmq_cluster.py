"""Three RabbitMQ nodes on one machine, one of which is killed now and then; from Debian's programs."""

import base64
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.process import free_ports

BIN = Path("/usr/lib/rabbitmq/bin")
NODES = (1, 2, 3)
_CONFIGURATION = """
listeners.tcp.1 = 127.0.0.1:{amqp}
distribution.listener.interface = 127.0.0.1
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = r1@localhost
cluster_formation.classic_config.nodes.2 = r2@localhost
cluster_formation.classic_config.nodes.3 = r3@localhost
cluster_partition_handling = pause_minority
"""


class Cluster:
    """Nodes 1 to 3; a quorum is two."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first = free_ports(8)
        home = folder / "home"
        home.mkdir(parents=True)
        cookie = home / ".erlang.cookie"
        cookie.write_text(base64.b32encode(secrets.token_bytes(15)).decode())
        cookie.chmod(0o400)
        self._home = home

    def url(self, vhost: str) -> str:
        """The administrator's address of all nodes."""
        return ";".join(f"amqp://guest:guest@127.0.0.1:{self._first + node}/{vhost}" for node in NODES)

    def start(self) -> None:
        """Start all and wait until they are one."""
        for node in NODES:
            self.up(node)
            time.sleep(1)
        for node in NODES:
            self.await_all(node)

    def up(self, node: int) -> None:
        """Start a node."""
        folder = self._folder / f"n{node}"
        for name in ("log", "mnesia"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "rabbitmq.conf").write_text(_CONFIGURATION.format(amqp=self._first + node))
        (folder / "enabled_plugins").write_text("[].")
        with (folder / "console.log").open("ab") as out:
            subprocess.Popen(
                [BIN / "rabbitmq-server"], env=self._environment(node), stdout=out, stderr=out, start_new_session=True
            )

    def kill(self, node: int) -> None:
        """End a node as `kill -9` does."""
        os.kill(int((self._folder / f"n{node}" / "pid").read_text()), signal.SIGKILL)

    def stop(self) -> None:
        """End all, and their port mapper."""
        for node in NODES:
            with suppress(OSError, ValueError):
                self.kill(node)
        subprocess.run(["epmd", "-kill"], env=self._environment(1), capture_output=True, check=False)

    def control(self, node: int, arguments: Sequence[str], told: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        """Administer it, as `rabbitmqctl` does."""
        command = [str(BIN / "rabbitmqctl"), "--quiet", "-n", f"r{node}@localhost", *arguments]
        return subprocess.run(command, env=self._environment(node), input=told, capture_output=True, check=False)

    def await_all(self, node: int) -> None:
        """Wait until a node sees all three."""
        until = time.monotonic() + 180
        while self.control(node, ["await_online_nodes", "3", "--timeout", "5"]).returncode:
            assert time.monotonic() < until, f"node {node} does not see the others"
            time.sleep(1)

    def leader_of(self, vhost: str, queue: str, asked: int) -> int:
        """Return the node that leads a queue."""
        told = self.control(asked, ["list_queues", "-p", vhost, "name", "leader", "--no-table-headers"]).stdout
        leaders = dict(line.split("\t") for line in told.decode().splitlines() if "\t" in line)
        return int(leaders[queue].partition("@")[0].strip("r"))

    def _environment(self, node: int) -> dict[str, str]:
        folder = self._folder / f"n{node}"
        return {
            **os.environ,
            "HOME": str(self._home),
            "ERL_EPMD_PORT": str(self._first),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"r{node}@localhost",
            "RABBITMQ_DIST_PORT": str(self._first + len(NODES) + node),
            "ERL_CRASH_DUMP": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "mnesia" / "feature_flags"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
        }
