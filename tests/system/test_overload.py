"""Five times as much as the split university can do: whoever is too many is told at once, and nobody waits in vain.

The goodput is a figure of `make overload`: here, other tests take what they take of the machine.
"""

from collections.abc import Callable, Iterator

import pytest

from bench import overload
from tests import split
from tests.split import Split

SECONDS, TIMES = 10.0, 5.0
NO_CUT = 4_000

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.rabbitmq,
    pytest.mark.nginx,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Split]:
    with split.university(tmp_path_factory.mktemp("split")) as university:
        yield university


@pytest.fixture(scope="module")
def asked(running: Split) -> list[bytes]:
    return overload.questions(running)


def test_whoever_is_too_many_is_told_at_once_and_nobody_waits_in_vain(
    running: Split, asked: list[bytes], record_property: Callable[[str, object], None]
) -> None:
    with overload.behind_the_cut(running) as frontend:
        figures = overload.measured(frontend.url, asked, SECONDS, [TIMES])
    record_property("figures", "\n".join(overload.shown(figures)))

    (attack,) = figures["attacks"]
    assert (attack["timeouts"], attack["unsent"], attack["broken"], attack["other_answers"]) == (0, 0, 0, {})
    assert attack["refused"] > 0
    assert attack["goodput"] > 0


def test_without_the_cut_clients_wait_in_vain(running: Split, asked: list[bytes]) -> None:
    with overload.behind_the_cut(running, NO_CUT) as frontend:
        figures = overload.measured(frontend.url, asked, SECONDS, [TIMES])

    (attack,) = figures["attacks"]
    assert attack["timeouts"] > 0 or attack["other_answers"]
