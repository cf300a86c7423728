"""`university demo` as a container runs it: before there is a university to fill, and again when it is full."""

import subprocess
import threading
from pathlib import Path

import pytest

from tests.process import free_ports, university as running_university
from tests.system import command


def _demo(port: int, *words: str) -> "subprocess.CompletedProcess[str]":
    url = f"http://127.0.0.1:{port}"
    return command.university("demo", "--url", url, "--students", "20", "--if-empty", *words)


@pytest.mark.slow
def test_whoever_comes_too_early_waits_and_moves_into_an_empty_university_only(tmp_path: Path) -> None:
    port = free_ports()
    early: list[subprocess.CompletedProcess[str]] = []
    waiting = threading.Thread(target=lambda: early.append(_demo(port, "--patience", "90")))
    waiting.start()
    waiting.join(3)
    assert waiting.is_alive(), early

    with running_university(tmp_path, UNIVERSITY_PORT=str(port)) as running:
        waiting.join()
        again = _demo(port)
        running.sign_in("registrar")
        students = running.ask("GET", "/students?limit=200").json()["items"]

    assert [done.returncode for done in early] == [0], early
    assert "windows: " in early[0].stdout
    assert (again.returncode, again.stdout) == (0, "The university is not empty.\n")
    assert len(students) == 20


def test_without_patience_a_university_that_is_away_is_told_at_once() -> None:
    refused = _demo(free_ports())

    assert refused.returncode == 1
    assert "does not answer" in refused.stderr
