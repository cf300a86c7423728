"""Everything may be started at once: who lacks its database, schema or broker waits, unready, and never ends."""

import signal
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from sqlalchemy.engine import make_url

from entrypoints import keys, passwords, provision_postgresql, split as starting
from entrypoints.migrate import MODULES
from entrypoints.processes import Part, Parts
from entrypoints.provision_postgresql import ROLES, Access
from entrypoints.split import Ground, Servers
from tests import split
from tests.process import free_ports
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.slow]


@pytest.fixture
def name() -> str:
    """What databases, users and the virtual host will be called by."""
    return f"university_test_{uuid.uuid4().hex[:10]}_"


@pytest.fixture
def found(name: str) -> Iterator[Servers]:
    """Servers that hold nothing of ours, and nothing afterwards."""
    servers = split.servers()
    yield servers
    split.forget(servers, name, name)


@pytest.fixture
def words(tmp_path: Path) -> dict[str, str]:
    """The passwords that will be provisioned."""
    return passwords.in_file(tmp_path / "passwords.json", provision_postgresql.names())


@pytest.fixture
def parts(found: Servers, name: str, words: dict[str, str], tmp_path: Path) -> Iterator[Parts]:
    """All processes, started on bare servers."""
    keys.write(tmp_path / "keys")
    settings = Settings(port=free_ports(4 * starting.STEP), data_dir=tmp_path)
    ground = Ground(_databases(found, name, words), _brokers(found, name, words), tmp_path / "keys", tmp_path)
    laid_out = starting.laid_out(ground, settings)
    for part in laid_out.parts:
        split.told(part, {"UNIVERSITY_THREADS": split.FEW})
        part.start()
    yield laid_out
    for part in laid_out.parts:
        part.signal(signal.SIGKILL)
        if part.process is not None:
            part.process.wait()


def test_what_starts_before_its_servers_are_prepared_waits_and_then_works(
    parts: Parts, found: Servers, name: str, words: dict[str, str], tmp_path: Path
) -> None:
    workers = [part for part in parts.parts if part.name.endswith("-worker")]
    webs = [part for part in parts.parts if part not in workers]
    wait_for(lambda: all(answers(part, "/health/live") == 200 for part in parts.parts))
    assert {answers(part, "/health/ready") for part in parts.parts} == {503}

    provision_postgresql.prepare(found.postgresql, words, prefix=name)
    assert {answers(part, "/health/ready") for part in parts.parts} == {503}

    starting.migrate(_databases(found, name, words))
    wait_for(lambda: all(part.is_ready() for part in webs))
    assert {answers(part, "/health/ready") for part in workers} == {503}

    starting.prepare(found, tmp_path, prefix=name, vhost=name)
    wait_for(lambda: all(part.is_ready() for part in parts.parts))
    assert [part.name for part in parts.parts if not part.lives()] == []


def answers(part: Part, path: str) -> int:
    """Return the status that a process's management port answers, 0 for none."""
    try:
        return urllib3.request("GET", f"{part.management_url}{path}", retries=False, timeout=10).status
    except urllib3.exceptions.HTTPError:
        return 0


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 180
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def _databases(found: Servers, name: str, words: dict[str, str]) -> dict[str, Access]:
    address = make_url(found.postgresql).set(drivername="postgresql")
    return {
        module: Access(
            **{
                role: address.set(
                    username=f"{name}{module}_{role}", password=words[f"{module}_{role}"], database=f"{name}{module}"
                ).render_as_string(hide_password=False)
                for role in ROLES
            }
        )
        for module in MODULES
    }


def _brokers(found: Servers, name: str, words: dict[str, str]) -> dict[str, str]:
    where = found.rabbitmq.rpartition("@")[2].partition("/")[0]
    return {module: f"amqp://{name}{module}:{words[f'{module}_app']}@{where}/{name}" for module in SERVICES}
