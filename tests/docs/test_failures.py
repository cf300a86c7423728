"""The table of failures has a row for each test of a fault, and a test for each row."""

import subprocess
import sys
from collections import Counter

from tests.docs.pages import ROOT
from tests.faults.told import ALL, NOTHING, ONCE, Row

FILES = tuple(f"tests/faults/test_{name}.py" for name in ("neighbors", "databases", "brokers"))


def collected() -> list[str]:
    """Return the names of the tests in their files."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *FILES]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    return [line.removeprefix("tests/faults/") for line in told.stdout.splitlines() if "::" in line]


def test_every_row_has_its_test_and_every_test_its_row() -> None:
    assert Counter(row.test for row in Row.all()) == Counter(collected())


def test_a_row_tells_what_its_test_does() -> None:
    """The test's name ends with what the part does, and what is written is one of three things."""
    assert [row.test for row in Row.all() if not row.test.endswith(f"[{row.it}]")] == []
    assert {row.written for row in Row.all()} <= {NOTHING, ALL, ONCE}
