"""The university in one process for tests: the modules asked for, real databases, real HTTP between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy.engine import URL, make_url

from university.platform import migrations
from university.platform.assembly import Assembled, assemble
from university.platform.database import Primary
from university.platform.engines import sqlite_file
from university.platform.messaging.delivery import ByHand
from university.platform.messaging.relay import Relay
from university.platform.neighbors import Neighborhood
from university.platform.schedule import Turns
from university.platform.security import Keyring, Principal
from university.platform.settings import Settings
from university.platform.wiring import Wiring

REGISTRAR = Principal("registrar", frozenset({"registrar"}))
NOBODY = None


@dataclass(frozen=True)
class Reply:
    """An answer as a test reads it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass
class House:
    """Modules put together on one neighborhood; calls carry an identity as the gateway would mint it."""

    settings: Settings
    keyring: Keyring = field(
        default_factory=lambda: Keyring.ephemeral("gateway", "course", "student", "enrollment", "tests")
    )
    modules: dict[str, Assembled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.neighborhood = Neighborhood(timeout=20)

    def open(self, *wirings: Wiring) -> "House":
        """Put modules together on migrated databases."""
        for wiring in wirings:
            _prepare(self.settings, wiring.name)
            assembled = assemble(wiring, self.settings, self.keyring, self.neighborhood)
            _migrate(assembled.primary, make_url(self.settings.primary_of(wiring.name)))
            self.modules[wiring.name] = assembled
        return self

    def call(
        self,
        module: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        who: Principal | None = REGISTRAR,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask a module's public API (`/terms` means `/api/v1/terms`) as a person; `who=NOBODY` sends no identity."""
        told = dict(headers or {})
        if who is not None:
            issuer = "tests" if "service" in who.roles else "gateway"
            told.setdefault("Authorization", f"Bearer {self.keyring.sign(issuer, module, who)}")
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        if content:
            told.setdefault("Content-Type", "application/json")
        target = path if path.startswith("/internal") else f"/api/v1{path}"
        answer = self.neighborhood.send(module, method, target, told, content)
        return Reply(answer.status, dict(answer.headers), answer.body)

    def ask(self, module: str, path: str, body: Any) -> Reply:
        """Ask an internal operation as a service."""
        return self.call(module, "POST", f"/internal{path}", body, who=Principal("tests", frozenset({"service"})))

    def drain(self) -> None:
        """Deliver until no event waits."""
        by_hand = ByHand(self.hearers())
        relays = [Relay(module.primary, by_hand) for module in self.modules.values()]
        while sum(relay.deliver() for relay in relays):
            continue

    def chores(self, *names: str) -> list[str]:
        """Carry out once what is due, or the chores named, due or not; return the names of what was done."""
        carried_out = []
        for module in self.modules.values():
            turns = Turns(module.primary)
            for chore in module.chores():
                if chore.name in names or (not names and turns.take(chore)):
                    chore.do()
                    turns.done(chore)
                    carried_out.append(chore.name)
        return carried_out

    def travel(self, time: timedelta) -> None:
        """Move the clock of every module's database on, or back."""
        for module in self.modules.values():
            module.primary.ahead += time

    def hearers(self) -> dict[str, Any]:
        """Return every actor of the house by subscription."""
        return {name: hearer for module in self.modules.values() for name, hearer in module.hearers().items()}

    def announced(self, module: str, prefix: str = "") -> list[dict[str, Any]]:
        """Return the events in a module's outbox in order, those whose type starts with `prefix`."""
        from university.platform.messaging.outbox import outbox_of  # noqa: PLC0415 - the table exists once the module is open

        outbox = outbox_of(module)
        with self.modules[module].primary.read() as session:
            rows = session.execute(outbox.select().order_by(outbox.c.id))
            return [msgspec.json.decode(row.body) for row in rows if row.type.startswith(prefix)]

    def close(self) -> None:
        """Give back every connection."""
        for module in self.modules.values():
            module.primary.close()


_MIGRATED: dict[str, bytes] = {}
"""An empty migrated SQLite file of each module: migrating once a test run is enough."""


def _prepare(settings: Settings, module: str) -> None:
    """Start a new SQLite file as a copy of one that was migrated before."""
    url = make_url(settings.primary_of(module))
    if url.get_backend_name() == "sqlite" and module in _MIGRATED:
        file = sqlite_file(url)
        if not file.exists():
            file.write_bytes(_MIGRATED[module])


def _migrate(primary: Primary, url: URL) -> None:
    """Bring a database to its head."""
    if migrations.at_head(primary):
        return
    is_new = url.get_backend_name() == "sqlite" and primary.schema not in _MIGRATED
    migrations.upgrade(primary)
    if is_new:
        with primary.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"PRAGMA {primary.schema}.wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        _MIGRATED[primary.schema] = sqlite_file(url).read_bytes()


def multipart(content: bytes, *, name: str = "file", filename: str = "file.zip") -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of an upload."""
    boundary = "university-test-boundary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def ids(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of items."""
    return [item["id"] for item in items]
