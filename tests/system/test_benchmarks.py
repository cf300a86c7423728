"""The benchmarks still run: the quick form of each, whose figures mean nothing and whose counts must be 0."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import split

ROOT = Path(__file__).parents[2]
SERVERS = ("UNIVERSITY_TEST_POSTGRES", "UNIVERSITY_TEST_RABBITMQ")
ALL = ("enroll", "stampede", "architectures", "events")

pytestmark = pytest.mark.slow


@pytest.mark.postgres
@pytest.mark.rabbitmq
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [name for name in ALL if name != "stampede"])
def test_the_quick_form_runs_and_nothing_goes_wrong(name: str, tmp_path: Path) -> None:
    split.servers()

    done = benchmark(name, "--quick", "--out", str(tmp_path), environment=os.environ)

    assert done.returncode == 0, done.stderr
    record: dict[str, Any] = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    assert record["wrong"], "a benchmark that counts nothing wrong"
    assert set(record["wrong"].values()) == {0}
    assert record["figures"]
    assert record["surroundings"]["postgresql"] != "not used"


@pytest.mark.parametrize("name", ALL)
def test_a_benchmark_says_what_it_needs(name: str) -> None:
    without = {key: value for key, value in os.environ.items() if key not in SERVERS}

    done = benchmark(name, environment=without)

    assert done.returncode == 2
    assert all(server in done.stderr for server in SERVERS)
    assert "Traceback" not in done.stderr


def benchmark(name: str, *told: str, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", f"bench.{name}", *told]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
