"""Production mode through the running program: no account of development mode exists, and nothing of theirs lasts."""

import shutil
import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests import process
from tests.process import Running
from tests.system import command
from university.platform.settings import Settings

GUESTS = ("registrar", "admin", "instructor", "student", "100001")
OURS = {"X-CSRF": "1"}
Reply = urllib3.BaseHTTPResponse


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    """A folder on which a university ran in development mode, and what its guests still hold."""
    folder = tmp_path_factory.mktemp("university")
    with process.filled(Settings(data_dir=folder)) as campus:
        named = {"given_name": "Anna", "family_name": "Żak", "email": "anna@example.edu"}
        campus.made("student", "/students", {"number": "100001", **named})
        campus.made("course", "/instructors", {"number": "curie", **named})
    held = {}
    with process.university(folder) as running:
        for name in GUESTS:
            credentials = {"username": name, "password": "demo"}
            given = running.ask("POST", "/auth/token", credentials)
            begun = running.ask("POST", "/auth/session", credentials, **OURS)
            assert (given.status, begun.status) == (200, 204)
            (morsel,) = SimpleCookie(begun.headers["Set-Cookie"]).values()
            held[name] = {**given.json(), "session": morsel.value}
            assert status(running, token=held[name]["access_token"]) == 200
    shutil.copytree(folder, twin_of(folder))
    return folder, held


def twin_of(folder: Path) -> Path:
    """Return where a copy is that never runs in production mode."""
    return folder.with_name(f"{folder.name}-twin")


@pytest.fixture(scope="module")
def running(left: tuple[Path, dict[str, dict[str, Any]]]) -> Iterator[Running]:
    """The same university in production mode."""
    with process.university(left[0], UNIVERSITY_MODE="production") as started:
        yield started


def status(running: Running, *, token: str = "", cookie: str = "") -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {"Cookie": cookie}
    return running.ask("GET", "/auth/me", **headers).status


def told(reply: Reply) -> tuple[int, Any, set[str]]:
    """Return all that an answer tells, but its time and its trace."""
    body = {**reply.json(), "trace_id": "", "instance": ""}
    return reply.status, body, {name.lower() for name in reply.headers} - {"date"}


def soon(question: Callable[[], bool]) -> bool:
    """Tell whether something comes true within some seconds: a bearer is looked up again after five."""
    until = time.monotonic() + 30
    while not question():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("name", GUESTS)
@pytest.mark.parametrize(("path", "headers"), [("/auth/token", {}), ("/auth/session", OURS)])
def test_none_of_them_signs_in_and_the_answer_is_anybody_s(
    running: Running, name: str, path: str, headers: dict[str, str]
) -> None:
    refused = running.ask("POST", path, {"username": name, "password": "demo"}, **headers)
    unknown = running.ask("POST", path, {"username": f"nobody-{name}", "password": "demo"}, **headers)

    assert refused.status == 401
    assert told(refused) == told(unknown)


@pytest.mark.parametrize("name", GUESTS)
def test_nothing_that_they_got_in_development_mode_opens_anything(
    running: Running, left: tuple[Path, dict[str, dict[str, Any]]], name: str
) -> None:
    held = left[1][name]

    refreshed = running.ask("POST", "/auth/token/refresh", {"refresh_token": held["refresh_token"]})

    assert refreshed.status == 401
    assert status(running, token=held["access_token"]) == 401
    for cookie in ("session", "__Host-session"):
        assert status(running, cookie=f"{cookie}={held['session']}") == 401


def test_what_they_held_was_good_until_then(left: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    """Twin: in development mode the same data recognize it, so that production mode is what refuses."""
    folder, held = left

    with process.university(twin_of(folder)) as developing:
        assert status(developing, token=held["registrar"]["access_token"]) == 200
        assert status(developing, cookie=f"session={held['registrar']['session']}") == 200


def test_nothing_public_tells_the_mode(running: Running, tmp_path: Path) -> None:
    migrated = command.university("migrate", UNIVERSITY_DATA_DIR=str(tmp_path))
    assert migrated.returncode == 0, migrated.stderr
    with process.university(tmp_path) as developing:
        for path in ("/about", "/terms", "/auth/me", "/nothing"):
            one, other = running.ask("GET", path), developing.ask("GET", path)
            assert (one.status, set(one.json()), set(one.headers)) == (
                other.status,
                set(other.json()),
                set(other.headers),
            )
        assert running.ask("GET", "/openapi.json").data == developing.ask("GET", "/openapi.json").data
        wrong = {"username": "nobody", "password": "wrong"}
        assert told(running.ask("POST", "/auth/token", wrong)) == told(developing.ask("POST", "/auth/token", wrong))


@pytest.mark.postgres
def test_who_signs_out_is_soon_a_stranger_to_the_other_process_too(
    emptied_postgresql: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    urls: Any = {f"UNIVERSITY_DATABASE_URL__{name.upper()}": url for name, url in emptied_postgresql.items()}
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    migrated = command.university("migrate", UNIVERSITY_DATA_DIR=str(folders[0]), **urls)
    assert migrated.returncode == 0, migrated.stderr

    with process.university(folders[0], **urls) as one, process.university(folders[1], **urls) as two:
        begun = one.ask("POST", "/auth/session", {"username": "registrar", "password": "demo"}, **OURS)
        cookie = begun.headers["Set-Cookie"].partition(";")[0]
        token = two.ask("POST", "/auth/token", {"username": "registrar", "password": "demo"}).json()["access_token"]
        for running in (one, two):
            assert status(running, cookie=cookie) == status(running, token=token) == 200

        assert one.ask("DELETE", "/auth/session", **OURS, Cookie=cookie).status == 204
        assert two.ask("DELETE", "/auth/token", Authorization=f"Bearer {token}").status == 204

        assert status(one, cookie=cookie) == status(two, token=token) == 401
        assert soon(lambda: status(two, cookie=cookie) == status(one, token=token) == 401)
