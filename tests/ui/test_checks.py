"""The pages' own checkers agree: style, types, unit tests, and types that are those of the API."""

import json
import re

import pytest

from tests.ui import npm

pytestmark = [pytest.mark.usefixtures("tools"), pytest.mark.slow, pytest.mark.timeout(600)]


def test_eslint_finds_nothing() -> None:
    npm.run("npm", "run", "--silent", "lint")


def test_types_fit() -> None:
    npm.run("npm", "run", "--silent", "typecheck")


def test_unit_tests_pass() -> None:
    said = npm.run("npm", "run", "--silent", "test")

    assert re.search(r"Tests +\d+ passed", said), said


def test_the_types_of_the_api_are_those_of_its_contract() -> None:
    before = (npm.UI / "src/api/schema.ts").read_text()

    npm.run("npm", "run", "--silent", "api", "--", "--check")

    assert (npm.UI / "src/api/schema.ts").read_text() == before


def test_the_lock_names_no_address() -> None:
    packages = json.loads((npm.UI / "package-lock.json").read_text())["packages"]

    assert [name for name, one in packages.items() if "resolved" in one] == []


def test_the_lock_holds_every_package_to_its_content() -> None:
    packages = json.loads((npm.UI / "package-lock.json").read_text())["packages"]

    loose = [name for name, one in packages.items() if name and not one.get("inBundle") and "integrity" not in one]
    assert loose == []
