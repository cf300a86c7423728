"""The data a process works on: claimed by one at a time, and brought up to date before anybody reads it."""

import fcntl
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import click

from university.platform.settings import Settings

_PATIENCE = 15.0
"""Seconds given to a university that is still ending on the same data."""


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


def bring_up_to_date(settings: Settings) -> None:
    """Migrate in a process of its own: Alembic is never loaded where requests are served."""
    from entrypoints import migrate

    if migrate.behind(settings):
        click.echo("Preparing the databases ...")
        command = [sys.executable, "-m", "entrypoints.cli", "migrate"]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        if done.returncode:
            raise click.ClickException("The databases could not be prepared.")
