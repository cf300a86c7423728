"""Bring every module's database to what the code expects."""

import importlib.util
from collections.abc import Sequence

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from entrypoints import configuration
from university.platform import migrations
from university.platform.database import Primary, open_database
from university.platform.settings import Settings

MODULES = ("course", "student", "enrollment", "gateway")


@click.command()
def migrate() -> None:
    """Bring the databases to what this version expects; in an image that of the one module that it holds."""
    settings = configuration.read()
    for module in MODULES:
        if importlib.util.find_spec(f"university.{module}"):
            click.echo(bring_up(settings, module))


def bring_up(settings: Settings, module: str) -> str:
    """Bring a module's database to its head, and say what was done."""
    primary = opened(settings, module)
    try:
        if _at_head(primary):
            return f"{module}: up to date"
        _upgrade(primary)
        return f"{module}: brought to {migrations.head_of(module)}"
    finally:
        primary.close()


def behind(settings: Settings, modules: Sequence[str] = MODULES) -> list[str]:
    """Name the modules whose databases are not what the code expects."""
    found = []
    for module in modules:
        primary = opened(settings, module)
        if not _at_head(primary):
            found.append(module)
        primary.close()
    return found


def opened(settings: Settings, module: str) -> Primary:
    """Return a module's primary database."""
    primary, _ = open_database(module, settings.primary_of(module), threads=1)
    return primary


def _upgrade(primary: Primary) -> None:
    try:
        migrations.upgrade(primary)
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise click.ClickException(f"The database of {primary.schema} was left as it is: {why}") from error


def _at_head(primary: Primary) -> bool:
    try:
        return migrations.at_head(primary)
    except (SQLAlchemyError, OSError) as error:
        raise click.ClickException(f"The database of {primary.schema} does not answer: {error}") from error
