"""The whole university in one process: every module, the door in front of them, the events between them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway import wiring as gateway
from university.gateway.wiring import GatewayWiring
from university.platform.assembly import Assembled, assemble
from university.platform.messaging.delivery import ByHand
from university.platform.messaging.relay import Relay
from university.platform.neighbors import Neighborhood
from university.platform.schedule import Scheduler
from university.platform.security import Keyring
from university.platform.server import Server
from university.platform.settings import Settings
from university.platform.web.management import Check, WsgiApp, by_port, management_app
from university.platform.wiring import Wiring
from university.student.wiring import StudentWiring

WIRINGS: tuple[type[Wiring], ...] = (CourseWiring, StudentWiring, EnrollmentWiring, GatewayWiring)
MODULES = tuple(wiring.name for wiring in WIRINGS)


@dataclass
class University:
    """Every module put together; `start` sets the events in motion."""

    settings: Settings
    neighborhood: Neighborhood
    keyring: Keyring
    modules: dict[str, Assembled]
    relays: list[Relay] = field(default_factory=list)
    schedulers: list[Scheduler] = field(default_factory=list)
    checks: dict[str, Check] = field(default_factory=dict)
    """What must hold for the university to be ready."""

    def start(self) -> None:
        """Deliver events from now on; where there is a broker, its relays and workers do."""
        if self.settings.broker_url:
            return
        hearers = {name: hearer for module in self.modules.values() for name, hearer in module.hearers().items()}
        by_hand = ByHand(hearers)
        self.relays = [Relay(module.primary, by_hand) for module in self.modules.values()]
        self.schedulers = [Scheduler(module.primary, module.chores()) for module in self.modules.values()]
        for relay in self.relays:
            relay.start()
        for scheduler in self.schedulers:
            scheduler.start()

    def stop(self) -> None:
        """Finish what is in hand and give back every connection."""
        for scheduler in self.schedulers:
            scheduler.stop()
        for relay in self.relays:
            relay.stop()
        for module in self.modules.values():
            module.primary.close()

    def app(self) -> WsgiApp:
        """Return the app of both ports."""
        door = gateway.door(self.modules["gateway"])
        return by_port(door, management_app(self.checks), self.settings.port + 1)

    def document(self) -> bytes:
        """Return the one OpenAPI document as JSON."""
        return gateway.document(self.modules["gateway"])


def put_together(settings: Settings) -> University:
    """Return the university of these settings, not yet started."""
    keyring = Keyring.ephemeral(*MODULES, *GatewayWiring.issuers)
    neighborhood = Neighborhood(timeout=settings.neighbor_timeout)
    modules = {wiring.name: assemble(wiring(), settings, keyring, neighborhood) for wiring in WIRINGS}
    checks: dict[str, Check] = {}
    for module in modules.values():
        checks |= module.checks()
    return University(settings, neighborhood, keyring, modules, checks=checks)


def serve(settings: Settings, ready: Callable[[University], None]) -> None:
    """Serve until told to stop; `ready` is called once everything answers."""
    opened: list[University] = []

    def load() -> WsgiApp:
        university = put_together(settings)
        university.start()
        opened.append(university)
        app = university.app()
        ready(university)
        return app

    def stop() -> None:
        for university in opened:
            university.stop()

    Server(settings, load, stop).serve()
