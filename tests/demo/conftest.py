"""Generated universities: on a day inside a semester, on one between two, and a larger one as a semester begins."""

from datetime import date

import pytest

from tests.demo.archive import Archive
from university.demo import generate

CASES = {
    "semester": (300, date(2026, 11, 22)),
    "vacation": (300, date(2027, 9, 10)),
    "larger": (1200, date(2027, 2, 22)),
}


@pytest.fixture(scope="session", params=list(CASES.values()), ids=list(CASES))
def archive(request: pytest.FixtureRequest) -> Archive:
    """One university, read from its archive; the first has the size of the default demo."""
    students, today = request.param
    return Archive(generate(students, seed=1, today=today), today)
