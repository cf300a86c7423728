"""A tenth of registration day: 1,000 students with five wishes each in six seconds, and nothing goes wrong.

How fast it is are figures of `make stampede`: here, other tests take what they take of the machine.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bench import stampede

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.rabbitmq,
    pytest.mark.nginx,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


def test_nothing_goes_wrong_in_a_stampede(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    told = ["--students", "1000", "--seconds", "6", "--held", "6", "--file", "made-up.zip"]
    options = stampede.parser().parse_args([*told, "--scenarios", "enrollment=1"])

    (played,) = stampede.lived(tmp_path, options).values()

    record_property("figures", msgspec.json.encode(played).decode())
    assert played["wrong"] == dict.fromkeys(played["wrong"], 0)
    assert set(played["wrong"]) >= {"oversold", "lost", "doubled", "stale own reads", "undocumented answers"}
    assert played["own_reads"] > 0
    assert played["stampede"]["answers"]["201"] > 0
    assert played["stampede"]["answers"]["503"] > 0
