"""A small town for faults: every module in a house of its own, HTTP between them, a wire on each way that may fail."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import urllib3
from sqlalchemy import select

from tests.campus import Campus
from tests.faults.wire import Wire
from tests.house import House
from tests.platform.serving import served
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway import wiring as gateway
from university.gateway.wiring import GatewayWiring
from university.platform.database import metadata_of, open_database
from university.platform.neighbors import Neighborhood
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.platform.wiring import Wiring
from university.student.wiring import StudentWiring

MODULES = ("course", "student", "enrollment", "gateway")
PATIENCE = 15.0
"""Seconds a client waits at most. Every deadline in town is far shorter, every fault lasts until it is mended."""
Rows = dict[str, list[str]]


@dataclass
class Town:
    """Where to knock, the ways between the houses, and what the databases hold."""

    settings: Settings
    wires: dict[str, Wire]
    campus: Campus
    houses: dict[str, House]
    door: str = ""
    token: str = ""
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=PATIENCE))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> urllib3.BaseHTTPResponse:
        """Knock at the gateway; an answer that does not come in time, or not whole, raises."""
        told = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.http.request(method, f"{self.door}/api/v1{path}", json=body, headers={**told, **headers})

    def sign_in(self, username: str = "registrar") -> None:
        """Bear a token from now on."""
        reply = self.ask("POST", "/auth/token", {"username": username, "password": "demo"})
        assert reply.status == 200, reply.data
        self.token = reply.json()["access_token"]

    def written(self, *modules: str) -> Rows:
        """Return every row of the modules' databases (of all without a name), read without any wire.

        That somebody tried to sign in is counted before anything is asked, and is no work that could be left half done.
        """
        rows = {}
        for module in modules or MODULES:
            primary, _ = open_database(module, self.settings.primary_of(module))
            with primary.read() as session:
                for table in metadata_of(module).sorted_tables:
                    if table.fullname == "gateway.attempts":
                        continue
                    rows[table.fullname] = sorted(map(repr, session.execute(select(table))))
            primary.close()
        return rows


@contextmanager
def town(settings: Settings, *, spoiled: str = "", broker: str = "") -> Iterator[Town]:
    """Open a town.

    `spoiled` names the module whose database is reached by a wire, called `<module>-database`. With a `broker`, course
    hears from there by the wire `course-broker`.
    """
    keyring = Keyring.ephemeral(*MODULES[:3], *GatewayWiring.issuers, "tests")
    with ExitStack() as stack:
        wires: dict[str, Wire] = {}
        houses: dict[str, House] = {}

        def wire(name: str, url: str) -> str:
            wires[name] = Wire(url)
            stack.callback(wires[name].close)
            return wires[name].url

        def house(wiring: Wiring, **urls: str) -> House:
            own = settings
            if wiring.name == spoiled:
                way = {spoiled: wire(f"{spoiled}-database", settings.primary_of(spoiled))}
                own = settings.model_copy(update={"database_url": {**settings.database_url, **way}})
            if wiring.name == "course" and broker:
                own = own.model_copy(update={"broker_url": wire("course-broker", broker)})
            opened = houses[wiring.name] = House(own, keyring)
            opened.neighborhood = Neighborhood(urls, timeout=settings.neighbor_timeout)
            stack.callback(opened.close)
            return opened.open(wiring)

        def at(opened: House, name: str) -> str:
            return stack.enter_context(served(opened.modules[name].app))

        places = {"course": at(house(CourseWiring()), "course"), "student": at(house(StudentWiring()), "student")}
        asked = {name: wire(f"enrollment-{name}", url) for name, url in places.items()}
        places["enrollment"] = at(house(EnrollmentWiring(), **asked), "enrollment")
        asked = {name: wire(f"gateway-{name}", url) for name, url in places.items()}
        gate = house(GatewayWiring(), **asked)

        office = House(settings, keyring)
        office.neighborhood = Neighborhood(places, timeout=PATIENCE)
        opened = Town(settings, wires, Campus(office), houses)
        stack.callback(opened.http.clear)
        opened.door = stack.enter_context(served(gateway.door(gate.modules["gateway"])))
        yield opened
