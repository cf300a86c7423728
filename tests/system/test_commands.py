"""The command line: what it prints, what it changes, what it refuses."""

from pathlib import Path

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests import process
from tests.system import command
from tests.system.conftest import of

PASSWORD = "correct horse battery"


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A folder with migrated databases."""
    migrated = command.university("migrate", UNIVERSITY_DATA_DIR=str(tmp_path))
    assert migrated.returncode == 0, migrated.stderr
    assert migrated.stdout.count("brought to") == 4
    return str(tmp_path)


def test_migrating_twice_changes_nothing(data: str) -> None:
    again = command.university("migrate", UNIVERSITY_DATA_DIR=data)

    assert again.stdout.count("up to date") == 4


def test_help_lists_the_commands() -> None:
    told = command.university("--help").stdout

    assert [name for name in ("run", "migrate", "accounts", "openapi") if f"  {name} " not in told] == []


def test_the_document_is_printed_and_touches_no_data(tmp_path: Path) -> None:
    printed = command.university("openapi", UNIVERSITY_DATA_DIR=str(tmp_path / "nothing"))

    OpenAPIV31SpecValidator(msgspec.json.decode(printed.stdout)).validate()
    assert not (tmp_path / "nothing").exists()


@pytest.mark.slow
def test_an_account_made_on_the_command_line_signs_in(data: str) -> None:
    made = command.university(
        "accounts", "create", "Jan", "--role", "registrar", "--password", PASSWORD, UNIVERSITY_DATA_DIR=data
    )
    token = command.university("accounts", "token", "jan", UNIVERSITY_DATA_DIR=data)

    assert made.stdout == "jan: registrar\n"
    with process.university(Path(data), UNIVERSITY_MODE="production") as running:
        system = of(running)
        credentials = {"username": "jan", "password": PASSWORD}
        assert system.ask("POST", "/api/v1/auth/token", credentials).status == 200
        assert system.ask("GET", "/api/v1/auth/me", token=token.stdout.strip()).json["username"] == "jan"
        demo = system.ask("POST", "/api/v1/auth/token", {"username": "registrar", "password": "demo"})
        assert demo.status == 401


def test_a_faulty_account_is_refused_with_every_reason(data: str) -> None:
    refused = command.university(
        "accounts", "create", "jan", "--role", "king", "--password", "short", UNIVERSITY_DATA_DIR=data
    )

    assert refused.returncode == 1
    assert "roles[0]" in refused.stderr
    assert "password" in refused.stderr


def test_an_account_needs_migrated_databases(tmp_path: Path) -> None:
    refused = command.university("accounts", "token", "jan", UNIVERSITY_DATA_DIR=str(tmp_path))

    assert refused.returncode == 1
    assert "university migrate" in refused.stderr
