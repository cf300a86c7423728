"""Modules put together for a command that works on their databases, beside a university that may be running."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from entrypoints import configuration, whole
from university.platform import telemetry
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings
from university.platform.wiring import Wiring

if TYPE_CHECKING:
    from university.platform.assembly import Assembled


@contextmanager
def modules() -> Iterator[tuple[Settings, dict[str, "Assembled"]]]:
    """Open the modules whose databases are here; where there are keys, the neighbors are asked by the network.

    Without keys it is one process: all modules are here and answer one another in this one.
    """
    settings = configuration.read()
    telemetry.configure("warning")
    here = _split(settings) if settings.signing_keys else _together(settings)
    try:
        for module in here.values():
            _look_at(module)
        yield settings, here
    finally:
        for module in here.values():
            module.primary.close()


def _split(settings: Settings) -> dict[str, "Assembled"]:
    from entrypoints import service

    named = [name for name in SERVICES if name in settings.database_url]
    if not named:
        raise click.ClickException("UNIVERSITY_DATABASE_URL__<MODULE> names no database of a module that keeps copies.")
    around = service.surroundings(settings)
    return {name: service.assembled(_wiring(name), settings, *around) for name in named}


def _wiring(module: str) -> type[Wiring]:
    """Return a module's wiring, and load no other's: in a container there is no other."""
    found: type[Wiring] = getattr(
        importlib.import_module(f"university.{module}.wiring"), f"{module.capitalize()}Wiring"
    )
    return found


def _together(settings: Settings) -> dict[str, "Assembled"]:
    whole.need()
    from entrypoints import all_in_one

    university = all_in_one.put_together(settings)
    university.modules.pop("gateway").primary.close()
    return university.modules


def _look_at(module: "Assembled") -> None:
    for check, holds in module.checks().items():
        try:
            fine = holds()
        except Exception as error:
            raise click.ClickException(f"{check} does not answer: {error}") from error
        if not fine:
            raise click.ClickException(f"{check} is not as this version expects; run `university migrate`.")
