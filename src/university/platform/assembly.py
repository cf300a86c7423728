"""Put one module together from its wiring: a web app, its database, and the actors by which it hears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dramatiq import Broker
from injector import Binder, Injector, InstanceProvider, Module
from sqlalchemy import text

from university.platform import auditing, migrations, retention
from university.platform.auditing import audit_of
from university.platform.database import Primary, Replica, open_database
from university.platform.idempotency import keys_of
from university.platform.imports import jobs_of
from university.platform.messaging import broker as brokers
from university.platform.messaging.delivery import Deliver
from university.platform.messaging.inbox import inbox_of
from university.platform.messaging.outbox import outbox_of
from university.platform.messaging.reconciliation import Kept
from university.platform.neighbors import Neighbor, Neighborhood
from university.platform.schedule import Chore, chores_of
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.platform.transport.near import WsgiApp
from university.platform.web.app import create_app
from university.platform.wiring import Wiring


class Neighbors(dict[str, Neighbor]):
    """The neighbors a module may ask, by name."""


@dataclass(frozen=True)
class Assembled:
    """A module ready to run."""

    name: str
    app: WsgiApp
    primary: Primary
    broker: Broker
    injector: Injector = field(repr=False)
    document: Callable[[], dict[str, Any]] = field(repr=False)
    """Returns the module's OpenAPI document."""
    kept: Callable[[], Kept] = field(repr=False)
    """Returns what the module keeps of its neighbors."""
    chores: Callable[[], Sequence[Chore]] = field(repr=False)
    """Returns what the module does again and again."""

    def hearers(self) -> Mapping[str, Deliver]:
        """Return the module's actors by subscription, callable with a list of events."""
        return {name: _deliver(self.broker, name) for name in self.broker.get_declared_actors()}

    def checks(self) -> dict[str, Callable[[], bool]]:
        """Return what must hold for the module to be ready."""
        return {
            f"{self.name}.database": self._answers,
            f"{self.name}.migrations": lambda: migrations.at_head(self.primary),
        }

    def _answers(self) -> bool:
        with self.primary.read() as session:
            return bool(session.execute(text("SELECT 1")).scalar_one() == 1)


class Platform(Module):
    """What the platform binds for a module."""

    def __init__(self, wiring: Wiring, settings: Settings, keyring: Keyring, neighborhood: Neighborhood) -> None:
        self._wiring, self._settings = wiring, settings
        self._keyring, self._neighborhood = keyring, neighborhood

    def configure(self, binder: Binder) -> None:
        """Bind databases, neighbors, keys, settings and broker."""
        name = self._wiring.name
        declare_tables(name)
        primary, replica = open_database(
            name, self._settings.primary_of(name), self._settings.replica_of(name), threads=self._settings.threads
        )
        auditing.watch(primary)
        neighbors = Neighbors(
            {other: Neighbor(other, name, self._neighborhood, self._keyring) for other in self._wiring.neighbors}
        )
        for kind, instance in {
            Primary: primary,
            Replica: replica,
            Settings: self._settings,
            Keyring: self._keyring,
            Neighborhood: self._neighborhood,
            Neighbors: neighbors,
            Broker: brokers.open_broker(self._settings.broker_url, attempts=self._settings.event_attempts),
        }.items():
            binder.bind(kind, to=InstanceProvider(instance))


def assemble(wiring: Wiring, settings: Settings, keyring: Keyring, neighborhood: Neighborhood) -> Assembled:
    """Return a module put together; it serves its neighbors from now on."""
    injector = Injector([Platform(wiring, settings, keyring, neighborhood), wiring], auto_bind=False)
    broker = injector.get(Broker)
    for name, hearer in injector.call_with_injection(wiring.hearers).items():
        brokers.listen(broker, name, hearer)
    app = create_app(wiring.name, settings, keyring, injector.call_with_injection(wiring.routes))
    neighborhood.welcome(wiring.name, app)
    primary = injector.get(Primary)
    return Assembled(
        wiring.name,
        app,
        primary,
        broker,
        injector,
        app.extensions["document"],
        lambda: injector.call_with_injection(wiring.kept),
        lambda: [retention.chore(primary), *injector.call_with_injection(wiring.chores)],
    )


def declare_tables(schema: str) -> None:
    """Put the platform's own tables into a module's metadata."""
    for declare in (outbox_of, inbox_of, keys_of, jobs_of, chores_of, audit_of):
        declare(schema)


def _deliver(broker: Broker, name: str) -> Deliver:
    actor = broker.get_actor(name)
    return lambda events: actor(events=events)
