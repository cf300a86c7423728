"""A split university as its operator meets it: started and stopped by one command, administered part by part."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
import urllib3
from click.testing import CliRunner, Result

from entrypoints import dead_letters, keys, republish, split as starting
from entrypoints.split import Ground
from tests import split
from tests.process import free_ports
from university.platform.keys import DEVELOPMENT

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.slow]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Prepared databases, queues and keys, and nothing that runs."""
    with split.grounded(tmp_path_factory.mktemp("ground")) as prepared:
        yield prepared


def run(ground: Ground, module: str, *words: str, **variables: str | None) -> "subprocess.CompletedProcess[str]":
    """Run a command of a module's container, with what this container is told."""
    usual = {**os.environ, **starting.environment(ground, module)}
    if module in ground.brokers:
        usual["UNIVERSITY_BROKER_URL"] = ground.brokers[module]
    told = {name: value for name, value in {**usual, **variables}.items() if value is not None}
    command = [sys.executable, "-m", f"entrypoints.{module}", *words]
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False, timeout=120)


def test_one_command_starts_everything_and_ends_it_cleanly(tmp_path: Path) -> None:
    found, name, port = split.servers(), f"university_test_{uuid.uuid4().hex[:10]}", free_ports(40)
    told = {
        **os.environ,
        "UNIVERSITY_SPLIT_POSTGRES": found.postgresql,
        "UNIVERSITY_SPLIT_RABBITMQ": found.rabbitmq,
        "UNIVERSITY_PORT": str(port),
        "UNIVERSITY_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "entrypoints.split", "--no-demo", "--name", name]
    log = tmp_path / "split.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=told, stdout=out, stderr=out)
    try:
        _wait(log, process, "Ctrl-C ends it.")
        url = f"http://127.0.0.1:{port}/api/v1/terms"
        assert urllib3.request("GET", url, retries=False).json() == {"items": [], "next": None}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=100) == 0, log.read_text()
        assert _listening(range(port, port + 40)) == []
    finally:
        process.kill()
        split.forget(found, f"{name}_", name)


def test_preparing_again_changes_no_password_and_no_key(ground: Ground) -> None:
    before = {file: file.read_bytes() for file in ground.folder.rglob("*.json")}
    prefix = ground.databases["course"].app.rpartition("/")[2].removesuffix("course")

    again = starting.prepare(split.servers(), ground.folder, prefix=prefix, vhost=prefix)

    assert again == ground
    assert {file: file.read_bytes() for file in ground.folder.rglob("*.json")} == before


def test_the_gateway_alone_creates_accounts(ground: Ground) -> None:
    elsewhere = {"UNIVERSITY_NEIGHBOR_URL__STUDENT": "http://127.0.0.1:1", "UNIVERSITY_MODE": "production"}

    created = run(
        ground, "gateway", "accounts", "create", "ada", "--role", "admin", "--password", "correct horse", **elsewhere
    )
    token = run(ground, "gateway", "accounts", "token", "ada", "--json", **elsewhere)

    assert created.stdout == "ada: admin\n", created.stderr
    assert msgspec.json.decode(token.stdout)["token_type"] == "Bearer"


def say(ground: Ground, module: str, command: click.Command, *words: str) -> Result:
    """Run a command in this process, with what a module's container is told."""
    told = {**starting.environment(ground, module), "UNIVERSITY_BROKER_URL": ground.brokers[module]}
    return CliRunner(env=told).invoke(command, words)


def test_each_module_tells_its_dead_letters_and_says_things_again(ground: Ground) -> None:
    for module in ("course", "student", "enrollment"):
        assert msgspec.json.decode(say(ground, module, dead_letters.group, "list", "--json").stdout) == []
        again = say(ground, module, republish.republish, "--since", "2026-01-01T00:00:00Z")
        assert again.stdout == f"{module}: 0 events are sent again\n", again.stderr


def test_wrong_words_to_operators_commands_are_refused(ground: Ground) -> None:
    wrong: list[tuple[click.Command, list[str], str]] = [
        (republish.republish, ["--since", "yesterday"], "not a moment"),
        (republish.republish, ["--since", "2026-01-01T00:00:00"], "names no time zone"),
        (dead_letters.group, ["replay"], "Name the events, or say --all."),
        (dead_letters.group, ["replay", "nobody"], "None of these"),
        (dead_letters.group, ["show", "nobody"], "There is no dead letter nobody"),
    ]
    for command, words, said in wrong:
        refused = say(ground, "course", command, *words)
        assert refused.exit_code != 0
        assert said in refused.stderr


def test_a_part_without_keys_or_broker_says_what_it_lacks(ground: Ground, tmp_path: Path) -> None:
    keys.write(tmp_path, prefix=DEVELOPMENT)
    known: dict[str, str | None] = {
        "UNIVERSITY_MODE": "production",
        "UNIVERSITY_TRUSTED_KEYS": str(tmp_path / "trusted.json"),
    }
    wrong: list[tuple[list[str], dict[str, str | None], str]] = [
        (["web"], {"UNIVERSITY_SIGNING_KEYS": None}, "university keys FOLDER"),
        (["web"], {"UNIVERSITY_SIGNING_KEYS": "/nowhere.json"}, "The keys cannot be used"),
        (["web"], known, "trusted.json holds development keys (development-course"),
        (["worker"], known, "production mode takes none"),
        (["worker"], {"UNIVERSITY_BROKER_URL": None}, "UNIVERSITY_BROKER_URL is not set"),
    ]
    for words, variables, said in wrong:
        refused = run(ground, "course", *words, **variables)
        assert refused.returncode == 1, refused.stderr
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr


def test_what_rabbitmq_imports_is_printed(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords.json"
    passwords.write_bytes(msgspec.json.encode({"course": "a", "student": "b", "enrollment": "c"}))
    command = [sys.executable, "-m", "entrypoints.cli", "broker", "definitions", "--passwords", str(passwords)]

    printed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout

    told = msgspec.json.decode(printed)
    assert [user["name"] for user in told["users"]] == [
        "university-course",
        "university-student",
        "university-enrollment",
    ]
    assert b'"a"' not in printed


def _wait(log: Path, process: "subprocess.Popen[bytes]", words: str) -> None:
    until = time.monotonic() + 180
    while words not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def _listening(ports: range) -> list[int]:
    wanted = {f"{port:04X}" for port in ports}
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [int(line[1].rpartition(":")[2], 16) for line in lines if line[3] == "0A" and line[1][-4:] in wanted]
