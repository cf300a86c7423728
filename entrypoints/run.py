"""Start the whole university in one process, from an empty folder if need be."""

import socket
import threading
import time
from typing import TYPE_CHECKING

import click

from entrypoints import configuration, data
from university.platform import telemetry
from university.platform.settings import Settings

if TYPE_CHECKING:
    from entrypoints.all_in_one import University


@click.command()
@click.option(
    "--no-demo", is_flag=True, help="Do not fill an empty university with a generated one (production mode never does)."
)
def run(no_demo: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """Start the whole university in one process."""
    settings = configuration.read()
    if settings.broker_url:
        raise click.ClickException("UNIVERSITY_BROKER_URL is set, and one process needs no broker; see `make split`.")
    claim = data.claimed(settings.data_dir)
    _refuse_taken_ports(settings)
    data.bring_up_to_date(settings)
    from entrypoints import all_in_one

    def ready(university: "University") -> None:
        _greet(settings)
        if not no_demo and settings.mode == "development":
            _fill_beside(university)

    telemetry.configure(settings.log_level)
    all_in_one.serve(settings, ready)
    claim.close()


def _refuse_taken_ports(settings: Settings) -> None:
    for port in (settings.port, settings.port + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                told = f"Cannot listen on {settings.host}:{port}: {error.strerror}."
                raise click.ClickException(f"{told} Choose another with UNIVERSITY_PORT.") from error


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
    click.echo(f"The university is open at {address}; programs find its API described at {address}/api/docs.")
    click.echo(f"Health and metrics: http://{settings.host}:{settings.port + 1}. Data: {settings.data_dir.resolve()}.")
    if settings.mode == "development":
        click.echo("Accounts: registrar, admin, instructor, student, or any student's number; the password is demo.")
    click.echo("Ctrl-C ends it.")
