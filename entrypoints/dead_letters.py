"""Look at the events that could not be applied, send them again, or throw them away."""

from collections.abc import Callable, Sequence

import click
import msgspec

from entrypoints import configuration, migrate
from university.platform.messaging import dead_letters
from university.platform.messaging.dead_letters import DeadLetter, InOutbox, InQueue
from university.platform.messaging.topology import SERVICES

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
_MODULE = click.option(
    "--module", "modules", multiple=True, type=click.Choice(SERVICES), help="Only of this module; repeatable."
)
_ALL = click.option("--all", "everything", is_flag=True, help="Every one there is.")
_IDS = click.argument("ids", nargs=-1)
_TITLE = 48
"""Characters of a fault shown in a list."""


@click.group(name="dead-letters")
def group() -> None:
    """Events that were set aside after their last attempt."""


@group.command(name="list")
@_MODULE
@_JSON
def show_all(modules: Sequence[str], as_json: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """List the events that were set aside."""
    found = _letters(modules)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for one in found:
        reason = (one.fault.strip().splitlines() or [""])[-1][:_TITLE]
        click.echo(f"{one.id}  {one.place}  {one.type or '?'}  {one.attempts} attempts  {reason}")
    click.echo(f"{len(found)} dead letters.", err=True)


@group.command()
@click.argument("letter_id")
@_MODULE
def show(letter_id: str, modules: Sequence[str]) -> None:
    """Show one event whole, and what went wrong."""
    found = [one for one in _letters(modules) if one.id == letter_id]
    if not found:
        raise click.ClickException(f"There is no dead letter {letter_id}.")
    for one in found:
        click.echo(f"{one.place}: {one.type or 'not an event'} about {one.subject or '?'}, {one.attempts} attempts")
        click.echo(one.body)
        click.echo(one.fault)


@group.command()
@_IDS
@_ALL
@_MODULE
def replay(ids: Sequence[str], everything: bool, modules: Sequence[str]) -> None:  # noqa: FBT001
    """Send events to their hearers again."""
    _each(ids, everything, modules, lambda place, some: place.replay(some), "sent again")


@group.command()
@_IDS
@_MODULE
def discard(ids: Sequence[str], modules: Sequence[str]) -> None:
    """Throw events away for good."""
    _each(ids, everything=False, modules=modules, end=lambda place, some: place.discard(some), said="thrown away")


def _each(
    ids: Sequence[str],
    everything: bool,  # noqa: FBT001 - click's flag
    modules: Sequence[str],
    end: Callable[[InOutbox | InQueue, set[str]], int],
    said: str,
) -> None:
    if everything == bool(ids):
        raise click.UsageError("Name the events, or say --all.")
    count = 0
    for place in _places(modules):
        wanted = {one.id for one in place.letters()} if everything else set(ids)
        count += end(place, wanted) if wanted else 0
    click.echo(f"{count} {said}.")
    if not count and ids:
        raise click.ClickException("None of these is a dead letter.")


def _letters(modules: Sequence[str]) -> list[DeadLetter]:
    return [one for place in _places(modules) for one in place.letters()]


def _places(modules: Sequence[str]) -> list[InOutbox | InQueue]:
    settings = configuration.read()
    wanted = modules or configuration.modules_of(settings, SERVICES)
    primaries = [migrate.opened(settings, name) for name in wanted]
    return dead_letters.places(primaries, settings.broker_url)
