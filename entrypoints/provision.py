"""Prepare servers for the modules: databases and roles on PostgreSQL, queues and users on RabbitMQ."""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import click
import psycopg

from entrypoints import passwords, provision_postgresql, provision_rabbitmq
from entrypoints.migrate import MODULES
from university.platform.messaging.topology import SERVICES

T = TypeVar("T")
PAUSE = 1.0
"""Seconds between two looks at a server that is not there yet."""


def _told(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return an address, or what the file holds that `@` names: addresses with passwords are no one else's business."""
    if not value.startswith("@"):
        return value
    try:
        return Path(value[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"the file cannot be read: {error}") from error


_PASSWORDS = click.option(
    "--passwords",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="A JSON file of passwords by name, such as course_app; what it lacks is made up and added.",
)
_PATIENCE = click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    help="Seconds to wait for a server that does not answer yet.",
)


@click.group()
def provision() -> None:
    """Prepare servers for the modules; again changes nothing."""


@provision.command("postgresql")
@click.argument("admin_url", envvar="UNIVERSITY_ADMIN_URL", callback=_told)
@_PASSWORDS
@_PATIENCE
@click.option(
    "--module", "modules", type=click.Choice(MODULES), multiple=True, help="For this module, or several; else for all."
)
@click.option(
    "--prefix",
    default=provision_postgresql.PREFIX,
    show_default=True,
    help="What names of databases and roles begin with.",
)
@click.option(
    "--for",
    "role",
    type=click.Choice(provision_postgresql.ROLES),
    help="Print settings with this role's addresses and passwords.",
)
def for_postgresql(
    admin_url: str, file: Path, patience: float, modules: tuple[str, ...], prefix: str, role: str | None
) -> None:
    """Make the modules' databases and roles; again changes nothing. ADMIN_URL may be @FILE, which holds it."""
    chosen = modules or MODULES
    try:
        words = passwords.in_file(file, provision_postgresql.names(chosen))
        given = patiently(
            patience,
            lambda: provision_postgresql.prepare(admin_url, words, chosen, prefix=prefix),
            lambda error: isinstance(error, psycopg.Error) and provision_postgresql.is_coming(error),
        )
    except (OSError, ValueError, psycopg.Error) as error:
        raise click.ClickException(str(error).strip()) from error
    for module, access in given.items():
        if role:
            click.echo(f"UNIVERSITY_DATABASE_URL__{module.upper()}={asdict(access)[role]}")
        else:
            click.echo(f"{module}: database {prefix}{module} and its roles are there.")


@provision.command("rabbitmq")
@click.argument("management_url", envvar="UNIVERSITY_MANAGEMENT_URL", callback=_told)
@_PASSWORDS
@_PATIENCE
@click.option("--vhost", default="university", show_default=True, help="The virtual host.")
@click.option("--prefix", default="university-", show_default=True, help="What names of users begin with.")
def for_rabbitmq(management_url: str, file: Path, patience: float, vhost: str, prefix: str) -> None:
    """Make exchanges, queues and a user a module; again changes nothing.

    MANAGEMENT_URL is that of RabbitMQ's management API, such as http://admin:password@host:15672, or @FILE, which holds
    it.
    """
    try:
        words = passwords.in_file(file, SERVICES)
        changed = patiently(
            patience,
            lambda: provision_rabbitmq.prepare(management_url, words, vhost, prefix=prefix),
            lambda error: isinstance(error, provision_rabbitmq.Unreached),
        )
    except (OSError, ValueError, provision_rabbitmq.Unreached, provision_rabbitmq.Refused) as error:
        raise click.ClickException(str(error)) from error
    told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in changed.items())
    click.echo(f"{vhost}: {told} made or set right." if told else f"{vhost}: everything is there.")


def patiently(patience: float, attempt: Callable[[], T], passes: Callable[[Exception], bool]) -> T:
    """Return what an attempt gives; one that fails in a way that passes is made again, for so many seconds."""
    until = time.monotonic() + patience
    told = False
    while True:
        try:
            return attempt()
        except Exception as error:
            if not passes(error) or time.monotonic() >= until:
                raise
            if not told:
                click.echo(f"It does not answer yet; trying for {patience:g} s.", err=True)
                told = True
        time.sleep(PAUSE)
