"""One module in processes of its own: what the entrypoints of course, student and enrollment have in common."""

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from entrypoints import configuration, dead_letters, republish
from university.platform import telemetry
from university.platform.settings import Settings
from university.platform.wiring import Wiring

if TYPE_CHECKING:
    from university.platform.assembly import Assembled
    from university.platform.neighbors import Neighborhood
    from university.platform.security import Keyring
    from university.platform.web.management import WsgiApp


def commands(wiring: type[Wiring]) -> click.Group:
    """Return the command line of a module's container: `web`, `worker`, `relay`, `migrate`, and what operators need."""

    @click.group(help=f"The {wiring.name} module in a process of its own.")
    def main() -> None:
        """Settings come from the environment."""

    @main.command()
    def web() -> None:
        """Serve the module's API."""
        serve(wiring, lambda module: module.app)

    @main.command()
    @click.option("--without-relay", is_flag=True, help="Do not tell; a relay of its own tells.")
    def worker(without_relay: bool) -> None:  # noqa: FBT001 - click passes the flag so
        """Hear the others' events from RabbitMQ, tell the module's own, and do what comes round by itself."""
        work(wiring, hears=True, tells=not without_relay)

    @main.command()
    def relay() -> None:
        """Only tell the module's own events to RabbitMQ."""
        work(wiring, hears=False, tells=True)

    main.add_command(migration(wiring))
    main.add_command(dead_letters.group)
    main.add_command(republish.republish)
    return main


def migration(wiring: type[Wiring]) -> click.Command:
    """Return the command that migrates a module's database."""

    @click.command()
    def migrate() -> None:
        """Bring the module's database to what this version expects."""
        from entrypoints import migrate as migrating

        click.echo(migrating.bring_up(configuration.read(), wiring.name))

    return migrate


def serve(
    wiring: type[Wiring],
    face: "Callable[[Assembled], WsgiApp]",
    beside: "Callable[[Assembled], tuple[Callable[[], None], Callable[[], None]]] | None" = None,
) -> None:
    """Serve a module until told to stop; `beside` returns how to start and stop what else runs in the process."""
    from university.platform.server import Server
    from university.platform.web.management import by_port, management_app

    settings = configuration.read()
    telemetry.configure(settings.log_level)
    around = surroundings(settings)
    stops: list[Callable[[], None]] = []

    def load() -> "WsgiApp":
        module = assembled(wiring, settings, *around)
        stops.append(module.primary.close)
        if beside:
            start, stop = beside(module)
            stops.insert(0, stop)
            start()
        return by_port(face(module), management_app(module.checks()), settings.port + 1)

    def stop() -> None:
        for each in stops:
            each()

    Server(settings, load, stop).serve()


def work(wiring: type[Wiring], *, hears: bool, tells: bool) -> None:
    """Hear and tell until told to stop, then finish what is in hand."""
    from university.platform.messaging.publishing import ByBroker
    from university.platform.messaging.relay import Relay
    from university.platform.messaging.worker import EventWorker
    from university.platform.schedule import Scheduler
    from university.platform.sidecar import Sidecar
    from university.platform.web.management import management_app

    settings = configuration.read()
    telemetry.configure(settings.log_level)
    if not settings.broker_url:
        raise click.ClickException("UNIVERSITY_BROKER_URL is not set: there is nothing to hear or to tell.")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    module = assembled(wiring, settings, *surroundings(settings))
    checks = module.checks()
    running: list[EventWorker | Relay | Scheduler] = []
    if tells:
        running.append(Relay(module.primary, ByBroker(settings.broker_url)))
    if hears:
        worker = EventWorker(module.broker, threads=settings.threads)
        running += [Scheduler(module.primary, module.chores()), worker]
        checks[f"{wiring.name}.broker"] = worker.hears
    sidecar = Sidecar(settings, management_app(checks))
    sidecar.start()
    for each in running:
        each.start()
    ended.wait()
    for each in running:
        each.stop()
    sidecar.stop()
    module.primary.close()


def surroundings(settings: Settings) -> "tuple[Neighborhood, Keyring]":
    """Return the way to the neighbors, over the network, and the keys; leave with what is wrong with them."""
    from university.platform.neighbors import Neighborhood
    from university.platform.security import Keyring

    if not (settings.signing_keys and settings.trusted_keys):
        told = "UNIVERSITY_SIGNING_KEYS and UNIVERSITY_TRUSTED_KEYS name the keys by which the parts know one another"
        raise click.ClickException(f"{told}; `university keys FOLDER` makes them.")
    try:
        keyring = Keyring.of_files(settings.signing_keys, settings.trusted_keys, secret=settings.mode == "production")
    except (OSError, ValueError, KeyError) as error:
        raise click.ClickException(f"The keys cannot be used: {error}.") from error
    return Neighborhood(urls=settings.neighbor_url, timeout=settings.neighbor_timeout), keyring


def assembled(
    wiring: type[Wiring], settings: Settings, neighborhood: "Neighborhood", keyring: "Keyring"
) -> "Assembled":
    """Return a module put together in these surroundings."""
    from university.platform.assembly import assemble

    return assemble(wiring(), settings, keyring, neighborhood)
