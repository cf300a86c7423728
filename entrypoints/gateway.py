"""The gateway's container: `web`, `migrate` and `accounts`; it hears and tells nothing."""

from collections.abc import Callable

import click

from entrypoints import service
from entrypoints.accounts import accounts
from university.gateway import wiring
from university.gateway.wiring import GatewayWiring
from university.platform.assembly import Assembled
from university.platform.retention import Housekeeping


@click.group()
def main() -> None:
    """The gateway in a process of its own; settings come from the environment."""


@main.command()
def web() -> None:
    """Serve the public API."""
    service.serve(GatewayWiring, wiring.door, _housekeeping)


main.add_command(service.migration(GatewayWiring))
main.add_command(accounts)


def _housekeeping(module: Assembled) -> tuple[Callable[[], None], Callable[[], None]]:
    housekeeping = Housekeeping(module.primary)
    return housekeeping.start, housekeeping.stop


if __name__ == "__main__":
    main()
