"""Renew what modules keep of one another, from the modules themselves."""

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
import msgspec

from entrypoints import assembling
from entrypoints.progress import progress
from university.platform.errors import Unavailable
from university.platform.messaging import copies
from university.platform.messaging.copies import Renewed

COPIES = (
    "course.availability",
    "student.course-facts",
    "student.study-record",
    "enrollment.section-facts",
    "enrollment.student-facts",
)


@click.command()
@click.argument("subscriptions", nargs=-1, type=click.Choice(COPIES), metavar="[SUBSCRIPTION]...")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def resynchronize(subscriptions: Sequence[str], as_json: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """Renew copies from their neighbors: all of those here, or those of the subscriptions named.

    For a database that was emptied or restored, and for news that got lost. What is newer here stays; what the
    neighbor has no more goes. It may run at any time, any number of times.
    """
    outcomes: list[Renewed] = []
    with assembling.modules() as (_, here), progress(quiet=as_json) as tell:
        kept = {name: module.kept().copies for name, module in here.items()}
        known = {copy.subscription for some in kept.values() for copy in some}
        if away := [name for name in subscriptions if name not in known]:
            raise click.ClickException(f"The database of {away[0].partition('.')[0]} is not here.")
        for name, some in kept.items():
            wanted = [copy for copy in some if not subscriptions or copy.subscription in subscriptions]
            try:
                outcomes += copies.resynchronize(here[name].primary, wanted, tell)
            except Unavailable as error:
                click.echo(f"A neighbor of {name} does not answer: {error}. What was renewed so far stays.", err=True)
                sys.exit(1)
    if as_json:
        click.echo(msgspec.json.encode([asdict(one) for one in outcomes]).decode())
        return
    for one in outcomes:
        told = f"{one.told:,} told, {one.renewed:,} renewed, {one.forgotten:,} forgotten"
        click.echo(f"{one.subscription}, {one.kind}: {told}")
