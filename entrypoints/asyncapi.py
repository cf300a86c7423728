"""Print the one AsyncAPI document."""

import importlib.metadata

import click
import msgspec


@click.command()
def asyncapi() -> None:
    """Print the AsyncAPI document of all events as JSON."""
    from entrypoints.all_in_one import WIRINGS
    from university.platform.messaging.document import document

    announced = {wiring.name: wiring.announces for wiring in WIRINGS}
    told = document(announced, importlib.metadata.version("university"))
    click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
