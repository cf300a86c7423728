"""The settings of a command, or one clear sentence about each that is wrong."""

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


def _told(place: tuple[int | str, ...], message: str) -> str:
    name = "__".join(str(part) for part in place).upper()
    return f"  UNIVERSITY_{name}: {message}"
