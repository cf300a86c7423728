"""Tell again what was told since a moment, for hearers that lost what they knew."""

from collections.abc import Sequence
from datetime import datetime

import click

from entrypoints import configuration, migrate
from university.platform.messaging import outbox
from university.platform.messaging.topology import SERVICES


@click.command()
@click.option("--since", required=True, help="A moment as `2026-10-01T08:00:00Z`; sent events are kept 30 days.")
@click.option("--until", help="A moment; now without it.")
@click.option("--type", "prefix", default="", help="Only events whose type begins so, as `enrollment.`.")
@click.option(
    "--module", "modules", multiple=True, type=click.Choice(SERVICES), help="Only of this module; repeatable."
)
def republish(since: str, until: str | None, prefix: str, modules: Sequence[str]) -> None:
    """Send events again; whoever applied one already does not apply it twice."""
    begin, end = _moment(since, "--since"), _moment(until, "--until") if until else None
    settings = configuration.read()
    for name in modules or configuration.modules_of(settings, SERVICES):
        primary = migrate.opened(settings, name)
        count = outbox.republish(primary, begin, end, prefix=prefix)
        primary.close()
        click.echo(f"{name}: {count:,} events are sent again")


def _moment(told: str, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise click.BadParameter(f"{told!r} is not a moment", param_hint=option) from error
    if moment.tzinfo is None:
        raise click.BadParameter(f"{told!r} names no time zone; end it with Z for UTC", param_hint=option)
    return moment
