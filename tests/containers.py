"""Containers for tests, where podman runs: `scripts/services containers` finds out and says why not."""

import os
import subprocess

import pytest


def needed() -> None:
    """Skip where no container runs."""
    if os.environ.get("UNIVERSITY_TEST_CONTAINERS") != "podman":
        pytest.skip("no containers: `scripts/services containers` tells what the tests need")


def podman(*words: str, told: bytes = b"", timeout: float = 180) -> str:
    """Run podman to its end and return what it printed.

    Raises `AssertionError` with what it complained of when it fails, `subprocess.TimeoutExpired` after `timeout`
    seconds.
    """
    done = subprocess.run(["podman", *words], input=told, capture_output=True, timeout=timeout, check=False)
    assert done.returncode == 0, f"podman {' '.join(words)}: {done.stderr.decode()[-2000:]}"
    return done.stdout.decode()
