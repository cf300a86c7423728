"""The settings of a command, or one clear sentence about each that is wrong."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from university.platform.settings import Settings

PATIENCE = 30.0
"""Seconds to wait for a file of settings: whoever makes it may have started together with us."""


def read() -> Settings:
    """Return the settings; leave with what is wrong with them."""
    try:
        settings = Settings()
        if settings.settings_file is not None:
            _look_at(settings.settings_file)
            settings = Settings(_env_file=settings.settings_file)  # type: ignore[call-arg] # pydantic takes it, mypy sees fields only
    except ValidationError as error:
        raise _refusal(_told(fault["loc"], fault["msg"]) for fault in error.errors()) from error
    if settings.lacking:
        raise _refusal(
            _told((name,), f"is asked for with UNIVERSITY_{given.upper()}") for name, given in settings.lacking
        )
    if settings.mode == "production" and settings.guessable:
        raise _refusal(_told((name,), "holds a password that everybody tries first") for name in settings.guessable)
    return settings


def modules_of(settings: Settings, among: Sequence[str]) -> list[str]:
    """Return the modules whose data a command works on: all, or those that this environment names a database of."""
    return [name for name in among if name in settings.database_url or not settings.database_url]


def _look_at(file: Path) -> None:
    """Leave when a file cannot be read: pydantic would do without it. One that is not there yet is waited for."""
    until = time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.2)
    try:
        file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"UNIVERSITY_SETTINGS_FILE cannot be read: {error}.") from error


def _refusal(faults: Iterable[str]) -> click.ClickException:
    return click.ClickException("The settings are not valid.\n" + "\n".join(faults))


def _told(place: tuple[int | str, ...], message: str) -> str:
    name = "__".join(str(part) for part in place).upper()
    # What a file tells and nobody knows is named whole.
    return f"  UNIVERSITY_{name.removeprefix('UNIVERSITY_')}: {message}"
