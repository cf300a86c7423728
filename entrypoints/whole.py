"""Whether all modules are here, for commands that put the whole university together; in an image they are not."""

import importlib.util

import click


def need() -> None:
    """Leave with a sentence where only one module is."""
    if importlib.util.find_spec("entrypoints.all_in_one") is None:
        raise click.ClickException(
            "Only one module is here. Name the university's address with --url, or let the settings say where the "
            "others are: UNIVERSITY_NEIGHBOR_URL__..., UNIVERSITY_SIGNING_KEYS, UNIVERSITY_TRUSTED_KEYS."
        )
