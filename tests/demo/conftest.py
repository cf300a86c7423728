"""One generated university, on a day inside a semester and on one between two."""

from datetime import date

import pytest

from tests.demo.archive import Archive
from university.demo import generate


@pytest.fixture(scope="session", params=[date(2026, 11, 22), date(2027, 9, 10)], ids=["semester", "vacation"])
def archive(request: pytest.FixtureRequest) -> Archive:
    """The default demo: 300 students."""
    today: date = request.param
    return Archive(generate(300, seed=1, today=today), today)
