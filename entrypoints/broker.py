"""Prepare RabbitMQ: exchanges, queues and bindings, and a user a module with least rights."""

import sys
from pathlib import Path

import click
import msgspec
from pika.exceptions import AMQPError

from university.platform.messaging import rabbitmq
from university.platform.messaging.topology import SERVICES


@click.group()
def broker() -> None:
    """Prepare RabbitMQ."""


@broker.command()
@click.option(
    "--passwords",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='A JSON file: {"course": "...", "student": "...", "enrollment": "..."}.',
)
@click.option("--vhost", default="university", show_default=True, help="The virtual host.")
def definitions(passwords: Path, vhost: str) -> None:
    """Print what `rabbitmqctl import_definitions` takes: everything, and a user a module."""
    try:
        told = msgspec.json.decode(passwords.read_bytes(), type=dict[str, str])
    except ValueError as error:
        raise click.ClickException(f"{passwords}: {error}") from error
    if set(told) != set(SERVICES):
        raise click.ClickException(f"{passwords} must hold a password for each of {', '.join(SERVICES)}.")
    click.echo(msgspec.json.format(msgspec.json.encode(rabbitmq.definitions(told, vhost)), indent=2))


@broker.command()
@click.argument("url", envvar="UNIVERSITY_BROKER_URL")
def declare(url: str) -> None:
    """Declare whatever is missing, as a user who may."""
    try:
        rabbitmq.ensure(url)
    except (AMQPError, rabbitmq.TopologyMissing, ValueError) as error:
        click.echo(f"RabbitMQ could not be prepared: {error!r}", err=True)
        sys.exit(1)
    click.echo("Exchanges, queues and bindings are there.")
