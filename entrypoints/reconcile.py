"""Compare what views hold with the truth, and repair it."""

import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
import msgspec

from entrypoints import assembling
from entrypoints.progress import progress
from university.platform.errors import Unavailable
from university.platform.messaging import reconciliation
from university.platform.messaging.reconciliation import PATIENCE, Found, Reconciliation, Way
from university.platform.settings import Settings

if TYPE_CHECKING:
    from entrypoints.calling import Tell
    from university.platform.assembly import Assembled


@click.command()
@click.option("--repair/--check", default=True, show_default=True, help="Repair what is wrong, or only tell it.")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=PATIENCE,
    show_default=True,
    help="Seconds given to news that is on its way.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def reconcile(repair: bool, patience: float, as_json: bool) -> None:  # noqa: FBT001 - click passes the flags so
    """Compare every view of enrollments with the truth, and every count with its rows; repair what is wrong.

    Ends with 0 when nothing is wrong or all of it was repaired. It may run at any time; what is only late is left
    alone. The views of the databases that are here are compared.
    """
    found: list[Found] = []
    with assembling.modules() as (settings, here), progress(quiet=as_json) as tell:
        for name, module in here.items():
            try:
                found += _cycle(module, Way(repair, patience, _queued(settings)), tell)
            except Unavailable as error:
                click.echo(f"The truth about the views of {name} cannot be had: {error}.", err=True)
                sys.exit(1)
    if as_json:
        click.echo(msgspec.json.encode({one.name: _told(one) for one in found}).decode())
    else:
        for one in found:
            click.echo(_said(one))
    sys.exit(1 if any(one.left for one in found) else 0)


def _cycle(module: "Assembled", way: Way, tell: "Tell") -> list[Found]:
    kept = module.kept()
    views = [Reconciliation(module.primary, view, way, tell).run() for view in kept.views]
    return views + [reconciliation.check(module.primary, counters, way) for counters in kept.counters]


def _queued(settings: Settings) -> Callable[[str], bool]:
    """Return what tells whether a subscription's news still waits at the broker; of a silent one, nobody knows."""
    if not settings.broker_url:
        return lambda _subscription: False
    from pika.exceptions import AMQPError

    from university.platform.messaging import rabbitmq

    def queued(subscription: str) -> bool:
        try:
            return rabbitmq.waiting(settings.broker_url, subscription) > 0
        except AMQPError:
            return True

    return queued


def _told(found: Found) -> dict[str, Any]:
    wrong = Counter(found.wrong.values())
    return {"compared": found.compared, "wrong": wrong, "left": len(found.left), "late": found.late}


def _said(found: Found) -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(Counter(found.wrong.values()).items()))
    wrong = f"{len(found.wrong):,} wrong" + (f" ({kinds})" if kinds else "")
    repaired = len(found.wrong) - len(found.left)
    return f"{found.name}: {found.compared:,} compared, {wrong}, {repaired:,} repaired, {found.late:,} late"
