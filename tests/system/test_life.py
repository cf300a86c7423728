"""A university is stopped and killed, and starts again with everything it had acknowledged."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import msgspec
import pytest

from tests import process
from tests.system import command
from tests.system.conftest import of

FILLED = [f"/api/v1/{path}" for path in ("terms", "courses", "sections", "students", "registration-windows")]
TERM = {"code": "2031Z", "title": "Winter", "starts_on": "2031-10-01", "ends_on": "2032-02-10"}


def end(running: process.Running, with_signal: signal.Signals) -> None:
    """Send a signal to the first process alone, and wait until it has ended."""
    running.process.send_signal(with_signal)
    running.process.wait(timeout=50)


@pytest.mark.slow
def test_a_first_start_brings_a_university_to_try_and_a_second_leaves_it_alone(tmp_path: Path) -> None:
    with process.university(tmp_path, demo=True) as running:
        system = of(running)
        own = system.ask("GET", "/api/v1/students/me", role="student")
        first = system.ask("GET", "/api/v1/students?limit=1", role="registrar").json["items"][0]
        assert (own.status, own.json["number"]) == (200, first["number"])
        before = {path: system.ask("GET", path, role="registrar").json for path in FILLED}
        assert all(told["items"] for told in before.values())
        end(running, signal.SIGINT)
        assert "password is demo" in running.log.read_text()

    with process.university(tmp_path, demo=True) as running:
        assert {path: of(running).ask("GET", path, role="registrar").json for path in FILLED} == before


@pytest.mark.slow
def test_production_is_never_filled_with_a_made_up_university(tmp_path: Path) -> None:
    with process.university(tmp_path, demo=True, UNIVERSITY_MODE="production") as running:
        assert of(running).ask("GET", "/api/v1/terms").json["items"] == []
        assert "moved in" not in running.log.read_text()


@pytest.mark.slow
def test_a_restart_keeps_data_and_tokens(tmp_path: Path) -> None:
    with process.university(tmp_path, UNIVERSITY_DRAIN_SECONDS="60") as running:
        system = of(running)
        token = system.token("registrar")
        assert system.ask("POST", "/api/v1/terms", TERM, token=token).status == 201
        end(running, signal.SIGINT)
        assert running.process.returncode == 0

    with process.university(tmp_path) as running:
        system = of(running)
        assert system.ask("GET", "/api/v1/terms/2031Z").status == 200
        assert system.ask("GET", "/api/v1/auth/me", token=token).json["username"] == "registrar"
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()

    with process.university(tmp_path) as running:
        assert of(running).ask("GET", "/api/v1/terms/2031Z", token=token).status == 200


@pytest.mark.slow
def test_the_access_log_tells_who_did_what_and_nothing_of_what_was_said(tmp_path: Path) -> None:
    with process.university(tmp_path) as running:
        system = of(running)
        token = system.token("registrar")
        system.ask("GET", "/api/v1/terms/a-secret?q=a-secret", token=token, headers={"User-Agent": "a-secret"})
        end(running, signal.SIGINT)
        log = running.log.read_text()

    lines = [msgspec.json.decode(line) for line in log.splitlines() if '"event": "request"' in line]
    told = {name: lines[-1][name] for name in ("method", "route", "status", "subject")}
    assert told == {"method": "GET", "route": "/api/v1/terms", "status": 422, "subject": "registrar"}
    assert lines[-1]["ms"] > 0
    assert len(lines[-1]["trace_id"]) == 32
    assert "a-secret" not in log
    assert token not in log


@pytest.mark.slow
def test_a_killed_master_does_not_stand_in_the_way_of_the_next_start(tmp_path: Path) -> None:
    with process.university(tmp_path) as running:
        end(running, signal.SIGKILL)

        with process.university(tmp_path) as again:
            assert of(again).ask("GET", "/api/v1/terms").status == 200


@pytest.mark.slow
def test_a_stop_finishes_what_was_begun(tmp_path: Path) -> None:
    with process.university(tmp_path) as running:
        system = of(running)
        token = system.token("registrar")
        codes = [f"T{number}" for number in range(200)]
        answered = []
        for code in codes:
            if code == "T20":
                running.process.send_signal(signal.SIGTERM)
            try:
                reply = system.ask("POST", "/api/v1/terms", {**TERM, "code": code}, token=token)
            except OSError:
                break
            answered.append((code, reply.status))
        running.process.wait(timeout=60)

    assert {status for _, status in answered} == {201}
    with process.university(tmp_path) as running:
        for code, _ in answered:
            assert of(running).ask("GET", f"/api/v1/terms/{code}").status == 200


@pytest.mark.parametrize("offset", [0, 1])
def test_a_taken_port_is_refused_clearly(tmp_path: Path, offset: int) -> None:
    port = process.free_ports()
    with socket.create_server(("127.0.0.1", port + offset)):
        refused = start(UNIVERSITY_PORT=str(port), UNIVERSITY_DATA_DIR=str(tmp_path))

    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port + offset}" in refused.stderr
    assert "UNIVERSITY_PORT" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UNIVERSITY_PORT", "many"),
        ("UNIVERSITY_PORT", "65535"),
        ("UNIVERSITY_MODE", "holiday"),
        ("UNIVERSITY_DATA_DIR", "/proc/nowhere"),
        ("UNIVERSITY_BROKER_URL", "amqp://guest:guest@127.0.0.1/"),
    ],
)
def test_wrong_settings_are_named(name: str, value: str) -> None:
    refused = start(**{name: value})

    assert refused.returncode == 1
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_one_folder_holds_one_university(tmp_path: Path) -> None:
    with process.university(tmp_path):
        refused = start(UNIVERSITY_DATA_DIR=str(tmp_path), UNIVERSITY_PORT="18999")

    assert refused.returncode == 1
    assert "already runs" in refused.stderr


def start(**variables: str) -> "subprocess.CompletedProcess[str]":
    """Start a university that is expected to refuse."""
    return command.university("run", "--no-demo", **variables)
