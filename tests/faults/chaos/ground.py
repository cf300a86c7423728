"""What chaos happens to: servers and processes of its own, and a university to register in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from entrypoints import split
from entrypoints.processes import Part, Parts
from entrypoints.split import STEP, Ground, Servers
from tests.process import filled, free_ports
from tests.servers.postgresql import Server, folder_of_servers
from tests.servers.rabbitmq import Node
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

SECTIONS, SEATS, STUDENTS, POISONED = 6, 12, 120, 3
VHOST = "university"


@dataclass
class World:
    """The servers, the processes, and the ids of what is in the university."""

    postgresql: Server
    rabbitmq: Node
    ground: Ground
    parts: Parts
    port: int
    poison: Path
    sections: list[str] = field(default_factory=list)
    students: list[str] = field(default_factory=list)

    @property
    def poisoned(self) -> list[str]:
        """The students whose events no hearer can take while the fault lasts."""
        return self.students[:POISONED]

    def broker_url(self) -> str:
        """The administrator's address of the virtual host."""
        return f"{self.rabbitmq.url}{VHOST}"

    def sql(self, module: str, statement: str) -> list[tuple[object, ...]]:
        """Ask a module's database as the superuser."""
        return self.postgresql.sql(statement, database=f"university_{module}")


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Start everything and fill it; end everything."""
    with folder_of_servers() as servers:
        postgresql, rabbitmq = Server.primary(servers), Node(folder / "rabbitmq")
        rabbitmq.start()
        parts = Parts()
        try:
            ground = split.prepare(Servers(postgresql.url(), rabbitmq.url, rabbitmq.control), folder / "split")
            rabbitmq.control(["set_permissions", "-p", VHOST, "guest", ".*", ".*", ".*"])
            port = free_ports(10 * STEP)
            opened = World(postgresql, rabbitmq, ground, parts, port, folder / "poison")
            _fill(opened)
            opened.poison.write_text("\n".join(opened.poisoned))
            parts.parts += _processes(opened)
            parts.start(120)
            yield opened
        finally:
            for part in parts.parts:
                part.signal(9)
                if part.process is not None:
                    part.process.wait()
            rabbitmq.stop()


def _fill(world: World) -> None:
    urls = {name: access.app for name, access in world.ground.databases.items()}
    with filled(Settings(data_dir=world.ground.folder, database_url=urls)) as campus:
        campus.window()
        world.sections += [campus.section(f"CHAOS-{number}", capacity=SEATS) for number in range(SECTIONS)]
        world.students += [campus.student() for _ in range(STUDENTS)]


def _processes(world: World) -> list[Part]:
    """One gateway and one service a module, two workers a module, two relays of enrollment, one of the others."""
    settings = Settings(port=world.port, data_dir=world.ground.folder)
    usual = split.laid_out(world.ground, settings).parts
    webs = [part for part in usual if not part.name.endswith("-worker")]
    told = {part.name.removesuffix("-worker"): part for part in usual if part.name.endswith("-worker")}
    hidden = {"UNIVERSITY_TEST_POISON": str(world.poison), "UNIVERSITY_EVENT_ATTEMPTS": "4"}
    others, port = [], world.port + 5 * STEP
    for name in SERVICES:
        workers = [(f"{name}-worker-{number}", [name, "worker", "--without-relay"]) for number in (1, 2)]
        relays = [
            (f"{name}-relay-{number}", [name, "relay"]) for number in (1, 2) if number == 1 or name == "enrollment"
        ]
        for title, role in (*workers, *relays):
            log = world.ground.folder / f"{title}.log"
            environment = {**told[name].environment, **hidden}
            others.append(Part(title, "tests.faults.chaos.poisoned", role, port, environment, log))
            port += 2
    return [*others, *webs]
