"""Start the whole university in one process, from an empty folder if need be."""

import fcntl
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from entrypoints import configuration
from university.platform import telemetry
from university.platform.settings import Settings

if TYPE_CHECKING:
    from entrypoints.all_in_one import University

_PATIENCE = 5.0
"""Seconds given to a university that is still ending on the same data."""


@click.command()
@click.option("--no-demo", is_flag=True, help="Do not fill an empty university with a generated one.")
def run(no_demo: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """Start the whole university in one process."""
    settings = configuration.read()
    claim = claimed(settings.data_dir)
    _refuse_taken_ports(settings)
    bring_up_to_date(settings)
    from entrypoints import all_in_one

    def ready(university: "University") -> None:
        _greet(settings)
        if not no_demo:
            _fill_beside(university)

    telemetry.configure(settings.log_level)
    all_in_one.serve(settings, ready)
    claim.close()


def claimed(folder: Path) -> IO[str]:
    """Return a lock on the data that ends with this process and its workers, however they end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise click.ClickException(f"UNIVERSITY_DATA_DIR: {error}") from error
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > patience:
                raise click.ClickException(f"Another university already runs on {folder.resolve()}.") from None
            time.sleep(0.1)
        else:
            return lock


def _refuse_taken_ports(settings: Settings) -> None:
    for port in (settings.port, settings.port + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                told = f"Cannot listen on {settings.host}:{port}: {error.strerror}."
                raise click.ClickException(f"{told} Choose another with UNIVERSITY_PORT.") from error


def bring_up_to_date(settings: Settings) -> None:
    """Migrate in a process of its own: Alembic is never loaded where requests are served."""
    from entrypoints import migrate

    if migrate.behind(settings):
        click.echo("Preparing the databases ...")
        command = [sys.executable, "-m", "entrypoints.cli", "migrate"]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        if done.returncode:
            raise click.ClickException("The databases could not be prepared.")


def _fill_beside(university: "University") -> None:
    """Let a made-up university move into an empty one while requests are served; unready until it has."""
    from entrypoints import demo

    settled = threading.Event()

    def fill() -> None:
        began = time.monotonic()
        try:
            if demo.fill_if_empty(university):
                seconds = time.monotonic() - began
                click.echo(f"A made-up university of {demo.FEW} students has moved in ({seconds:.0f} s).")
        except click.ClickException as error:
            error.show()
        finally:
            settled.set()

    university.checks["demo"] = settled.is_set
    threading.Thread(target=fill, name="demo", daemon=True).start()


def _greet(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"The university is open at {address}/api/v1, its pages at {address}/api/docs.")
    click.echo(f"Health and metrics: http://{settings.host}:{settings.port + 1}. Data: {settings.data_dir.resolve()}.")
    if settings.mode == "development":
        click.echo("Accounts: registrar, admin, instructor, student, or any student's number; the password is demo.")
    click.echo("Ctrl-C ends it.")
