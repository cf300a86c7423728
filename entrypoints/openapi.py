"""Print the one OpenAPI document."""

import tempfile
from pathlib import Path

import click
import msgspec

from entrypoints import configuration


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the whole API as JSON."""
    from entrypoints import all_in_one

    with tempfile.TemporaryDirectory() as folder:
        # The document does not depend on any data, so no database of the installation is touched.
        nowhere = {"data_dir": Path(folder), "database_url": {}, "replica_url": {}}
        university = all_in_one.put_together(configuration.read().model_copy(update=nowhere))
        document = university.document()
        university.stop()
    click.echo(msgspec.json.format(document, indent=2).decode())
