"""The short form of `make chaos`: whatever is killed, nothing acknowledged is lost and nothing happens twice."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.chaos.day import registration_day

BROKER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.rabbitmq
@pytest.mark.timeout(900)
def test_nothing_is_lost_or_done_twice_whatever_is_killed(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    if not BROKER.exists():
        if os.environ.get("CI"):
            pytest.fail("RabbitMQ's programs are missing, and CI must have them")
        pytest.skip("no RabbitMQ programs on this machine")
    folder = tmp_path_factory.mktemp("chaos")
    verdict = registration_day(folder, seconds=60, faults=50, seed=1)
    record_property("figures", capsys.readouterr().out)

    assert verdict.faults() == {}
    assert verdict.enrolled > 50, "a day on which hardly anything happened proves nothing"
    assert verdict.poison > 0
    assert verdict.junk > 0
    shutil.rmtree(folder, ignore_errors=True)
