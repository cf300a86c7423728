"""Keys are changed in the split university under load: nobody is refused, and in the end the old ones are worthless."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner

from entrypoints import keys
from entrypoints.split import STEP
from tests import split
from tests.split import Split
from university.platform.keys import LOOK
from university.platform.messaging.topology import SERVICES
from university.platform.security import Keyring, Principal

PATHS = ("/auth/me", "/students", "/instructors", "/enrollments", "/plans")
"""What a registrar reads: of the gateway itself, and of every service behind it, one of which asks another."""
LONG_ENOUGH = LOOK * 1.5
REGISTRAR = Principal("registrar", frozenset({"registrar"}))
_HTTP = urllib3.PoolManager(retries=False, timeout=30, maxsize=16)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Split]:
    with split.university(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_keys_are_rotated_under_load_and_nobody_is_refused(
    running: Split, record_property: Callable[[str, object], None]
) -> None:
    old = Keyring.of_files(running.ground.keys / "gateway.json", running.ground.keys / keys.TRUSTED)
    token, answers, ended = _token(running), Counter[int](), threading.Event()
    readers = [threading.Thread(target=_read, args=(running.url, token, answers, ended)) for _ in range(3)]
    for reader in readers:
        reader.start()
    assert {_asked(running, module, old) for module in SERVICES} == {200}

    for step in keys.STEPS:
        assert {_asked(running, module, old) for module in SERVICES} == {200}
        done = CliRunner().invoke(keys.keys, ["rotate", str(running.ground.keys), step])
        assert done.exit_code == 0, done.output
        time.sleep(LONG_ENOUGH)
    ended.set()
    for reader in readers:
        reader.join()

    record_property("figures", f"keys rotated under {sum(answers.values())} requests: {dict(answers)}")
    assert set(answers) == {200}
    assert answers[200] > 100
    assert {_asked(running, module, old) for module in SERVICES} == {401}


def _token(running: Split) -> str:
    body = {"username": "registrar", "password": "demo"}
    reply = _HTTP.request("POST", f"{running.url}/api/v1/auth/token", json=body)
    assert reply.status == 200, reply.data
    token: str = reply.json()["access_token"]
    return token


def _read(url: str, token: str, answers: Counter[int], ended: threading.Event) -> None:
    while not ended.is_set():
        for path in PATHS:
            reply = _HTTP.request("GET", f"{url}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
            answers[reply.status] += 1


def _asked(running: Split, module: str, keyring: Keyring) -> int:
    """Return how a service answers what the gateway's key of before vouches for."""
    port = running.settings.port + STEP * (1 + SERVICES.index(module))
    path = {"course": "instructors", "student": "students", "enrollment": "plans"}[module]
    keyring = Keyring(keyring.private, keyring.public)  # without files: it keeps the keys it has
    headers = {"Authorization": f"Bearer {keyring.sign('gateway', module, REGISTRAR)}"}
    return _HTTP.request("GET", f"http://127.0.0.1:{port}/api/v1/{path}", headers=headers).status
