"""The gateway's container: `web`, `migrate` and `accounts`; it hears and tells nothing."""

from collections.abc import Callable

import click

from entrypoints import service
from entrypoints.accounts import accounts
from university.gateway import wiring
from university.gateway.wiring import GatewayWiring
from university.platform.assembly import Assembled
from university.platform.schedule import Scheduler


@click.group()
def main() -> None:
    """The gateway in a process of its own; settings come from the environment."""


@main.command()
def web() -> None:
    """Serve the public API."""
    service.serve(GatewayWiring, wiring.door, _schedule)


main.add_command(service.migration(GatewayWiring))
main.add_command(accounts)


def _schedule(module: Assembled) -> tuple[Callable[[], None], Callable[[], None]]:
    scheduler = Scheduler(module.primary, module.chores())
    return scheduler.start, scheduler.stop


if __name__ == "__main__":
    main()
