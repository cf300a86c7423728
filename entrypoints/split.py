"""Start the split university on this machine: a gateway, three services and their workers, PostgreSQL, RabbitMQ."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from entrypoints import calling, configuration, demo, keys, passwords, provision_postgresql
from entrypoints.processes import NeverReady, Part, Parts
from university.platform.messaging import rabbitmq
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

_SERVERS = Path(__file__).parents[1] / "scripts" / "services"
STEP = 10
"""Ports between two services; a worker's is two above its service's."""


@dataclass(frozen=True)
class Servers:
    """The servers everything rests on, as an administrator reaches them."""

    postgresql: str
    rabbitmq: str
    rabbitmqctl: Callable[[Sequence[str], bytes], subprocess.CompletedProcess[bytes]]
    """Administers RabbitMQ: takes arguments and what to say, as `rabbitmqctl` does."""


@dataclass(frozen=True)
class Ground:
    """What the processes stand on, prepared: addresses with least rights, and keys."""

    databases: Mapping[str, provision_postgresql.Access]
    brokers: Mapping[str, str]
    keys: Path
    folder: Path


@click.command()
@click.option("--no-demo", is_flag=True, help="Do not fill an empty university with a generated one.")
@click.option("--name", default="university", show_default=True, help="What databases, users and queues are named by.")
def split(no_demo: bool, name: str) -> None:  # noqa: FBT001 - click passes the flag so
    """Start the split university; Ctrl-C ends it."""
    settings = configuration.read()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        ground = prepare(found_or_started(), settings.data_dir / "split", prefix=f"{name}_", vhost=name)
        parts = laid_out(ground, settings)
        click.echo(f"Starting {', '.join(part.name for part in parts.parts)} ...")
        parts.start()
    except (NeverReady, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    _greet(settings, ground)
    if not no_demo and settings.mode == "development":
        _fill(settings)
    while not ended.wait(1.0):
        for part in parts.revive():
            click.echo(f"{part} had ended and is started again; its log is in {ground.folder}.", err=True)
    click.echo("Ending ...")
    sys.exit(0 if parts.stop(signal.SIGTERM) else 1)


def found_or_started() -> Servers:
    """Return the servers that the environment names, or those that the project's script finds or starts."""
    told = {name: os.environ.get(name, "") for name in ("UNIVERSITY_SPLIT_POSTGRES", "UNIVERSITY_SPLIT_RABBITMQ")}
    if not all(told.values()):
        done = subprocess.run([_SERVERS, "start"], check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        if done.returncode:
            raise click.ClickException("PostgreSQL and RabbitMQ are needed; see above.")
        found = dict(line.split("=", 1) for line in done.stdout.splitlines())
        told = {name: value or found[name.replace("_SPLIT_", "_TEST_")] for name, value in told.items()}
    return Servers(told["UNIVERSITY_SPLIT_POSTGRES"], told["UNIVERSITY_SPLIT_RABBITMQ"], rabbitmqctl)


def rabbitmqctl(arguments: Sequence[str], told: bytes) -> "subprocess.CompletedProcess[bytes]":
    """Administer the RabbitMQ of this machine, as far as this account may."""
    command = [str(_SERVERS), "rabbitmqctl", "--quiet", *arguments]
    return subprocess.run(command, input=told, check=False, capture_output=True)  # noqa: S603 - our own script


def prepare(
    servers: Servers, folder: Path, *, prefix: str = provision_postgresql.PREFIX, vhost: str = "university"
) -> Ground:
    """Make databases, roles, users, queues and keys where they are missing, and migrate; again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    words = passwords.in_file(folder / "passwords.json", provision_postgresql.names())
    databases = provision_postgresql.prepare(servers.postgresql, words, prefix=prefix)
    brokers = _brokers(servers, words, vhost, prefix, folder)
    if not (folder / "keys" / keys.TRUSTED).exists():
        keys.write(folder / "keys")
    ground = Ground(databases, brokers, folder / "keys", folder)
    migrate(databases)
    return ground


def laid_out(ground: Ground, settings: Settings) -> Parts:
    """Return the processes: workers first, so that whatever is told is heard, and the gateway last."""
    ports = {name: settings.port + STEP * number for number, name in enumerate(("gateway", *SERVICES))}
    urls = {f"UNIVERSITY_NEIGHBOR_URL__{name.upper()}": f"http://127.0.0.1:{ports[name]}" for name in SERVICES}
    workers, services = [], []
    for name in SERVICES:
        told = {**environment(ground, name), **urls, "UNIVERSITY_BROKER_URL": ground.brokers[name]}
        log = ground.folder / f"{name}.log"
        workers.append(Part(f"{name}-worker", f"entrypoints.{name}", ["worker"], ports[name] + 2, told, log))
        services.append(Part(name, f"entrypoints.{name}", ["web"], ports[name], told, log))
    told = {**environment(ground, "gateway"), **urls}
    log = ground.folder / "gateway.log"
    gateway = Part("gateway", "entrypoints.gateway", ["web"], ports["gateway"], told, log)
    return Parts([*workers, *services, gateway])


def environment(ground: Ground, module: str) -> dict[str, str]:
    """Return what every process of a module is told: its own database, its own keys, and nobody else's."""
    return {
        f"UNIVERSITY_DATABASE_URL__{module.upper()}": ground.databases[module].app,
        "UNIVERSITY_SIGNING_KEYS": str(ground.keys / f"{module}.json"),
        "UNIVERSITY_TRUSTED_KEYS": str(ground.keys / keys.TRUSTED),
    }


def _brokers(servers: Servers, words: Mapping[str, str], vhost: str, prefix: str, folder: Path) -> dict[str, str]:
    """Return the broker's address for each module; without the right to administer it, all share the one given."""
    users = {name: words[f"{name}_app"] for name in SERVICES}
    definitions = msgspec.json.encode(rabbitmq.definitions(users, vhost, prefix=prefix))
    done = servers.rabbitmqctl(["import_definitions"], definitions)
    (folder / "rabbitmq.log").write_bytes(done.stdout + done.stderr)
    if done.returncode:
        click.echo("RabbitMQ cannot be administered from here: the modules share one user.", err=True)
        return dict.fromkeys(SERVICES, servers.rabbitmq)
    address = urlsplit(servers.rabbitmq)
    where = f"{address.hostname}:{address.port or 5672}/{vhost}"
    return {name: f"amqp://{prefix}{name}:{password}@{where}" for name, password in users.items()}


def migrate(databases: Mapping[str, provision_postgresql.Access]) -> None:
    """Bring every database to what this version expects; leave when that fails."""
    urls = {f"UNIVERSITY_DATABASE_URL__{name.upper()}": access.migrator for name, access in databases.items()}
    command = [sys.executable, "-m", "entrypoints.cli", "migrate"]
    done = subprocess.run(command, env={**os.environ, **urls}, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    if done.returncode:
        raise click.ClickException("The databases could not be prepared.")


def _greet(settings: Settings, ground: Ground) -> None:
    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"The university is open at {address}; programs find its API described at {address}/api/docs.")
    click.echo(f"Health and metrics: http://{settings.host}:{settings.port + 1}. Logs: {ground.folder.resolve()}.")
    click.echo("Ctrl-C ends it.")


def _fill(settings: Settings) -> None:
    """Let a made-up university move into an empty one, by the door, while requests are served."""
    api = calling.over_http(f"http://{settings.host}:{settings.port}", None)
    today = datetime.now(settings.zone).date()

    def fill() -> None:
        try:
            if demo.move_in(api, today=today):
                click.echo(f"A made-up university of {demo.FEW} students has moved in.")
        except click.ClickException as error:
            error.show()

    threading.Thread(target=fill, name="demo", daemon=True).start()


if __name__ == "__main__":
    split()
