"""The settings of a command, or one clear sentence about each that is wrong."""

from collections.abc import Sequence

import click
from pydantic import ValidationError

from university.platform.settings import Settings


def read() -> Settings:
    """Return the settings; leave with what is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [_told(fault["loc"], fault["msg"]) for fault in error.errors()]
        raise click.ClickException("The settings are not valid.\n" + "\n".join(faults)) from error


def modules_of(settings: Settings, among: Sequence[str]) -> list[str]:
    """Return the modules whose data a command works on: all, or those that this environment names a database of."""
    return [name for name in among if name in settings.database_url or not settings.database_url]


def _told(place: tuple[int | str, ...], message: str) -> str:
    name = "__".join(str(part) for part in place).upper()
    return f"  UNIVERSITY_{name}: {message}"
