"""What an `Idempotency-Key` is for: without one, asking again after a lost answer does the work again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.told import seen
from tests.faults.town import Town, town
from tests.faults.wire import BreaksOff
from university.platform.settings import Settings


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Town]:
    with town(Settings(data_dir=tmp_path, neighbor_timeout=3)) as one:
        one.sign_in()
        yield one


@pytest.mark.parametrize(("key", "made"), [({"Idempotency-Key": "once"}, 1), ({}, 2)], ids=["with a key", "without"])
def test_only_by_its_key_is_a_repeated_request_known(key: dict[str, str], made: int, opened: Town) -> None:
    moment = datetime.now(UTC)
    window = {
        "term_id": opened.campus.term()["id"],
        "name": "Everybody",
        "opens_at": moment.isoformat(),
        "closes_at": (moment + timedelta(days=1)).isoformat(),
    }

    with opened.wires["gateway-enrollment"].spoiled(BreaksOff()):
        assert seen(lambda: opened.ask("POST", "/registration-windows", window, **key)) == "502 `bad-gateway`"
    assert opened.ask("POST", "/registration-windows", window, **key).status == 201

    assert len(opened.ask("GET", "/registration-windows").json()["items"]) == made
